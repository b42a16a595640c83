//! The temporary files of processes that ended before they renamed them. Each may contain a token.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::removed;
use super::temporary::EXTENSION;
use crate::store::StoreKey;

/// The age after which no process will rename a file any more: saving takes seconds.
const STALE: Duration = Duration::from_secs(3_600);

/// Removes those of `key`, including one that is being written: its save then fails and reports the failure.
pub(super) fn remove_all(directory: &Path, key: &StoreKey) -> io::Result<()> {
    remove(directory, key, |_| true)
}

/// Removes the stale files of `key`. `now` is the time of the file system's clock, which may differ by hours from
/// this machine's clock.
pub(super) fn remove_stale(directory: &Path, key: &StoreKey, now: SystemTime) -> io::Result<()> {
    remove(directory, key, |path| {
        let written = fs::symlink_metadata(path).and_then(|found| found.modified());
        written.is_ok_and(|written| distance(written, now) >= STALE)
    })
}

/// Returns the absolute difference: a time stamp in the future comes from a wrong clock.
fn distance(one: SystemTime, other: SystemTime) -> Duration {
    let distance = one.duration_since(other);
    distance.unwrap_or_else(|earlier| earlier.duration())
}

/// Removes the files that are due. A file that cannot be removed does not keep the others from being removed.
fn remove(directory: &Path, key: &StoreKey, is_due: impl Fn(&Path) -> bool) -> io::Result<()> {
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut outcome = Ok(());
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| is_of(key, name));
        if is_ours && is_due(&entry.path()) {
            outcome = outcome.and(removed(&entry.path()));
        }
    }
    outcome
}

fn is_of(key: &StoreKey, name: &str) -> bool {
    let rest = name.strip_prefix(key.as_str());
    rest.is_some_and(|rest| rest.starts_with('.') && rest.ends_with(EXTENSION))
}
