//! What other formats, `OpenAPI` above all, write in place of what a spec says.
//!
//! What is recognised is noted once, with what to write instead, and then read as if that were there:
//! so what else is wrong with it is found in the same run, and nothing is told that only follows.

mod entries;
mod scheme;
mod scopes;
mod security;

pub(crate) use entries::entries;
pub(crate) use scheme::scheme;
pub(crate) use scopes::scopes;
pub(crate) use security::{alternative, spec};

use crate::syntax::{Entry, Node, Value};

/// The first entry with this key.
fn find<'a>(entries: &'a [Entry], key: &str) -> Option<&'a Entry> {
    entries.iter().find(|entry| entry.key.value == key)
}

/// The text of a value, if it is one.
fn text_of(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}
