//! The number of the last lease of a key. It only grows, also if a cleaner takes the file: then it continues from
//! the time of day.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use fs4::FileExt;

use super::open_lock;
use crate::clock::wall_now;

/// The number, locked: nobody else is granted a lease, or writes a token, at the same moment.
pub(super) struct Numbers {
    file: File,
    last: u64,
}

impl Numbers {
    /// Waits for others, who have it for as long as a file takes to be written.
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

    /// The number of a new lease.
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
