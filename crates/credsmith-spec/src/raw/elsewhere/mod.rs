//! What other formats, `OpenAPI` above all, write in place of what a spec says.
//!
//! What is recognised is noted once, with what to write instead, and then read as if that were there:
//! so what else is wrong with it is found in the same run, and nothing is told that only follows.

mod entries;
mod environment;
mod outdented;
mod scheme;
mod scopes;
mod security;
mod spec;
mod synonyms;
mod urls;

pub(crate) use entries::entries;
pub(crate) use environment::environment;
pub(crate) use scheme::scheme;
pub(crate) use scopes::{scope, scopes};
pub(crate) use security::alternative;
pub(crate) use spec::spec;

use crate::diagnostic::Problems;
use crate::rules::unknown_key;
use crate::syntax::{Entry, Node, Value};

/// Removes the entries whose keys are meant, noting each, and what to do about it.
fn refuse(
    entries: &mut Vec<Entry>,
    is_meant: impl Fn(&str) -> bool,
    help: &str,
    problems: &mut Problems,
) {
    entries.retain(|entry| {
        let found = is_meant(&entry.key);
        if found {
            problems.extend(unknown_key::elsewhere(&[&entry.key], help));
        }
        !found
    });
}

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
