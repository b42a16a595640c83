//! `credsmith generate` and `credsmith docs`.

use anyhow::Result;
use credsmith_codegen::{Failure, Generator, Stale, Written};

use crate::Outcome;
use crate::args::{Generate, Target};
use crate::terminal::{self, counted};

pub(crate) fn modules(args: &Generate) -> Result<Outcome> {
    let Target::Rust = args.target;
    run(args, "generate", Generator::modules(&args.out))
}

pub(crate) fn pages(args: &Generate) -> Result<Outcome> {
    let Target::Rust = args.target;
    run(args, "docs", Generator::pages(&args.out))
}

fn run(args: &Generate, subcommand: &str, generator: Generator) -> Result<Outcome> {
    let mut generator = generator.specs(&args.specs).force(args.force);
    if let Some(command) = &args.command {
        generator = generator.command(command);
    }
    if args.check {
        generator
            .check()
            .map_or_else(failed, |stale| checked(&stale, &again(args, subcommand)))
    } else {
        generator
            .write()
            .map_or_else(failed, |written| Ok(wrote(&written)))
    }
}

fn wrote(written: &Written) -> Outcome {
    terminal::problems(&written.specs);
    for path in &written.changed {
        terminal::say(&format!("wrote {}", path.display()));
    }
    let fresh = written.files.len() - written.specs.len() - written.changed.len();
    let changed = counted(written.changed.len(), "file");
    terminal::say(&format!("{changed} written, {fresh} fresh already"));
    Outcome::Done
}

fn checked(stale: &[Stale], command: &str) -> Result<Outcome> {
    if stale.is_empty() {
        terminal::say("all files are fresh");
        return Ok(Outcome::Done);
    }
    for file in stale {
        terminal::error(&format!("{}: {}", file.path.display(), file.reason));
        if !file.diff.is_empty() {
            terminal::data(file.diff.trim_end())?;
        }
    }
    let edited = stale.iter().any(|file| file.edited);
    let force = if edited { " --force" } else { "" };
    let files = counted(stale.len(), "file");
    terminal::say(&format!("\n{files} stale; to regenerate:"));
    terminal::say(&format!("  {command}{force}"));
    if edited {
        terminal::say("what was changed by hand is lost by that");
    }
    Ok(Outcome::Failed)
}

/// The call that writes what this one checks; or what the headers are told to name.
fn again(args: &Generate, subcommand: &str) -> String {
    if let Some(command) = &args.command {
        return command.clone();
    }
    let specs = args
        .specs
        .iter()
        .map(|path| quoted(&path.to_string_lossy()));
    let specs: Vec<_> = specs.collect();
    let out = quoted(&args.out.to_string_lossy());
    format!("credsmith {subcommand} {} --out {out}", specs.join(" "))
}

/// An argument as a shell takes it.
fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@%+,".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        return argument.to_owned();
    }
    format!("'{}'", argument.replace('\'', r"'\''"))
}

fn failed(failure: Failure) -> Result<Outcome> {
    match failure {
        Failure::Specs(specs) => {
            terminal::problems(&specs);
            Ok(Outcome::Wrong)
        }
        Failure::Other(error) if error.is_usage() => {
            terminal::error(&error.to_string());
            Ok(Outcome::Wrong)
        }
        Failure::Other(error) => Err(error.into()),
    }
}
