//! Reading what is where a token should be: a file of a bounded size, or an error. A pipe would keep
//! the thread waiting, and a device may never end.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

/// More than any token takes: token responses end there too.
const LIMIT: usize = 1024 * 1024;

/// What is at `path`, followed to its end, if anything; an error where that is no file.
pub(super) fn metadata(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => Ok(Some(found)),
        Ok(_) => Err(invalid("it is no file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The content of the file, if there is one.
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
    // Room enough from the beginning: what grows leaves copies behind, which nobody wipes.
    let mut text = Zeroizing::new(Vec::with_capacity(length + 1));
    // It may have been replaced by a longer one meanwhile.
    file.take(LIMIT as u64 + 1).read_to_end(&mut text)?;
    check_length(text.len())?;
    Ok(Some(text))
}

/// What is longer is neither written nor read.
pub(super) fn check_length(length: usize) -> io::Result<()> {
    if length > LIMIT {
        return Err(invalid("it is longer than 1 MiB"));
    }
    Ok(())
}

fn invalid(problem: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}
