//! The output folder of one spec.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::canonical::says;
use super::manifest::Manifest;
use super::{Ready, disk, workers};
use crate::error::{Error, Occupied};

/// Generated files and the folder they belong into.
#[derive(Debug)]
pub(crate) struct Folder {
    /// `OUT/<spec stem>`.
    pub(crate) directory: PathBuf,
    /// The manifest's file name: modules and pages in one folder have one each.
    pub(crate) manifest: &'static str,
    /// The files.
    pub(crate) files: Vec<Ready>,
    /// The spec they come from, as their headers name it.
    pub(crate) spec: String,
    /// The command that makes them anew.
    pub(crate) command: String,
}

/// A file on disk that is not what would be generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The file.
    pub path: PathBuf,
    /// Unified diff from what is there to what should be. Empty for a file to be deleted, and
    /// without the feature `diff`.
    pub diff: String,
    /// What is wrong with it.
    pub reason: &'static str,
    /// The command that puts it right.
    pub command: String,
    /// Whether it was changed by hand, and is overwritten only by force.
    pub edited: bool,
}

/// What is on disk where a generated file belongs.
struct Found<'a> {
    ready: &'a Ready,
    path: PathBuf,
    present: Option<Present>,
}

/// A text on disk, and the fingerprint of what it says.
struct Present {
    text: String,
    says: String,
}

impl Folder {
    /// The files that are not as they should be.
    pub(crate) fn compare(&self) -> Result<Vec<Stale>, Error> {
        let manifest = Manifest::read(&self.manifest_path())?;
        let mut stale = Vec::new();
        for found in self.found()? {
            let edited = found.is_edited(&manifest);
            let file = self.stale(&found);
            stale.extend(file.map(|file| Stale { edited, ..file }));
        }
        for stray in self.strays(&manifest) {
            let path = self.directory.join(stray);
            if let Some(text) = disk::read(&path)? {
                let edited = !manifest.wrote_text(stray, &text);
                let file = self.not_fresh(&path, "it is no longer generated", String::new());
                stale.push(Stale { edited, ..file });
            }
        }
        if stale.is_empty() && manifest.files != Manifest::of(&self.spec, &self.files).files {
            stale.push(self.not_fresh(
                &self.manifest_path(),
                "it does not list the files",
                String::new(),
            ));
        }
        Ok(stale)
    }

    fn stale(&self, found: &Found<'_>) -> Option<Stale> {
        let Ready { file, says } = found.ready;
        let Some(present) = &found.present else {
            let diff = diff(&found.path, "", &file.text);
            return Some(self.not_fresh(&found.path, "it is missing", diff));
        };
        let diff = || diff(&found.path, &present.text, &file.text);
        (present.says != *says)
            .then(|| self.not_fresh(&found.path, "it is not what the spec generates", diff()))
    }

    fn not_fresh(&self, path: &Path, reason: &'static str, diff: String) -> Stale {
        Stale {
            path: path.to_owned(),
            diff,
            reason,
            command: self.command.clone(),
            edited: false,
        }
    }

    /// What stands in the way of writing: files that credsmith did not write, or that were edited.
    pub(crate) fn occupied(&self) -> Result<Vec<Occupied>, Error> {
        let manifest = Manifest::read(&self.manifest_path())?;
        let mut occupied = Vec::new();
        if manifest.is_of_another(&self.spec) {
            let reason = "the files here come from another spec";
            let path = self.manifest_path();
            return Ok(vec![Occupied { path, reason }]);
        }
        for found in self.found()? {
            if found.is_edited(&manifest) {
                let reason = if manifest.files.contains_key(&found.ready.file.path) {
                    "it was edited by hand"
                } else {
                    "credsmith did not write it"
                };
                let path = found.path;
                occupied.push(Occupied { path, reason });
            }
        }
        for stray in self.strays(&manifest) {
            let path = self.directory.join(stray);
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
        let manifest = Manifest::read(&self.manifest_path()).unwrap_or_default();
        let (mut written, mut removed) = (Vec::new(), Vec::new());
        for found in self.found()? {
            if self.stale(&found).is_some() {
                disk::write(&found.path, &found.ready.file.text).map_err(Error::partial)?;
                written.push(found.path);
            }
        }
        for stray in self.strays(&manifest) {
            let path = self.directory.join(stray);
            disk::delete(&path).map_err(Error::partial)?;
            removed.push(path);
        }
        let text = Manifest::of(&self.spec, &self.files).text();
        if disk::read(&self.manifest_path())?.as_ref() != Some(&text) {
            disk::write(&self.manifest_path(), &text).map_err(Error::partial)?;
        }
        Ok((written, removed))
    }

    /// All files of the folder, the manifest included.
    pub(crate) fn paths(&self) -> impl Iterator<Item = PathBuf> {
        let files = self
            .files
            .iter()
            .map(|ready| self.directory.join(&ready.file.path));
        files.chain([self.manifest_path()])
    }

    fn manifest_path(&self) -> PathBuf {
        self.directory.join(self.manifest)
    }

    fn found(&self) -> Result<Vec<Found<'_>>, Error> {
        let find = |ready| Found::read(&self.directory, ready);
        let found = workers::map(&self.files, |ready| ready.file.text.len(), find);
        found.into_iter().collect()
    }

    /// What the manifest lists, and is no longer generated.
    fn strays<'a>(&self, manifest: &'a Manifest) -> Vec<&'a String> {
        let generated: BTreeSet<_> = self.files.iter().map(|ready| &ready.file.path).collect();
        let listed = manifest.files.keys();
        listed.filter(|path| !generated.contains(path)).collect()
    }
}

impl<'a> Found<'a> {
    fn read(directory: &Path, ready: &'a Ready) -> Result<Self, Error> {
        let file = &ready.file;
        let path = directory.join(&file.path);
        let present = disk::read(&path)?.map(|text| Present {
            // Most files are as they were written, and need no parsing.
            says: if text == file.text {
                ready.says.clone()
            } else {
                says(&text, file.kind)
            },
            text,
        });
        Ok(Self {
            ready,
            path,
            present,
        })
    }

    /// Whether what is there is neither what is generated nor what was written.
    fn is_edited(&self, manifest: &Manifest) -> bool {
        let file = &self.ready.file;
        self.present.as_ref().is_some_and(|present| {
            present.text != file.text && !manifest.wrote(&file.path, &present.says)
        })
    }
}

#[cfg(feature = "diff")]
fn diff(path: &Path, present: &str, wanted: &str) -> String {
    let name = path.display().to_string();
    let diff = similar::TextDiff::from_lines(present, wanted);
    diff.unified_diff()
        .context_radius(3)
        .header(&name, &format!("{name} (generated)"))
        .to_string()
}

#[cfg(not(feature = "diff"))]
fn diff(_: &Path, _: &str, _: &str) -> String {
    String::new()
}
