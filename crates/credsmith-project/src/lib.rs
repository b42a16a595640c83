//! What a repository generates, in one file: `credsmith.toml`.
//!
//! ```toml
//! [[output]]
//! specs = ["specs/acme.yaml"]
//! modules = "src/auth"
//! docs = "docs/auth"
//! ```
//!
//! With it, `credsmith generate` needs no arguments, and an xtask or a test needs no list of specs of
//! its own. Paths in the file are relative to it, so a call from any folder below does the same.
//!
//! ```no_run
//! # fn main() -> Result<(), credsmith_project::Error> {
//! let project = credsmith_project::Project::find(".")?;
//! project.write()?;                        // an xtask
//! assert!(project.check()?.is_empty());    // what `credsmith generate --check` asks
//! # Ok(())
//! # }
//! ```
//!
//! The freshness test of a repository is [`ensure_fresh`]. A mistake in the file is shown as one in a
//! spec is: with a code, its place and a way out.

mod configuration;
mod error;
mod files;
mod project;
mod rules;

use std::path::Path;

pub use error::Error;
pub use files::FILE_NAME;
pub use project::Project;
pub use rules::rules;

/// Succeeds if all files of the project are those that its specs generate. `from` is a folder of the
/// project.
///
/// ```no_run
/// #[test]
/// fn generated_files_are_fresh() -> Result<(), credsmith_project::Error> {
///     credsmith_project::ensure_fresh(env!("CARGO_MANIFEST_DIR"))
/// }
/// ```
///
/// # Errors
///
/// Names the files that are stale, with their differences and the command that puts them right; or
/// as for [`Project::find`] and [`Project::check`].
pub fn ensure_fresh(from: impl AsRef<Path>) -> Result<(), Error> {
    let stale = Project::find(from)?.check()?;
    if stale.is_empty() {
        return Ok(());
    }
    Err(Error::stale(stale))
}

/// Compiles what the README shows.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
