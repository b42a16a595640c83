//! Environments that are nothing but a name, or a name and a URL.

use super::refuse;
use crate::diagnostic::Problems;
use crate::rules::environment::WHERE_URLS_ARE;
use crate::rules::wrong_type;
use crate::source::Span;
use crate::syntax::{Entry, Node, Value};

const DEFAULT: &str = "name the default environment in `sdk.default_environment`";

/// The environment as it is written here, if it is written otherwise; its name is before it, at `at`.
pub(crate) fn environment(node: &Node, at: Span, problems: &mut Problems) -> Option<Node> {
    match &node.value {
        Value::Null => Some(empty(node, at, problems)),
        Value::Text(text) if text.contains("://") => Some(empty(node, at, problems)),
        Value::Mapping(entries) => Some(Node::mapping(without(entries, problems), node.span)),
        _ => None,
    }
}

fn empty(node: &Node, at: Span, problems: &mut Problems) -> Node {
    problems.push(wrong_type::empty_mapping(node, at).help(WHERE_URLS_ARE));
    Node::mapping(Vec::new(), at)
}

/// The entries without those that belong elsewhere.
fn without(entries: &[Entry], problems: &mut Problems) -> Vec<Entry> {
    let mut entries = entries.to_vec();
    let remove = format!("remove it: {WHERE_URLS_ARE}");
    let is_url = |key: &str| {
        key.to_ascii_lowercase()
            .trim_end_matches('s')
            .ends_with("url")
    };
    refuse(&mut entries, |key| key == "default", DEFAULT, problems);
    refuse(&mut entries, is_url, &remove, problems);
    entries
}
