//! Security as `OpenAPI` writes it: lists of mappings from names of schemes to scopes.

use super::find;
use crate::diagnostic::Problems;
use crate::rules::{unknown_key, written, wrong_type};
use crate::source::Span;
use crate::syntax::{Entry, Node, Value};

/// The spec as it is written here, if its schemes or their use are written otherwise.
pub(crate) fn spec(node: &Node, _: Span, problems: &mut Problems) -> Option<Node> {
    let Value::Mapping(entries) = &node.value else {
        return None;
    };
    let schemes = find(entries, SCHEMES).filter(|_| find(entries, "schemes").is_none());
    let schemes = schemes.map(|found| schemes_here(found, problems));
    let groups = find(entries, "security").and_then(|found| groups(found, problems));
    if schemes.is_none() && groups.is_none() {
        return None;
    }
    let mut meant = entries.clone();
    for (key, entry) in [(SCHEMES, schemes), ("security", groups)] {
        if let (Some(entry), Some(old)) = (entry, meant.iter_mut().find(|it| it.key.value == key)) {
            *old = entry;
        }
    }
    Some(Node::mapping(meant, node.span))
}

const SCHEMES: &str = "securitySchemes";

fn schemes_here(found: &Entry, problems: &mut Problems) -> Entry {
    problems.extend(unknown_key::elsewhere(&[&found.key], "write `schemes`"));
    let mut meant = found.clone();
    "schemes".clone_into(&mut meant.key.value);
    meant
}

/// A list says what all operations need, which is the group `default`.
fn groups(found: &Entry, problems: &mut Problems) -> Option<Entry> {
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
