//! The JSON Schema of the spec language, for editors.

use schemars::Schema;
use schemars::transform::{RecursiveTransform, Transform};
use serde_json::Value;

use crate::raw;

/// The JSON Schema (draft 2020-12) of a spec.
pub fn schema() -> Schema {
    let mut schema = raw::root_schema();
    RecursiveTransform(polish).transform(&mut schema);
    schema.insert("title".to_owned(), Value::from("credsmith spec"));
    if let Some(version) = schema.pointer_mut("/properties/credsmith")
        && let Some(version) = version.as_object_mut()
    {
        version.insert("const".to_owned(), Value::from(1));
    }
    schema
}

/// The schema as the text of a file.
pub fn schema_text() -> String {
    format!("{:#}\n", schema().as_value())
}

/// An absent key is left out, never `null`; and descriptions are one paragraph.
fn polish(schema: &mut Schema) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type") != Some(&Value::from("null")));
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            schema.remove("anyOf");
            schema.ensure_object().extend(only);
        }
    }
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.replace('\n', " ");
    }
}
