//! The file beside the one that it will replace.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{private, removed};
use crate::store::StoreKey;

/// How the names of such files end.
pub(super) const EXTENSION: &str = ".tmp";

/// A file that this process has created; removed again unless it takes the place of another.
pub(super) struct Temporary {
    path: PathBuf,
    is_placed: bool,
}

impl Temporary {
    /// An empty file under a name that nobody else has: the numbers of processes are the same in every
    /// container. Where somebody has it nevertheless, the file is theirs and is left alone.
    pub(super) fn create(directory: &Path, key: &StoreKey) -> io::Result<(Self, File)> {
        let mut number = [0; 16];
        getrandom::fill(&mut number)
            .map_err(|_| io::Error::other("the machine has no randomness to give"))?;
        let number = u128::from_ne_bytes(number);
        let path = directory.join(format!("{key}.{number:032x}{EXTENSION}"));
        let file = private().write(true).create_new(true).open(&path)?;
        let temporary = Self {
            path,
            is_placed: false,
        };
        Ok((temporary, file))
    }

    /// Takes the place of `target`, as a whole.
    pub(super) fn replace(mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.is_placed = true;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_placed {
            // What is left of it may hold the token. Where this fails, whoever comes later cleans up.
            let _ = removed(&self.path);
        }
    }
}

/// Writes all of `file`, and says when that was by the clock of its file system, where it has one.
pub(super) fn write(mut file: File, text: &[u8]) -> io::Result<Option<SystemTime>> {
    file.write_all(text)?;
    file.sync_all()?;
    Ok(file.metadata().and_then(|written| written.modified()).ok())
}
