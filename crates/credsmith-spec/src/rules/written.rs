//! Values as one writes them in a spec, on one line: for help lines that show what to write.

use super::excerpt;
use crate::syntax::{Entry, Node, Value};

/// The most items of a list, and entries of a mapping, that are shown.
const MOST: usize = 10;

/// A value in the flow style of YAML.
pub(crate) fn value(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(spelling) => spelling.clone(),
        Value::Text(word) => text(word),
        Value::Sequence(items) => format!("[{}]", joined(items.iter().map(value))),
        Value::Mapping(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Mapping(entries) => format!("{{ {} }}", joined(entries.iter().map(entry))),
    }
}

/// A mapping of which the keys matter.
pub(crate) fn outline(entries: impl Iterator<Item = (String, &'static str)>) -> String {
    let entries = entries.map(|(key, value)| format!("{}: {value}", text(&key)));
    format!("{{ {} }}", joined(entries))
}

/// A key and its value.
pub(crate) fn entry(entry: &Entry) -> String {
    format!("{}: {}", text(&entry.key), value(&entry.node))
}

fn joined(all: impl Iterator<Item = String>) -> String {
    let mut all = all;
    let mut shown: Vec<_> = all.by_ref().take(MOST).collect();
    if all.next().is_some() {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

/// Text, in quotes unless it is plain beyond doubt.
fn text(text: &str) -> String {
    let text = excerpt(text);
    if is_plain(&text) {
        return text;
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn is_plain(text: &str) -> bool {
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && !text.ends_with(':')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_./:".contains(c))
        && !words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[test]
    fn what_is_written_means_the_same_when_it_is_read() {
        for text in [
            "read:all", "a b", "true", "5", "", "a: b", "a #b", "\"a\\", "- a", "[a]", "x:", "~",
        ] {
            let list = Node::list(vec![Node::text(text, Span::START)], Span::START);
            let written = format!("credsmith: {}\n", value(&list));
            let source = crate::Source::new("written.yaml", &written);
            let read = crate::syntax::read(&source, &mut crate::Problems::default()).unwrap();
            let Value::Mapping(entries) = read.value else {
                panic!("{written}");
            };
            let Value::Sequence(items) = &entries[0].node.value else {
                panic!("{written}");
            };
            assert!(
                matches!(&items[0].value, Value::Text(found) if found == text),
                "{written}"
            );
        }
    }

    #[test]
    fn only_the_beginning_of_a_long_list_is_written() {
        let items = (0..MOST + 5).map(|number| Node::text(format!("s{number}"), Span::START));
        let written = value(&Node::list(items.collect(), Span::START));
        assert!(written.starts_with("[s0, s1, "), "{written}");
        assert!(written.ends_with("s9, …]"), "{written}");
    }
}
