//! The reference of the spec language, as a Markdown page.
//!
//! Everything but the introduction is generated from the JSON Schema, which is generated from the
//! types that read a spec: what the page says of a key is what the reader does with it.

mod example;
mod kind;

use std::fmt::Write as _;

use serde_json::Value;

use crate::Rule;
use crate::raw;

/// The hand-written beginning of the page.
const INTRODUCTION: &str = include_str!("introduction.md");

/// The page; `rules` are those that its last section lists, by code.
pub fn reference(rules: &[&Rule]) -> String {
    let schema = crate::schema();
    let mut page = Page {
        text: INTRODUCTION.to_owned(),
        definitions: schema.get("$defs"),
    };
    page.mapping("", "Spec", schema.as_value());
    page.rules(rules);
    page.text
}

struct Page<'a> {
    text: String,
    definitions: Option<&'a Value>,
}

impl<'a> Page<'a> {
    /// A section for one mapping, and behind it those of the mappings in it.
    fn mapping(&mut self, path: &str, definition: &str, schema: &'a Value) {
        let heading = match path {
            "" => "The top level".to_owned(),
            path => format!("`{path}`"),
        };
        let meaning = text(schema, "description").unwrap_or_default();
        let _ = write!(self.text, "\n## {heading}\n\n{meaning}\n");
        let keys = keys(definition, schema);
        for (key, value) in &keys {
            let applies = Applies::to(definition, key);
            self.key(path, key, &applies, requires(schema, key), value);
        }
        for (key, value) in keys {
            let (within, inner) = kind::element(value);
            let inside = kind::definition(inner).and_then(|name| Some((name, self.defined(name)?)));
            if let Some((name, schema)) = inside {
                self.mapping(&format!("{}{within}", joined(path, key)), name, schema);
            }
        }
    }

    fn defined(&self, name: &str) -> Option<&'a Value> {
        self.definitions?.get(name)
    }

    /// One key: meaning, type, where it belongs, whether it is required, default, words, example.
    fn key(&mut self, path: &str, key: &str, applies: &Applies, required: bool, schema: &Value) {
        let description = text(schema, "description").unwrap_or_default();
        let (meaning, default) = split_default(description);
        let _ = write!(self.text, "\n### `{}`\n\n{meaning}\n\n", joined(path, key));
        let _ = writeln!(self.text, "- Type: {}", kind::describe(schema));
        if let Some(home) = &applies.home {
            let _ = writeln!(self.text, "- Belongs to {home}");
        }
        let _ = match (required, default, &applies.needed_by) {
            (true, ..) => writeln!(self.text, "- Required"),
            (false, Some(default), _) => writeln!(self.text, "- Default: {default}"),
            (false, None, Some(needed_by)) => writeln!(self.text, "- Required by {needed_by}"),
            (false, None, None) => writeln!(self.text, "- Optional"),
        };
        self.words(schema);
        if let Some(example) = example::of(key, schema) {
            let _ = write!(self.text, "\n```yaml\n{example}```\n");
        }
    }

    /// The words of a keyword, and what they mean.
    fn words(&mut self, schema: &Value) {
        let Some(words) = schema.get("oneOf").and_then(Value::as_array) else {
            return;
        };
        self.text += "\n| Word | Meaning |\n|---|---|\n";
        for word in words {
            let (Some(name), Some(meaning)) = (text(word, "const"), text(word, "description"))
            else {
                continue;
            };
            let _ = writeln!(self.text, "| `{name}` | {} |", meaning.replace('|', "\\|"));
        }
    }

    fn rules(&mut self, rules: &[&Rule]) {
        self.text += "\n## The rules\n\n\
            Each diagnostic names the rule that was broken; `credsmith explain CODE` shows a spec that\n\
            breaks it and one that keeps it.\n\n\
            | Code | Rule |\n|---|---|\n";
        for rule in rules {
            let _ = writeln!(self.text, "| {} | {} |", rule.code, rule.title);
        }
    }
}

/// The keys of a mapping in the order of the types that read it.
fn keys<'a>(definition: &str, schema: &'a Value) -> Vec<(&'a str, &'a Value)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let properties = properties.into_iter().flatten();
    let mut keys: Vec<_> = properties
        .map(|(key, value)| (key.as_str(), value))
        .collect();
    let order = raw::keys_of(definition);
    keys.sort_by_key(|(key, _)| order.iter().position(|known| known == key));
    keys
}

/// What the type and the grant of a scheme decide about a key.
#[derive(Default)]
struct Applies {
    /// Where it belongs, if not to all schemes.
    home: Option<String>,
    /// Who requires it.
    needed_by: Option<String>,
}

impl Applies {
    fn to(definition: &str, key: &str) -> Self {
        if definition != "Scheme" {
            return Self::default();
        }
        Self {
            home: raw::applicable::home_of(key),
            needed_by: raw::applicable::needed_by(key),
        }
    }
}

fn requires(mapping: &Value, key: &str) -> bool {
    let required = mapping.get("required").and_then(Value::as_array);
    required.is_some_and(|required| required.iter().any(|name| name == key))
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// What a description says, and its last sentence when that is about the default.
fn split_default(description: &str) -> (&str, Option<&str>) {
    match description.split_once("Default: ") {
        Some((meaning, default)) => (meaning.trim_end(), Some(default.trim_end_matches('.'))),
        None => (description, None),
    }
}

fn text<'a>(schema: &'a Value, key: &str) -> Option<&'a str> {
    schema.get(key)?.as_str()
}
