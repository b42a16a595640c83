//! A Rust file as words: what it says, and in which lines.

use std::fmt::Display;
use std::ops::RangeInclusive;

use proc_macro2::{Group, Span};

use super::canonical::{code, comments};
use super::tokens::{self, Form};

/// A file, as its lines and its words. Lines are counted from 0.
pub(super) struct Words<'a> {
    /// With their ends.
    lines: Vec<&'a str>,
    all: Vec<Word>,
    /// Lines that begin between braces that are no words.
    bound: Vec<RangeInclusive<usize>>,
}

/// A token or a comment.
struct Word {
    text: String,
    first_line: usize,
    last_line: usize,
}

impl<'a> Words<'a> {
    /// The words of a text with plain line ends, if it can be read.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let tokens = code(text).parse().ok()?;
        let mut words = Self {
            lines: text.split_inclusive('\n').collect(),
            all: Vec::new(),
            bound: Vec::new(),
        };
        tokens::write(tokens, &mut words);
        for (line, comment) in comments(text) {
            words.push(comment.to_owned(), line, line);
        }
        // A comment is the last word of its line.
        words.all.sort_by_key(|word| word.first_line);
        Some(words)
    }

    fn push(&mut self, text: String, first_line: usize, last_line: usize) {
        self.all.push(Word {
            text,
            first_line,
            last_line,
        });
    }

    /// What the file says.
    pub(super) fn texts(&self) -> Vec<&str> {
        self.all.iter().map(|word| word.text.as_str()).collect()
    }

    /// The lines from one on, up to another.
    pub(super) fn lines(&self, from: usize, to: usize) -> &[&'a str] {
        &self.lines[from..to]
    }

    /// The line that a word begins, where the file can be cut: nothing before it is in this line. The
    /// word behind the last one begins the line behind the last one.
    pub(super) fn line_begun_by(&self, index: usize) -> Option<usize> {
        let Some(word) = self.all.get(index) else {
            return Some(self.lines.len());
        };
        let line = word.first_line;
        let before = index.checked_sub(1).map(|before| &self.all[before]);
        let is_begun = before.is_none_or(|before| before.last_line < line);
        let is_bound = self.bound.iter().any(|bound| bound.contains(&line));
        (is_begun && !is_bound).then_some(line)
    }
}

impl Form for Words<'_> {
    fn token(&mut self, token: impl Display, place: Span) {
        let (first, last) = (line(place.start()), line(place.end()));
        self.push(token.to_string(), first, last);
    }

    fn braces_left_out(&mut self, group: &Group) {
        let opened = line(group.span_open().start());
        let closed = line(group.span_close().start());
        if opened < closed {
            self.bound.push(opened + 1..=closed);
        }
    }
}

fn line(place: proc_macro2::LineColumn) -> usize {
    place.line - 1
}
