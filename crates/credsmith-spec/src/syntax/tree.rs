//! The tree of a YAML document.

use crate::located::Located;
use crate::source::Span;

/// A value and its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) span: Span,
    /// The comment right after unquoted text, if it may have been meant as a part of the text.
    pub(crate) lost: Option<Span>,
}

/// What a YAML value can be. Numbers keep their spelling.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    Sequence(Vec<Node>),
    Mapping(Vec<Entry>),
}

/// One `key: value`; doubled keys are all there, in the order of the text.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Located<String>,
    pub(crate) node: Node,
}

impl Entry {
    /// An entry that stands where `node` does.
    pub(crate) fn new(key: &str, node: Node) -> Self {
        let key = Located::new(key.to_owned(), node.span);
        Self { key, node }
    }
}

impl Value {
    /// How a value is spelt that is a word but for its type; empty for others.
    pub(crate) fn spelling(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Number(text) | Self::Text(text) => text.clone(),
            Self::Null | Self::Sequence(_) | Self::Mapping(_) => String::new(),
        }
    }

    /// What the value is, for "expected …, found …".
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::Sequence(_) => "a list",
            Self::Mapping(_) => "a mapping",
        }
    }
}

impl Node {
    fn at(span: Span, value: Value) -> Self {
        Self {
            value,
            span,
            lost: None,
        }
    }

    pub(crate) fn text(text: impl Into<String>, span: Span) -> Self {
        Self::at(span, Value::Text(text.into()))
    }

    pub(crate) fn list(items: Vec<Self>, span: Span) -> Self {
        Self::at(span, Value::Sequence(items))
    }

    pub(crate) fn mapping(entries: Vec<Entry>, span: Span) -> Self {
        Self::at(span, Value::Mapping(entries))
    }

    /// Whether there is nothing but a comment that looks like a value: it has a place of its own.
    pub(crate) fn is_comment(&self) -> bool {
        matches!(self.value, Value::Null) && self.span.start < self.span.end
    }

    /// A place to point at even where the value itself has no width: its first key or item.
    pub(crate) fn anchor(&self) -> Span {
        let first = match &self.value {
            Value::Mapping(entries) => entries.first().map(|entry| entry.key.span),
            Value::Sequence(items) => items.first().map(Node::anchor),
            _ => None,
        };
        first
            .filter(|_| self.span.start == self.span.end)
            .unwrap_or(self.span)
    }
}
