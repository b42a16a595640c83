//! What has names as a list: `[production, sandbox]`, `- name: production`, or `- production: …`.

use super::text_of;
use crate::diagnostic::Problems;
use crate::raw::Read;
use crate::rules::{written, wrong_type};
use crate::source::Span;
use crate::syntax::{Entry, Node, Value};

/// The mapping that a list was meant for, if each of its items has a name; `at` is the key before it.
pub(crate) fn entries<T: Read>(node: &Node, at: Span, problems: &mut Problems) -> Option<Node> {
    let Value::Sequence(items) = &node.value else {
        return None;
    };
    let entries: Vec<_> = items.iter().map(entry::<T>).collect::<Option<_>>()?;
    if entries.is_empty() {
        return None;
    }
    problems.push(wrong_type::meant(node, at, "a mapping", &outline(&entries)));
    Some(Node::mapping(entries, node.span))
}

/// The item's name, and what it is.
fn entry<T: Read>(item: &Node) -> Option<Entry> {
    match &item.value {
        Value::Text(name) => {
            let nothing = Node::mapping(Vec::new(), item.span);
            fits::<T>(&nothing).then(|| Entry::new(name, nothing))
        }
        Value::Mapping(entries) => match entries.as_slice() {
            [only] if only.key.value != "name" => can_be::<T>(&only.node).then(|| only.clone()),
            several => named::<T>(several, item.span),
        },
        _ => None,
    }
}

/// A mapping with its name among its keys, and what it is in the others, or in the only other.
fn named<T: Read>(entries: &[Entry], span: Span) -> Option<Entry> {
    let (names, others): (Vec<_>, Vec<_>) = entries
        .iter()
        .cloned()
        .partition(|entry| entry.key.value == "name");
    let name = text_of(&names.first()?.node)?;
    let node = match others.as_slice() {
        [only] if fits::<T>(&only.node) => only.node.clone(),
        _ => Node::mapping(others, span),
    };
    Some(Entry::new(name, node))
}

/// Whether this can be read: what is more than a leaf, may have mistakes of its own.
fn can_be<T: Read>(node: &Node) -> bool {
    let is_leaf = !matches!(
        node.value,
        Value::Mapping(_) | Value::Sequence(_) | Value::Null
    );
    !is_leaf || T::read(node, node.span, &mut Problems::default()).is_some()
}

/// Whether nothing would be wrong with this.
fn fits<T: Read>(node: &Node) -> bool {
    let mut found = Problems::default();
    T::read(node, node.span, &mut found).is_some() && !found.any_error()
}

/// What to write, without what the entries hold.
fn outline(entries: &[Entry]) -> String {
    let hide = |entry: &Entry| {
        let is_empty = matches!(&entry.node.value, Value::Mapping(inside) if inside.is_empty());
        let hidden = if is_empty { "{}" } else { "…" };
        (entry.key.value.clone(), hidden)
    };
    written::outline(entries.iter().map(hide))
}
