//! openapi-generator and credsmith on the same API, as programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::program::Program;
use super::{said, subjects};
use crate::bench::memory;
use crate::steps::{self, root};

/// The API as a spec of credsmith, as a path from the root.
pub(super) const SPEC: &str = "specs/verizon-edge.yaml";

/// Runs of openapi-generator.
const ROUNDS: usize = 3;

/// Runs of credsmith for each of these.
const REPEATED: usize = 10;

/// The API as a document for openapi-generator and progenitor.
pub(super) fn document() -> PathBuf {
    subjects().join("edge.openapi.json")
}

/// The two programs.
pub(super) struct Programs {
    pub(super) own: Program,
    /// None where the machine cannot run it.
    pub(super) peer: Option<Program>,
}

/// Runs both in turn. Without Java or Python the one is left out, but not in CI.
#[expect(clippy::print_stdout, reason = "a command-line program")]
pub(super) fn measure(folder: &Path, credsmith: &Path) -> Result<Programs> {
    let generator = match Generator::install() {
        Ok(generator) => Some(generator),
        Err(error) if std::env::var_os("CI").is_some() => return Err(error),
        Err(error) => {
            println!("left out: openapi-generator, for {error:#}");
            None
        }
    };
    let version = said(command(credsmith, &words(&["--version"])))?;
    let mut own = Program::new(version.trim().to_owned(), folder.join("own-output"));
    let mut peer = generator.as_ref().map(|generator| {
        let name = format!("openapi-generator {}, Rust", generator.version);
        Program::new(name, folder.join("openapi-output"))
    });
    println!("generating ...");
    let own_arguments = |output: &Path| words(&["generate", SPEC, "--out", &text(output)]);
    for _ in 0..ROUNDS {
        for _ in 0..REPEATED {
            own.run(|output| command(credsmith, &own_arguments(output)))?;
        }
        if let Some((generator, peer)) = generator.as_ref().zip(peer.as_mut()) {
            peer.run(|output| generator.call(output))?;
        }
    }
    // One more run each: to ask for the memory takes a process in between.
    let arguments = own_arguments(&own.folder("memory")?);
    own.memory = Some(memory::peak(credsmith, &arguments)?);
    if let Some((generator, peer)) = generator.zip(peer.as_mut()) {
        let arguments = generator.arguments(&peer.folder("memory")?);
        peer.memory = Some(memory::peak(Path::new("java"), &arguments)?);
    }
    Ok(Programs { own, peer })
}

impl Programs {
    pub(super) fn rows(&self) -> Result<String> {
        let peer = self.peer.as_ref().map(Program::row).transpose()?;
        Ok(self.own.row()? + &peer.unwrap_or_default())
    }

    pub(super) fn figures(&self) -> Result<Value> {
        let peer = self.peer.as_ref().map(Program::figures).transpose()?;
        Ok(json!({ "credsmith": self.own.figures()?, "openapi_generator": peer }))
    }
}

/// openapi-generator, of the version and with the hash in `bench/build/requirements.txt`.
struct Generator {
    version: String,
    program: PathBuf,
}

impl Generator {
    fn install() -> Result<Self> {
        said(command("java", &words(&["-version"]))).context("want of Java")?;
        let requirements = subjects().join("requirements.txt");
        let pinned = fs::read_to_string(&requirements)?;
        let version = pinned
            .split_once("==")
            .and_then(|(_, rest)| rest.split_whitespace().next())
            .context("bench/build/requirements.txt pins no version")?;
        let environment = root().join(format!("target/bench/openapi-generator-{version}"));
        let program = |environment: &Path| {
            let files = steps::files(environment)?;
            let mut files = files.into_iter();
            anyhow::Ok(files.find(|path| path.ends_with("openapi-generator.jar")))
        };
        if !environment.exists() || program(&environment)?.is_none() {
            let venv = words(&["-m", "venv", &text(&environment)]);
            said(command("python3", &venv)).context("want of Python")?;
            let mut pip = command(
                environment.join("bin/python"),
                &words(&["-m", "pip", "install", "--quiet", "--require-hashes"]),
            );
            pip.arg("--requirement").arg(&requirements);
            said(pip).context("want of its package")?;
        }
        Ok(Self {
            version: version.to_owned(),
            program: program(&environment)?.context("the package has no program for Java")?,
        })
    }

    fn call(&self, output: &Path) -> Command {
        command("java", &self.arguments(output))
    }

    fn arguments(&self, output: &Path) -> Vec<String> {
        let [program, document, output] = [&self.program, &document(), output].map(text);
        words(&[
            "-jar", &program, "generate", "-g", "rust", "-i", &document, "-o", &output,
        ])
    }
}

fn command(program: impl AsRef<std::ffi::OsStr>, arguments: &[String]) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(root())
        .args(arguments)
        .stdin(Stdio::null());
    command
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn text(path: impl AsRef<Path>) -> String {
    path.as_ref().display().to_string()
}
