//! Turns checked specs into Rust modules and documentation pages.
//!
//! ```text
//! Model ──▶ plan ──names in a style──▶ target's items ──render──▶ files ──write | compare
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
//! - `committed` (default): for files that a repository keeps. Generated Rust is parsed before it is written,
//!   files are compared by their meaning and not by their layout, and [`Stale::diff`] shows the lines that
//!   differ. Build scripts do without it: the compiler parses what they write.

mod error;
mod generator;
mod imports;
mod leaf;
mod names;
mod origin;
mod output;
mod pages;
mod plan;
mod prose;
mod target;
mod targets;
mod variables;

use std::path::Path;

use credsmith_spec::{Checked, Rule};

pub use error::Error;
pub use generator::{Failure, Generator, Written};
pub use imports::crate_path;
pub use origin::quoted;
pub use output::{File, Kind, Stale};
pub use target::Target;
pub use variables::{Variables, variables};

/// Reads and checks the spec at `path`, names for all targets included.
pub fn check(path: &Path) -> Checked {
    check_names(credsmith_spec::read(path), Target::ALL)
}

/// Checks the spec in `text`, names for all targets included.
pub fn check_text(name: &str, text: &str) -> Checked {
    check_names(credsmith_spec::parse(name, text), Target::ALL)
}

/// Adds what is wrong with the names for these targets.
fn check_names(mut checked: Checked, targets: &[Target]) -> Checked {
    let Some(spec) = checked.spec.as_ref().or(checked.draft.as_ref()) else {
        return checked;
    };
    let plan = plan::build(spec);
    let named = targets.iter().map(|target| target.named(&plan));
    let mut problems: Vec<_> = named.filter_map(Result::err).flatten().collect();
    problems.dedup();
    if !problems.is_empty() {
        checked.draft = checked.spec.take().or(checked.draft);
        checked.diagnostics.extend(problems);
        checked
            .diagnostics
            .sort_by_key(|problem| problem.primary.span);
    }
    checked
}

/// The plan of a spec without errors, as text: what it means, and its names in each target.
pub fn plan_text(checked: &Checked) -> Option<String> {
    let plan = plan::build(checked.spec.as_ref()?);
    let mut text = plan::print(&plan);
    for target in Target::ALL {
        let named = target.named(&plan).ok()?;
        text += &plan::print_names(&plan, &named, *target);
    }
    Some(text)
}

/// All rules that [`check`] applies, by code.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules = credsmith_spec::rules();
    rules.extend(names::rules::rules());
    rules
}
