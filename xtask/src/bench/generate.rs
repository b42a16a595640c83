//! `cargo xtask bench generate`: what `credsmith check` and `credsmith generate` take, process start
//! included, and how that grows with the spec.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::{Bar, Outcome, conclude, memory, program, release_build};
use crate::steps::{self, root};

/// The largest seed spec.
const SEED: &str = "specs/verizon-edge.yaml";

/// Schemes of the specs made here.
const SIZES: [u32; 4] = [1, 10, 100, 1_000];

/// Rounds; in each a call is measured once, or more often where it is short.
const ROUNDS: usize = 20;

/// What all runs of a short call in one round are to take.
const ROUND: Duration = Duration::from_millis(25);

/// The most runs in one round.
const MOST_RUNS: u32 = 10;

/// Builds, measures and judges. False where a bar is missed.
#[expect(clippy::print_stdout, reason = "a command-line program")]
pub(crate) fn run(write: bool) -> Result<bool> {
    println!("building credsmith (the first time takes a minute) ...");
    steps::run(release_build(&["--package", "credsmith-cli"]))?;
    let bench = Bench::new()?;
    let mut measurements = vec![Bench::check_seed(), bench.generate_seed()];
    for size in SIZES {
        measurements.push(bench.check(size)?);
        measurements.push(bench.generate(size)?);
    }
    // In turns, so that what else the machine does meets all of them alike.
    for _ in 0..ROUNDS {
        for measurement in &mut measurements {
            measurement.round(&bench.program)?;
        }
    }
    let memory = bench.peak_memory()?;
    steps::remove_folder(&bench.output())?;
    let outcome = Outcome {
        name: "generate",
        figures: figures(&measurements, memory),
        tables: tables(&measurements, memory),
        bars: bars(&measurements, memory)?,
    };
    conclude(outcome, write)
}

/// What is measured: a call of the program.
struct Measurement {
    name: String,
    command: &'static str,
    /// Zero where no spec was made for it.
    schemes: u32,
    arguments: Vec<String>,
    /// Where each run gets a new folder: files that are there already are not written again. The
    /// folders stay until all is measured, because ext4 slows down what makes files right after
    /// as many were deleted.
    output: Option<PathBuf>,
    times: Vec<Duration>,
}

impl Measurement {
    fn new(name: String, command: &'static str, schemes: u32, arguments: Vec<String>) -> Self {
        Self {
            name,
            command,
            schemes,
            arguments,
            output: None,
            times: Vec::new(),
        }
    }

    /// One run at least, and as many as there is time for.
    fn round(&mut self, program: &Path) -> Result<()> {
        let begun = Instant::now();
        for _ in 0..MOST_RUNS {
            self.sample(program)?;
            if begun.elapsed() > ROUND {
                break;
            }
        }
        Ok(())
    }

    fn sample(&mut self, program: &Path) -> Result<()> {
        let mut command = Command::new(program);
        command
            .current_dir(root())
            .args(&self.arguments)
            .args(self.next_output())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let begun = Instant::now();
        let status = command
            .status()
            .with_context(|| format!("{command:?} cannot be started"))?;
        self.times.push(begun.elapsed());
        ensure!(status.success(), "{command:?} failed with {status}");
        Ok(())
    }

    /// `--out` and a folder that is not there yet.
    fn next_output(&self) -> Vec<OsString> {
        match &self.output {
            Some(output) => vec![
                "--out".into(),
                output.join(self.times.len().to_string()).into(),
            ],
            None => Vec::new(),
        }
    }

    fn smallest(&self) -> f64 {
        milliseconds(self.times.iter().min().copied())
    }

    fn median(&self) -> f64 {
        let mut times = self.times.clone();
        times.sort();
        milliseconds(times.get(times.len() / 2).copied())
    }

    /// Microseconds for each scheme after the first, whose process has the same start. Of medians: the
    /// smallest of two hundred runs and the smallest of twenty are not the same thing.
    fn per_scheme(&self, all: &[Self]) -> Option<f64> {
        let first = all
            .iter()
            .find(|other| other.command == self.command && other.schemes == 1)?;
        let added = self.schemes.checked_sub(1).filter(|&added| added > 0)?;
        Some((self.median() - first.median()) * 1e3 / f64::from(added))
    }
}

struct Bench {
    program: PathBuf,
    folder: PathBuf,
}

impl Bench {
    fn new() -> Result<Self> {
        let folder = root().join("target/bench/generate");
        fs::create_dir_all(&folder)?;
        let bench = Self {
            program: program("credsmith"),
            folder,
        };
        steps::remove_folder(&bench.output())?;
        Ok(bench)
    }

    /// Bytes that generating the largest seed spec takes.
    fn peak_memory(&self) -> Result<u64> {
        let output = self.output().join("memory").display().to_string();
        memory::peak(&self.program, &words(&["generate", SEED, "--out", &output]))
    }

    /// Where the folders of all runs are.
    fn output(&self) -> PathBuf {
        self.folder.join("output")
    }

    fn check_seed() -> Measurement {
        let arguments = words(&["check", SEED]);
        Measurement::new(format!("check {SEED}"), "check", 0, arguments)
    }

    fn generate_seed(&self) -> Measurement {
        let arguments = words(&["generate", SEED]);
        Measurement {
            output: Some(self.output().join("seed")),
            ..Measurement::new(format!("generate {SEED}"), "generate", 0, arguments)
        }
    }

    fn check(&self, schemes: u32) -> Result<Measurement> {
        let spec = self.spec(schemes)?;
        let name = format!("check, {}", counted(schemes));
        Ok(Measurement::new(
            name,
            "check",
            schemes,
            words(&["check", &spec]),
        ))
    }

    fn generate(&self, schemes: u32) -> Result<Measurement> {
        let spec = self.spec(schemes)?;
        let arguments = words(&["generate", &spec]);
        let name = format!("generate, {}", counted(schemes));
        Ok(Measurement {
            output: Some(self.output().join(schemes.to_string())),
            ..Measurement::new(name, "generate", schemes, arguments)
        })
    }

    /// Writes a spec of that many schemes.
    fn spec(&self, schemes: u32) -> Result<String> {
        let mut text = "credsmith: 1\n\
            sdk:\n  name: Bench\n  rust: { crate: bench }\n\
            schemes:\n"
            .to_owned();
        for number in 1..=schemes {
            text.push_str(&format!(
                "  scheme_{number:04}:\n    type: oauth2\n    grant: client_credentials\n    \
                 token_url: https://api.example/{number:04}/token\n    token_provider: true\n    \
                 clock_skew: true\n"
            ));
        }
        let path = self.folder.join(format!("schemes-{schemes}.yaml"));
        fs::write(&path, text)?;
        Ok(path.display().to_string())
    }
}

fn tables(measurements: &[Measurement], memory: u64) -> String {
    let mut text =
        "| whole process | smallest | median | per scheme after the first |\n|---|--:|--:|--:|\n"
            .to_owned();
    for measurement in measurements {
        let per_scheme = measurement
            .per_scheme(measurements)
            .map_or_else(String::new, |time| format!("{time:.1} µs"));
        text.push_str(&format!(
            "| {} | {:.1} ms | {:.1} ms | {per_scheme} |\n",
            measurement.name,
            measurement.smallest(),
            measurement.median()
        ));
    }
    text.push_str(&format!(
        "\nPeak memory of `generate {SEED}`: {:.1} MB.\n",
        megabytes(memory)
    ));
    text
}

fn figures(measurements: &[Measurement], memory: u64) -> Value {
    let rows = measurements.iter().map(|measurement| {
        json!({
            "name": measurement.name,
            "command": measurement.command,
            "schemes": measurement.schemes,
            "smallest_ms": measurement.smallest(),
            "median_ms": measurement.median(),
            "runs": measurement.times.len(),
            "per_scheme_us": measurement.per_scheme(measurements),
        })
    });
    json!({
        "processes": rows.collect::<Vec<_>>(),
        "peak_memory_bytes": memory,
    })
}

fn bars(measurements: &[Measurement], memory: u64) -> Result<Vec<Bar>> {
    let find = |command: &str, schemes: u32| {
        measurements
            .iter()
            .find(|measurement| measurement.command == command && measurement.schemes == schemes)
            .with_context(|| format!("`{command}` of {schemes} schemes is missing"))
    };
    let mut bars = vec![Bar::new(
        "generate of the largest seed spec in at most 15 MB",
        format!("{:.1} MB", megabytes(memory)),
        megabytes(memory) <= 15.0,
    )];
    for command in ["check", "generate"] {
        let seed = find(command, 0)?;
        bars.push(Bar::new(
            format!("{command} of the largest seed spec in at most 10 ms"),
            format!("{:.1} ms in the median", seed.median()),
            seed.median() <= 10.0,
        ));
    }
    for command in ["check", "generate"] {
        let few = find(command, 10)?.per_scheme(measurements);
        let many = find(command, 1_000)?.per_scheme(measurements);
        let growth = many
            .zip(few)
            .map_or(f64::INFINITY, |(many, few)| many / few);
        bars.push(Bar::new(
            format!("{command}: one of 1,000 schemes takes at most 1.2 times one of 10"),
            format!("{growth:.2} times"),
            growth <= 1.2,
        ));
    }
    let all = find("generate", 1_000)?;
    bars.push(Bar::new(
        "generate of 1,000 schemes in under 1 s",
        format!("{:.0} ms in the median", all.median()),
        all.median() < 1_000.0,
    ));
    Ok(bars)
}

fn counted(schemes: u32) -> String {
    match schemes {
        1 => "1 scheme".to_owned(),
        _ => format!("{schemes} schemes"),
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn milliseconds(time: Option<Duration>) -> f64 {
    time.map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
}

#[expect(clippy::cast_precision_loss, reason = "no memory is that large")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
