//! The changes that bring a folder on disk up to date. They are decided before any of them is made.

use std::path::PathBuf;

use super::disk;
use crate::error::Error;

/// The files to write and to delete.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Files that differ from the generated ones, and their new texts.
    pub(crate) files: Vec<(PathBuf, String)>,
    /// Files that are no longer generated.
    pub(crate) strays: Vec<PathBuf>,
    /// The manifest, if it changed.
    pub(super) manifest: Option<(PathBuf, String)>,
    /// Files that could not be formatted, and why.
    pub(crate) warnings: Vec<String>,
}

impl Changes {
    /// Makes the changes.
    pub(crate) fn make(&self) -> Result<(), Error> {
        for (path, text) in self.files.iter().chain(&self.manifest) {
            disk::write(path, text).map_err(Error::partial)?;
        }
        for path in &self.strays {
            disk::delete(path).map_err(Error::partial)?;
        }
        Ok(())
    }
}
