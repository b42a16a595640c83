//! Crates with a build script, one for each generator, on the same API.
//!
//! What was generated is not compiled: that is the cost of the code, not of its generator.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::openapi::{SPEC, document};
use super::program::Program;
use super::watch::{Cost, watch};
use super::{cargo_in, fetch, megabytes, said, smallest, subjects};
use crate::steps::{self, root};

/// Rounds; in each, every user is built from nothing once.
const ROUNDS: usize = 2;

/// How often the short calls are measured in a round.
const REPEATED: usize = 3;

/// How often the build script alone is measured.
const GENERATED: usize = 60;

/// A crate that generates code in its build script.
pub(super) struct User {
    /// The generator and its version.
    name: String,
    package: &'static str,
    folder: PathBuf,
    spec: PathBuf,
    /// The line of the spec that is changed.
    line: &'static str,
    /// The crates that are compiled for the build script.
    pub(super) crates: usize,
    cold: Vec<Cost>,
    again: Vec<Cost>,
    changed: Vec<Cost>,
    /// The build script alone.
    generation: Program,
}

/// The crate with credsmith, and the one with progenitor.
#[expect(clippy::print_stdout, reason = "a command-line program")]
pub(super) fn measure(folder: &Path) -> Result<[User; 2]> {
    let mut users = [credsmith(folder)?, progenitor(folder)?];
    for round in 1..=ROUNDS {
        for user in &mut users {
            println!("building for {}, round {round} of {ROUNDS} ...", user.name);
            user.round(round)?;
        }
    }
    // In turns, so that what else the machine does meets both alike.
    for _ in 0..GENERATED {
        for user in &mut users {
            user.generate()?;
        }
    }
    Ok(users)
}

fn credsmith(folder: &Path) -> Result<User> {
    let folder = copy("credsmith", folder)?;
    // The lock file of an SDK, so that there are no two to be kept.
    let lock = root().join("tests/sdks/verizon-build-script/Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock"))?;
    let spec = folder.join("verizon-edge.yaml");
    fs::copy(root().join(SPEC), &spec)?;
    let line = "Client credentials for the 5G Edge APIs.";
    User::new("credsmith-build", "credsmith-user", folder, spec, line)
}

fn progenitor(folder: &Path) -> Result<User> {
    let folder = copy("progenitor", folder)?;
    let spec = folder.join("edge.openapi.json");
    fs::copy(document(), &spec)?;
    let line = "Places to compute near a device.";
    User::new("progenitor", "progenitor-user", folder, spec, line)
}

/// Copies the crate of a user to where it is built: as deep in the project, so that its paths hold.
fn copy(user: &str, folder: &Path) -> Result<PathBuf> {
    let (from, to) = (subjects().join("users").join(user), folder.join(user));
    for path in steps::files(&from)? {
        let copy = to.join(path.strip_prefix(&from)?);
        fs::create_dir_all(copy.with_file_name(""))?;
        fs::copy(&path, copy)?;
    }
    Ok(to)
}

impl User {
    fn new(
        generator: &str,
        package: &'static str,
        folder: PathBuf,
        spec: PathBuf,
        line: &'static str,
    ) -> Result<Self> {
        fetch(&folder)?;
        let closure = closure(&folder)?;
        let version = closure
            .iter()
            .find_map(|name| name.strip_prefix(&format!("{generator} v")))
            .with_context(|| format!("{generator} is no dependency of {package}"))?;
        let output = folder.with_file_name(format!("{package}-output"));
        Ok(Self {
            name: format!("{generator} {version}"),
            package,
            // All but the crate itself.
            crates: closure.len() - 1,
            generation: Program::new(format!("{generator} {version}, build script"), output),
            folder,
            spec,
            line,
            cold: Vec::new(),
            again: Vec::new(),
            changed: Vec::new(),
        })
    }

    fn round(&mut self, round: usize) -> Result<()> {
        let target = self.folder.join("target");
        if target.exists() {
            fs::remove_dir_all(target)?;
        }
        self.cold.push(self.build()?);
        for time in 0..REPEATED {
            self.again.push(self.build()?);
            let text = fs::read_to_string(&self.spec)?;
            let line = format!("{} Change {round}.{time}.", self.line);
            fs::write(&self.spec, text.replacen(self.line, &line, 1))?;
            self.changed.push(self.build()?);
            fs::write(&self.spec, text)?;
        }
        Ok(())
    }

    /// Runs the build script alone.
    fn generate(&mut self) -> Result<()> {
        let script = self.script()?;
        self.generation.run(|output| {
            let mut command = Command::new(&script);
            command.current_dir(&self.folder).env("OUT_DIR", output);
            command
        })
    }

    fn build(&self) -> Result<Cost> {
        watch(&mut cargo_in(&self.folder, &["build", "--offline"]))
    }

    /// The build script, as cargo compiled it.
    fn script(&self) -> Result<PathBuf> {
        let builds = self.folder.join("target/debug/build");
        for entry in fs::read_dir(&builds)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let script = entry
                .path()
                .join("build-script-build")
                .with_extension(std::env::consts::EXE_EXTENSION);
            if name.starts_with(self.package) && script.exists() {
                return Ok(script);
            }
        }
        anyhow::bail!(
            "{} has no build script of {}",
            builds.display(),
            self.package
        )
    }

    /// Seconds of the fastest build from nothing.
    pub(super) fn cold(&self) -> Result<f64> {
        wall(&self.cold)
    }

    /// Microseconds for a line of what is generated.
    pub(super) fn per_line(&self) -> Result<f64> {
        self.generation.per_line()
    }

    pub(super) fn row(&self) -> String {
        let seconds = |costs: &[Cost]| {
            wall(costs).map_or_else(|_| String::new(), |seconds| format!("{seconds:.2} s"))
        };
        let memory = self.cold.iter().filter_map(|cost| cost.memory).max();
        let cpu = smallest(self.cold.iter().filter_map(|cost| cost.cpu));
        format!(
            "| {} | {} | {} | {} | {} | {} | {} |\n",
            self.name,
            self.crates,
            seconds(&self.cold),
            cpu.map_or_else(|_| "not measured".to_owned(), |cpu| format!("{cpu:.2} s")),
            memory.map_or_else(|| "not measured".to_owned(), megabytes),
            seconds(&self.again),
            seconds(&self.changed),
        )
    }

    pub(super) fn generation_row(&self) -> Result<String> {
        self.generation.row()
    }

    pub(super) fn figures(&self) -> Result<Value> {
        let figures = |costs: &[Cost]| costs.iter().map(Cost::figures).collect::<Vec<_>>();
        Ok(json!({
            "name": self.name,
            "crates": self.crates,
            "cold": figures(&self.cold),
            "again": figures(&self.again),
            "line_changed": figures(&self.changed),
            "generation": self.generation.figures()?,
        }))
    }
}

/// A crate and all that is compiled for it, as name and version.
fn closure(folder: &Path) -> Result<BTreeSet<String>> {
    let arguments = [
        "tree",
        "--offline",
        "--edges=normal,build",
        "--prefix=none",
        "--no-dedupe",
        "--format={p}",
    ];
    let tree = said(cargo_in(folder, &arguments))?;
    let names = tree.lines().filter_map(|line| {
        let mut words = line.split(' ');
        Some(format!("{} {}", words.next()?, words.next()?))
    });
    Ok(names.collect())
}

fn wall(costs: &[Cost]) -> Result<f64> {
    smallest(costs.iter().map(|cost| cost.wall))
}
