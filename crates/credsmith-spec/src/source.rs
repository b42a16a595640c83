//! The text of a spec, and places in it.

use std::fs;
use std::io::{self, Read as _};
use std::ops::Range;
use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::rules::{limits, unreadable};

/// A stretch of the source text, in bytes; both ends lie on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the last byte.
    pub end: usize,
}

impl Span {
    /// The place before the first byte: problems of the file as a whole.
    pub const START: Self = Self { start: 0, end: 0 };

    /// The span as a range, to index the text with.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A line and a column, both counted from one; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from one.
    pub line: usize,
    /// Column in characters, from one.
    pub column: usize,
}

/// A spec's name (the path that diagnostics show) and text.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
}

impl Source {
    /// A source from its name and text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
        }
    }

    /// The name shown in diagnostics, usually a path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of `span`.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: usize) -> Position {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// The largest spec that is read, in bytes.
pub(crate) const MAX_BYTES: usize = 1 << 20;

/// Reads the file at `path`, refusing what no spec can be before its bytes are in memory.
pub(crate) fn load(path: &Path) -> Result<String, Diagnostic> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(|error| unreadable::io(&error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(unreadable::io(&io::Error::from(
            io::ErrorKind::IsADirectory,
        )));
    }
    file.take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable::io(&error))?;
    if bytes.len() > MAX_BYTES {
        return Err(limits::too_large());
    }
    String::from_utf8(bytes).map_err(|error| unreadable::not_utf8(error.utf8_error().valid_up_to()))
}
