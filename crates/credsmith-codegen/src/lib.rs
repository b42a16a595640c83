//! Turns checked specs into Rust modules and documentation pages.
//!
//! ```text
//! Model ──naming──▶ names ──plan──▶ leaves ──render──▶ text ──verify──▶ files ──write | compare
//! ```
//!
//! All stages but the last are pure functions on values: [`Generator`] is where files are read and
//! written. Two invariants hold throughout. Text from a spec reaches the output only through typed
//! leaves, so it is never code. And the same spec gives the same bytes on every machine: no time, no
//! host, no absolute path.
//!
//! ```no_run
//! # fn main() -> Result<(), credsmith_codegen::Failure> {
//! let generator = credsmith_codegen::Generator::modules("src/auth").spec("specs/acme.yaml");
//! generator.write()?;                        // an xtask
//! assert!(generator.check()?.is_empty());    // a test: is the committed code fresh?
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! - `diff` (default): [`Stale::diff`] says in which lines a file on disk differs.

mod docs;
mod error;
mod files;
mod generator;
mod imports;
mod leaf;
mod naming;
mod origin;
mod rust;
mod variables;

use std::path::Path;

use credsmith_spec::{Checked, Rule};

pub use error::Error;
pub use files::{File, Kind, Stale};
pub use generator::{Failure, Generator, Written};
pub use imports::crate_path;
pub use origin::quoted;
pub use variables::{Variables, variables};

/// Reads and checks the spec at `path`, names for all targets included.
pub fn check(path: &Path) -> Checked {
    Named::decide(credsmith_spec::read(path)).checked
}

/// Checks the spec in `text`, names for all targets included.
pub fn check_text(name: &str, text: &str) -> Checked {
    Named::decide(credsmith_spec::parse(name, text)).checked
}

/// A checked spec and the names of its output; absent when the spec has errors.
struct Named {
    checked: Checked,
    names: Option<naming::Names>,
}

impl Named {
    fn decide(mut checked: Checked) -> Self {
        let model = checked.spec.as_ref().or(checked.draft.as_ref());
        let names = match model.map(naming::decide) {
            Some(Ok(names)) => Some(names).filter(|_| checked.spec.is_some()),
            Some(Err(problems)) => {
                checked.draft = checked.spec.take().or(checked.draft);
                checked.diagnostics.extend(problems);
                checked
                    .diagnostics
                    .sort_by_key(|problem| problem.primary.span);
                None
            }
            None => None,
        };
        Self { checked, names }
    }
}

/// All rules that [`check`] applies, by code.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules = credsmith_spec::rules();
    rules.extend(naming::rules::rules());
    rules
}
