//! What a file says, whatever a formatter or a checkout did to it.

use std::borrow::Cow;

use proc_macro2::TokenStream;

use super::{Kind, tokens};

/// A fingerprint of the file's meaning, for comparison: of a Rust file's tokens and comments; of any
/// other file as it is, but for the kind of its line ends. Rust that cannot be read is taken as it
/// is, too.
pub(super) fn says(text: &str, kind: Kind) -> String {
    let text = plain_line_ends(text);
    let tokens = match kind {
        Kind::Markdown => None,
        Kind::Rust => text.parse().ok(),
    };
    tokens.map_or_else(|| fingerprint(&text), |tokens| says_tokens(&text, tokens))
}

/// The same of a Rust file with plain line ends, whose tokens are known already.
pub(super) fn says_tokens(text: &str, tokens: TokenStream) -> String {
    fingerprint(&(comments(text).join("\n") + "\n" + &tokens::plain(tokens)))
}

/// The text with line ends of one kind.
pub(super) fn plain_line_ends(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Comments but documentation, which is among the tokens: the header, and what people add.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(comment).collect()
}

fn comment(line: &str) -> Option<&str> {
    let mut starts = line.match_indices("//").map(|(start, _)| start);
    // In a string, as in a URL, it is no comment.
    let start = starts.find(|start| line[..*start].matches('"').count().is_multiple_of(2))?;
    let comment = line[start..].trim_end();
    let documents = comment.starts_with("///") || comment.starts_with("//!");
    (!documents).then_some(comment)
}

fn fingerprint(text: &str) -> String {
    format!("{:032x}", xxhash_rust::xxh3::xxh3_128(text.as_bytes()))
}
