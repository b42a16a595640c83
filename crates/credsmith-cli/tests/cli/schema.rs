//! The JSON Schema: fresh, complete, and of one mind with the checker.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use credsmith_spec::Severity;
use jsonschema::Validator;
use serde_json::{Value, json};

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
    static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
        let schema = credsmith_spec::schema().to_value();
        jsonschema::validator_for(&schema).unwrap()
    });
    // YAML 1.2, in which `yes` is text.
    let options = serde_saphyr::options! { strict_booleans: true };
    let value = serde_saphyr::from_str_with_options::<Value>(text, options);
    value.is_ok_and(|value| VALIDATOR.is_valid(&value))
}

#[test]
fn schema_and_checker_accept_the_same_specs() {
    for (name, text) in accepted() {
        let checked = credsmith_codegen::check_text(&name, &text);
        assert!(checked.spec.is_some(), "{name}: {:?}", checked.diagnostics);
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

/// A spec with every feature, as JSON, which holds no comments.
fn whole_spec() -> Value {
    let path = "crates/credsmith-spec/tests/every_feature.yaml";
    let text = std::fs::read_to_string(repository().join(path)).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

#[test]
fn the_whole_spec_has_every_key_and_every_word() {
    let text = whole_spec().to_string();
    each_property(&mut |key, schema| {
        assert!(text.contains(&format!("\"{key}\":")), "no {key}");
        for word in schema["oneOf"].as_array().into_iter().flatten() {
            let word = word["const"].as_str().unwrap();
            // The others of these are what a spec has without them.
            let is_usual = ["oauth", "external", "form"].contains(&word);
            let entry = format!("\"{key}\":\"{word}\"");
            assert!(is_usual || text.contains(&entry), "no {entry}");
        }
    });
}

/// All values of a JSON value, by JSON pointer.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    for (key, value) in value.as_object().into_iter().flatten() {
        pointers(value, &format!("{at}/{key}"), found);
    }
    for (index, value) in value.as_array().into_iter().flatten().enumerate() {
        pointers(value, &format!("{at}/{index}"), found);
    }
}

/// The spec with each value replaced by values of other kinds, left out, or given company.
fn variants(spec: &Value) -> Vec<(String, Value)> {
    let mut places = Vec::new();
    pointers(spec, "", &mut places);
    let others = [
        json!(null),
        json!(true),
        json!(7),
        json!(1.5),
        json!("text"),
        json!(""),
        json!([]),
        json!({}),
        json!([{}]),
    ];
    let mut variants = Vec::new();
    for place in places {
        let mut add = |what: &str, change: &dyn Fn(&mut Value)| {
            let mut variant = spec.clone();
            change(&mut variant);
            variants.push((format!("{what} at {place:?}"), variant));
        };
        for other in &others {
            add(&other.to_string(), &|spec| {
                *spec.pointer_mut(&place).unwrap() = other.clone();
            });
        }
        let (parent, key) = place.rsplit_once('/').unwrap_or_default();
        add("nothing", &|spec| {
            let parent = spec.pointer_mut(parent).and_then(Value::as_object_mut);
            parent.and_then(|parent| parent.remove(key));
        });
        for key in ["x-mine", "mine"] {
            add(key, &|spec| {
                let mapping = spec.pointer_mut(&place).and_then(Value::as_object_mut);
                mapping.and_then(|mapping| mapping.insert(key.to_owned(), json!({ "a": 1 })));
            });
        }
    }
    variants
}

/// The whole spec in parts, one scheme each, and one with all of `security` and simple schemes.
fn parts() -> Vec<Value> {
    let whole = whole_spec();
    let schemes = whole["schemes"].as_object().unwrap();
    let mut parts = Vec::new();
    for (name, scheme) in schemes {
        let mut sdk = json!({ "name": "Acme" });
        let mut keys = scheme.as_object().unwrap().keys();
        if keys.any(|key| key.ends_with("_urls")) {
            sdk["environments"] = whole["sdk"]["environments"].clone();
        }
        parts.push(json!({ "credsmith": 1, "sdk": sdk, "schemes": { name: scheme } }));
    }
    let mut simple = whole.clone();
    let sdk = simple["sdk"].as_object_mut().unwrap();
    for key in ["environments", "default_environment", "names"] {
        sdk.remove(key);
    }
    for scheme in simple["schemes"].as_object_mut().unwrap().values_mut() {
        *scheme = json!({ "type": "custom", "fields": [{ "name": "key" }] });
    }
    parts.push(simple);
    parts
}

/// What checker and schema said of the specs they were shown.
#[derive(Default)]
struct Verdicts {
    accepted: usize,
    refused: usize,
}

impl Verdicts {
    /// What is accepted suits the schema, and what is wrong in its structure does not.
    fn compare(&mut self, what: &str, spec: &Value) {
        let text = spec.to_string();
        let checked = credsmith_spec::parse("variant.yaml", text.as_str());
        let found = checked.diagnostics.iter();
        let codes: Vec<_> = found
            .filter(|found| found.severity == Severity::Error)
            .map(|found| found.rule.code)
            .collect();
        if checked.spec.is_some() {
            assert!(schema_accepts(&text), "the schema refuses {what}");
            self.accepted += 1;
        } else if codes.iter().any(|code| is_structural(code)) {
            assert!(
                !schema_accepts(&text),
                "the schema accepts {what}: {codes:?}"
            );
            self.refused += 1;
        }
    }

    fn assert_more_than(&self, accepted: usize, refused: usize) {
        let Self {
            accepted: a,
            refused: r,
        } = self;
        assert!(*a > accepted && *r > refused, "{a} accepted, {r} refused");
    }
}

#[test]
fn schema_and_checker_agree_on_every_change_of_a_spec() {
    let mut verdicts = Verdicts::default();
    for part in parts() {
        for (what, variant) in variants(&part) {
            verdicts.compare(&what, &variant);
        }
    }
    verdicts.assert_more_than(500, 1_500);
}

#[test]
fn schema_and_checker_agree_on_every_key_in_every_scheme() {
    let whole = whole_spec();
    let schemes = whole["schemes"].as_object().unwrap();
    let keys = schemes
        .values()
        .flat_map(|scheme| scheme.as_object().unwrap());
    let keys: BTreeMap<_, _> = keys.filter(|(key, _)| *key != "names").collect();
    let words = ["type", "grant"].map(|key| {
        let mut all: Vec<_> = schemes
            .values()
            .filter_map(|scheme| scheme.get(key))
            .collect();
        all.dedup();
        (key, all)
    });
    let mut verdicts = Verdicts::default();
    for part in parts() {
        let name = part["schemes"].as_object().unwrap().keys().next().unwrap();
        let mut compare = |key: &str, value: &Value| {
            let mut variant = part.clone();
            variant["schemes"][name][key] = value.clone();
            verdicts.compare(&format!("{key}: {value} in {name}"), &variant);
        };
        for (key, value) in &keys {
            compare(key, value);
        }
        for (key, words) in &words {
            for word in words {
                compare(key, word);
            }
        }
    }
    verdicts.assert_more_than(100, 300);
}

/// Rules on the structure of a spec, which the schema can express. A doubled key is none of them: a
/// JSON value has lost it.
fn is_structural(code: &str) -> bool {
    code.starts_with("CS01") && code != "CS0102"
        || ["CS0201", "CS0203", "CS0208", "CS0303"].contains(&code)
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
