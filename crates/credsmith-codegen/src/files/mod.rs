//! Generated files: in memory, compared with what is on disk, written.
//!
//! This is the one place that touches the disk for output. Nothing is written before everything has
//! been rendered and every file in the way has been looked at; each file is written whole or not at
//! all; and only what the folder's manifest lists is ever deleted or replaced.

mod canonical;
mod disk;
mod folder;
mod header;
mod manifest;
mod ready;
mod tokens;
mod workers;

pub(crate) use folder::Folder;
pub use folder::Stale;
pub(crate) use header::with_header;
pub(crate) use ready::{Ready, ready};

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
