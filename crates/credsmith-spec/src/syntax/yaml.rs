//! The one module that sees the YAML reader; `docs/adr/0001-yaml-reader.md` tells why it is this one.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Error, Location, Options, Spanned, from_str_with_options};

use super::mishap;
use super::tree::{Entry, Node, Value};
use crate::diagnostic::Problems;
use crate::located::Located;
use crate::rules::{characters, limits, lost_text, yaml};
use crate::source::{MAX_BYTES, Source, Span};

/// Levels of nesting that a spec may have.
pub(crate) const MAX_DEPTH: usize = 16;
/// Values that a spec may hold.
pub(crate) const MAX_NODES: usize = 100_000;

/// Reads one YAML document. `None` means that there is no tree to go on with.
pub(crate) fn read(source: &Source, problems: &mut Problems) -> Option<Node> {
    if source.text().len() > MAX_BYTES {
        problems.push(limits::too_large());
        return None;
    }
    characters::check_source(source, problems);
    match from_str_with_options::<Spanned<Plain>>(source.text(), options()) {
        Ok(root) => {
            let node = Places::new(source.text()).node(root);
            characters::check_values(&node, source, problems);
            Some(node)
        }
        Err(error) => {
            let places = Places::new(source.text());
            let span = error
                .location()
                .map_or(Span::START, |place| places.span(&place));
            problems.push(explain(&error, span, source.text()));
            None
        }
    }
}

fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            flow_nesting_limit: 2 * MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_documents: 1,
            max_anchors: 0,
            max_aliases: 0,
        },
        // Both entries of a doubled key are wanted, to show both places.
        duplicate_keys: DuplicateKeyPolicy::LastWins,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        strict_booleans: true,
        with_snippet: false,
    }
}

fn explain(error: &Error, span: Span, text: &str) -> crate::Diagnostic {
    use serde_saphyr::budget::BudgetBreach;
    match error.without_snippet() {
        Error::Budget { breach, .. } => match breach {
            BudgetBreach::Anchors { .. } | BudgetBreach::Aliases { .. } => {
                limits::anchor(anchor_at(text, span))
            }
            BudgetBreach::Documents { .. } => yaml::several_documents(span),
            BudgetBreach::Depth { .. } => limits::too_deep(span),
            _ => limits::too_many_values(span),
        },
        Error::UnknownAnchor { .. } => limits::anchor(anchor_at(text, span)),
        Error::MultipleDocuments { .. } => yaml::several_documents(span),
        // The scanner runs ahead of the budget, and has a limit of its own for brackets.
        Error::ExternalMessage { msg, .. } if msg.contains("recursion limit") => {
            limits::too_deep(span)
        }
        Error::ExternalMessage { msg, .. } | Error::Message { msg, .. } if msg == NO_KEY => {
            mishap::mark(text, span).unwrap_or_else(|| yaml::no_key(span))
        }
        other => {
            let reason = without_place(&other.to_string());
            mishap::find(text, span, &reason).unwrap_or_else(|| yaml::invalid(&reason, span))
        }
    }
}

/// The anchor or alias that the reader stopped at, or behind.
fn anchor_at(text: &str, stopped: Span) -> Span {
    let is_mark = text[stopped.start..].starts_with(['*', '&']);
    let start = text[..stopped.start].rfind(['*', '&']).filter(|_| !is_mark);
    let start = start.unwrap_or(stopped.start);
    let word = text[start..].split([' ', '\t', '\r', '\n', ',', ']', '}']);
    let length = word.map(str::len).next().unwrap_or_default();
    Span {
        start,
        end: start + length,
    }
}

/// The reader's messages end with the place, which the diagnostic shows by itself.
fn without_place(message: &str) -> String {
    message
        .rsplit_once(" at line ")
        .map_or(message, |(text, _)| text)
        .to_owned()
}

/// Converts the reader's places into byte spans.
struct Places<'a> {
    text: &'a str,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Self {
        Self { text }
    }

    fn node(&self, plain: Spanned<Plain>) -> Node {
        let span = self.span(&plain.referenced);
        let value = match plain.value {
            Plain::Null => Value::Null,
            Plain::Bool(value) => Value::Bool(value),
            Plain::Number => Value::Number(self.text.get(span.range()).unwrap_or("").to_owned()),
            Plain::Text(text) => Value::Text(text),
            Plain::Sequence(items) => {
                Value::Sequence(items.into_iter().map(|item| self.node(item)).collect())
            }
            Plain::Mapping(entries) => {
                Value::Mapping(entries.into_iter().map(|entry| self.entry(entry)).collect())
            }
        };
        let is_text = matches!(value, Value::Text(_));
        Node {
            value,
            span,
            lost: is_text.then(|| self.lost_behind(span)).flatten(),
        }
    }

    /// The comment right after the unquoted text at `text`, where it looks like a part of it:
    /// `secret #1`.
    fn lost_behind(&self, text: Span) -> Option<Span> {
        if self.text[text.range()].starts_with(['"', '\'', '|', '>']) {
            return None;
        }
        let rest = self.text.get(text.end..)?;
        let comment = rest.trim_start_matches([' ', '\t']);
        let is_behind_space = comment.len() < rest.len();
        if !is_behind_space || !lost_text::is_lost(comment) {
            return None;
        }
        let start = text.end + rest.len() - comment.len();
        let length = comment
            .lines()
            .next()
            .map_or(0, |line| line.trim_end().len());
        Some(Span {
            start,
            end: start + length,
        })
    }

    fn entry(&self, (key, value): (Spanned<Key>, Spanned<Plain>)) -> Entry {
        let span = self.span(&key.referenced);
        let key = key.value.0;
        let key = key.unwrap_or_else(|| self.text.get(span.range()).unwrap_or("").to_owned());
        let mut node = self.node(value);
        if matches!(node.value, Value::Null) {
            node.span = self.comment_behind(span).unwrap_or(at_end_of(span));
        }
        Entry {
            key: Located::new(key, span),
            node,
        }
    }

    /// The comment behind the key at `key`, where it looks like the key's value: `key: #value`.
    fn comment_behind(&self, key: Span) -> Option<Span> {
        let line = self.text.get(key.end..)?.lines().next()?;
        let comment = line.trim_start().strip_prefix(':')?.trim_start();
        let is_value = |text: &str| text.chars().next().is_none_or(|c| !c.is_whitespace());
        comment.strip_prefix('#').filter(|text| is_value(text))?;
        let start = key.end + line.len() - comment.len();
        Some(Span {
            start,
            end: start + comment.trim_end().len(),
        })
    }

    /// Byte span of a place; errors of the scanner come in characters only.
    fn span(&self, place: &Location) -> Span {
        let span = place.span();
        let (start, end) = match (span.byte_offset(), span.byte_len()) {
            (Some(start), Some(length)) => (to_usize(start), to_usize(start + length)),
            _ => (
                self.byte(span.offset()),
                self.byte(span.offset() + span.len()),
            ),
        };
        self.trimmed(start, end)
    }

    fn byte(&self, characters: u64) -> usize {
        let nth = self.text.char_indices().nth(to_usize(characters));
        nth.map_or(self.text.len(), |(offset, _)| offset)
    }

    /// Keeps a span inside the text and off the line break that block scalars end with.
    fn trimmed(&self, start: usize, end: usize) -> Span {
        let end = self.text.floor_char_boundary(end);
        let start = self.text.floor_char_boundary(start).min(end);
        let kept = self.text[start..end].trim_end_matches(['\n', '\r']).len();
        Span {
            start,
            end: start + kept,
        }
    }
}

fn at_end_of(span: Span) -> Span {
    Span {
        start: span.end,
        end: span.end,
    }
}

fn to_usize(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// The document as the reader hands it out, before places are converted.
enum Plain {
    Null,
    Bool(bool),
    Number,
    Text(String),
    Sequence(Vec<Spanned<Plain>>),
    Mapping(Vec<(Spanned<Key>, Spanned<Plain>)>),
}

/// A key: text, or a word that YAML takes for something else and that counts as it is spelt.
struct Key(Option<String>);

/// What is said of a key that is a list or a mapping.
const NO_KEY: &str = "a key is text";

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Plain::deserialize(deserializer)? {
            Plain::Text(text) => Ok(Self(Some(text))),
            Plain::Null | Plain::Bool(_) | Plain::Number => Ok(Self(None)),
            Plain::Sequence(_) | Plain::Mapping(_) => Err(serde::de::Error::custom(NO_KEY)),
        }
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlainVisitor)
    }
}

struct PlainVisitor;

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = Plain;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Plain, E> {
        Ok(Plain::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Plain, E> {
        Ok(Plain::Bool(value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Plain, E> {
        Ok(Plain::Number)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Plain, E> {
        Ok(Plain::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Plain, E> {
        Ok(Plain::Number)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Plain, E> {
        Ok(Plain::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Plain, E> {
        Ok(Plain::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Plain, E> {
        Ok(Plain::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Plain, E> {
        Ok(Plain::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Plain, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Plain::Sequence(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Plain, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Plain::Mapping(entries))
    }
}
