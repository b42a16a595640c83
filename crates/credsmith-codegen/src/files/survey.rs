//! What is on disk where the files of a folder belong, looked at once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::canonical::{Fingerprint, says};
use super::diff::diff;
use super::folder::Folder;
use super::manifest::Manifest;
use super::{Ready, Stale, disk, workers};
use crate::error::{Error, Occupied};

/// A folder, and what is there.
pub(crate) struct Survey<'a> {
    folder: &'a Folder,
    manifest: Manifest,
    found: Vec<Found<'a>>,
}

/// What is on disk where a generated file belongs.
struct Found<'a> {
    ready: &'a Ready,
    path: PathBuf,
    present: Option<Present>,
}

/// A text on disk.
struct Present {
    text: String,
    fingerprint: Fingerprint,
    /// The fingerprint of what it says, once somebody has asked.
    says: OnceLock<String>,
}

impl<'a> Survey<'a> {
    /// Looks at the folder.
    pub(crate) fn new(folder: &'a Folder) -> Result<Self, Error> {
        let manifest = Manifest::read(&folder.manifest_path())?;
        Self::with_manifest(folder, manifest)
    }

    /// Looks at the folder, whatever has become of its manifest.
    pub(crate) fn forced(folder: &'a Folder) -> Result<Self, Error> {
        let manifest = Manifest::read(&folder.manifest_path()).unwrap_or_default();
        Self::with_manifest(folder, manifest)
    }

    fn with_manifest(folder: &'a Folder, manifest: Manifest) -> Result<Self, Error> {
        Ok(Self {
            found: find(folder)?,
            folder,
            manifest,
        })
    }

    /// The files that are not as they should be.
    pub(crate) fn compare(&self) -> Result<Vec<Stale>, Error> {
        let others = self.found.iter().filter(|found| !found.is_fresh());
        let others: Vec<_> = others.collect();
        let size = |found: &&Found<'_>| found.ready.file.text.len();
        let mut stale = workers::map(&others, size, |found| self.stale(found));
        for stray in self.strays() {
            let path = self.folder.directory.join(stray);
            if let Some(text) = disk::read(&path)? {
                let edited = !self.manifest.wrote_text(stray, &text);
                let file = self.not_fresh(&path, "it is no longer generated", String::new());
                stale.push(Stale { edited, ..file });
            }
        }
        if stale.is_empty() && !self.manifest.lists(&self.folder.files) {
            stale.push(self.not_fresh(
                &self.folder.manifest_path(),
                "it does not list the files",
                String::new(),
            ));
        }
        Ok(stale)
    }

    fn stale(&self, found: &Found<'_>) -> Stale {
        let (reason, text) = match &found.present {
            None => ("it is missing", ""),
            Some(present) => ("it is not what the spec generates", present.text.as_str()),
        };
        let diff = diff(&found.path, text, found.ready);
        Stale {
            edited: found.is_edited(&self.manifest),
            ..self.not_fresh(&found.path, reason, diff)
        }
    }

    fn not_fresh(&self, path: &Path, reason: &'static str, diff: String) -> Stale {
        Stale {
            path: path.to_owned(),
            diff,
            reason,
            command: self.folder.command.clone(),
            edited: false,
        }
    }

    /// What stands in the way of writing: files that credsmith did not write, or that were edited.
    pub(crate) fn occupied(&self) -> Result<Vec<Occupied>, Error> {
        let manifest = &self.manifest;
        if manifest.is_of_another(&self.folder.spec) {
            let reason = "the files here come from another spec";
            let path = self.folder.manifest_path();
            return Ok(vec![Occupied { path, reason }]);
        }
        let mut occupied = Vec::new();
        for found in self.found.iter().filter(|found| found.is_edited(manifest)) {
            let reason = if manifest.files.contains_key(&found.ready.file.path) {
                "it was edited by hand"
            } else {
                "credsmith did not write it"
            };
            let path = found.path.clone();
            occupied.push(Occupied { path, reason });
        }
        for stray in self.strays() {
            let path = self.folder.directory.join(stray);
            let text = disk::read(&path)?;
            let edited = text.is_some_and(|text| !manifest.wrote_text(stray, &text));
            if edited {
                let reason = "it is no longer generated, but was edited by hand";
                occupied.push(Occupied { path, reason });
            }
        }
        Ok(occupied)
    }

    /// Writes what differs, deletes what is no longer generated, and says what it wrote and what it
    /// deleted. A file that says the same in another layout is left alone.
    pub(crate) fn write(&self) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Error> {
        let (mut written, mut removed) = (Vec::new(), Vec::new());
        for found in self.found.iter().filter(|found| !found.is_fresh()) {
            disk::write(&found.path, &found.ready.file.text).map_err(Error::partial)?;
            written.push(found.path.clone());
        }
        for stray in self.strays() {
            let path = self.folder.directory.join(stray);
            disk::delete(&path).map_err(Error::partial)?;
            removed.push(path);
        }
        let (path, text) = (self.folder.manifest_path(), self.folder.manifest().text());
        if disk::read(&path)?.as_ref() != Some(&text) {
            disk::write(&path, &text).map_err(Error::partial)?;
        }
        Ok((written, removed))
    }

    /// What the manifest lists, and is no longer generated.
    fn strays(&self) -> Vec<&String> {
        let files = self.folder.files.iter();
        let generated: BTreeSet<_> = files.map(|ready| &ready.file.path).collect();
        let listed = self.manifest.files.keys();
        listed.filter(|path| !generated.contains(path)).collect()
    }
}

/// Reads what is there. Most of it is as it was written; only what is not has to be parsed.
fn find(folder: &Folder) -> Result<Vec<Found<'_>>, Error> {
    let read = |ready| Found::read(&folder.directory, ready);
    let found: Vec<_> = folder
        .files
        .iter()
        .map(read)
        .collect::<Result<_, Error>>()?;
    let others = found.iter().filter_map(Found::other);
    let others: Vec<_> = others
        .filter(|other| other.fingerprint == Fingerprint::OfTokens)
        .collect();
    workers::map(
        &others,
        |other| other.text.len(),
        |other| {
            other.says();
        },
    );
    Ok(found)
}

impl<'a> Found<'a> {
    fn read(directory: &Path, ready: &'a Ready) -> Result<Self, Error> {
        let path = directory.join(&ready.file.path);
        let present = disk::read(&path)?.map(|text| Present {
            says: if text == ready.file.text {
                ready.says.clone().into()
            } else {
                OnceLock::new()
            },
            fingerprint: ready.fingerprint,
            text,
        });
        Ok(Self {
            ready,
            path,
            present,
        })
    }

    /// What is there, if it is not to the letter what is generated.
    fn other(&self) -> Option<&Present> {
        let present = self.present.as_ref()?;
        (present.text != self.ready.file.text).then_some(present)
    }

    /// Whether what is there says what is generated.
    fn is_fresh(&self) -> bool {
        let present = self.present.as_ref();
        present.is_some_and(|present| present.says() == self.ready.says)
    }

    /// Whether what is there is neither what is generated nor what was written.
    fn is_edited(&self, manifest: &Manifest) -> bool {
        let path = &self.ready.file.path;
        let was_written = |other: &Present| {
            manifest.wrote(path, other.says()) || manifest.wrote_text(path, &other.text)
        };
        !self.is_fresh() && self.other().is_some_and(|other| !was_written(other))
    }
}

impl Present {
    fn says(&self) -> &str {
        self.says.get_or_init(|| says(&self.text, self.fingerprint))
    }
}
