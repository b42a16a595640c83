//! Where the configuration is, and how paths are shown.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The name of the configuration's file.
pub const FILE_NAME: &str = "credsmith.toml";

/// The configuration's file in `from` or the next folder above that has one.
pub(crate) fn find(from: &Path) -> io::Result<Option<PathBuf>> {
    let from = std::path::absolute(from)?;
    let folder = from
        .ancestors()
        .find(|folder| folder.join(FILE_NAME).is_file());
    Ok(folder.map(|folder| from_here(folder).join(FILE_NAME)))
}

/// An absolute path as people in the current folder write it.
fn from_here(folder: &Path) -> PathBuf {
    let Ok(here) = env::current_dir() else {
        return folder.to_owned();
    };
    if let Ok(below) = folder.strip_prefix(&here) {
        return below.to_owned();
    }
    match here.strip_prefix(folder) {
        Ok(way_back) => way_back.iter().map(|_| "..").collect(),
        Err(_) => folder.to_owned(),
    }
}

/// Whether two paths lead to one file.
pub(crate) fn is_same(a: &Path, b: &Path) -> bool {
    match (fs::canonicalize(a), fs::canonicalize(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}
