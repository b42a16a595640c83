//! What the template engine does with values that are no leaves.

use std::fmt::{self, Write};

use askama::filters::Escaper;

use super::markdown;

/// In Rust there is no escaping that fits everywhere: a value without a type is a mistake of ours.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Refuse;

impl Escaper for Refuse {
    fn write_escaped_str<W: Write>(&self, _: W, _: &str) -> fmt::Result {
        Err(fmt::Error)
    }
}

/// In Markdown everything else is text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MarkdownText;

impl Escaper for MarkdownText {
    fn write_escaped_str<W: Write>(&self, mut dest: W, string: &str) -> fmt::Result {
        dest.write_str(&markdown::inline(string))
    }
}
