//! The peak memory of another program.
//!
//! The kernel keeps one maximum for all children of a process. So each measurement is one run of
//! this program, which starts the other one as its only child. What a child has at its start counts
//! as well, and is this program's own size: small figures are at most that.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

/// Runs a program, and says what memory it took at most, in bytes.
pub(super) fn peak(program: &Path, arguments: &[String]) -> Result<u64> {
    let output = Command::new(std::env::current_exe()?)
        .arg("peak-memory")
        .arg(program)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "the memory was not measured");
    let text = String::from_utf8(output.stdout)?;
    text.trim()
        .parse()
        .context("the memory is not a number of bytes")
}

/// Runs a program as the only child of this process, and prints its peak memory.
#[expect(clippy::print_stdout, reason = "a command-line program")]
pub(crate) fn print(program: &str, arguments: &[&str]) -> Result<bool> {
    let status = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .with_context(|| format!("{program} cannot be started"))?;
    ensure!(status.success(), "{program} failed with {status}");
    println!("{}", children()?);
    Ok(true)
}

#[cfg(unix)]
fn children() -> Result<u64> {
    use nix::sys::resource::{UsageWho, getrusage};

    let peak = u64::try_from(getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss())?;
    // Kibibytes everywhere but on Apple's systems.
    Ok(if cfg!(target_vendor = "apple") {
        peak
    } else {
        peak * 1_024
    })
}

#[cfg(not(unix))]
fn children() -> Result<u64> {
    anyhow::bail!("the memory of a child is measured on Unix only")
}
