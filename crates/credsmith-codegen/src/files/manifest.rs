//! The list of files that credsmith wrote into a folder.
//!
//! It is text: a line that says what it is, the spec, and a line for each file with its fingerprint
//! before its path.

use std::collections::BTreeMap;
use std::path::Path;

use super::canonical::{Fingerprint, says};
use super::{Kind, Ready, disk};
use crate::error::Error;

/// What it is, and the version of its form.
const FIRST_LINE: &str = "credsmith 1";

/// What credsmith wrote into a folder, and how it looked then.
#[derive(Debug, Default)]
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
            spec: on_one_line(spec),
            files: files.iter().map(entry).collect(),
        }
    }

    /// Reads a manifest; a folder without one has an empty one.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let Some(text) = disk::read(path)? else {
            return Ok(Self::default());
        };
        let manifest = Self::parse(&text).ok_or_else(|| {
            Error::manifest(path, format!("it does not begin with `{FIRST_LINE}`, or has a line that is none of a manifest"))
        })?;
        match manifest.files.keys().find(|file| !is_inside(file)) {
            Some(file) => Err(Error::manifest(path, format!("it lists {file:?}"))),
            None => Ok(manifest),
        }
    }

    /// `None` where a line is none of a manifest.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        lines.next().filter(|line| *line == FIRST_LINE)?;
        let spec = lines.next()?.strip_prefix("spec  ")?.to_owned();
        let entry = |line: &str| {
            let (says, path) = line.split_once("  ")?;
            Some((path.to_owned(), says.to_owned()))
        };
        let files = lines.map(entry).collect::<Option<_>>()?;
        Some(Self { spec, files })
    }

    /// The text of the manifest's file.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{FIRST_LINE}\nspec  {}\n", self.spec);
        let lines = self
            .files
            .iter()
            .map(|(path, says)| format!("{says}  {path}\n"));
        text.extend(lines);
        text
    }

    /// Whether the files come from another spec: two specs of one name, in different folders.
    pub(super) fn is_of_another(&self, spec: &str) -> bool {
        !self.files.is_empty() && self.spec != on_one_line(spec)
    }

    /// Whether a file that says `says` is what was written to `path`, whatever a formatter did to it
    /// since.
    pub(super) fn wrote(&self, path: &str, says: &str) -> bool {
        self.files.get(path).is_some_and(|known| known == says)
    }

    /// Whether `text` is what was written to `path`, by either fingerprint: a build leaves one of the text.
    pub(super) fn wrote_text(&self, path: &str, text: &str) -> bool {
        let fingerprints = [Fingerprint::OfText, Fingerprint::usual(kind_of(path))];
        let mut said = fingerprints.into_iter().map(|of| says(text, of));
        self.files.contains_key(path) && said.any(|said| self.wrote(path, &said))
    }

    /// Whether these files, as they are, are listed and no others.
    pub(super) fn lists(&self, files: &[Ready]) -> bool {
        let listed = |ready: &Ready| {
            let (file, path) = (&ready.file, &ready.file.path);
            // What a build generates has not been read for the usual fingerprint.
            let is_unread = ready.fingerprint != Fingerprint::usual(file.kind);
            let is_listed = self.files.contains_key(path);
            is_listed && is_unread
                || self.wrote(path, &ready.says)
                || self.wrote_text(path, &file.text)
        };
        self.files.len() == files.len() && files.iter().all(listed)
    }
}

fn on_one_line(path: &str) -> String {
    path.replace(char::is_control, "?")
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
