//! The state of a folder of sources.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Everything in a folder: the bytes of its files, and when files and folders were last modified.
///
/// Where two of them are equal, nothing was written in between, not even a file that is gone again:
/// that would have modified its folder.
pub(crate) struct Tree(BTreeMap<PathBuf, (SystemTime, Option<Vec<u8>>)>);

impl Tree {
    pub(crate) fn of(folder: &Path) -> Self {
        let mut entries = BTreeMap::new();
        collect(folder, &mut entries);
        Self(entries)
    }

    /// Panics with the paths that are not as they were.
    pub(crate) fn assert_untouched(&self, folder: &Path) {
        let now = Self::of(folder).0;
        let paths = self.0.keys().chain(now.keys());
        let touched: Vec<_> = paths
            .filter(|&path| self.0.get(path) != now.get(path))
            .collect();
        assert!(touched.is_empty(), "touched: {touched:#?}");
    }
}

fn collect(path: &Path, entries: &mut BTreeMap<PathBuf, (SystemTime, Option<Vec<u8>>)>) {
    let modified = fs::metadata(path).unwrap().modified().unwrap();
    let is_folder = path.is_dir();
    let bytes = (!is_folder).then(|| fs::read(path).unwrap());
    entries.insert(path.to_owned(), (modified, bytes));
    if is_folder {
        for entry in fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), entries);
        }
    }
}
