//! The number of the last lease of a key. It never decreases. If a cleaner deletes the file, the number continues
//! from the time of day.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use fs4::FileExt;

use super::open_lock;
use crate::clock::wall_now;

/// The number, locked: no other process can be granted a lease, or write a token, at the same time.
pub(super) struct Numbers {
    file: File,
    last: u64,
}

impl Numbers {
    /// Waits for other processes, which lock the file only while they write a file.
    pub(super) fn lock(path: &Path) -> io::Result<Self> {
        let mut file = open_lock(path)?;
        FileExt::lock(&file)?;
        let mut text = String::new();
        Read::by_ref(&mut file).take(32).read_to_string(&mut text)?;
        let last = text.trim().parse().unwrap_or(0);
        Ok(Self { file, last })
    }

    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// Returns the number of a new lease.
    pub(super) fn next(mut self) -> io::Result<u64> {
        let now = wall_now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        let next = self.last.saturating_add(1).max(now);
        self.file.rewind()?;
        // The number is never shorter than the one before it.
        write!(self.file, "{next}")?;
        self.file.sync_data()?;
        Ok(next)
    }
}
