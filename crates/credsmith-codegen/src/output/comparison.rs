//! An output folder in memory, compared with the same folder on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::changes::Changes;
use super::content::Content;
use super::diff::diff;
use super::folder::{Folder, Generated};
use super::formatter::Formatter;
use super::manifest::Manifest;
use super::{Stale, disk};
use crate::error::{Error, Occupied};

/// A folder in memory and on disk. The disk is read once.
pub(crate) struct Comparison<'a> {
    folder: &'a Folder,
    manifest: Manifest,
    files: Vec<Compared<'a>>,
    strays: Vec<Stray>,
}

/// A generated file, and the file on disk in its place.
struct Compared<'a> {
    generated: &'a Generated,
    path: PathBuf,
    present: Option<Content>,
    is_fresh: bool,
}

/// A file that the manifest lists and that is no longer generated.
struct Stray {
    path: PathBuf,
    /// Absent if it is no longer there.
    present: Option<Content>,
    is_edited: bool,
}

impl<'a> Comparison<'a> {
    /// Compares the folder with the disk. With `force`, the manifest may be damaged.
    pub(crate) fn new(folder: &'a Folder, force: bool) -> Result<Self, Error> {
        let manifest = match Manifest::read(&folder.manifest_path()) {
            Err(_) if force => Manifest::default(),
            read => read?,
        };
        let files = folder.files.iter();
        let files = files.map(|generated| Compared::read(&folder.directory, generated));
        Ok(Self {
            files: files.collect::<Result<_, _>>()?,
            strays: strays(folder, &manifest)?,
            folder,
            manifest,
        })
    }

    /// The files that are not as they should be. Diffs are made against what `formatter` would leave, so that
    /// they show no layout.
    pub(crate) fn stale(&self, formatter: &Formatter) -> Vec<Stale> {
        let (texts, _) = self.formatted(formatter);
        let files = self.stale_files().zip(texts);
        let mut stale: Vec<_> = files
            .map(|(file, text)| self.stale_file(file, &text))
            .collect();
        for stray in self.strays.iter().filter(|stray| stray.present.is_some()) {
            stale.push(Stale {
                edited: stray.is_edited,
                ..self.not_fresh(&stray.path, "it is no longer generated")
            });
        }
        if stale.is_empty() && !self.manifest.is_fresh(&self.folder.files) {
            let path = self.folder.manifest_path();
            stale.push(self.not_fresh(&path, "it does not list the files"));
        }
        stale
    }

    fn stale_files(&self) -> impl Iterator<Item = &Compared<'a>> {
        self.files.iter().filter(|file| !file.is_fresh)
    }

    fn stale_file(&self, file: &Compared<'_>, wanted: &str) -> Stale {
        let (reason, present) = match &file.present {
            None => ("it is missing", ""),
            Some(present) => ("it is not what the spec generates", present.text.as_str()),
        };
        Stale {
            diff: diff(&file.path, present, wanted),
            edited: file.is_edited(&self.manifest),
            ..self.not_fresh(&file.path, reason)
        }
    }

    fn not_fresh(&self, path: &Path, reason: &'static str) -> Stale {
        Stale {
            path: path.to_owned(),
            diff: String::new(),
            reason,
            command: self.folder.command.clone(),
            edited: false,
        }
    }

    /// The files that must not be overwritten: credsmith did not write them, or they were edited.
    pub(crate) fn occupied(&self) -> Vec<Occupied> {
        let manifest = &self.manifest;
        if manifest.is_of_another(&self.folder.spec) {
            let reason = "the files here come from another spec";
            let path = self.folder.manifest_path();
            return vec![Occupied { path, reason }];
        }
        let edited = self.files.iter().filter(|file| file.is_edited(manifest));
        let edited = edited.map(|file| Occupied {
            path: file.path.clone(),
            reason: if manifest.lists(&file.generated.path) {
                "it was edited by hand"
            } else {
                "credsmith did not write it"
            },
        });
        let strays = self.strays.iter().filter(|stray| stray.is_edited);
        let strays = strays.map(|stray| Occupied {
            path: stray.path.clone(),
            reason: "it is no longer generated, but was edited by hand",
        });
        edited.chain(strays).collect()
    }

    /// Everything that has to be written or deleted. Files that mean the same stay as they are.
    pub(crate) fn changes(&self, formatter: &Formatter) -> Result<Changes, Error> {
        for file in self.stale_files() {
            file.generated.verify()?;
        }
        let (texts, warnings) = self.formatted(formatter);
        let paths = self.stale_files().map(|file| file.path.clone());
        let mut changes = Changes {
            files: paths.zip(texts).collect(),
            warnings,
            ..Changes::default()
        };
        let strays = self.strays.iter().map(|stray| stray.path.clone());
        changes.strays.extend(strays);
        let path = self.folder.manifest_path();
        let text = self.manifest.renewed(&self.folder.spec, &self.folder.files);
        if disk::read(&path)?.as_ref() != Some(&text) {
            changes.manifest = Some((path, text));
        }
        Ok(changes)
    }

    /// The texts of stale files as `formatter` leaves them, and why it could not format some.
    fn formatted(&self, formatter: &Formatter) -> (Vec<String>, Vec<String>) {
        let contents = self.stale_files().map(|file| &file.generated.content);
        let contents: Vec<_> = contents.collect();
        let formatted = formatter.format(&self.folder.directory, &contents);
        let mut problems: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (file, formatted) in self.stale_files().zip(&formatted) {
            if let Some(problem) = &formatted.problem {
                let path = file.path.display().to_string();
                problems.entry(problem).or_default().push(path);
            }
        }
        let problems = problems.iter();
        let warnings = problems.map(|(problem, paths)| {
            let paths = paths.join(", ");
            format!("rustfmt failed, so these files are not formatted: {paths}: {problem}")
        });
        let warnings = warnings.collect();
        let texts = formatted.into_iter().map(|formatted| formatted.text);
        (texts.collect(), warnings)
    }
}

fn strays(folder: &Folder, manifest: &Manifest) -> Result<Vec<Stray>, Error> {
    let generated: BTreeSet<_> = folder.files.iter().map(|file| &file.path).collect();
    let strays = manifest.paths().filter(|path| !generated.contains(path));
    let stray = |listed: &String| {
        let path = folder.directory.join(listed);
        let present = disk::read(&path)?.map(|text| Content::of_file(&path, text));
        let was_written = |present: &Content| manifest.wrote(listed, present);
        Ok(Stray {
            is_edited: present
                .as_ref()
                .is_some_and(|present| !was_written(present)),
            present,
            path,
        })
    };
    strays.map(stray).collect()
}

impl<'a> Compared<'a> {
    fn read(directory: &Path, generated: &'a Generated) -> Result<Self, Error> {
        let path = directory.join(&generated.path);
        let kind = generated.content.kind;
        let present = disk::read(&path)?.map(|text| Content::new(kind, text));
        let is_same = |present: &Content| present.means_the_same(&generated.content);
        Ok(Self {
            is_fresh: present.as_ref().is_some_and(is_same),
            generated,
            path,
            present,
        })
    }

    /// Whether the file on disk is neither what is generated nor what was written.
    fn is_edited(&self, manifest: &Manifest) -> bool {
        let was_written = |present: &Content| manifest.wrote(&self.generated.path, present);
        !self.is_fresh
            && self
                .present
                .as_ref()
                .is_some_and(|present| !was_written(present))
    }
}
