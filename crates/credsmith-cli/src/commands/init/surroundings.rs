//! The folder that `credsmith init` finds itself in.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context as _, Result};
use toml::{Table, Value};

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

    /// Whether it has a dependency, or a feature.
    pub(super) fn has(&self, table: &str, name: &str) -> bool {
        let table = self.manifest.get(table).and_then(Value::as_table);
        table.is_some_and(|table| table.contains_key(name))
    }

    /// Whether it has a dependency without a feature of it. One that a workspace says more about may have all.
    pub(super) fn depends_without(&self, name: &str, feature: &str) -> bool {
        let dependencies = self.manifest.get("dependencies");
        let Some(dependency) = dependencies.and_then(|table| table.get(name)) else {
            return false;
        };
        let features = dependency.get("features").and_then(Value::as_array);
        let is_on = features.is_some_and(|on| on.iter().any(|on| on.as_str() == Some(feature)));
        dependency.get("workspace").is_none() && !is_on
    }

    /// Whether it says itself which workspace it belongs to.
    pub(super) fn names_workspace(&self) -> bool {
        let package = self.manifest.get("package");
        let named = package.and_then(|package| package.get("workspace"));
        self.manifest.contains_key("workspace") || named.is_some()
    }

    /// The file at its root: that of the library, or of the binary where there is none.
    pub(super) fn root(&self) -> String {
        let lib = self.manifest.get("lib").and_then(|lib| lib.get("path"));
        match lib.and_then(Value::as_str) {
            Some(path) => path.to_owned(),
            None if !Path::new("src/lib.rs").exists() && Path::new("src/main.rs").exists() => {
                "src/main.rs".to_owned()
            }
            None => "src/lib.rs".to_owned(),
        }
    }

    /// Whether there is nothing yet that could be compiled.
    pub(super) fn lacks_root(&self) -> bool {
        let others = ["src/main.rs", "src/bin"];
        let has_others = others.iter().any(|path| Path::new(path).exists());
        let is_told = ["lib", "bin"]
            .iter()
            .any(|key| self.manifest.contains_key(*key));
        !has_others && !is_told && !Path::new("src/lib.rs").exists()
    }
}

/// Where generated modules can be declared.
pub(super) enum Place {
    /// In a file of their own for the module that holds them.
    File(String),
    /// In that module, which is in the file at the crate's root.
    Inline(String),
    /// In the file at the root, where there is no such module yet.
    Root(String),
}

impl Place {
    /// The place in a crate for what is below the module `home`.
    pub(super) fn of(krate: &Crate, home: &str) -> Self {
        let files = [format!("src/{home}.rs"), format!("src/{home}/mod.rs")];
        let file = files.into_iter().find(|path| Path::new(path).exists());
        let root = krate.root();
        match file {
            Some(file) => Self::File(file),
            None if read(&root).contains(&format!("mod {home} {{")) => Self::Inline(root),
            None => Self::Root(root),
        }
    }

    fn file(&self) -> &str {
        let (Self::File(file) | Self::Inline(file) | Self::Root(file)) = self;
        file
    }

    /// Whether a module is declared there.
    pub(super) fn declares(&self, module: &str) -> bool {
        let declaration = format!("mod {module};");
        let text = read(self.file());
        let mut lines = text.lines().map(str::trim);
        lines.any(|line| line == declaration || line.ends_with(&format!(" {declaration}")))
    }
}

/// The text of a file; none where there is no such file.
pub(super) fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}
