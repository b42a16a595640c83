//! Scopes as lists of names, and as `OpenAPI` writes them: names and what they mean.

use super::{find, refuse, text_of};
use crate::diagnostic::Problems;
use crate::raw::{RawScope, RawScopes};
use crate::rules::{unknown_key, written, wrong_type};
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::{Entry, Node, Value};

/// The scopes as they are written here, if they are written otherwise; `at` is the key before them.
pub(crate) fn scopes(node: &Node, at: Span, problems: &mut Problems) -> Option<Node> {
    match &node.value {
        Value::Text(names) => {
            let names = names.split([' ', ',']).filter(|name| !name.is_empty());
            let items = names.map(|name| long_form(Node::text(name, node.span), None));
            Some(whole(node, at, items.collect(), problems))
        }
        Value::Sequence(items) => Some(whole(node, at, items.iter().map(item).collect(), problems)),
        Value::Mapping(entries) if entries.is_empty() => Some(with_values(Vec::new(), at)),
        Value::Mapping(entries) if are_described(entries, RawScopes::KEYS) => {
            let scopes = with_values(described(entries), node.span);
            let keys: Vec<_> = entries.iter().map(|entry| &entry.key).collect();
            let help = format!("write `scopes: {}`", written::value(&scopes));
            problems.extend(unknown_key::elsewhere(&keys, help));
            Some(scopes)
        }
        Value::Mapping(entries) => with_list_of_values(entries, node.span, problems)
            .or_else(|| with_names(entries, node.span, problems)),
        _ => None,
    }
}

/// A scope without what is said of all of them; its place is before it, at `at`.
pub(crate) fn scope(node: &Node, _: Span, problems: &mut Problems) -> Option<Node> {
    let Value::Mapping(entries) = &node.value else {
        return None;
    };
    let mut entries = entries.clone();
    let help = "write the scope into the list `default`, beside `values`";
    refuse(&mut entries, |key| key == "default", help, problems);
    Some(Node::mapping(entries, node.span))
}

/// The mapping with the names in it, and what they mean, as its `values`.
fn with_names(entries: &[Entry], span: Span, problems: &mut Problems) -> Option<Node> {
    let is_key = |entry: &Entry| RawScopes::KEYS.contains(&entry.key.as_str());
    let (keys, names): (Vec<_>, Vec<_>) = entries.iter().cloned().partition(is_key);
    let has_values = find(&keys, "values").is_some();
    if has_values || !are_described(&names, RawScopes::KEYS) {
        return None;
    }
    let values = Entry::new("values", Node::list(described(&names), span));
    let found: Vec<_> = names.iter().map(|entry| &entry.key).collect();
    let help = format!("write `{}` in their place", written::entry(&values));
    problems.extend(unknown_key::elsewhere(&found, help));
    Some(Node::mapping(
        keys.into_iter().chain([values]).collect(),
        span,
    ))
}

/// `node`, which is no mapping, stands for these scopes.
fn whole(node: &Node, at: Span, items: Vec<Node>, problems: &mut Problems) -> Node {
    // That there is nothing at all is noted where the values are looked at.
    let is_empty = items.is_empty();
    let scopes = with_values(items, at);
    if !is_empty {
        let replacement = format!("scopes: {}", written::value(&scopes));
        problems.push(wrong_type::meant(node, at, "a mapping", &replacement));
    }
    scopes
}

/// The mapping with its `values` as a list, where they are names and what they mean.
fn with_list_of_values(entries: &[Entry], span: Span, problems: &mut Problems) -> Option<Node> {
    let is_values = |entry: &Entry| entry.key.value == "values";
    let values = entries.iter().find(|entry| is_values(entry))?;
    let Value::Mapping(names) = &values.node.value else {
        return None;
    };
    if !are_described(names, RawScope::KEYS) {
        return None;
    }
    let list = Entry {
        key: values.key.clone(),
        node: Node::list(described(names), values.node.span),
    };
    let replacement = written::entry(&list);
    problems.push(wrong_type::meant(
        &values.node,
        values.key.span,
        "a list",
        &replacement,
    ));
    let others = entries.iter().filter(|entry| !is_values(entry)).cloned();
    Some(Node::mapping(others.chain([list]).collect(), span))
}

/// Whether these are names and what they mean, and not the keys of a mapping, or nearly so.
fn are_described(entries: &[Entry], keys: &[&str]) -> bool {
    let is_name = |entry: &Entry| {
        let is_described = matches!(entry.node.value, Value::Text(_) | Value::Null);
        is_described && closest(&entry.key, keys.iter().copied()).is_none()
    };
    !entries.is_empty() && entries.iter().all(is_name)
}

fn described(entries: &[Entry]) -> Vec<Node> {
    let scopes = entries.iter().map(|entry| {
        let name = Node::text(&*entry.key.value, entry.key.span);
        let description = text_of(&entry.node).filter(|text| !text.trim().is_empty());
        long_form(name, description.map(|_| entry.node.clone()))
    });
    scopes.collect()
}

/// An item of the list: a word is a scope, and all else is what it is.
fn item(node: &Node) -> Node {
    match node.value.spelling() {
        word if word.is_empty() => node.clone(),
        word => long_form(Node::text(word, node.span), None),
    }
}

fn long_form(value: Node, description: Option<Node>) -> Node {
    let span = value.span;
    let description = description.map(|text| Entry::new("description", text));
    let value = Entry::new("value", value);
    Node::mapping(std::iter::once(value).chain(description).collect(), span)
}

fn with_values(items: Vec<Node>, span: Span) -> Node {
    Node::mapping(vec![Entry::new("values", Node::list(items, span))], span)
}
