//! The list of files that credsmith wrote into a folder.
//!
//! A manifest is text: a line that says what it is, the spec, and a line for each file. That line has two hashes of
//! the generated file, of its text before any formatter and of its normal form, and the path. A manifest depends only on
//! what is generated, so it is the same on every machine.

use std::collections::BTreeMap;
use std::path::Path;

use super::content::Content;
use super::disk;
use super::folder::Generated;
use crate::error::Error;

/// The kind of file, and the version of its form.
const FIRST_LINE: &str = "credsmith 2";

/// What git puts before and between the two sides of a conflict.
const CONFLICT_MARKS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// The files that credsmith wrote into a folder.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    /// The specs that the files come from, as their headers name them. There are several only if
    /// branches were merged that had moved the spec.
    specs: Vec<String>,
    /// What was written, by path. A file has several entries only if branches were merged.
    files: BTreeMap<String, Vec<Entry>>,
    /// Whether both sides of a merge are in it.
    is_conflicted: bool,
}

/// Hashes of a file, as it was generated.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    text_hash: String,
    /// Absent for what has no normal form, and for what a build script wrote.
    normal_hash: Option<String>,
}

impl Manifest {
    /// Reads a manifest. A folder without a manifest has an empty one.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let Some(text) = disk::read(path)? else {
            return Ok(Self::default());
        };
        let manifest = Self::parse(&text).ok_or_else(|| {
            let reason =
                format!("it does not begin with `{FIRST_LINE}`, or has a line of another kind");
            Error::manifest(path, reason)
        })?;
        match manifest.files.keys().find(|file| !is_inside(file)) {
            Some(file) => Err(Error::manifest(path, format!("it lists {file:?}"))),
            None => Ok(manifest),
        }
    }

    /// Returns `None` if a line is neither one of a manifest nor a mark of a merge. After a merge, what
    /// either side wrote was written by credsmith.
    fn parse(text: &str) -> Option<Self> {
        let mut manifest = Self::default();
        let is_mark = |line: &&str| CONFLICT_MARKS.iter().any(|mark| line.starts_with(mark));
        manifest.is_conflicted = text.lines().any(|line| is_mark(&line));
        let mut lines = text.lines().filter(|line| !is_mark(line));
        lines.next().filter(|line| *line == FIRST_LINE)?;
        for line in lines {
            if let Some(spec) = line.strip_prefix("spec  ") {
                manifest.specs.push(spec.to_owned());
            } else {
                let mut parts = line.splitn(3, "  ");
                let (text_hash, normal_hash) = (parts.next()?.to_owned(), parts.next()?);
                let entries = manifest.files.entry(parts.next()?.to_owned()).or_default();
                entries.push(Entry {
                    text_hash,
                    normal_hash: (normal_hash != "-").then(|| normal_hash.to_owned()),
                });
            }
        }
        (!manifest.specs.is_empty()).then_some(manifest)
    }

    /// The text of the manifest of `files`. Normal forms that this manifest knows are not computed again.
    pub(super) fn renewed(&self, spec: &str, files: &[Generated]) -> String {
        let mut text = format!("{FIRST_LINE}\nspec  {}\n", on_one_line(spec));
        let mut files: Vec<_> = files.iter().collect();
        files.sort_by_key(|file| &file.path);
        for file in files {
            let text_hash = &file.content.text_hash;
            let known = self
                .entries(&file.path)
                .find(|entry| entry.text_hash == *text_hash);
            let known = known.and_then(|entry| entry.normal_hash.as_deref());
            let normal_hash = known.or_else(|| file.content.normal_hash()).unwrap_or("-");
            text += &format!("{text_hash}  {normal_hash}  {}\n", file.path);
        }
        text
    }

    /// Whether the files come from another spec: two specs of one name, in different folders.
    pub(super) fn is_of_another(&self, spec: &str) -> bool {
        !self.files.is_empty() && !self.specs.contains(&on_one_line(spec))
    }

    /// The paths of all files.
    pub(super) fn paths(&self) -> impl Iterator<Item = &String> {
        self.files.keys()
    }

    /// Whether credsmith wrote a file to `path`.
    pub(super) fn lists(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether `content` is what credsmith wrote to `path`, in whatever layout.
    pub(super) fn wrote(&self, path: &str, content: &Content) -> bool {
        let is_text = |entry: &Entry| entry.text_hash == content.text_hash;
        let is_same = |entry: &Entry| {
            entry.normal_hash.is_some() && entry.normal_hash.as_deref() == content.normal_hash()
        };
        self.entries(path).any(is_text) || self.entries(path).any(is_same)
    }

    /// Whether it lists these files, as they are generated now, and no others.
    pub(super) fn is_fresh(&self, files: &[Generated]) -> bool {
        let is_listed = |file: &Generated| self.wrote(&file.path, &file.content);
        !self.is_conflicted && self.files.len() == files.len() && files.iter().all(is_listed)
    }

    fn entries(&self, path: &str) -> impl Iterator<Item = &Entry> {
        self.files.get(path).into_iter().flatten()
    }
}

fn on_one_line(path: &str) -> String {
    path.replace(char::is_control, "?")
}

/// A manifest is a file that anybody can edit: it must not make credsmith touch other files.
fn is_inside(file: &str) -> bool {
    let fine = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains('\\');
    file.split('/').all(fine)
}
