//! The JSON Schema: fresh, complete, and of one mind with the checker.

use std::path::Path;

use serde_json::Value;

use crate::support::{accepted, assert_fresh, credsmith, files, repository, stdout};

/// Calls `visit` with each key of each mapping of the spec, and its schema.
pub(crate) fn each_property(visit: &mut dyn FnMut(&str, &Value)) {
    let schema = credsmith_spec::schema().to_value();
    let definitions = schema["$defs"].as_object().unwrap().values();
    for mapping in definitions.chain([&schema]) {
        for (key, schema) in mapping["properties"].as_object().unwrap() {
            visit(key, schema);
        }
    }
}

#[test]
fn the_committed_schema_is_fresh() {
    assert_fresh(
        Path::new("specs/credsmith.schema.json"),
        &credsmith_spec::schema_text(),
    );
}

#[test]
fn the_command_prints_the_schema() {
    let output = credsmith(&["schema"]);
    assert!(output.status.success());
    assert_eq!(stdout(&output), credsmith_spec::schema_text());
}

#[test]
fn it_is_a_schema() {
    jsonschema::meta::validate(&credsmith_spec::schema().to_value()).unwrap();
}

#[test]
fn every_key_is_described_with_an_example() {
    each_property(&mut |key, schema| {
        let description = schema["description"].as_str().unwrap_or_default();
        assert!(description.len() > 8, "{key} is not described");
        let mut shown = ["examples", "default", "const", "oneOf"].iter();
        let shown = shown.any(|member| schema.get(member).is_some());
        let described_elsewhere =
            !schema["$ref"].is_null() || !schema["additionalProperties"]["$ref"].is_null();
        assert!(shown || described_elsewhere, "{key} has no example");
        for word in schema["oneOf"].as_array().into_iter().flatten() {
            assert!(
                word["const"].is_string() && word["description"].is_string(),
                "{key}: {word}"
            );
        }
        let own = jsonschema::validator_for(&with_definitions(schema)).unwrap();
        for example in schema["examples"].as_array().into_iter().flatten() {
            assert!(
                own.is_valid(example),
                "{key}: the example {example} is none"
            );
        }
        if let Some(default) = schema.get("default") {
            assert!(
                own.is_valid(default),
                "{key}: the default {default} is none"
            );
        }
    });
}

/// A part of the schema that can be used by itself.
fn with_definitions(part: &Value) -> Value {
    let mut part = part.clone();
    part["$defs"] = credsmith_spec::schema().to_value()["$defs"].clone();
    part
}

#[test]
fn every_mapping_takes_extensions_and_nothing_else() {
    let schema = credsmith_spec::schema().to_value();
    let definitions = schema["$defs"].as_object().unwrap().values();
    for mapping in definitions.chain([&schema]) {
        assert_eq!(mapping["patternProperties"]["^x-"], true, "{mapping}");
        assert_eq!(mapping["additionalProperties"], false, "{mapping}");
    }
}

/// What the schema thinks of a spec. Text that is no YAML is no valid spec either.
fn schema_accepts(text: &str) -> bool {
    let validator = jsonschema::validator_for(&credsmith_spec::schema().to_value()).unwrap();
    serde_saphyr::from_str::<Value>(text).is_ok_and(|value| validator.is_valid(&value))
}

#[test]
fn schema_and_checker_accept_the_same_specs() {
    for (name, text) in accepted() {
        let checked = credsmith_codegen::check_text(&name, &text);
        assert_eq!(checked.diagnostics, [], "{name}");
        assert!(schema_accepts(&text), "the schema refuses {name}");
        let extended = format!(
            "{}\nx-mine: {{ anything: [1, true, null] }}\n",
            text.trim_end()
        );
        assert!(
            schema_accepts(&extended),
            "the schema refuses {name} with an extension"
        );
    }
}

/// Rules on the structure of a spec, which the schema can express. A doubled key is none of them: a
/// JSON value has lost it.
fn is_structural(code: &str) -> bool {
    code.starts_with("CS01") && code != "CS0102"
        || ["CS0201", "CS0203", "CS0208", "CS0211", "CS0303"].contains(&code)
}

#[test]
fn schema_and_checker_refuse_the_same_specs() {
    let mut compared = 0;
    for path in files("tests/rejects", "yaml") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if is_structural(&name[..6]) {
            let text = std::fs::read_to_string(repository().join(&path)).unwrap();
            assert!(!schema_accepts(&text), "the schema accepts {name}");
            compared += 1;
        }
    }
    for rule in credsmith_codegen::rules() {
        if is_structural(rule.code) {
            assert!(
                !schema_accepts(rule.bad),
                "the schema accepts the bad spec of {}",
                rule.code
            );
            compared += 1;
        }
    }
    assert!(compared > 25, "only {compared} specs were compared");
}
