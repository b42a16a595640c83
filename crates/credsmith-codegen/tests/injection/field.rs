//! The text fields of a spec, and specs with a text in one of them.

use std::fmt::{self, Write as _};

use serde_json::{Map, Value, json};

use super::bases::{self, ENVIRONMENT, GROUP, SCHEME};
use super::output::{Output, generate};

/// A place for text in a spec, with the spec around it.
pub(crate) struct Field {
    /// Keys from the root; `KEY` stands for a key that the author chooses.
    path: Vec<String>,
    /// Whether the text is the key at the end of the path itself.
    is_key: bool,
    /// A spec that has everything the field needs.
    base: Value,
    /// A text that the field accepts.
    harmless: &'static str,
}

/// What the harmless texts are, the first that fits; only the first two are shown as they are.
const HARMLESS: &[&str] = &[
    "Harmless text",
    "https://harmless.example/text",
    "HarmlessText",
    "harmless_text",
    "HARMLESS_TEXT",
    "production",
    "scope",
    ";",
    SCHEME,
    NAMED,
];

/// The path of something that has a name in every spec.
const NAMED: &str = "client";

/// All fields that the schema knows and that accept some harmless text.
pub(crate) fn all() -> Vec<Field> {
    let schema = credsmith_spec::schema().to_value();
    let mut found = Vec::new();
    collect(&schema, &schema, &mut Vec::new(), &mut found);
    let fields = found.iter().map(|(path, is_key)| Field::new(path, *is_key));
    let fields: Vec<_> = fields.collect();
    assert!(fields.len() >= 80, "only {} fields", fields.len());
    fields
}

/// Finds text in `part`: strings without fixed words, and keys that the author chooses.
fn collect(
    schema: &Value,
    part: &Value,
    path: &mut Vec<String>,
    found: &mut Vec<(Vec<String>, bool)>,
) {
    if let Some(name) = part["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return collect(schema, &schema["$defs"][name], path, found);
    }
    if part["type"] == "string" && part.get("oneOf").is_none() {
        found.push((path.clone(), false));
    }
    for part in part["anyOf"].as_array().into_iter().flatten() {
        collect(schema, part, path, found);
    }
    let mut within = |key: &str, part: &Value| {
        path.push(key.to_owned());
        collect(schema, part, path, found);
        path.pop();
    };
    for (key, part) in part["properties"].as_object().into_iter().flatten() {
        within(key, part);
    }
    if part["items"].is_object() {
        within("0", &part["items"]);
    }
    if part["additionalProperties"].is_object() {
        within("KEY", &part["additionalProperties"]);
        found.push((path.clone(), true));
    }
}

impl Field {
    /// The field in the first spec, and with the first harmless text, that are accepted together.
    fn new(path: &[String], is_key: bool) -> Self {
        let bases = bases::all();
        let tries = bases
            .iter()
            .flat_map(|base| HARMLESS.iter().map(move |text| (base, *text)));
        let mut fields = tries.map(|(base, harmless)| Self {
            path: path.to_vec(),
            is_key,
            base: base.clone(),
            harmless,
        });
        let field = fields.find(|field| {
            let spec = field.spec(field.harmless).to_string();
            let checked = credsmith_codegen::check_text("acme.yaml", &spec);
            checked.spec.is_some()
        });
        field.unwrap_or_else(|| panic!("no text is accepted at {path:?}"))
    }

    /// The output for the harmless text.
    pub(crate) fn harmless(&self) -> Output {
        generate(&self.spec(self.harmless).to_string())
            .unwrap()
            .unwrap()
    }

    /// The harmless text, where output shows it as it is.
    pub(crate) fn shown_text(&self) -> Option<&'static str> {
        let shown = HARMLESS[..2].contains(&self.harmless);
        shown.then_some(self.harmless)
    }

    /// Whether identifiers come from the field.
    pub(crate) fn names(&self) -> bool {
        let prose = [
            "audience",
            "authorization_url",
            "description",
            "device_authorization_url",
            "introspection_url",
            "issuer",
            "prefix",
            "requested_token_type",
            "revocation_url",
            "subject_token_type",
            "token_url",
        ];
        let last = self.path.last().map(String::as_str).unwrap_or_default();
        let named = self.path.iter().any(|key| key == "names");
        (named || !prose.contains(&last))
            && !self.path.iter().any(|key| {
                key.ends_with("parameters") || key.ends_with("_urls") || key.ends_with("_types")
            })
    }

    /// The spec with `text` in the field: as JSON, which is YAML, and with escapes throughout.
    pub(crate) fn specs(&self, text: &str) -> [String; 2] {
        let plain = self.spec(text).to_string();
        let marked = self.spec("MARKED").to_string();
        let mut escapes = String::new();
        for character in text.chars() {
            let _ = write!(escapes, "\\U{:08X}", u32::from(character));
        }
        [plain, marked.replace("MARKED", &escapes)]
    }

    fn spec(&self, text: &str) -> Value {
        let mut spec = self.base.clone();
        let mut at = &mut spec;
        for (depth, key) in self.path.iter().enumerate() {
            let is_list = key == "0";
            if is_list && !at.is_array() {
                *at = json!([]);
            } else if !is_list && !at.is_object() {
                *at = Value::Object(Map::new());
            }
            at = match at {
                Value::Array(items) => {
                    if items.is_empty() {
                        items.push(Value::Null);
                    }
                    &mut items[0]
                }
                other => {
                    let name = chosen(&self.path[..depth]).filter(|_| key == "KEY");
                    &mut other[name.unwrap_or(key)]
                }
            };
        }
        if self.is_key {
            let old = chosen(&self.path);
            let value = old.and_then(|old| at.as_object_mut()?.remove(old));
            at[text] = value.unwrap_or_else(|| json!("Harmless"));
        } else {
            *at = json!(text);
        }
        spec
    }
}

/// The key that the author chose in the mapping at `path`.
fn chosen(path: &[String]) -> Option<&'static str> {
    match path.last()?.as_str() {
        "schemes" => Some(SCHEME),
        "security" => Some(GROUP),
        "environments" => Some(ENVIRONMENT),
        "names" => Some(NAMED),
        urls if urls.ends_with("_urls") => Some(ENVIRONMENT),
        _ => Some("resource"),
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "/{}{}",
            self.path.join("/"),
            if self.is_key { "/(key)" } else { "" }
        )
    }
}
