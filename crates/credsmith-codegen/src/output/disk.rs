//! Reading and writing single files.

use std::fs;
use std::io;
use std::path::Path;

use crate::error::Error;

/// The text at `path`, if there is a file. What is no text comes back with its faults replaced: it
/// is compared, never written back.
pub(super) fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(path, error)),
    }
}

/// Writes a file whole or not at all: into a neighbour first, which then takes its place.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Error> {
    let fail = |error| Error::io(path, error);
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let neighbour = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    let written = fs::write(&neighbour, text).and_then(|()| fs::rename(&neighbour, path));
    if written.is_err() {
        // The first failure is the one to tell; what is left of the neighbour is of no use.
        let _ = fs::remove_file(&neighbour);
    }
    written.map_err(fail)
}

/// Deletes a file; one that is gone already is fine.
pub(super) fn delete(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io(path, error)),
        _ => Ok(()),
    }
}
