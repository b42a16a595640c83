//! What the type and the grant of a scheme decide about its keys, for the JSON Schema.

use schemars::Schema;
use serde_json::{Value, json};

use super::RawScheme;
use super::applicable::{HOMES, NEEDED, goes_with, required_key, type_of};
use crate::keyword::Keyword;
use crate::model::{Grant, SchemeType};

/// Adds to the schema of a scheme what its type and its grant decide.
pub(crate) fn conditions(schema: &mut Schema) {
    let types = SchemeType::ALL.iter().map(|&scheme_type| {
        let foreign = |key: &str| type_of(key).is_some_and(|home| home != scheme_type);
        let mut then = without(&foreign);
        if let Some(key) = required_key(scheme_type) {
            then["required"] = json!([key]);
        }
        when("type", scheme_type.word(), &then)
    });
    let grants = Grant::ALL.iter().map(|&grant| {
        let foreign = |key: &str| !goes_with(key, grant) && type_of(key) == Some(SchemeType::OAuth2);
        let mut then = without(&foreign);
        let needed = NEEDED.iter().filter(|(_, home)| home.has(grant));
        let needed = needed.map(|(key, _)| {
            json!({ "anyOf": [required(&[key]), required(&[&format!("{key}s")]), required(&["issuer"])] })
        });
        then["allOf"] = needed.collect();
        when("grant", grant.word(), &then)
    });
    let twice = HOMES.iter().filter(|(key, _)| key.ends_with("_urls"));
    let twice = twice.map(|(key, _)| json!({ "not": required(&[key, key.trim_end_matches('s')]) }));
    let all: Value = types.chain(grants).chain(twice).collect();
    schema.insert("allOf".to_owned(), all);
}

fn when(key: &str, word: &str, then: &Value) -> Value {
    json!({
        "if": { "properties": { key: { "const": word } }, "required": [key] },
        "then": then,
    })
}

/// A schema that refuses the keys of a scheme that are `foreign`.
fn without(foreign: &dyn Fn(&str) -> bool) -> Value {
    let keys = RawScheme::KEYS.iter().filter(|key| foreign(key));
    let properties: serde_json::Map<_, _> = keys
        .map(|key| ((*key).to_owned(), Value::Bool(false)))
        .collect();
    json!({ "properties": properties })
}

fn required(keys: &[&str]) -> Value {
    json!({ "required": keys })
}
