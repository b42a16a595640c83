//! Prints one line for each seed and capability; `cargo xtask demo` runs it.
//!
//! The only argument is the file for the trace log.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let log = std::env::args_os().nth(1).map(PathBuf::from);
    let log = log.context("usage: demo TRACE_LOG")?;
    let report = credsmith_seeds::demo::run(&log).await?;
    #[expect(clippy::print_stdout, reason = "this is what the program is for")]
    {
        print!("{report}");
    }
    Ok(if report.all_well() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
