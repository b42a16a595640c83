//! Keys that are not indented far enough, so that YAML has them beside what they belong into.

use super::{find, text_of};
use crate::diagnostic::Problems;
use crate::raw::{RawScheme, RawSdk, RawSpec};
use crate::rules::unknown_key;
use crate::syntax::{Entry, Node, Value};

/// Keys of `sdk`, and schemes, that stand beside the keys of the root.
pub(super) fn into_sections(entries: &mut Vec<Entry>, problems: &mut Problems) {
    let is_of_sdk = |entry: &Entry| RawSdk::KEYS.contains(&entry.key.as_str());
    let is_scheme = |entry: &Entry| has_type(&entry.node);
    let sdk = take(entries, is_of_sdk);
    let schemes = take(entries, is_scheme);
    into_section(entries, "sdk", sdk, problems);
    into_section(entries, "schemes", schemes, problems);
}

/// Takes out what is meant, and no key of the root.
fn take(entries: &mut Vec<Entry>, is_meant: impl Fn(&Entry) -> bool) -> Vec<Entry> {
    let is_known = |key: &str| key.starts_with("x-") || RawSpec::KEYS.contains(&key);
    let all = std::mem::take(entries).into_iter();
    let (taken, left) = all.partition(|entry| !is_known(&entry.key) && is_meant(entry));
    *entries = left;
    taken
}

fn has_type(node: &Node) -> bool {
    matches!(&node.value, Value::Mapping(entries) if find(entries, "type").is_some())
}

/// Adds to the section what belongs there, in front of nothing that is there already.
fn into_section(
    entries: &mut Vec<Entry>,
    section: &str,
    inside: Vec<Entry>,
    problems: &mut Problems,
) {
    let Some(first) = inside.first() else { return };
    let place = first.key.span;
    let keys: Vec<_> = inside.iter().map(|entry| &entry.key).collect();
    let found = entries.iter_mut().find(|entry| entry.key.value == section);
    let is_empty = |entry: &Entry| matches!(entry.node.value, Value::Null);
    problems.extend(match &found {
        Some(entry) if is_empty(entry) => unknown_key::beside(&keys, section),
        _ => unknown_key::inside(&keys, section),
    });
    match found.map(|entry| &mut entry.node.value) {
        Some(Value::Mapping(there)) => there.extend(inside),
        Some(value) => *value = Value::Mapping(inside),
        None => entries.push(Entry::new(section, Node::mapping(inside, place))),
    }
}

/// Keys of schemes that stand beside their names.
pub(super) fn into_schemes(schemes: &mut Entry, problems: &mut Problems) {
    let Value::Mapping(entries) = &mut schemes.node.value else {
        return;
    };
    // Without a type of its own here, no scheme is written in this way.
    if find(entries, "type")
        .and_then(|it| text_of(&it.node))
        .is_none()
    {
        return;
    }
    let mut gathered: Vec<Scheme> = Vec::new();
    for entry in std::mem::take(entries) {
        match gathered.last_mut() {
            Some(scheme) if scheme.may_have(&entry) => scheme.keys.push(entry),
            _ if is_of_scheme(&entry) => gathered.push(Scheme::without_name(entry)),
            _ => gathered.push(Scheme::named(entry)),
        }
    }
    *entries = gathered
        .into_iter()
        .map(|scheme| scheme.entry(problems))
        .collect();
}

fn is_of_scheme(entry: &Entry) -> bool {
    RawScheme::KEYS.contains(&entry.key.as_str())
}

/// A scheme, and the keys that stand behind it.
struct Scheme {
    name: Option<Entry>,
    keys: Vec<Entry>,
}

impl Scheme {
    fn named(name: Entry) -> Self {
        Self {
            name: Some(name),
            keys: Vec::new(),
        }
    }

    fn without_name(first: Entry) -> Self {
        Self {
            name: None,
            keys: vec![first],
        }
    }

    /// Whether `entry` may be a key of it: nothing has been read for it that is whole.
    fn may_have(&self, entry: &Entry) -> bool {
        let name = self.name.as_ref();
        let is_open = name.is_none_or(|name| matches!(name.node.value, Value::Null));
        let is_leaf = !matches!(entry.node.value, Value::Mapping(_) | Value::Null);
        is_open && (is_leaf || is_of_scheme(entry))
    }

    /// The scheme as it is meant.
    fn entry(self, problems: &mut Problems) -> Entry {
        let found: Vec<_> = self.keys.iter().map(|entry| &entry.key).collect();
        match self.name {
            Some(name) if found.is_empty() => name,
            Some(name) => {
                problems.extend(unknown_key::beside(&found, &name.key));
                let node = Node::mapping(self.keys, name.node.span);
                Entry { node, ..name }
            }
            None => {
                let word = find(&self.keys, "type").and_then(|entry| text_of(&entry.node));
                let name = word.unwrap_or("oauth2").to_owned();
                problems.extend(unknown_key::without_name(&found, &name));
                let span = self.keys[0].key.span;
                Entry::new(&name, Node::mapping(self.keys, span))
            }
        }
    }
}
