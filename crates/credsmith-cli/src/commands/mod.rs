//! One file a command.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod init;
pub(crate) mod man;
pub(crate) mod plan;
pub(crate) mod schema;
pub(crate) mod token;

use std::fmt;

use crate::Outcome;
use crate::terminal;

/// The call is wrong, for a reason that is no mistake of a spec.
#[derive(Debug)]
struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// Shows why a command did not do its work, and decides whether the call was wrong.
pub(crate) fn failed(error: &anyhow::Error) -> Outcome {
    let Some(error) = error.downcast_ref::<credsmith_project::Error>() else {
        terminal::error(&format!("{error:#}"));
        let is_refused = error.is::<Refused>();
        return if is_refused {
            Outcome::Wrong
        } else {
            Outcome::Failed
        };
    };
    if !error.problems().is_empty() {
        terminal::problems(error.problems());
        return Outcome::Wrong;
    }
    terminal::error(&error.to_string());
    if error.is_usage() {
        Outcome::Wrong
    } else {
        Outcome::Failed
    }
}
