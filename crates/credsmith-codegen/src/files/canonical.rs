//! What a file says, whatever a formatter or a checkout did to it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Kind;

/// The file's meaning, for comparison: a Rust file parsed and printed, with its comments; any other
/// file as it is, but for the kind of its line ends. Rust that cannot be read is taken as it is, too.
pub(super) fn canonical(text: &str, kind: Kind) -> String {
    let text = text.replace("\r\n", "\n");
    let printed = match kind {
        Kind::Markdown => None,
        Kind::Rust => printed(&text),
    };
    match printed {
        Some(printed) => comments(&text).join("\n") + "\n" + &printed,
        None => text,
    }
}

/// The file as prettyplease prints it. It panics on items that are no Rust yet, such as a function
/// without a body, and a half-finished edit is just what gets compared here.
fn printed(text: &str) -> Option<String> {
    let file = syn::parse_file(text).ok()?;
    catch_unwind(AssertUnwindSafe(|| prettyplease::unparse(&file))).ok()
}

/// Comments but documentation, which the printer keeps: the header, and what people add.
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

/// A short fingerprint of a text.
pub(super) fn fingerprint(text: &str) -> String {
    format!("{:032x}", xxhash_rust::xxh3::xxh3_128(text.as_bytes()))
}
