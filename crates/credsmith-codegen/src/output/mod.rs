//! Generated files: in memory, compared with the disk, written.
//!
//! This is the only place that reads and writes output. Nothing is written before every file has been rendered
//! and everything on disk has been compared with it. Each file is written whole or not at all. Only files that the
//! folder's manifest lists are ever deleted or replaced.

mod changes;
mod comparison;
mod content;
mod diff;
mod disk;
mod folder;
mod formatter;
mod header;
mod manifest;
#[cfg(feature = "committed")]
mod normal_form;

use std::path::PathBuf;

pub(crate) use changes::Changes;
pub(crate) use comparison::Comparison;
pub(crate) use folder::{Folder, Generated};
pub(crate) use formatter::Formatter;
pub(crate) use header::with_header;

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Path in its folder, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// The language of the text.
    pub kind: Kind,
}

/// The language of a generated file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Rust. Compared by its syntax tree and its comments, so that layout does not matter; by its text
    /// without the feature `committed`.
    Rust,
    /// Markdown. Compared byte for byte, except for the kind of line ends.
    Markdown,
}

/// A file on disk that differs from what would be generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The file.
    pub path: PathBuf,
    /// Unified diff from the file on disk to the generated one. Empty for a file to be deleted, and
    /// without the feature `committed`.
    pub diff: String,
    /// The problem.
    pub reason: &'static str,
    /// The command that regenerates the file.
    pub command: String,
    /// Whether it was edited by hand, so that only force overwrites it.
    pub edited: bool,
}
