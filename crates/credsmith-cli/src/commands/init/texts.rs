//! What the files say that `credsmith init` writes.

use serde_json::Value;

/// The name of the JSON Schema, beside the spec.
pub(super) const SCHEMA: &str = "credsmith.schema.json";

/// The spec. JSON strings are YAML strings, so any name can stand in it.
pub(super) fn spec(name: &str, crate_name: &str) -> String {
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
    token_url: https://api.example.com/oauth2/token
    # client_authentication: client_secret_post
    # scopes:
    #   values:
    #     - {{ value: read, description: Read access }}
"
    )
}

/// `credsmith.toml`. JSON strings are TOML strings, too.
pub(super) fn configuration(spec: &str) -> String {
    let spec = Value::from(spec);
    format!(
        "\
# What `credsmith generate` writes; in CI, `credsmith generate --check` fails when it is stale.
[[output]]
specs = [{spec}]
modules = \"src/auth\"
docs = \"docs/auth\"
"
    )
}

/// The freshness test.
pub(super) const TEST: &str = "\
//! Fails when the spec was changed, or a generated file, and nobody ran `credsmith generate`.

#[test]
fn generated_files_are_fresh() -> Result<(), credsmith_project::Error> {
    credsmith_project::ensure_fresh(env!(\"CARGO_MANIFEST_DIR\"))
}
";

/// The version of credsmith's crates, which have one in common.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The manifest of a new crate.
pub(super) fn manifest(crate_name: &str) -> String {
    format!(
        "\
[package]
name = \"{crate_name}\"
version = \"0.1.0\"
edition = \"2024\"

{}
{}",
        dependency("dependencies", "credsmith-runtime"),
        dependency("dev-dependencies", "credsmith-project"),
    )
}

/// A dependency with the head of its table.
pub(super) fn dependency(table: &str, name: &str) -> String {
    format!("[{table}]\n{name} = \"{VERSION}\"\n")
}

/// The root of a new library.
pub(super) fn library(module: &str) -> String {
    format!(
        "#![doc = include_str!(\"auth/{module}/overview.md\")]\n\n{}",
        declaration(module)
    )
}

/// How the modules come into a crate that has no module `auth`.
pub(super) fn declaration(module: &str) -> String {
    format!(
        "\
mod auth {{
    pub mod {module};
}}

pub use auth::{module}::*;
"
    )
}
