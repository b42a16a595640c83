//! `cargo xtask demo`: from specs to an application that works, in one go.

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
        for path in steps::files(&demo_directory().join(folder))? {
            println!("  {}", path.strip_prefix(root()).unwrap_or(&path).display());
        }
    }
    println!("  target/demo/trace.log (what the application traced, at the most verbose level)");
    Ok(status.success())
}
