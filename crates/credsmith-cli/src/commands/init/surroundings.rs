//! The folder that `credsmith init` finds itself in.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context as _, Result};
use toml::Table;

/// The crate whose manifest is in the current folder.
#[derive(Debug)]
pub(super) struct Crate {
    manifest: Table,
}

impl Crate {
    /// The crate here, if there is one.
    pub(super) fn here() -> Result<Option<Self>> {
        let text = match fs::read_to_string("Cargo.toml") {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).context("Cargo.toml cannot be read"),
        };
        let manifest = text.parse().context("Cargo.toml is no manifest")?;
        Ok(Some(Self { manifest }))
    }

    /// The name that its users import from; absent where the manifest is that of a workspace alone.
    pub(super) fn name(&self) -> Option<String> {
        let name_in = |table: &str| self.manifest.get(table)?.get("name")?.as_str();
        let name = name_in("lib").or_else(|| name_in("package"))?;
        Some(name.replace('-', "_"))
    }

    /// Whether it has a dependency.
    pub(super) fn depends_on(&self, table: &str, name: &str) -> bool {
        let table = self.manifest.get(table).and_then(toml::Value::as_table);
        table.is_some_and(|table| table.contains_key(name))
    }

    /// The file at its root: that of the library, or of the binary where there is none.
    pub(super) fn root(&self) -> String {
        let lib = self.manifest.get("lib").and_then(|lib| lib.get("path"));
        match lib.and_then(toml::Value::as_str) {
            Some(path) => path.to_owned(),
            None if !Path::new("src/lib.rs").exists() && Path::new("src/main.rs").exists() => {
                "src/main.rs".to_owned()
            }
            None => "src/lib.rs".to_owned(),
        }
    }
}

/// The file of a module `auth` that is there already.
pub(super) fn auth_module() -> Option<&'static str> {
    let places = ["src/auth.rs", "src/auth/mod.rs"];
    places.into_iter().find(|path| Path::new(path).exists())
}
