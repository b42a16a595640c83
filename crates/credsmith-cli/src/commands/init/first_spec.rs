//! The spec of a folder that has none.

use serde_json::Value;

/// The name of the JSON Schema, beside the spec.
pub(super) const SCHEMA: &str = "credsmith.schema.json";

/// The token URL of a spec until somebody puts another in its place.
pub(super) const TOKEN_URL: &str = "https://api.example.com/oauth2/token";

/// The spec. JSON strings are YAML strings, so any name can stand in it.
pub(super) fn text(name: &str, crate_name: &str) -> String {
    let name = Value::from(name);
    let crate_name = Value::from(crate_name);
    format!(
        "\
# yaml-language-server: $schema=./{SCHEMA}
credsmith: 1
sdk:
  name: {name}
  rust: {{ crate: {crate_name} }}
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: {TOKEN_URL}
    # client_authentication: client_secret_post
    # scopes:
    #   values:
    #     - {{ value: read, description: Read access }}
"
    )
}
