//! Security as `OpenAPI` writes it: lists of mappings from names of schemes to scopes.

use crate::diagnostic::Problems;
use crate::rules::{written, wrong_type};
use crate::syntax::{Entry, Node, Value};

/// A list says what all operations need, which is the group `default`.
pub(super) fn groups(found: &Entry, problems: &mut Problems) -> Option<Entry> {
    let Value::Sequence(items) = &found.node.value else {
        return None;
    };
    let span = found.node.span;
    let mut alternatives: Vec<_> = items.iter().map(alternative).collect();
    if alternatives.is_empty() {
        alternatives.push(Node::list(Vec::new(), span));
    }
    let default = Entry::new("default", Node::list(alternatives, span));
    let meant = Entry {
        key: found.key.clone(),
        node: Node::mapping(vec![default], span),
    };
    let at = found.key.span;
    let replacement = written::entry(&meant);
    problems.push(wrong_type::meant(
        &found.node,
        at,
        "a mapping",
        &replacement,
    ));
    Some(meant)
}

/// An alternative, which is what it is unless it is a mapping: then its keys are needed together.
pub(crate) fn alternative(node: &Node) -> Node {
    let Value::Mapping(entries) = &node.value else {
        return node.clone();
    };
    let name = |entry: &Entry| Node::text(&*entry.key.value, entry.key.span);
    match entries.as_slice() {
        [one] => name(one),
        several => Node::list(several.iter().map(name).collect(), node.span),
    }
}
