//! Examples as YAML, from the JSON values in the schema.

use serde_json::{Map, Value};

/// An example of `key` with a value, as lines of YAML; from the schema's examples or its default.
pub(super) fn of(key: &str, schema: &Value) -> Option<String> {
    let example = schema.get("examples").and_then(|all| all.get(0));
    let value = example.or_else(|| schema.get("default"))?;
    let mut lines = String::new();
    entry(key, value, 0, &mut lines);
    Some(lines)
}

fn entry(key: &str, value: &Value, indent: usize, lines: &mut String) {
    *lines += &format!("{:indent$}{}:", "", scalar(key));
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            lines.push('\n');
            for (key, value) in entries {
                entry(key, value, indent + 2, lines);
            }
        }
        other => *lines += &format!(" {}\n", flow(other)),
    }
}

/// A value on one line.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => flow_mapping(entries),
        other => other.to_string(),
    }
}

fn flow_mapping(entries: &Map<String, Value>) -> String {
    let entries = entries.iter();
    let entries: Vec<_> = entries
        .map(|(key, value)| format!("{}: {}", scalar(key), flow(value)))
        .collect();
    if entries.is_empty() {
        "{}".to_owned()
    } else {
        format!("{{ {} }}", entries.join(", "))
    }
}

/// Text as YAML: plain where that is safe everywhere, else as JSON, which is YAML.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./: ;".contains(c);
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.')
        && text.chars().all(plain)
        && !text.contains(": ")
        && !["true", "false", "null", "yes", "no", "on", "off"].contains(&text);
    if is_plain {
        text.to_owned()
    } else {
        Value::from(text).to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn examples_read_back_equal() {
        let values = [
            json!("plain text"),
            json!("a: b # c"),
            json!(" "),
            json!("true"),
            json!("1.0"),
            json!("https://api.example.com/x"),
            json!(["a", "b]", "-"]),
            json!({ "a": { "b": "x" }, "c": {} }),
            json!([{ "value": "a:b" }]),
            json!(3600),
            json!(false),
        ];
        for value in values {
            let yaml = super::of("key", &json!({ "examples": [value] })).unwrap();
            let read: serde_json::Value = serde_saphyr::from_str(&yaml).unwrap();
            assert_eq!(read, json!({ "key": value }), "{yaml}");
        }
    }
}
