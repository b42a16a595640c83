//! The output folders of this process. A build script may call more than once, and what a second spec of one
//! name generates must not take the place of what the first did.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Folders, in lower case since some file systems do not tell `A` from `a`, and the spec of each.
static TAKEN: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());

/// A folder that was generated into already, from another spec.
pub(crate) struct Taken {
    spec: PathBuf,
    other: PathBuf,
    folder: PathBuf,
}

/// Takes the folders of `specs` in `out`.
pub(crate) fn take(out: &Path, specs: &[PathBuf]) -> Result<(), Taken> {
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    for spec in specs {
        let folder = out.join(spec.file_stem().unwrap_or_default());
        let key = folder.to_string_lossy().to_lowercase();
        let other = taken.entry(key).or_insert_with(|| spec.clone());
        if other != spec {
            return Err(Taken {
                spec: spec.clone(),
                other: other.clone(),
                folder,
            });
        }
    }
    Ok(())
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} and {} have the output folder {}; give them different file names",
            self.other.display(),
            self.spec.display(),
            self.folder.display()
        )
    }
}
