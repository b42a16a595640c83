//! Text from a spec as a doc comment.

use std::fmt;

use super::{Leaf, markdown};

/// Lines of an outer doc comment. The text is shown as it is: what Markdown would take for markup
/// is escaped, line breaks stay.
#[derive(Clone, Debug)]
pub(crate) struct DocText {
    text: String,
    indent: &'static str,
}

impl DocText {
    /// A doc comment at `indent`; the first line's indent stands in the template.
    pub(crate) fn new(text: &str, indent: &'static str) -> Leaf<Self> {
        Leaf(Self {
            text: text.to_owned(),
            indent,
        })
    }
}

/// Whether clippy's `doc_markdown` would take a part of `text` for code that lacks its marks. In doubt it
/// would: an attribute that was not needed harms nobody.
pub(crate) fn looks_like_code(text: &str) -> bool {
    text.split(char::is_whitespace).any(is_code)
}

fn is_code(word: &str) -> bool {
    let has_mark = ["_", "::", "()"].iter().any(|mark| word.contains(mark));
    // Clippy begins another word at an escaped mark of Markdown.
    let mut pieces = word.split(|c: char| !c.is_alphanumeric());
    has_mark || is_bare_url(word) || pieces.any(is_mixed_case)
}

/// `fooBar`, `FooBar` or `ABar`; but not `APIs`, and no name that clippy knows.
fn is_mixed_case(word: &str) -> bool {
    let mut pairs = word.chars().zip(word.chars().skip(1));
    if pairs.any(|(a, b)| a.is_lowercase() && b.is_uppercase()) {
        return true;
    }
    let singular = word.strip_suffix('s').unwrap_or(word);
    let capitals = singular.chars().filter(|c| c.is_uppercase()).count();
    capitals > 1 && singular.contains(char::is_lowercase) && word != "OAuth"
}

/// A URL without `//`, which [`markdown`] would have escaped.
fn is_bare_url(word: &str) -> bool {
    let word = word.to_lowercase();
    ["http:", "https:", "ftp:"].iter().any(|scheme| {
        let mut rests = word.split(scheme).skip(1);
        rests.any(|rest| !rest.is_empty() && !rest.starts_with("//"))
    })
}

impl fmt::Display for DocText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, line) in markdown::lines(&self.text).iter().enumerate() {
            if number > 0 {
                write!(f, "\n{}", self.indent)?;
            }
            f.write_str(if line.is_empty() { "///" } else { "/// " })?;
            // Clippy wants no tabs in doc comments, and Markdown shows one as a space.
            f.write_str(&line.replace('\t', " "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(is_code: bool, words: &[&str]) {
        for word in words {
            let text = format!("See {word} here.");
            assert_eq!(looks_like_code(&text), is_code, "{word}");
        }
    }

    // What clippy 1.91 says of these words in a doc comment.
    #[test]
    fn g09_what_clippy_takes_for_code_is_known() {
        check(
            true,
            &["acme::auth", "::acme", "acme::", "(foo::bar)", "e.g.::"],
        );
        check(true, &["fn()", "fooBar()", "(foo())", "foo()."]);
        check(true, &["foo_bar", "FOO_BAR"]);
        check(
            true,
            &[
                "FooBar",
                "'FooBar'",
                "ThingSpace's",
                "FooBar…",
                "rock'n'RollBand",
            ],
        );
        check(
            true,
            &[
                "AcmeAPI", "AcmeAPIs", "ACMEApi", "ABc", "AB1c", "OAuth2", "ÄÖü",
            ],
        );
        check(true, &["x~FooBar", "#FooBar", "[FooBar]", "x*ABc"]);
        check(true, &["http:x", "(HTTPS:x)", "ftp:x"]);
    }

    #[test]
    fn g09_words_are_no_code() {
        check(
            false,
            &["acme", "Acme", "a", "ACME", "(see", "below)", "e.g.", "3d"],
        );
        check(
            false,
            &[
                "OAuth",
                "APIs",
                "IDs",
                "NASA",
                "O'Reilly",
                "don't",
                "Read-Write",
            ],
        );
        check(
            false,
            &["note:", "read:stock", "https://x.example", "mailto:a"],
        );
        check(false, &["f(x)", "( )", "C++", "№5"]);
    }

    #[test]
    fn g09_tabs_become_spaces() {
        let text = DocText::new("one\ttwo\n\tthree", "    ");
        assert_eq!(text.0.to_string(), "/// one two\n    /// three");
    }
}
