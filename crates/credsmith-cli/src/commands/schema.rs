//! `credsmith schema`: the JSON Schema of specs.

use std::fs;

use anyhow::{Context as _, Result};

use crate::Outcome;
use crate::args::Schema;
use crate::terminal;

pub(crate) fn run(args: &Schema) -> Result<Outcome> {
    let text = credsmith_spec::schema_text();
    let Some(path) = &args.out else {
        terminal::data(text.trim_end())?;
        return Ok(Outcome::Done);
    };
    let present = fs::read_to_string(path);
    if present.is_ok_and(|present| present == text) {
        terminal::say(&format!("{} is fresh", path.display()));
        return Ok(Outcome::Done);
    }
    if args.check {
        let path = path.display();
        terminal::error(&format!("{path} is not the schema of this credsmith"));
        terminal::say(&format!("to regenerate: credsmith schema --out {path}"));
        return Ok(Outcome::Failed);
    }
    fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    terminal::say(&format!("wrote {}", path.display()));
    Ok(Outcome::Done)
}
