//! Running cargo and what it built, from the root of the project.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

/// The root of the project.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// Where the demo's files go.
pub(crate) fn demo_directory() -> PathBuf {
    root().join("target/demo")
}

/// A call of cargo with everything set that all calls share, so that no two of them build anything
/// twice.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(arguments)
        .current_dir(root())
        .env("CREDSMITH_DEMO_DIR", demo_directory());
    command
}

/// Deletes a folder with all that is in it, if it is there.
pub(crate) fn remove_folder(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be deleted", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Runs a command, and fails if it does.
pub(crate) fn run(mut command: Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("{command:?} cannot be started"))?;
    ensure!(status.success(), "{command:?} failed with {status}");
    Ok(())
}

/// How many lines of a command's end are remembered.
const REMEMBERED: usize = 40;

/// Runs a command, prints what it prints, and returns whether it succeeded and its last lines.
#[expect(clippy::print_stdout, reason = "a command-line program")]
pub(crate) fn run_and_remember(mut command: Command) -> Result<(bool, VecDeque<String>)> {
    let (reader, writer) = std::io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = command
        .spawn()
        .with_context(|| format!("{command:?} cannot be started"))?;
    // It holds the writing ends; the reading one ends with the last of them.
    drop(command);
    let mut lines = VecDeque::new();
    for line in BufReader::new(reader).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        if lines.len() == REMEMBERED {
            lines.pop_front();
        }
        lines.push_back(line);
    }
    Ok((child.wait()?.success(), lines))
}

/// The specs, as paths from the root.
pub(crate) fn specs() -> Result<Vec<String>> {
    let mut specs = Vec::new();
    for entry in std::fs::read_dir(root().join("specs"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if Path::new(&name)
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            specs.push(format!("specs/{name}"));
        }
    }
    specs.sort();
    Ok(specs)
}

/// Generates the modules and pages of all specs into the demo's folder, with the command-line
/// program as users have it.
pub(crate) fn generate_demo() -> Result<()> {
    run(cargo(&["build", "--quiet", "--package", "credsmith-cli"]))?;
    let specs = specs()?;
    for folder in ["modules", "pages"] {
        // What a spec generated that is gone is not to be shown.
        remove_folder(&demo_directory().join(folder))?;
    }
    for (subcommand, folder) in [
        ("generate", "target/demo/modules"),
        ("docs", "target/demo/pages"),
    ] {
        let mut command = Command::new(root().join("target/debug/credsmith"));
        command
            .current_dir(root())
            .arg(subcommand)
            .args(&specs)
            .args(["--out", folder]);
        let output = command
            .output()
            .with_context(|| format!("{command:?} cannot be started"))?;
        let words = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{command:?} failed:\n{words}");
    }
    Ok(())
}

/// All files below a folder but hidden ones, sorted.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if !path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'))
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
