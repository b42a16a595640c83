//! `cargo xtask demo`: from specs to an application that works, in one go.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::steps::{self, cargo, demo_directory, root};

/// Generates, builds, runs and names the files to look at. False if anything is not as it should be.
#[expect(clippy::print_stdout, reason = "a command-line program")]
pub(crate) fn run() -> Result<bool> {
    println!("generating modules and pages of all specs into target/demo ...");
    steps::generate_demo()?;
    println!("building an application on them (the first time takes minutes) ...");
    steps::run(cargo(&[
        "build",
        "--quiet",
        "--package",
        "credsmith-seeds",
        "--bin",
        "demo",
    ]))?;
    println!();
    let log = demo_directory().join("trace.log");
    let status = std::process::Command::new(root().join("target/debug/demo"))
        .arg(&log)
        .status()?;
    println!("\nGenerated, to look at:");
    for folder in ["modules", "pages"] {
        for path in files(&demo_directory().join(folder))? {
            println!("  {}", path.strip_prefix(root()).unwrap_or(&path).display());
        }
    }
    println!("  target/demo/trace.log (what the application traced, at the most verbose level)");
    Ok(status.success())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
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
