//! `credsmith check`: every problem of every spec.

use anyhow::Result;
use credsmith_spec::{Checked, render};

use crate::Outcome;
use crate::args::{Check, Format};
use crate::terminal;

pub(crate) fn run(args: &Check) -> Result<Outcome> {
    let specs: Vec<Checked> = args
        .specs
        .iter()
        .map(|path| credsmith_codegen::check(path))
        .collect();
    let wrong = match args.format {
        Format::Human => terminal::problems(&specs),
        Format::Json => {
            terminal::data(&json(&specs))?;
            specs.iter().any(|checked| checked.spec.is_none())
        }
    };
    if !wrong && args.format == Format::Human {
        terminal::say(&format!(
            "{} checked, no errors",
            terminal::counted(specs.len(), "spec")
        ));
    }
    Ok(if wrong { Outcome::Wrong } else { Outcome::Done })
}

/// One JSON array, an element a line.
fn json(specs: &[Checked]) -> String {
    let found = specs.iter().flat_map(|checked| {
        let problems = checked.diagnostics.iter();
        problems.map(|problem| format!("\n  {}", render::json(&checked.source, problem)))
    });
    format!("[{}\n]", found.collect::<Vec<_>>().join(","))
}
