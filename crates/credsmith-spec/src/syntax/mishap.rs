//! What usually is wrong where the YAML reader stops, found in the text: the reader's own words are those
//! of the grammar, and its place is where it noticed.

use crate::diagnostic::Diagnostic;
use crate::rules::yaml;
use crate::source::Span;

/// What is wrong, if it is one of the usual things; `reason` is the reader's.
pub(super) fn find(text: &str, stopped: Span, reason: &str) -> Option<Diagnostic> {
    let stop = Stop::new(text, stopped.start);
    stop.tab(reason.contains("tab"))
        .map(yaml::tab)
        .or_else(|| stop.mark())
        .or_else(|| stop.colon_in_value().map(yaml::colon))
        .or_else(|| stop.behind_quote())
        .or_else(|| stop.out_of_line(reason))
}

/// The mark at the beginning of a value that the reader took for something else.
pub(super) fn mark(text: &str, stopped: Span) -> Option<Diagnostic> {
    Stop::new(text, stopped.start).mark()
}

/// What the reader says of lines that do not go together.
const OUT_OF_LINE: [&str; 3] = [
    "did not find expected key",
    "mapping values are not allowed",
    "simple key expected",
];

/// Where the reader stopped, and the lines around it.
struct Stop<'a> {
    text: &'a str,
    at: usize,
    line: Line<'a>,
    /// The last line before it that says something.
    before: Option<Line<'a>>,
}

#[derive(Clone, Copy)]
struct Line<'a> {
    start: usize,
    text: &'a str,
}

impl<'a> Line<'a> {
    fn indentation(self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    fn says_something(self) -> bool {
        let text = self.text.trim_start();
        !text.is_empty() && !text.starts_with('#')
    }

    /// Where the value behind the first key begins.
    fn value(self) -> Option<usize> {
        let (key, _) = self.text.split_once(": ")?;
        let rest = &self.text[key.len() + 2..];
        Some(self.start + key.len() + 2 + (rest.len() - rest.trim_start().len()))
    }

    /// The key of `key:value`, which lacks a space.
    fn key_without_space(self) -> Option<&'a str> {
        let text = self.text.trim_start();
        let (key, value) = text.split_once(':')?;
        let is_word = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
        let is_key = !key.is_empty() && key.chars().all(is_word);
        let is_value = value.starts_with(|c: char| !c.is_whitespace()) && !value.starts_with("//");
        (is_key && is_value).then_some(key)
    }
}

impl<'a> Stop<'a> {
    fn new(text: &'a str, at: usize) -> Self {
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let line = text[start..].lines().next().unwrap_or_default();
        Self {
            text,
            at,
            line: Line { start, text: line },
            before: last_line_of(&text[..start]),
        }
    }

    /// The tab in the indentation of the line, or of one behind it if the reader speaks of one.
    fn tab(&self, is_behind: bool) -> Option<Span> {
        let mut start = self.line.start;
        for line in self.text[start..].split_inclusive('\n') {
            let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
            if let Some(tab) = line[..indentation].find('\t') {
                return Some(one(start + tab, 1));
            }
            if !is_behind {
                return None;
            }
            start += line.len();
        }
        None
    }

    /// A mark at the beginning of a value that YAML uses otherwise.
    fn mark(&self) -> Option<Diagnostic> {
        let value = self.line.value()?;
        let text = &self.text[value..];
        let is_here = self.at == value || self.at == value + 1;
        let marks = ["{{", "@", "`", "%", "*", "&"].into_iter();
        let mark = marks
            .filter(|_| is_here)
            .find(|mark| text.starts_with(mark))?;
        Some(yaml::mark(mark, one(value, mark.len())))
    }

    /// A colon that the value of the line's key holds.
    fn colon_in_value(&self) -> Option<Span> {
        let is_colon = self.text[self.at..].starts_with(':');
        let value = self.line.value()?;
        (is_colon && value < self.at).then_some(one(self.at, 1))
    }

    fn out_of_line(&self, reason: &str) -> Option<Diagnostic> {
        let is_said = OUT_OF_LINE.iter().any(|said| reason.contains(said));
        is_said
            .then(|| self.missing_space().or_else(|| self.indentation()))
            .flatten()
    }

    /// A key and its value in one word: in this line, or in the one before that should be like it.
    fn missing_space(&self) -> Option<Diagnostic> {
        let here = self.line.indentation();
        let before = self.before.filter(|line| line.indentation() == here);
        let mut lines = [Some(self.line), before].into_iter().flatten();
        let (line, key) = lines.find_map(|line| Some((line, line.key_without_space()?)))?;
        let start = line.start + line.text.find(key)?;
        Some(yaml::missing_space(key, one(start, key.len() + 1)))
    }

    /// A value in quotes that goes on behind them.
    fn behind_quote(&self) -> Option<Diagnostic> {
        let value = self.line.value()?;
        let mark = self.text[value..].chars().next()?;
        let is_quote = matches!(mark, '"' | '\'');
        let is_behind =
            value < self.at && self.at < self.line.start + self.line.text.trim_end().len();
        let length = self.text[self.at..]
            .chars()
            .next()
            .map_or(0, char::len_utf8);
        (is_quote && is_behind).then(|| yaml::behind_quote(mark, one(self.at, length)))
    }

    /// A line that begins in another column than the one before it.
    fn indentation(&self) -> Option<Diagnostic> {
        let here = self.line.indentation();
        let before = self.before.filter(|line| !line.text.ends_with(':'))?;
        let before = before.indentation();
        let first = self.line.start + here;
        let key = self.text[first..]
            .split([':', '\n'])
            .next()
            .unwrap_or_default();
        let is_at_key = (first..=first + key.len()).contains(&self.at);
        (is_at_key && here != before && !key.is_empty())
            .then(|| yaml::indentation(here, before, one(first, key.len())))
    }
}

fn last_line_of(text: &str) -> Option<Line<'_>> {
    let lines = text.split_inclusive('\n').rev();
    let mut end = text.len();
    let lines = lines.map(|line| {
        end -= line.len();
        Line {
            start: end,
            text: line.trim_end(),
        }
    });
    lines.into_iter().find(|line| line.says_something())
}

/// A place of this length in bytes.
fn one(start: usize, length: usize) -> Span {
    Span {
        start,
        end: start + length,
    }
}
