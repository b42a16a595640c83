//! The list of files that credsmith wrote into a folder.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::canonical::says;
use super::{Kind, Ready, disk};
use crate::error::Error;

/// What credsmith wrote into a folder, and how it looked then.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Manifest {
    /// The spec that the files come from, as their headers name it.
    pub(super) spec: String,
    /// Fingerprints of what each file says, by path.
    pub(super) files: BTreeMap<String, String>,
}

impl Manifest {
    /// The manifest of generated files.
    pub(super) fn of(spec: &str, files: &[Ready]) -> Self {
        let entry = |ready: &Ready| (ready.file.path.clone(), ready.says.clone());
        Self {
            spec: spec.to_owned(),
            files: files.iter().map(entry).collect(),
        }
    }

    /// Reads a manifest; a folder without one has an empty one.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let Some(text) = disk::read(path)? else {
            return Ok(Self::default());
        };
        let manifest: Self = serde_json::from_str(&text)
            .map_err(|error| Error::manifest(path, error.to_string()))?;
        match manifest.files.keys().find(|file| !is_inside(file)) {
            Some(file) => Err(Error::manifest(path, format!("it lists {file:?}"))),
            None => Ok(manifest),
        }
    }

    /// The text of the manifest's file.
    pub(super) fn text(&self) -> Result<String, Error> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Error::manifest(Path::new("the manifest"), error.to_string()))?;
        Ok(text + "\n")
    }

    /// Whether the files come from another spec: two specs of one name, in different folders.
    pub(super) fn is_of_another(&self, spec: &str) -> bool {
        !self.files.is_empty() && self.spec != spec
    }

    /// Whether a file that says `says` is what was written to `path`, whatever a formatter did to it
    /// since.
    pub(super) fn wrote(&self, path: &str, says: &str) -> bool {
        self.files.get(path).is_some_and(|known| known == says)
    }

    /// Whether `text`, at a path that is no longer generated, is what was written there.
    pub(super) fn wrote_text(&self, path: &str, text: &str) -> bool {
        self.wrote(path, &says(text, kind_of(path)))
    }
}

fn kind_of(path: &str) -> Kind {
    if Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "rs")
    {
        Kind::Rust
    } else {
        Kind::Markdown
    }
}

/// A manifest is a file that anybody can edit: it must not make us touch what is not ours.
fn is_inside(file: &str) -> bool {
    let fine = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains('\\');
    file.split('/').all(fine)
}
