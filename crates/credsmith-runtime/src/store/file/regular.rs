//! Reads regular files of limited size. A pipe would block the thread, and a device may be endless.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

/// More than any token needs; token responses have the same limit.
const LIMIT: usize = 1024 * 1024;

/// Returns the metadata of the file at `path`, if it exists, following links. Returns an error if it is not a regular
/// file.
pub(super) fn metadata(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => Ok(Some(found)),
        Ok(_) => Err(invalid("it is not a regular file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns the content of the file, if it exists.
pub(super) fn read(path: &Path) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let Some(found) = metadata(path)? else {
        return Ok(None);
    };
    let length = usize::try_from(found.len()).unwrap_or(usize::MAX);
    check_length(length)?;
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    // Allocated in full: a growing buffer would leave copies in memory, which nobody wipes.
    let mut text = Zeroizing::new(Vec::with_capacity(length + 1));
    // A longer file may have replaced it in the meantime.
    file.take(LIMIT as u64 + 1).read_to_end(&mut text)?;
    check_length(text.len())?;
    Ok(Some(text))
}

/// Checks the length before a file is written or read.
pub(super) fn check_length(length: usize) -> io::Result<()> {
    if length > LIMIT {
        return Err(invalid("it is longer than 1 MiB"));
    }
    Ok(())
}

fn invalid(problem: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}
