//! `credsmith init`: sets a folder up, or adds what it lacks. A crate that is there is told what to add;
//! where there is none, a small one is written. No file that exists is ever touched, so that a second call
//! goes on where the first one stopped.

mod advice;
mod configuration;
mod first_spec;
mod name;
mod needs;
mod plan;
mod specs;
mod surroundings;
mod texts;
mod workspace;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use credsmith_codegen::Written;
use credsmith_project::{Error, Project};

use super::generate;
use crate::Outcome;
use crate::args::Init;
use crate::terminal;
use plan::Plan;

pub(crate) fn run(args: &Init) -> Result<Outcome> {
    let plan = Plan::new(args)?;
    for (path, text) in &plan.files {
        let path_shown = path.display();
        if create(path, text)? {
            terminal::say(&format!("wrote {path_shown}"));
        } else {
            terminal::say(&format!(
                "{path_shown} is there already, and stays as it is"
            ));
        }
    }
    let outcome = generate(&plan);
    terminal::say(&format!("\n{}", advice::next(&plan, outcome)?));
    Ok(outcome)
}

/// Writes modules and pages. A file in their way is no reason to keep back what else is to be done.
fn generate(plan: &Plan) -> Outcome {
    if !plan.is_listed {
        return Outcome::Done;
    }
    match write(plan) {
        Ok(written) => generate::wrote(&written),
        Err(error) => super::failed(&error.into()),
    }
}

fn write(plan: &Plan) -> Result<Written, Error> {
    let specs: Vec<_> = plan.specs.iter().map(|spec| spec.path.clone()).collect();
    Project::find(".")?.only(&specs)?.write()
}

/// Writes a file unless there is one; true if it did.
fn create(path: &Path, text: &str) -> Result<bool> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    match fs::File::create_new(path) {
        Ok(mut file) => {
            if let Err(error) = file.write_all(text.as_bytes()) {
                // Half of it would be kept by the next call.
                fs::remove_file(path).ok();
                return Err(error).with_context(|| format!("{} cannot be written", path.display()));
            }
            Ok(true)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error).with_context(|| format!("{} cannot be written", path.display())),
    }
}
