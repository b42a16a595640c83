//! `credsmith completions`: a script for a shell.

use anyhow::Result;
use clap::CommandFactory as _;

use crate::Outcome;
use crate::args::{Args, Completions};
use crate::terminal;

pub(crate) fn run(args: &Completions) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "credsmith", &mut script);
    terminal::data(String::from_utf8(script)?.trim_end())?;
    Ok(Outcome::Done)
}
