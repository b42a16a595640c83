//! The text of a spec, and places in it.

use std::fs;
use std::io::{self, Read as _};
use std::iter;
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

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
    /// Offsets at which lines begin, found when the first place is asked for.
    lines: OnceLock<Vec<usize>>,
}

impl Source {
    /// A source from its name and text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            lines: OnceLock::new(),
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
        let offset = self.text.floor_char_boundary(offset);
        let lines = self.lines.get_or_init(|| line_starts(&self.text));
        let line = lines.partition_point(|start| *start <= offset);
        Position {
            line,
            column: self.text[lines[line - 1]..offset].chars().count() + 1,
        }
    }
}

/// The first line begins at zero, each other one behind a line break.
fn line_starts(text: &str) -> Vec<usize> {
    let breaks = text.match_indices('\n').map(|(offset, _)| offset + 1);
    iter::once(0).chain(breaks).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let source = Source::new("a", "é1\n\nab");
        let place = |offset| {
            let Position { line, column } = source.position(offset);
            (line, column)
        };
        assert_eq!([place(0), place(2), place(3)], [(1, 1), (1, 2), (1, 3)]);
        assert_eq!([place(4), place(5), place(7)], [(2, 1), (3, 1), (3, 3)]);
        assert_eq!(place(1_000), (3, 3));
        assert_eq!(
            Source::new("a", "").position(0),
            Position { line: 1, column: 1 }
        );
    }
}
