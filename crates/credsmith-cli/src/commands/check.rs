//! `credsmith check`: every problem of every spec.

use std::path::PathBuf;

use anyhow::Result;
use credsmith_project::Project;
use credsmith_spec::{Checked, render};

use crate::Outcome;
use crate::args::{Check, Format};
use crate::terminal;

pub(crate) fn run(args: &Check) -> Result<Outcome> {
    match specs(args) {
        Ok(paths) => report(&checked(&paths), args.format),
        Err(error) if !error.problems().is_empty() => report(error.problems(), args.format),
        Err(error) => Err(error.into()),
    }
}

fn report(specs: &[Checked], format: Format) -> Result<Outcome> {
    let report = match format {
        Format::Human => return Ok(for_people(specs)),
        Format::Json => render::json(specs),
        Format::Github => render::github(specs),
        Format::Sarif => render::sarif(specs),
    };
    if !report.is_empty() {
        terminal::data(report.trim_end())?;
    }
    let wrong = specs.iter().any(|checked| checked.spec.is_none());
    Ok(outcome(wrong))
}

/// The specs of the call, or else those of the project.
fn specs(args: &Check) -> Result<Vec<PathBuf>, credsmith_project::Error> {
    if args.specs.is_empty() {
        return Project::find(".").map(|project| project.specs());
    }
    Ok(args.specs.clone())
}

fn checked(paths: &[PathBuf]) -> Vec<Checked> {
    let specs = paths.iter().map(|path| credsmith_codegen::check(path));
    specs.collect()
}

fn for_people(specs: &[Checked]) -> Outcome {
    let wrong = terminal::problems(specs);
    if !wrong {
        let counted = terminal::counted(specs.len(), "spec");
        terminal::say(&format!("{counted} checked, no errors"));
    }
    outcome(wrong)
}

fn outcome(wrong: bool) -> Outcome {
    if wrong { Outcome::Wrong } else { Outcome::Done }
}
