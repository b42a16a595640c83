//! `credsmith generate` and `credsmith docs`.

use std::path::{Path, PathBuf};

use anyhow::Result;
use credsmith_codegen::{Generator, Stale, Written};
use credsmith_project::{Error, Project};

use crate::Outcome;
use crate::args::Generate;
use crate::terminal::{self, counted};

pub(crate) fn modules(args: &Generate) -> Result<Outcome> {
    match &args.out {
        Some(out) => by_arguments(args, "generate", Generator::modules(out), out),
        None => by_configuration(args, &project(args)?),
    }
}

pub(crate) fn pages(args: &Generate) -> Result<Outcome> {
    match &args.out {
        Some(out) => by_arguments(args, "docs", Generator::pages(out), out),
        None => by_configuration(args, &project(args)?.only_pages()?),
    }
}

/// What `credsmith.toml` lists, as far as the call asks for it.
fn project(args: &Generate) -> Result<Project, Error> {
    let mut project = listed(args)?.force(args.force);
    if !args.specs.is_empty() {
        project = project.only(&args.specs)?;
    }
    if let Some(command) = &args.command {
        project = project.command(command);
    }
    Ok(project)
}

/// The outputs of `credsmith.toml`, of one language if the call names one.
fn listed(args: &Generate) -> Result<Project, Error> {
    let project = Project::find(".")?;
    match args.target {
        Some(target) => project.only_target(target.name()),
        None => Ok(project),
    }
}

fn by_configuration(args: &Generate, project: &Project) -> Result<Outcome> {
    if args.check {
        let stale = project.check()?;
        let command = stale.first().map(|file| file.command.clone());
        return checked(&stale, &command.unwrap_or_default());
    }
    Ok(wrote(&project.write()?))
}

/// A call that says where to: its headers name it, whatever `credsmith.toml` says.
fn by_arguments(
    args: &Generate,
    subcommand: &str,
    generator: Generator,
    out: &Path,
) -> Result<Outcome> {
    let specs = if args.specs.is_empty() {
        listed(args)?.specs()
    } else {
        args.specs.clone()
    };
    let mut generator = generator
        .specs(&specs)
        .force(args.force)
        .target(args.target.unwrap_or_default());
    if let Some(command) = &args.command {
        generator = generator.command(command);
    }
    if args.check {
        let usual = || again(subcommand, &specs, out);
        let command = args.command.clone().unwrap_or_else(usual);
        return checked(&generator.check().map_err(Error::from)?, &command);
    }
    Ok(wrote(&generator.write().map_err(Error::from)?))
}

/// The call that writes what this one checks.
fn again(subcommand: &str, specs: &[PathBuf], out: &Path) -> String {
    let quoted = |path: &Path| credsmith_codegen::quoted(&path.to_string_lossy());
    let specs: Vec<_> = specs.iter().map(|spec| quoted(spec)).collect();
    format!(
        "credsmith {subcommand} {} --out {}",
        specs.join(" "),
        quoted(out)
    )
}

pub(super) fn wrote(written: &Written) -> Outcome {
    terminal::problems(&written.specs);
    for path in &written.changed {
        terminal::say(&format!("wrote {}", path.display()));
    }
    for path in &written.removed {
        terminal::say(&format!("removed {}", path.display()));
    }
    for warning in &written.warnings {
        terminal::say(&format!("warning: {}", terminal::clean(warning)));
    }
    let fresh = generated(written) - written.changed.len();
    let changed = counted(written.changed.len(), "file");
    terminal::say(&format!("{changed} written, {fresh} fresh already"));
    Outcome::Done
}

/// How many modules and pages there are. The names of manifests begin with a dot.
fn generated(written: &Written) -> usize {
    let is_hidden = |path: &&PathBuf| {
        let name = path.file_name().unwrap_or_default();
        name.as_encoded_bytes().starts_with(b".")
    };
    written.files.iter().filter(|path| !is_hidden(path)).count()
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
