//! A temporary file that replaces another file.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{private, removed};
use crate::store::StoreKey;

/// The end of the names of such files.
pub(super) const EXTENSION: &str = ".tmp";

/// A file that this process has created. It is deleted unless it replaces another file.
pub(super) struct Temporary {
    path: PathBuf,
    is_placed: bool,
}

impl Temporary {
    /// Creates an empty file under a random name: process ids are the same in every container. If the name is taken,
    /// the existing file belongs to another process and is left alone.
    pub(super) fn create(directory: &Path, key: &StoreKey) -> io::Result<(Self, File)> {
        let mut number = [0; 16];
        getrandom::fill(&mut number)
            .map_err(|_| io::Error::other("the system returned no random bytes"))?;
        let number = u128::from_ne_bytes(number);
        let path = directory.join(format!("{key}.{number:032x}{EXTENSION}"));
        let file = private().write(true).create_new(true).open(&path)?;
        let temporary = Self {
            path,
            is_placed: false,
        };
        Ok((temporary, file))
    }

    /// Replaces `target` as a whole.
    pub(super) fn replace(mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.is_placed = true;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_placed {
            // It may contain the token. If this fails, a later save cleans up.
            let _ = removed(&self.path);
        }
    }
}

/// Writes all of `file`. Returns the time of the write by the clock of the file system, if it has one.
pub(super) fn write(mut file: File, text: &[u8]) -> io::Result<Option<SystemTime>> {
    file.write_all(text)?;
    file.sync_all()?;
    Ok(file.metadata().and_then(|written| written.modified()).ok())
}
