//! A place of its own for each run of `cargo package`.
//!
//! Cargo builds a package against the tarballs of the others, which it unpacks to
//! `$CARGO_HOME/registry/src/-HASH`. The hash is that of the target folder's path, and what lies there
//! already is taken for unpacked, although it may come from an older tarball of the same version. So
//! each run gets a target folder that no other run had, and what cargo unpacked for it is removed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context as _, Result};

use crate::steps;

/// A target folder that no run had before. What cargo put there and beside it is removed on drop.
pub(crate) struct Place {
    target: PathBuf,
    sources: Option<PathBuf>,
    before: BTreeSet<PathBuf>,
}

impl Place {
    /// The place for one run.
    pub(crate) fn new() -> Result<Self> {
        let since = SystemTime::UNIX_EPOCH
            .elapsed()
            .context("the clock stands before 1970")?;
        let all = steps::root().join("target/packages");
        // What a run left behind that was killed.
        steps::remove_folder(&all)?;
        let sources = unpacked_sources();
        Ok(Self {
            target: all.join(since.as_nanos().to_string()),
            before: sources
                .as_deref()
                .map(of_local_registries)
                .unwrap_or_default(),
            sources,
        })
    }

    /// The folder for `CARGO_TARGET_DIR`.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let now = self.sources.as_deref().map(of_local_registries);
        let unpacked = now.unwrap_or_default();
        for folder in unpacked.difference(&self.before) {
            // Left behind it costs a megabyte, and no other run looks at it.
            steps::remove_folder(folder).ok();
        }
        steps::remove_folder(&self.target).ok();
    }
}

/// Where cargo unpacks what it builds.
fn unpacked_sources() -> Option<PathBuf> {
    let home = match std::env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => std::env::home_dir()?.join(".cargo"),
    };
    Some(home.join("registry/src"))
}

/// The folders of registries without a host: those that `cargo package` makes up for a run.
fn of_local_registries(sources: &Path) -> BTreeSet<PathBuf> {
    let Ok(entries) = std::fs::read_dir(sources) else {
        return BTreeSet::new();
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let local = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('-'))
    };
    paths.filter(local).collect()
}
