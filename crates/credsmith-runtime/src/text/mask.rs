//! Masks secrets in foreign text. A server that repeats a request may do so as JSON, on a page or in a URL, whatever
//! the format of the request. Each of these can encode a character in several ways (RFC 8259 section 7; the character
//! references of HTML; RFC 3986 section 2.1; the form encoding of RFC 6749 appendix B).

use std::borrow::Cow;
use std::ops::Range;

/// The replacement for a secret.
pub(crate) const MASK: &str = "[redacted]";

/// Returns `text` with all secrets masked: as they are, and as JSON, HTML or a URL encodes them.
///
/// All searches run on the original text, so that no search matches within a mask. Overlapping matches become one
/// mask. The time is linear in the length of the text, even if it is hostile.
pub(super) fn masked<'t>(text: &'t str, secrets: &[Cow<'_, str>]) -> Cow<'t, str> {
    let secrets = secrets.iter().filter(|secret| !secret.is_empty());
    let places = decodings(text).flat_map(|decoding| {
        let places = secrets.clone().flat_map(|secret| decoding.places(secret));
        places.collect::<Vec<_>>()
    });
    let mut places: Vec<_> = places.collect();
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    places.sort_unstable_by_key(|place| place.start);
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for place in places {
        if place.start > end || shown.is_empty() {
            shown.push_str(&text[end..place.start]);
            shown.push_str(MASK);
        }
        end = end.max(place.end);
    }
    shown.push_str(&text[end..]);
    Cow::Owned(shown)
}

/// A text in which one encoding was decoded.
struct Decoding<'t> {
    text: Cow<'t, str>,
    /// The original position of each byte of `text` and of its end; empty if nothing was decoded.
    origins: Vec<usize>,
}

/// Decodes the character at the beginning of a text. Returns it with the rest of the text.
type Spelling = fn(&str) -> Option<(char, &str)>;

/// Returns the text itself and its possible decodings. A text without the escape sign of an encoding is not decoded.
fn decodings(text: &str) -> impl Iterator<Item = Decoding<'_>> {
    let has = |sign: char| text.contains(sign);
    let (in_json, in_html) = (has('\\'), has('&'));
    let (in_url, in_form) = (has('%'), has('%') || has('+'));
    let in_either = in_json || in_html;
    let spellings: [(bool, Spelling); 8] = [
        (in_json, json),
        (in_json, json_after_backslash),
        (in_html, html),
        (in_json && in_html, json_or_html),
        (in_url, percent),
        (in_form, form),
        (in_either && in_url, |rest| {
            json_or_html(rest).or_else(|| percent(rest))
        }),
        (in_either && in_form, |rest| {
            json_or_html(rest).or_else(|| form(rest))
        }),
    ];
    let as_it_is = Decoding {
        text: Cow::Borrowed(text),
        origins: Vec::new(),
    };
    let spellings = spellings.into_iter().filter(|(is_met, _)| *is_met);
    let decoded = spellings.map(|(_, spelling)| decoded(text, spelling));
    [as_it_is].into_iter().chain(decoded)
}

fn decoded(text: &str, spelling: Spelling) -> Decoding<'static> {
    let mut plain = String::with_capacity(text.len());
    let mut origins = Vec::with_capacity(text.len() + 1);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let start = text.len() - rest.len();
        let as_it_is = (first, &rest[first.len_utf8()..]);
        let (meant, after) = spelling(rest).unwrap_or(as_it_is);
        plain.push(meant);
        origins.resize(plain.len(), start);
        rest = after;
    }
    origins.push(text.len());
    Decoding {
        text: Cow::Owned(plain),
        origins,
    }
}

impl Decoding<'_> {
    /// Returns the positions of `secret` in the original text.
    fn places(&self, secret: &str) -> impl Iterator<Item = Range<usize>> {
        let origin = |place: usize| self.origins.get(place).copied().unwrap_or(place);
        let found = self.text.match_indices(secret);
        found.map(move |(start, found)| origin(start)..origin(start + found.len()))
    }
}

fn json(text: &str) -> Option<(char, &str)> {
    let escaped = text.strip_prefix('\\')?;
    let letter = escaped.chars().next()?;
    let meant = match letter {
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'f' => '\u{c}',
        'r' => '\r',
        '"' | '\\' | '/' => letter,
        'u' => return json_number(text),
        _ => return None,
    };
    Some((meant, &escaped[1..]))
}

/// The same for a backslash that is not an escape: the one before an escape may belong to something else.
fn json_after_backslash(text: &str) -> Option<(char, &str)> {
    json(text).filter(|_| !text.starts_with(r"\\"))
}

/// A character as `\uXXXX`, once or twice.
fn json_number(text: &str) -> Option<(char, &str)> {
    let (first, after) = json_unit(text)?;
    if let Ok(meant) = char::try_from(u32::from(first)) {
        return Some((meant, after));
    }
    let (second, after) = json_unit(after)?;
    let meant = char::decode_utf16([first, second]).next()?.ok()?;
    Some((meant, after))
}

fn json_unit(text: &str) -> Option<(u16, &str)> {
    let (digits, after) = text.strip_prefix("\\u")?.split_at_checked(4)?;
    Some((u16::from_str_radix(digits, 16).ok()?, after))
}

/// Decodes a character reference. Of the named ones, it knows those that are used to escape text.
fn html(text: &str) -> Option<(char, &str)> {
    // The longest reference to a character, `&#x10FFFF;`, and some leading zeros.
    const LONGEST: usize = 12;
    let reference = text.strip_prefix('&')?;
    let end = reference
        .bytes()
        .take(LONGEST)
        .position(|byte| byte == b';')?;
    let meant = match &reference[..end] {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        number => html_number(number.strip_prefix('#')?)?,
    };
    Some((meant, &reference[end + 1..]))
}

fn html_number(number: &str) -> Option<char> {
    let number = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    char::from_u32(number.ok()?)
}

fn json_or_html(text: &str) -> Option<(char, &str)> {
    json(text).or_else(|| html(text))
}

/// Decodes one UTF-8 character from one to four `%XX`, in either case.
fn percent(text: &str) -> Option<(char, &str)> {
    const LONGEST: usize = 4;
    let mut bytes = [0; LONGEST];
    let mut rest = text;
    for length in 0..LONGEST {
        let (digits, after) = rest.strip_prefix('%')?.split_at_checked(2)?;
        bytes[length] = u8::from_str_radix(digits, 16).ok()?;
        rest = after;
        if let Ok(meant) = std::str::from_utf8(&bytes[..=length]) {
            return Some((meant.chars().next()?, rest));
        }
    }
    None
}

/// The same with a plus sign for a space.
fn form(text: &str) -> Option<(char, &str)> {
    let space = || Some((' ', text.strip_prefix('+')?));
    percent(text).or_else(space)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "a/b\"c\\d\né\u{1d11e}";

    #[track_caller]
    fn check(encoded: &str) {
        let text = format!("\\ {encoded}{encoded} \\u00");
        let wanted = format!("\\ {MASK} \\u00");
        assert_eq!(masked(&text, &[SECRET.into()]), wanted);
    }

    #[test]
    fn a_secret_is_found_as_it_is_and_as_json_has_it() {
        check(SECRET);
        check(r#"a/b\"c\\d\né𝄞"#);
        check(r#"a\/b\"c\\d\u000a\u00e9\ud834\udd1e"#);
        check(r"a\u002Fb\u0022c\u005Cd\u000A\u00E9\uD834\uDD1E");
    }

    #[test]
    fn a_secret_is_found_as_a_page_has_it() {
        const SECRET: &str = "a&b<c>\"d'é/\\";
        for encoded in [
            "a&amp;b&lt;c&gt;&quot;d&#39;é/\\",
            "a&#38;b&#60;c&#62;&#34;d&apos;&#233;&#47;&#92;",
            "a&#x26;b&#x3C;c&#X3e;&#x0022;d&#x27;&#xE9;&#x2F;&#x5c;",
            r#"a&amp;b\u003cc\u003e\"d&#39;\u00e9\/\\"#,
        ] {
            let text = format!("&amp {encoded}&amp;{encoded} & &;");
            let wanted = format!("&amp {MASK}&amp;{MASK} & &;");
            assert_eq!(masked(&text, &[SECRET.into()]), wanted);
        }
        let entity = "a secret that looks like one: &lt;\n";
        assert_eq!(
            masked(entity, &["&lt;\n".into()]),
            format!("a secret that looks like one: {MASK}")
        );
        let encoded = r"as JSON has it: &lt;\n";
        assert_eq!(
            masked(encoded, &["&lt;\n".into()]),
            format!("as JSON has it: {MASK}")
        );
    }

    #[test]
    fn fault_e01_a_secret_is_found_as_a_url_has_it() {
        const SECRET: &str = "a b/c+d&é~\u{1d11e}\\";
        for encoded in [
            "a%20b%2Fc%2Bd%26%C3%A9~%F0%9D%84%9E%5C",
            "a%20b%2fc%2bd%26%c3%a9%7e%f0%9d%84%9e%5c",
            "a+b%2Fc%2Bd%26%C3%A9%7E%F0%9D%84%9E%5C",
            "a+b/c%2bd&%C3%a9~\u{1d11e}\\",
            "a%20b/c+d&é~\u{1d11e}%5c",
            r"a+b\/c%2bd%26\u00e9~\ud834\udd1e\\",
            "a%20b/c%2bd&amp;&#233;~%f0%9d%84%9e%5C",
        ] {
            let text = format!("100% + 1%2 {encoded}%{encoded}+%C3 %");
            let wanted = format!("100% + 1%2 {MASK}%{MASK}+%C3 %");
            assert_eq!(masked(&text, &[SECRET.into()]), wanted, "{encoded}");
        }
        let raw = "a secret that looks like one: %41+%2";
        assert_eq!(
            masked(raw, &["%41+%2".into()]),
            format!("a secret that looks like one: {MASK}")
        );
    }

    #[test]
    fn a_backslash_before_an_escape_does_not_hide_a_secret() {
        assert_eq!(
            masked(r"C:\\u0061bc", &["abc".into()]),
            format!(r"C:\{MASK}")
        );
    }

    #[test]
    fn hostile_texts_take_no_longer_than_others() {
        let secret = "ab".repeat(2_000);
        for unit in [
            r"\",
            r"\\a",
            "ab",
            "&",
            "&#",
            r"ab\u0061b",
            "&#97;b",
            "%",
            "%e9",
            "%61b",
        ] {
            let text = format!("{}\\&%+", unit.repeat((1 << 20) / unit.len()));
            let begun = std::time::Instant::now();
            let shown = masked(&text, &[secret.as_str().into()]);
            assert!(shown.len() <= text.len());
            let took = begun.elapsed();
            assert!(
                took < std::time::Duration::from_secs(15),
                "{unit}: {took:?}"
            );
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "a/b",
            r"\u00e9 \n \\ \ud834",
            r"a\/b\u0022c\\d\n\u00e9\ud834\udd1f",
            "a/b&quot;c &#; &#x; &#x110000; &#xD800; &#00000000097; &é;",
        ] {
            assert_eq!(masked(text, &[SECRET.into()]), text);
        }
    }

    fn encoded(wanted: char, way: u8) -> String {
        let numbers = |wanted: char| {
            let mut units = [0; 2];
            let units = wanted.encode_utf16(&mut units).iter();
            units
                .map(|unit| format!("\\u{unit:04x}"))
                .collect::<Vec<_>>()
                .concat()
        };
        match way {
            0 => numbers(wanted),
            1 => numbers(wanted).to_uppercase().replace("\\U", "\\u"),
            3 => format!("&#{};", u32::from(wanted)),
            4 => format!("&#x{:x};", u32::from(wanted)),
            5 => form_urlencoded::byte_serialize(wanted.to_string().as_bytes()).collect(),
            _ => {
                let quoted = serde_json::Value::from(wanted.to_string()).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
        }
    }

    proptest! {
        #[test]
        fn every_encoding_is_masked(
            secret in prop::collection::vec((any::<char>(), 0..6_u8), 1..20),
            around in "[ -~]{0,10}",
        ) {
            let plain: String = secret.iter().map(|(wanted, _)| wanted).collect();
            let encoded: String = secret.iter().map(|(wanted, way)| encoded(*wanted, *way)).collect();
            let text = format!("{around} {encoded} {around}");
            let text = masked(&text, &[plain.into()]);
            prop_assert!(text.contains(MASK), "{}", text);
        }

        #[test]
        fn any_text_can_be_masked(text in any::<String>(), secret in ".{1,5}") {
            let text = text.replace('a', "\\");
            let shown = masked(&text, &[secret.as_str().into()]);
            prop_assert!(shown == text || shown.contains(MASK), "{}", shown);
        }
    }
}
