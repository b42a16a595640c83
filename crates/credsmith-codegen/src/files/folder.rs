//! The output folder of one spec, in memory.

use std::path::PathBuf;

use super::Ready;
use super::manifest::Manifest;

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

impl Folder {
    /// All files of the folder, the manifest included.
    pub(crate) fn paths(&self) -> impl Iterator<Item = PathBuf> {
        let files = self
            .files
            .iter()
            .map(|ready| self.directory.join(&ready.file.path));
        files.chain([self.manifest_path()])
    }

    pub(super) fn manifest(&self) -> Manifest {
        Manifest::of(&self.spec, &self.files)
    }

    pub(super) fn manifest_path(&self) -> PathBuf {
        self.directory.join(self.manifest)
    }
}
