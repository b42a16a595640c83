//! Secrets in texts that others wrote. A server that repeats a request may repeat it as JSON, whatever
//! it was sent as, and JSON spells a character in several ways (RFC 8259 section 7).

use std::borrow::Cow;
use std::ops::Range;

/// What stands where a secret stood.
pub(crate) const MASK: &str = "[redacted]";

/// `text` with all secrets masked, as they are and in whatever way JSON spells them.
///
/// They are looked for in the text as it came, so that none is looked for in a mask, and those that
/// overlap are masked as one.
pub(super) fn masked<'t>(text: &'t str, secrets: &[Cow<'_, str>]) -> Cow<'t, str> {
    let secrets = secrets.iter().filter(|secret| !secret.is_empty());
    let mut places: Vec<_> = secrets.flat_map(|secret| places(text, secret)).collect();
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

/// Where `secret` is in `text`.
fn places(text: &str, secret: &str) -> Vec<Range<usize>> {
    let as_it_is = text.match_indices(secret);
    let mut places: Vec<_> = as_it_is
        .map(|(start, found)| start..start + found.len())
        .collect();
    // What is spelt in another way has an escape in it.
    if text.contains('\\') {
        places.extend(text.char_indices().filter_map(|(start, _)| {
            let after = secret.chars().try_fold(&text[start..], after)?;
            Some(start..text.len() - after.len())
        }));
    }
    places
}

/// What follows in `text` after `wanted`, which may be escaped there; a backslash has to be.
fn after(text: &str, wanted: char) -> Option<&str> {
    let as_it_is = text.strip_prefix(wanted).filter(|_| wanted != '\\');
    as_it_is
        .or_else(|| text.strip_prefix('\\')?.strip_prefix(letter(wanted)?))
        .or_else(|| after_numbers(text, wanted))
}

/// What stands behind the backslash for `wanted`, if that is a letter or a sign.
fn letter(wanted: char) -> Option<char> {
    match wanted {
        '\u{8}' => Some('b'),
        '\t' => Some('t'),
        '\n' => Some('n'),
        '\u{c}' => Some('f'),
        '\r' => Some('r'),
        '"' | '\\' | '/' => Some(wanted),
        _ => None,
    }
}

/// The same where `wanted` stands as `\uXXXX`, once or twice.
fn after_numbers(text: &str, wanted: char) -> Option<&str> {
    let mut units = [0; 2];
    let mut units = wanted.encode_utf16(&mut units).iter();
    units.try_fold(text, |text, unit| {
        let (digits, after) = text.strip_prefix("\\u")?.split_at_checked(4)?;
        let written = u16::from_str_radix(digits, 16).ok()?;
        (written == *unit).then_some(after)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "a/b\"c\\d\né\u{1d11e}";

    #[track_caller]
    fn check(spelt: &str) {
        let text = format!("\\ {spelt}{spelt} \\u00");
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
    fn what_is_no_secret_stays() {
        for text in [
            "a/b",
            r"\u00e9 \n \\ \ud834",
            r"a\/b\u0022c\\d\n\u00e9\ud834\udd1f",
        ] {
            assert_eq!(masked(text, &[SECRET.into()]), text);
        }
    }

    fn spelt(wanted: char, way: u8) -> String {
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
            _ => {
                let quoted = serde_json::Value::from(wanted.to_string()).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
        }
    }

    proptest! {
        #[test]
        fn however_it_is_spelt_it_is_masked(
            secret in prop::collection::vec((any::<char>(), 0..3_u8), 1..20),
            around in "[ -~]{0,10}",
        ) {
            let plain: String = secret.iter().map(|(wanted, _)| wanted).collect();
            let spelt: String = secret.iter().map(|(wanted, way)| spelt(*wanted, *way)).collect();
            let text = format!("{around} {spelt} {around}");
            let text = masked(&text, &[plain.into()]);
            prop_assert!(text.contains(MASK), "{}", text);
        }

        #[test]
        fn any_text_is_looked_through(text in any::<String>(), secret in ".{1,5}") {
            let text = text.replace('a', "\\");
            let shown = masked(&text, &[secret.as_str().into()]);
            prop_assert!(shown == text || shown.contains(MASK), "{}", shown);
        }
    }
}
