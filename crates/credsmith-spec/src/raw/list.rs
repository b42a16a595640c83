//! Lists, whose items are read one by one.

use super::Read;
use crate::diagnostic::{Diagnostic, Problems};
use crate::rules::in_place::LIST;
use crate::rules::{missing_key, written, wrong_type};
use crate::source::Span;
use crate::syntax::{Entry, Node, Value};

/// A list, in the order of the text; `at` is the key before it.
#[derive(Debug)]
pub(crate) struct List<T> {
    pub(crate) at: Span,
    pub(crate) items: Vec<T>,
    /// Whether every item could be read; those that could not have been noted.
    pub(crate) whole: bool,
}

impl<T> List<T> {
    /// Whether there is nothing; what could not be read is something.
    pub(crate) fn is_empty(&self) -> bool {
        self.whole && self.items.is_empty()
    }
}

impl<T: Read> Read for List<T> {
    fn missing(key: &str, mapping: Span) -> Diagnostic {
        match T::MAIN_KEY {
            Some(main) => missing_key::list(key, main, mapping),
            None => missing_key::missing(key, mapping),
        }
    }

    fn read(node: &Node, at: Span, problems: &mut Problems) -> Option<Self> {
        let meant = words::<T>(node).map(|words| Node::list(words, node.span));
        if let Some(meant) = &meant {
            let replacement = written::value(meant);
            problems.push(wrong_type::meant(node, at, LIST, &replacement));
        }
        let nodes = match &meant.as_ref().unwrap_or(node).value {
            Value::Sequence(nodes) => nodes.as_slice(),
            Value::Mapping(entries) if is_item::<T>(entries) => {
                problems.push(wrong_type::one_item(node, at));
                std::slice::from_ref(node)
            }
            _ => {
                problems.push(match T::MAIN_KEY {
                    Some(key) => wrong_type::named(node, at, key),
                    None => wrong_type::found(node, at, LIST),
                });
                return None;
            }
        };
        let mut told = false;
        let items = nodes.iter().filter_map(|item| {
            let Some(long_form) = T::MAIN_KEY.and_then(|key| long_form(item, key)) else {
                return read_item(item, problems);
            };
            // One mistake, however many items it is made in; what else they lack is no news.
            if !std::mem::replace(&mut told, true) {
                problems.push(wrong_type::short_form(
                    item,
                    T::MAIN_KEY.unwrap_or_default(),
                ));
            }
            T::read(&long_form, item.anchor(), &mut Problems::default())
        });
        let items: Vec<_> = items.collect();
        Some(Self {
            at,
            whole: items.len() == nodes.len(),
            items,
        })
    }
}

fn read_item<T: Read>(item: &Node, problems: &mut Problems) -> Option<T> {
    let mut found = Problems::default();
    let read = T::read(item, item.anchor(), &mut found);
    if matches!(item.value, Value::Null) {
        found.add_help("or remove the item");
    }
    problems.append(found);
    read
}

/// The items of a list of text that is written as one text.
fn words<T: Read>(node: &Node) -> Option<Vec<Node>> {
    let Value::Text(text) = &node.value else {
        return None;
    };
    let words = text.split([' ', ',']).filter(|word| !word.is_empty());
    let words: Vec<_> = words.map(|word| Node::text(word, node.span)).collect();
    (T::IS_TEXT && !words.is_empty()).then_some(words)
}

/// Whether a mapping is an item, and not the list that it belongs into.
fn is_item<T: Read>(entries: &[Entry]) -> bool {
    let is_main = |entry: &Entry| Some(entry.key.as_str()) == T::MAIN_KEY;
    entries.iter().any(is_main)
}

/// The mapping that was meant by an item that is the value of `key` alone.
fn long_form(item: &Node, key: &str) -> Option<Node> {
    let is_text = matches!(item.value, Value::Text(_));
    is_text.then(|| Node::mapping(vec![Entry::new(key, item.clone())], item.span))
}
