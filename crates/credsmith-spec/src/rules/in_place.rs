//! What to write in place of a value of the wrong type: for the help lines of CS0103.

use super::excerpt;
use crate::syntax::{Entry, Node, Value};

/// What is expected where a number of seconds, or of a version, belongs.
pub(crate) const WHOLE: &str = "a whole number";
/// What is expected where several values belong.
pub(crate) const LIST: &str = "a list";
pub(super) const MAPPING: &str = "a mapping";

/// What to write in place of `node`.
pub(super) fn way_out(node: &Node, expected: &str) -> String {
    match &node.value {
        Value::Null if node.is_comment() => BEHIND_A_MARK.to_owned(),
        Value::Null => what_belongs(expected).to_owned(),
        Value::Number(_) | Value::Bool(_) if expected == "text" => "put it in quotes".to_owned(),
        Value::Text(text) => in_place_of_text(text, expected),
        Value::Sequence(_) if expected == MAPPING => {
            "write lines of `key: value`, without `- `".to_owned()
        }
        Value::Sequence(_) if expected == "text" => "write one text, and no list".to_owned(),
        Value::Mapping(entries) if expected == LIST && has_dash(entries) => {
            "a space belongs behind the `-`".to_owned()
        }
        Value::Mapping(_) if expected == LIST => {
            "write each as an item, a line with `- `".to_owned()
        }
        _ => write_here(expected),
    }
}

pub(super) const BEHIND_A_MARK: &str =
    "a `#` behind a space begins a comment: put the value in quotes";

fn write_here(expected: &str) -> String {
    match expected.strip_prefix(WHOLE) {
        Some(other) if !other.is_empty() => {
            format!("write the seconds as a whole number,{other}")
        }
        _ => format!("write {expected} here"),
    }
}

/// What to write where there is nothing.
fn what_belongs(expected: &str) -> &'static str {
    match expected {
        MAPPING => "write its keys below it, further indented",
        LIST => "write its items below it, as lines with `- `",
        _ => "give it a value",
    }
}

fn in_place_of_text(text: &str, expected: &str) -> String {
    let is_number = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    match (expected, without_space(text)) {
        (MAPPING, Some(key)) => format!("a space belongs behind `{}:`", excerpt(key)),
        (LIST, _) => "write it as `[...]`, or as lines with `- `".to_owned(),
        (expected, _) if expected.starts_with("`true`") => boolean(text),
        (expected, _) if expected.starts_with(WHOLE) && is_number => {
            format!("write `{}`, without quotes", excerpt(text))
        }
        _ => write_here(expected),
    }
}

/// The key of `key:value`, which is text for want of a space; a URL is another matter.
fn without_space(text: &str) -> Option<&str> {
    let (key, value) = text.split_once(':')?;
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (is_key && !value.starts_with("//")).then_some(key)
}

/// Whether the entries are items, whose `-` became a part of the first key.
pub(super) fn has_dash(entries: &[Entry]) -> bool {
    let first = entries.first();
    first.is_some_and(|first| first.key.starts_with('-'))
}

/// YAML 1.1 had more words for booleans than YAML 1.2, where they are text.
fn boolean(text: &str) -> String {
    let meant = match text.to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" => "true",
        "no" | "n" | "off" => "false",
        "true" => return "write `true`, without quotes".to_owned(),
        "false" => return "write `false`, without quotes".to_owned(),
        _ => return "write `true` or `false`, without quotes".to_owned(),
    };
    format!("in YAML 1.2, `{}` is text: write `{meant}`", excerpt(text))
}
