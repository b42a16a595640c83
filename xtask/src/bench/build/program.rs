//! A program that generates code, as a whole process.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::{megabytes, smallest};
use crate::steps;

/// A program, and what its runs took.
pub(super) struct Program {
    name: String,
    /// Where each run gets a new folder. They stay: ext4 slows down what makes files right after as
    /// many were deleted.
    output: PathBuf,
    /// Seconds.
    times: Vec<f64>,
    /// Bytes, where they were measured.
    pub(super) memory: Option<u64>,
}

impl Program {
    pub(super) fn new(name: String, output: PathBuf) -> Self {
        Self {
            name,
            output,
            times: Vec::new(),
            memory: None,
        }
    }

    /// A folder for `run` alone.
    pub(super) fn folder(&self, run: &str) -> Result<PathBuf> {
        let folder = self.output.join(run);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Runs it once, with an empty folder to write to.
    pub(super) fn run(&mut self, call: impl FnOnce(&Path) -> Command) -> Result<()> {
        let mut command = call(&self.folder(&self.times.len().to_string())?);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null());
        let begun = Instant::now();
        let status = command
            .status()
            .with_context(|| format!("{command:?} cannot be started"))?;
        self.times.push(begun.elapsed().as_secs_f64());
        ensure!(status.success(), "{command:?} failed with {status}");
        Ok(())
    }

    /// Seconds of the fastest run.
    pub(super) fn smallest(&self) -> Result<f64> {
        smallest(self.times.iter().copied())
    }

    /// Microseconds for a line of what it wrote.
    pub(super) fn per_line(&self) -> Result<f64> {
        let lines = u32::try_from(self.lines()?)?;
        Ok(self.smallest()? * 1e6 / f64::from(lines))
    }

    fn lines(&self) -> Result<usize> {
        let mut lines = 0;
        for path in steps::files(&self.folder("0")?)? {
            lines += String::from_utf8_lossy(&fs::read(path)?).lines().count();
        }
        Ok(lines)
    }

    pub(super) fn row(&self) -> Result<String> {
        Ok(format!(
            "| {} | {:.1} ms | {} | {} | {:.1} µs |\n",
            self.name,
            self.smallest()? * 1e3,
            self.memory.map_or_else(String::new, megabytes),
            self.lines()?,
            self.per_line()?,
        ))
    }

    pub(super) fn figures(&self) -> Result<Value> {
        Ok(json!({
            "name": self.name,
            "times_s": self.times,
            "lines": self.lines()?,
            "peak_memory_bytes": self.memory,
        }))
    }
}
