//! What a file says, whatever a formatter or a checkout did to it.

use std::borrow::Cow;

use proc_macro2::TokenStream;

use super::{Kind, tokens};

/// What a fingerprint is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fingerprint {
    /// Tokens and comments of Rust. What cannot be read is compared by its text.
    OfTokens,
    /// The text, but for the kind of its line ends.
    OfText,
}

impl Fingerprint {
    /// That of files that a formatter may have been at.
    pub(super) fn usual(kind: Kind) -> Self {
        match kind {
            Kind::Rust => Self::OfTokens,
            Kind::Markdown => Self::OfText,
        }
    }
}

/// A fingerprint of what the file says, for comparison.
pub(super) fn says(text: &str, fingerprint: Fingerprint) -> String {
    let text = plain_line_ends(text);
    let tokens = match fingerprint {
        Fingerprint::OfText => None,
        Fingerprint::OfTokens => code(&text).parse().ok(),
    };
    tokens.map_or_else(|| hash(&text), |tokens| says_tokens(&text, tokens))
}

/// The same of a Rust file with plain line ends, the tokens of whose code are known already.
pub(super) fn says_tokens(text: &str, tokens: TokenStream) -> String {
    let comments: Vec<_> = comments(text).map(|(_, comment)| comment).collect();
    hash(&(comments.join("\n") + "\n" + &tokens::plain(tokens)))
}

/// The text with line ends of one kind.
pub(super) fn plain_line_ends(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A Rust file with a mark in place of each line of documentation, so that it is not read token by token.
/// Lines keep their numbers.
pub(super) fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    for line in text.lines() {
        code.push_str(if is_documentation(line) { "#[d]" } else { line });
        code.push('\n');
    }
    code
}

/// Whether the line is documentation and nothing else. One with a lone carriage return in it is not: no
/// compiler takes it.
fn is_documentation(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("///") && !line.starts_with("////") && !line.contains('\r')
}

/// All comments but documentation that is among the tokens, with the numbers of their lines, from 0.
pub(super) fn comments(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let of_line = |(number, line)| {
        let comment = if is_documentation(line) {
            Some(str::trim(line))
        } else {
            comment(line)
        };
        Some((number, comment?))
    };
    text.lines().enumerate().filter_map(of_line)
}

/// What begins a comment, in the line that it begins in.
fn comment(line: &str) -> Option<&str> {
    let mut starts = line.match_indices('/').map(|(start, _)| start);
    // In a string, as in a URL, it is no comment.
    let start = starts.find(|start| {
        line[*start + 1..].starts_with(['/', '*'])
            && line[..*start].matches('"').count().is_multiple_of(2)
    })?;
    let comment = line[start..].trim_end();
    let documents = comment.starts_with("///") || comment.starts_with("//!");
    (!documents).then_some(comment)
}

fn hash(text: &str) -> String {
    format!("{:032x}", xxhash_rust::xxh3::xxh3_128(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rust(text: &str) -> String {
        says(text, Fingerprint::OfTokens)
    }

    const FILE: &str = "/// A.\nstruct A;\n\n/// B.\n/// More.\nstruct B { a: A }\n";

    #[test]
    fn documentation_is_a_part_of_what_a_file_says() {
        for other in [
            "/// B.\nstruct A;\n\n/// B.\n/// More.\nstruct B { a: A }\n",
            "/// A.\nstruct A;\n\n/// B. More.\nstruct B { a: A }\n",
            "/// A.\n/// B.\nstruct A;\n/// More.\nstruct B { a: A }\n",
            "/// A.\nstruct A;\n\n// B.\n/// More.\nstruct B { a: A }\n",
            "/// A.\nstruct A;\n\n//// B.\n/// More.\nstruct B { a: A }\n",
            "struct A;\n\n/// B.\n/// More.\nstruct B { a: A }\n",
        ] {
            assert_ne!(rust(other), rust(FILE), "{other}");
        }
    }

    #[test]
    fn comments_by_hand_are_a_part_of_it() {
        for other in [
            "/// A.\nstruct A; // Mine.\n\n/// B.\n/// More.\nstruct B { a: A }\n",
            "/// A.\nstruct A; /* Mine. */\n\n/// B.\n/// More.\nstruct B { a: A }\n",
            "/// A.\nstruct A;\n\n/// B.\n/// More.\nstruct B { /* Mine. */ a: A }\n",
            "/// A.\nstruct A;\n/*\nMine.\n*/\n/// B.\n/// More.\nstruct B { a: A }\n",
        ] {
            assert_ne!(rust(other), rust(FILE), "{other}");
        }
        let string = "const A: &str = \"https://a.example/*\";\n";
        assert_eq!(rust(string), rust(&string.replace(" = ", "\n    = ")));
    }

    #[test]
    fn its_layout_is_not() {
        let other =
            "    /// A.\r\n  struct A;\n/// B.  \n\n  /// More.\nstruct B {\n    a: A,\n}\n";
        assert_eq!(rust(other), rust(FILE));
    }

    #[test]
    fn what_no_compiler_takes_is_left_to_the_parser() {
        let text = "/// A.\rB.\nstruct A;\n";
        assert_eq!(code(text), text);
        assert!(code(text).parse::<TokenStream>().is_err());
    }
}
