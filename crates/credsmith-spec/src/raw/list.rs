//! Lists, whose items are read one by one.

use super::Read;
use crate::diagnostic::Problems;
use crate::rules::wrong_type;
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
    fn read(node: &Node, at: Span, problems: &mut Problems) -> Option<Self> {
        let nodes = match &node.value {
            Value::Sequence(nodes) => nodes.as_slice(),
            Value::Mapping(entries) if is_item::<T>(entries) => {
                problems.push(wrong_type::one_item(node, at));
                std::slice::from_ref(node)
            }
            _ => {
                problems.push(wrong_type::found(node, at, "a list"));
                return None;
            }
        };
        let mut told = false;
        let items = nodes.iter().filter_map(|item| {
            let Some(long_form) = T::MAIN_KEY.and_then(|key| long_form(item, key)) else {
                return T::read(item, item.anchor(), problems);
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
