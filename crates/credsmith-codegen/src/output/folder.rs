//! The output folder of one spec, in memory.

use std::path::PathBuf;

use super::File;
use super::content::Content;
use crate::error::Error;

/// Generated files and their folder.
#[derive(Debug)]
pub(crate) struct Folder {
    /// `OUT/<spec stem>`.
    pub(crate) directory: PathBuf,
    /// The manifest's file name: modules and pages in one folder have one each.
    pub(crate) manifest: &'static str,
    /// The files.
    pub(crate) files: Vec<Generated>,
    /// The spec that they come from, as their headers name it.
    pub(crate) spec: String,
    /// The command that regenerates them.
    pub(crate) command: String,
}

/// A generated file.
#[derive(Debug)]
pub(crate) struct Generated {
    /// Path in the folder, with `/`.
    pub(crate) path: String,
    pub(crate) content: Content,
}

impl Folder {
    /// All files of the folder, the manifest included.
    pub(crate) fn paths(&self) -> impl Iterator<Item = PathBuf> {
        let files = self.files.iter();
        let files = files.map(|generated| self.directory.join(&generated.path));
        files.chain([self.manifest_path()])
    }

    pub(super) fn manifest_path(&self) -> PathBuf {
        self.directory.join(self.manifest)
    }
}

impl Generated {
    pub(crate) fn new(file: File) -> Self {
        Self {
            content: Content::new(file.kind, file.text),
            path: file.path,
        }
    }

    /// Returns an error if it is Rust that does not parse. In a build script the compiler says so.
    #[cfg_attr(
        not(feature = "committed"),
        expect(clippy::unnecessary_wraps, reason = "there is no parser")
    )]
    pub(crate) fn verify(&self) -> Result<(), Error> {
        match self.content.kind {
            #[cfg(feature = "committed")]
            super::Kind::Rust => {
                crate::targets::rust::verify::check(&self.path, &self.content.text)
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn into_file(self) -> File {
        File {
            path: self.path,
            text: self.content.text,
            kind: self.content.kind,
        }
    }
}
