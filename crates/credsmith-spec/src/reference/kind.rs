//! What a schema takes, in words.

use serde_json::Value;

use super::text;

/// The kind of a value, as a phrase.
pub(super) fn describe(schema: &Value) -> String {
    if let Some(number) = schema.get("const") {
        return format!("the number {number}");
    }
    if schema.get("oneOf").is_some() {
        return "one of the words below".to_owned();
    }
    let (within, inner) = element(schema);
    match within {
        ELEMENT => format!("list of {}", several(inner)),
        ENTRY => format!("mapping from names to {}", several(inner)),
        _ => one(schema),
    }
}

fn one(schema: &Value) -> String {
    if definition(schema).is_some() {
        return "mapping, its keys are below".to_owned();
    }
    match text(schema, "type") {
        Some("boolean") => "`true` or `false`".to_owned(),
        Some("integer") => {
            let limit = |key| schema.get(key).map(Value::to_string).unwrap_or_default();
            format!("whole number, {} to {}", limit("minimum"), limit("maximum"))
        }
        _ => text(schema, "title").unwrap_or("text").to_owned(),
    }
}

fn several(schema: &Value) -> &'static str {
    match text(schema, "title") {
        Some("URL") => "URLs",
        Some("scope") => "scopes",
        Some("group") => "lists of alternatives, or to mappings, whose keys are below",
        Some("alternative") => "names of schemes, or lists of names",
        _ if definition(schema).is_some() => "mappings, their keys are below",
        _ => "text",
    }
}

/// How a path goes on into the values of a mapping whose keys the author chooses.
const ENTRY: &str = ".NAME";
/// How a path goes on into a list.
const ELEMENT: &str = "[]";

/// What is inside a list or a mapping from names, and how a path goes on to it; other schemas are
/// themselves.
pub(super) fn element(schema: &Value) -> (&'static str, &Value) {
    let entry = schema.get("additionalProperties");
    let entry = entry.filter(|entry| entry.is_object());
    match (schema.get("items"), entry) {
        (Some(item), _) => (ELEMENT, item),
        (None, Some(entry)) => (ENTRY, entry),
        (None, None) => ("", schema),
    }
}

/// The name of the definition that a schema refers to, at least as one of its forms.
pub(super) fn definition(schema: &Value) -> Option<&str> {
    let forms = schema.get("anyOf").and_then(Value::as_array);
    let mut forms = forms.into_iter().flatten();
    match text(schema, "$ref") {
        Some(reference) => reference.rsplit('/').next(),
        None => forms.find_map(definition),
    }
}
