//! What an SDK pays for its committed modules, beyond the engine that it has anyway.
//!
//! The SDKs are members of one workspace, so that the engine is compiled once, before anything is
//! measured. They are checked, not built: that is what their authors do all day.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::openapi::SPEC;
use super::watch::{Cost, watch};
use super::{cargo_in, fetch, said, smallest};
use crate::steps::root;

/// Rounds; in each, every SDK is checked once.
const ROUNDS: usize = 3;

/// Schemes of the large SDK.
const SCHEMES: u32 = 50;

/// The SDK that generates nothing.
const NOTHING: &str = "nothing";

/// The SDKs of one workspace: without generated modules, with those of one scheme, and of many.
pub(super) struct Sdks([Sdk; 3]);

struct Sdk {
    name: String,
    package: &'static str,
    /// The crates that are compiled for it beyond the engine and itself.
    crates: usize,
    costs: Vec<Cost>,
}

#[expect(clippy::print_stdout, reason = "a command-line program")]
pub(super) fn measure(folder: &Path, credsmith: &Path) -> Result<Sdks> {
    println!("checking SDKs ...");
    let folder = folder.join("sdks");
    let workspace = Workspace::new(folder, credsmith)?;
    let mut sdks = Sdks([
        Sdk::new("nothing generated", NOTHING),
        Sdk::new("committed modules of 1 scheme", "committed"),
        Sdk::new(
            &format!("committed modules of {SCHEMES} schemes"),
            "schemes",
        ),
    ]);
    // The engine, which is not measured.
    workspace.check(NOTHING)?;
    for sdk in &mut sdks.0 {
        sdk.crates = workspace.compiled(sdk.package)?;
    }
    for _ in 0..ROUNDS {
        for sdk in &mut sdks.0 {
            workspace.touch(sdk.package)?;
            sdk.costs.push(workspace.check(sdk.package)?);
        }
    }
    Ok(sdks)
}

impl Sdks {
    /// Seconds that a scheme adds.
    pub(super) fn per_scheme(&self) -> Result<f64> {
        let [nothing, _, schemes] = &self.0;
        Ok((schemes.wall()? - nothing.wall()?) / f64::from(SCHEMES))
    }

    pub(super) fn table(&self) -> Result<String> {
        let mut text =
            "| an SDK with | crates beyond the engine's | `cargo check` |\n|---|--:|--:|\n"
                .to_owned();
        for sdk in &self.0 {
            let (name, crates, wall) = (&sdk.name, sdk.crates, sdk.wall()?);
            text.push_str(&format!("| {name} | {crates} | {wall:.2} s |\n"));
        }
        Ok(text)
    }

    pub(super) fn figures(&self) -> Value {
        let figures = self.0.each_ref().map(|sdk| {
            json!({
                "name": sdk.name,
                "crates": sdk.crates,
                "check": sdk.costs.iter().map(Cost::figures).collect::<Vec<_>>(),
            })
        });
        json!(figures)
    }
}

impl Sdk {
    fn new(name: &str, package: &'static str) -> Self {
        Self {
            name: name.to_owned(),
            package,
            crates: 0,
            costs: Vec::new(),
        }
    }

    fn wall(&self) -> Result<f64> {
        smallest(self.costs.iter().map(|cost| cost.wall))
    }
}

/// The workspace with the SDKs.
struct Workspace(PathBuf);

impl Workspace {
    fn new(folder: PathBuf, credsmith: &Path) -> Result<Self> {
        fs::create_dir_all(&folder)?;
        fs::write(
            folder.join("Cargo.toml"),
            "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\nexclude = [\"target\"]\n",
        )?;
        // The lock file of an SDK, so that there are no two to be kept.
        let lock = root().join("tests/sdks/verizon-build-script/Cargo.lock");
        fs::copy(lock, folder.join("Cargo.lock"))?;
        let workspace = Self(folder);
        workspace.add(NOTHING, "")?;
        let spec = fs::read_to_string(root().join(SPEC))?;
        for (package, spec) in [("committed", spec), ("schemes", spec_of(SCHEMES))] {
            let module =
                "/// The generated modules.\n#[path = \"auth/sdk/mod.rs\"]\npub mod auth;\n";
            let folder = workspace.add(package, module)?;
            fs::write(folder.join("sdk.yaml"), spec)?;
            let mut command = Command::new(credsmith);
            command.current_dir(&folder);
            command.args(["generate", "sdk.yaml", "--out", "src/auth"]);
            said(command)?;
        }
        fetch(&workspace.0)?;
        Ok(workspace)
    }

    /// Adds an SDK.
    fn add(&self, package: &str, text: &str) -> Result<PathBuf> {
        let folder = self.0.join(package);
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("src/lib.rs"), format!("//! An SDK.\n\n{text}"))?;
        let engine = root().join("crates/credsmith-runtime");
        let manifest = format!(
            "[package]\nname = \"{package}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [dependencies]\ncredsmith-runtime = {{ path = '{}' }}\n",
            engine.display()
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        Ok(folder)
    }

    fn check(&self, package: &str) -> Result<Cost> {
        watch(&mut self.command(package))
    }

    /// Checks an SDK, and counts the other crates that were compiled for it.
    fn compiled(&self, package: &str) -> Result<usize> {
        let mut command = self.command(package);
        command.arg("--message-format=json");
        let mut crates = BTreeSet::new();
        for line in said(command)?.lines() {
            let message: Value = serde_json::from_str(line)?;
            if message["reason"] == "compiler-artifact" && message["fresh"] == false {
                let id = message["package_id"]
                    .as_str()
                    .context("a nameless package")?;
                crates.insert(id.to_owned());
            }
        }
        Ok(crates
            .iter()
            .filter(|id| !id.contains(&format!("/sdks/{package}#")))
            .count())
    }

    fn command(&self, package: &str) -> Command {
        let mut command = cargo_in(&self.0, &["check", "--offline", "--package", package]);
        // A second check of the same text is to cost what the first one does.
        command.env("CARGO_INCREMENTAL", "0");
        command
    }

    fn touch(&self, package: &str) -> Result<()> {
        let path = self.0.join(package).join("src/lib.rs");
        let text = fs::read_to_string(&path)?;
        Ok(fs::write(path, text)?)
    }
}

/// A spec of that many schemes.
fn spec_of(schemes: u32) -> String {
    let mut text = "credsmith: 1\nsdk: { name: Bench }\nschemes:\n".to_owned();
    for number in 1..=schemes {
        text.push_str(&format!(
            "  scheme_{number:02}:\n    type: oauth2\n    grant: client_credentials\n    \
             token_url: https://api.example/{number:02}/token\n    token_provider: true\n    \
             on_token_update: true\n    clock_skew: true\n"
        ));
    }
    text
}
