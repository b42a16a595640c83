//! What is generated, and how it gets to disk.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod determinism;
mod everything;
mod files;
mod formatters;
mod layout;
mod reserved;

use std::path::{Path, PathBuf};

/// A spec that uses every capability; `names` are lines for `names:`.
fn spec(scheme: &str, names: &str) -> String {
    format!(
        "\
credsmith: 1
sdk:
  name: Acme
  description: The API of AcmeCloud.
  environments: {{ sandbox: {{}}, production: {{ description: The RealThing }} }}
  rust: {{ blocking: true }}
schemes:
  {scheme}:
    type: oauth2
    grant: client_credentials
    description: For the API of AcmeCloud.
    token_urls:
      sandbox: https://sandbox.example.com/token
      production: https://api.example.com/token
    client_authentication: client_secret_post
    default_token_lifetime: 86400
    audience: https://api.example.com
    scopes:
      default: [read]
      values:
        - {{ value: read, description: ReadAccess }}
        - {{ value: write }}
    names: {{ {names} }}
"
    )
}

/// Writes a spec into a folder.
fn write_spec(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(&path, text).unwrap();
    path
}

/// All files below a folder, by their relative paths.
fn files_below(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in std::fs::read_dir(current).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                found.push((name, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}
