//! Makes foreign text safe for an error message: without control characters, limited in length, and without secrets.

mod mask;

use std::borrow::Cow;

pub(crate) use self::mask::MASK;
use self::mask::masked;

/// Words and signs of damaged JSON that make a text too likely to contain a secret.
const TELLING: [&str; 6] = ["token", "secret", "password", "assertion", "{", "\":"];

/// Returns `text` on one line, at most `max` characters long, with each of `secrets` masked.
pub(crate) fn clean(text: &str, max: usize, secrets: &[Cow<'_, str>]) -> String {
    bounded(&one_line(&masked(text, secrets)), max)
}

/// Returns an excerpt of a body that is not a token response, or `None` if it may contain a secret. Long unbroken
/// runs are left out. A text that mentions tokens or looks like JSON is not shown at all.
///
/// The whole body is masked before it is truncated: a cut within a secret would leave a part that no mask matches.
pub(crate) fn excerpt(body: &[u8], secrets: &[Cow<'_, str>]) -> Option<String> {
    if !is_maskable(body, secrets) {
        return None;
    }
    let text = one_line(&masked(&String::from_utf8_lossy(body), secrets));
    let lower = text.to_ascii_lowercase();
    if TELLING.iter().any(|word| lower.contains(word)) {
        return None;
    }
    let words: Vec<&str> = text.split(' ').map(shown_word).collect();
    let text = bounded(words.join(" ").trim(), 200);
    (!text.is_empty()).then_some(text)
}

/// Returns whether each of `secrets` would be found in `body`. In text that is not UTF-8, secrets with characters
/// other than ASCII may be encoded in any way.
pub(crate) fn is_maskable(body: &[u8], secrets: &[Cow<'_, str>]) -> bool {
    std::str::from_utf8(body).is_ok() || secrets.iter().all(|secret| secret.is_ascii())
}

fn shown_word(word: &str) -> &str {
    if word.len() > 24 { "…" } else { word }
}

fn one_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if is_hidden(c) { ' ' } else { c })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Control characters, and the bidirectional marks that reorder text in a terminal.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn bounded(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_single_spaces() {
        assert_eq!(clean("a\r\n\tb\u{1b}[31m\u{202e}c", 50, &[]), "a b [31m c");
    }

    #[test]
    fn long_texts_are_cut_at_a_character() {
        assert_eq!(clean("äöü", 2, &[]), "äö…");
    }

    #[test]
    fn known_secrets_are_masked() {
        assert_eq!(
            clean("bad s3cret!", 50, &["s3cret".into()]),
            "bad [redacted]!"
        );
    }

    #[test]
    fn secrets_that_overlap_or_touch_are_one_mask() {
        let secrets = ["abc".into(), "bcd".into(), "e".into(), "[".into()];
        assert_eq!(clean("x abcde y", 50, &secrets), "x [redacted] y");
        assert_eq!(clean("abc", 50, &secrets), "[redacted]");
        assert_eq!(clean("é[é", 50, &secrets), "é[redacted]é");
        assert_eq!(clean("abcabc x", 50, &secrets), "[redacted] x");
    }

    #[test]
    fn fault_e01_no_part_of_a_secret_is_shown_wherever_a_cut_falls() {
        let secret = "hunter2-hunter2";
        for blanks in 150..220 {
            let body = format!("{}{secret}", "x ".repeat(blanks / 2));
            let shown = excerpt(body.as_bytes(), &[secret.into()]).unwrap();
            assert!(!shown.contains("hun"), "{blanks}: {shown}");
        }
        for blanks in 1_980..2_010 {
            let body = format!("no {}{secret}", " ".repeat(blanks));
            let shown = excerpt(body.as_bytes(), &[secret.into()]);
            assert_eq!(shown.as_deref(), Some("no [redacted]"), "{blanks}");
        }
    }

    #[test]
    fn excerpts_show_no_long_run_and_nothing_that_speaks_of_tokens() {
        assert_eq!(
            excerpt(b"<h1>Bad gateway</h1>", &[]).unwrap(),
            "<h1>Bad gateway</h1>"
        );
        assert_eq!(
            excerpt(b"id aaaaaaaaaabbbbbbbbbbcccccccccc", &[]).unwrap(),
            "id …"
        );
        assert_eq!(excerpt(b"Access_Token=abc", &[]), None);
        assert_eq!(excerpt(br#"{"access_tok":"abc"#, &[]), None);
        assert_eq!(excerpt(b"  ", &[]), None);
    }
}
