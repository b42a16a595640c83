//! `credsmith check`: every problem of every spec.

use anyhow::Result;
use credsmith_spec::{Checked, render};

use crate::Outcome;
use crate::args::{Check, Format};
use crate::terminal;

pub(crate) fn run(args: &Check) -> Result<Outcome> {
    let paths = args.specs.iter();
    let specs: Vec<Checked> = paths.map(|path| credsmith_codegen::check(path)).collect();
    let report = match args.format {
        Format::Human => return Ok(for_people(&specs)),
        Format::Json => render::json(&specs),
        Format::Github => render::github(&specs),
        Format::Sarif => render::sarif(&specs),
    };
    if !report.is_empty() {
        terminal::data(report.trim_end())?;
    }
    let wrong = specs.iter().any(|checked| checked.spec.is_none());
    Ok(outcome(wrong))
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
