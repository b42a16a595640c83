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

/// Whether clippy would take a word of `text` for code that lacks its marks.
pub(crate) fn looks_like_code(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let mut pairs = word.chars().zip(word.chars().skip(1));
        word.contains('_') || pairs.any(|(a, b)| a.is_lowercase() && b.is_uppercase())
    })
}

impl fmt::Display for DocText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, line) in markdown::lines(&self.text).iter().enumerate() {
            if number > 0 {
                write!(f, "\n{}", self.indent)?;
            }
            f.write_str(if line.is_empty() { "///" } else { "/// " })?;
            f.write_str(line)?;
        }
        Ok(())
    }
}
