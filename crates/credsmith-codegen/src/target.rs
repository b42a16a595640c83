//! The target languages, and what the rest of the crate asks of each.

use std::fmt;

use credsmith_spec::Diagnostic;

use crate::error::Error;
use crate::names::{self, Ident, Style};
use crate::output::File;
use crate::pages;
use crate::plan::{Nameable, Plan};
use crate::targets::rust;
#[cfg(test)]
use crate::targets::toy;

/// A language that modules and pages are generated in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Rust.
    #[default]
    Rust,
    /// A made-up language, for tests.
    #[cfg(test)]
    Toy,
}

impl Target {
    /// All targets.
    pub const ALL: &[Self] = &[Self::Rust];
    /// Their names.
    pub const NAMES: &[&str] = &["rust"];

    /// The name by which specs and the command line know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            #[cfg(test)]
            Self::Toy => "toy",
        }
    }

    /// The target of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|target| target.name() == name)
    }

    fn style(self) -> &'static Style {
        match self {
            Self::Rust => &rust::STYLE,
            #[cfg(test)]
            Self::Toy => &toy::STYLE,
        }
    }

    /// The plan with the names of the target, or what is wrong with these.
    pub(crate) fn named<'s>(
        self,
        plan: &Plan<'s, Nameable>,
    ) -> Result<Plan<'s, Ident>, Vec<Diagnostic>> {
        let (package, exact) = match self {
            Self::Rust => {
                let exact = plan.spec.sdk.rust.names.as_slice();
                (rust::crate_path(plan).map(drop), exact)
            }
            #[cfg(test)]
            Self::Toy => (Ok(()), &[][..]),
        };
        match (names::decide(plan, self.style(), exact), package) {
            (Ok(plan), Ok(())) => Ok(plan),
            (Ok(_), Err(problem)) => Err(vec![problem]),
            (Err(problems), Ok(())) => Err(problems),
            (Err(mut problems), Err(problem)) => {
                problems.push(problem);
                Err(problems)
            }
        }
    }

    /// The modules of a spec.
    pub(crate) fn modules(self, plan: &Plan<'_, Ident>) -> Result<Vec<File>, Error> {
        match self {
            Self::Rust => rust::render(plan),
            #[cfg(test)]
            Self::Toy => Ok(toy::render(plan)),
        }
    }

    /// The documentation pages of a spec.
    pub(crate) fn pages(self, plan: &Plan<'_, Ident>) -> Result<Vec<File>, Error> {
        match self {
            Self::Rust => pages::render(plan),
            #[cfg(test)]
            Self::Toy => Ok(toy::pages(plan)),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn every_target_has_its_name() {
        let names: Vec<_> = Target::ALL.iter().map(|target| target.name()).collect();
        assert_eq!(names, Target::NAMES);
    }
}
