//! `cargo xtask bench`: measurements, and whether they keep the project's bars.
//!
//! Everything is built with a target directory of its own, so that neither the profile nor the
//! features of a measurement disturb other builds.

pub(crate) mod build;
pub(crate) mod engine;
pub(crate) mod generate;
mod machine;
pub(crate) mod memory;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::steps::root;

/// A promise of the project, and what was seen of it.
struct Bar {
    promise: String,
    seen: String,
    is_kept: bool,
}

impl Bar {
    fn new(promise: impl Into<String>, seen: impl Into<String>, is_kept: bool) -> Self {
        Self {
            promise: promise.into(),
            seen: seen.into(),
            is_kept,
        }
    }
}

/// What a benchmark is about to say.
struct Outcome {
    /// Its name: of the command, the JSON file and the block in the documentation.
    name: &'static str,
    figures: Value,
    tables: String,
    bars: Vec<Bar>,
}

/// Prints and keeps an outcome. False where a bar is missed.
#[expect(clippy::print_stdout, reason = "a command-line program")]
fn conclude(mut outcome: Outcome, write: bool) -> Result<bool> {
    let machine = machine::describe();
    let date = machine::today();
    if let Some(figures) = outcome.figures.as_object_mut() {
        figures.insert("machine".to_owned(), json!(machine));
        figures.insert("date".to_owned(), json!(date));
    }
    let path = results(outcome.name)?;
    fs::write(&path, format!("{:#}\n", outcome.figures))?;

    let bars = bars_table(&outcome.bars);
    println!("{}\n{bars}", outcome.tables.trim_end());
    if write {
        let name = outcome.name;
        let tables = outcome.tables.trim();
        write_block(
            name,
            &format!("`cargo xtask bench {name}`, {date}, {machine}.\n\n{tables}\n\n{bars}"),
        )?;
    }
    let missed = outcome.bars.iter().filter(|bar| !bar.is_kept);
    let missed: Vec<_> = missed.map(|bar| bar.promise.as_str()).collect();
    for promise in &missed {
        println!("missed: {promise}");
    }
    Ok(missed.is_empty())
}

fn bars_table(bars: &[Bar]) -> String {
    let mut text = "| bar | seen | |\n|---|---|---|\n".to_owned();
    for bar in bars {
        let verdict = if bar.is_kept { "kept" } else { "**missed**" };
        text.push_str(&format!("| {} | {} | {verdict} |\n", bar.promise, bar.seen));
    }
    text
}

/// Replaces a marked block of the documentation.
fn write_block(name: &str, text: &str) -> Result<()> {
    let path = root().join("docs/benchmarks.md");
    let page = fs::read_to_string(&path).context("docs/benchmarks.md cannot be read")?;
    let (begin, end) = (
        format!("<!-- {name}:begin -->"),
        format!("<!-- {name}:end -->"),
    );
    let replaced = page.split_once(&begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&end)?;
        Some(format!(
            "{before}{begin}\n{}\n{end}{after}",
            text.trim_end()
        ))
    });
    let page = replaced
        .with_context(|| format!("docs/benchmarks.md has no block from {begin} to {end}"))?;
    fs::write(&path, page)?;
    Ok(())
}

/// The file that the figures of a benchmark go to.
fn results(name: &str) -> Result<PathBuf> {
    let folder = root().join("target/bench");
    fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{name}.json")))
}

/// Where benchmarks are built.
fn build_directory() -> PathBuf {
    root().join("target/bench-build")
}

/// A call of cargo that builds for a measurement.
fn release_build(arguments: &[&str]) -> std::process::Command {
    let mut command = crate::steps::cargo(&["build", "--quiet", "--release"]);
    command
        .args(arguments)
        .arg("--target-dir")
        .arg(build_directory());
    command
}

/// A program that [`release_build`] made.
fn program(name: &str) -> PathBuf {
    build_directory()
        .join("release")
        .join(Path::new(name).with_extension(std::env::consts::EXE_EXTENSION))
}
