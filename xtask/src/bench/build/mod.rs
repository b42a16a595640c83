//! `cargo xtask bench build`: what credsmith costs those who build with it, beside progenitor and
//! openapi-generator, and its bars.
//!
//! Everything is built by cargo as users call it, in folders made for it below `target/bench`, and
//! without the network once it is loaded.

mod openapi;
mod program;
mod sdk;
mod user;
mod watch;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use super::{Bar, Outcome, conclude, program, release_build};
use crate::steps::{self, cargo, root};
use openapi::Programs;
use sdk::Sdks;
use user::User;

/// The most crates that a build script may compile for credsmith.
const MOST_CRATES: usize = 40;

/// How many times as fast as openapi-generator credsmith has to be.
const LEAST_SPEED: f64 = 100.0;

/// What one scheme may add to `cargo check`, in seconds.
const MOST_PER_SCHEME: f64 = 0.1;

/// Builds, measures and judges. False where a bar is missed.
#[expect(clippy::print_stdout, reason = "a command-line program")]
pub(crate) fn run(write: bool) -> Result<bool> {
    println!("building credsmith (the first time takes a minute) ...");
    steps::run(release_build(&["--package", "credsmith-cli"]))?;
    let folder = root().join("target/bench/build");
    steps::remove_folder(&folder)?;
    let report = Report {
        users: user::measure(&folder)?,
        sdks: sdk::measure(&folder, &program("credsmith"))?,
        programs: openapi::measure(&folder, &program("credsmith"))?,
    };
    let outcome = Outcome {
        name: "build",
        figures: json!({
            "build_scripts": report.users.iter().map(User::figures).collect::<Result<Vec<_>>>()?,
            "sdks": report.sdks.figures(),
            "programs": report.programs.figures()?,
        }),
        tables: report.tables()?,
        bars: report.bars()?,
    };
    conclude(outcome, write)
}

struct Report {
    users: [User; 2],
    sdks: Sdks,
    programs: Programs,
}

impl Report {
    fn tables(&self) -> Result<String> {
        let users: Vec<_> = self.users.iter().map(User::row).collect();
        let generation: Result<Vec<_>> = self.users.iter().map(User::generation_row).collect();
        Ok(format!(
            "| a build script with | crates | cold build | of it CPU | peak memory | \
             built again | a line of the spec changed |\n|---|--:|--:|--:|--:|--:|--:|\n{}\n{}\n\
             | generating | time | peak memory | lines | per line |\n|---|--:|--:|--:|--:|\n{}{}",
            users.concat(),
            self.sdks.table()?,
            self.programs.rows()?,
            generation?.concat(),
        ))
    }

    fn bars(&self) -> Result<Vec<Bar>> {
        let [own, peer] = &self.users;
        let mut bars = vec![
            Bar::new(
                format!("build script: at most {MOST_CRATES} crates"),
                format!("{} crates", own.crates),
                own.crates <= MOST_CRATES,
            ),
            Bar::new(
                "build script: cold build in less time than progenitor's",
                format!("{:.1} s, {:.1} s", own.cold()?, peer.cold()?),
                own.cold()? < peer.cold()?,
            ),
            Bar::new(
                "build script: a line takes no longer than one of progenitor's",
                format!("{:.1} µs, {:.1} µs", own.per_line()?, peer.per_line()?),
                own.per_line()? <= peer.per_line()?,
            ),
        ];
        if let Some(peer) = &self.programs.peer {
            let ratio = peer.smallest()? / self.programs.own.smallest()?;
            bars.push(Bar::new(
                "whole process: at least 100 times as fast as openapi-generator",
                format!("{ratio:.0} times"),
                ratio >= LEAST_SPEED,
            ));
        }
        let added = self.sdks.per_scheme()?;
        bars.push(Bar::new(
            "a generated scheme of 50 adds less than 100 ms to `cargo check`",
            format!("{:.1} ms", added * 1e3),
            added < MOST_PER_SCHEME,
        ));
        Ok(bars)
    }
}

/// The folder of what is measured, in the project.
fn subjects() -> PathBuf {
    root().join("bench/build")
}

/// A call of cargo in a folder, with a target directory of its own.
fn cargo_in(folder: &Path, arguments: &[&str]) -> std::process::Command {
    let mut command = cargo(arguments);
    command
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"));
    command
}

/// Loads what the packages of a folder need, so that the rest is done without the network.
fn fetch(folder: &Path) -> Result<()> {
    steps::run(cargo_in(folder, &["fetch", "--quiet"]))
}

/// What a command says, which has to succeed.
fn said(mut command: std::process::Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("{command:?} cannot be started"))?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} failed:\n{words}");
    Ok(String::from_utf8(output.stdout)?)
}

/// The smallest of some seconds.
fn smallest(seconds: impl Iterator<Item = f64>) -> Result<f64> {
    seconds
        .min_by(f64::total_cmp)
        .context("nothing was measured")
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", (bytes + 500_000) / 1_000_000)
}
