//! The root, where its keys have other names or hold what is written otherwise.

use super::security::groups;
use super::{find, outdented};
use crate::diagnostic::Problems;
use crate::rules::{unknown_key, version};
use crate::source::Span;
use crate::syntax::{Entry, Node, Value};

/// Other names of keys, what they are called here, and what to write.
const SYNONYMS: &[(&str, &str)] = &[("securitySchemes", "schemes"), ("version", "credsmith")];

/// The spec as it is written here, if it is written otherwise.
pub(crate) fn spec(node: &Node, _: Span, problems: &mut Problems) -> Option<Node> {
    let Value::Mapping(entries) = &node.value else {
        return None;
    };
    let mut meant = entries.clone();
    for (other, own) in SYNONYMS {
        rename(&mut meant, other, own, problems);
    }
    outdented::into_sections(&mut meant, problems);
    if let Some(schemes) = meant.iter_mut().find(|entry| entry.key.value == "schemes") {
        outdented::into_schemes(schemes, problems);
    }
    if let Some(security) = meant.iter_mut().find(|entry| entry.key.value == "security")
        && let Some(groups) = groups(security, problems)
    {
        *security = groups;
    }
    Some(Node::mapping(meant, node.span))
}

/// Lets `other` be `own`, unless that is there.
fn rename(entries: &mut [Entry], other: &str, own: &str, problems: &mut Problems) {
    if find(entries, own).is_some() {
        return;
    }
    let found = entries.iter_mut().find(|entry| entry.key.value == other);
    let Some(found) = found else { return };
    let help = match own {
        "credsmith" => format!("write `{own}: {}` in its place", version::VERSION),
        _ => format!("write `{own}`"),
    };
    problems.extend(unknown_key::elsewhere(&[&found.key], help));
    own.clone_into(&mut found.key.value);
}
