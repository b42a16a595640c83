//! Generated files: in memory, compared with what is on disk, written.
//!
//! This is the one place that touches the disk for output. Nothing is written before everything has
//! been rendered and every file in the way has been looked at; each file is written whole or not at
//! all; and only what the folder's manifest lists is ever deleted or replaced.

mod canonical;
mod diff;
mod disk;
mod folder;
mod header;
mod manifest;
mod ready;
#[cfg(feature = "diff")]
mod relaid;
mod survey;
mod tokens;
#[cfg(feature = "diff")]
mod words;
mod workers;

use std::path::PathBuf;

pub(crate) use folder::Folder;
pub(crate) use header::with_header;
pub(crate) use ready::{Ready, ready, unread};
pub(crate) use survey::Survey;

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Path in its folder, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// What it holds.
    pub kind: Kind,
}

/// What a generated file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Rust; compared by what it means, whatever a formatter did to it.
    Rust,
    /// Markdown; compared byte for byte.
    Markdown,
}

/// A file on disk that is not what would be generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The file.
    pub path: PathBuf,
    /// Unified diff from what is there to what should be. Code in a layout of its own is left in it
    /// where it says what should be. Empty for a file to be deleted, and without the feature `diff`.
    pub diff: String,
    /// What is wrong with it.
    pub reason: &'static str,
    /// The command that puts it right.
    pub command: String,
    /// Whether it was changed by hand, and is overwritten only by force.
    pub edited: bool,
}
