//! `cargo xtask test`: everything that the project tests, one summary.

use std::collections::VecDeque;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::packages::Place;
use crate::steps::{self, cargo};

/// One thing that is tested, and the command that does it, in a folder of the project.
struct Step {
    name: &'static str,
    folder: &'static str,
    arguments: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
}

const STEPS: &[Step] = &[
    Step {
        name: "format",
        folder: ".",
        arguments: &["fmt", "--all", "--check"],
        environment: &[],
    },
    Step {
        name: "lints",
        folder: ".",
        arguments: &[
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
        environment: &[],
    },
    Step {
        name: "tests",
        folder: ".",
        arguments: &[
            "test",
            "--quiet",
            "--workspace",
            "--exclude",
            "credsmith-matrix",
            "--exclude",
            "credsmith-sdks",
        ],
        environment: &[],
    },
    Step {
        name: "matrix, 138 combinations",
        folder: ".",
        arguments: &["test", "--quiet", "--package", "credsmith-matrix"],
        environment: &[],
    },
    Step {
        name: "documentation",
        folder: ".",
        arguments: &[
            "doc",
            "--quiet",
            "--workspace",
            "--no-deps",
            "--document-private-items",
        ],
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
    },
    Step {
        name: "runtime, all features",
        folder: ".",
        arguments: &[
            "test",
            "--quiet",
            "--package",
            "credsmith-runtime",
            "--package",
            "credsmith-token-server",
            "--all-features",
        ],
        environment: &[],
    },
    Step {
        name: "runtime, lints with all features",
        folder: ".",
        arguments: &[
            "clippy",
            "--quiet",
            "--package",
            "credsmith-runtime",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ],
        environment: &[],
    },
    Step {
        name: "runtime, no default features",
        folder: ".",
        arguments: &[
            "check",
            "--quiet",
            "--package",
            "credsmith-runtime",
            "--no-default-features",
        ],
        environment: &[("RUSTFLAGS", "-D warnings")],
    },
    Step {
        name: "packages, built from their tarballs",
        folder: ".",
        arguments: PACKAGE,
        environment: &[],
    },
    Step {
        name: "SDK with committed modules",
        folder: "tests/sdks/paypal-committed",
        arguments: &["test", "--quiet"],
        environment: SDK_TARGET,
    },
    Step {
        name: "its modules and pages are fresh",
        folder: "tests/sdks/paypal-committed",
        arguments: &["xtask", "codegen", "--check"],
        environment: SDK_TARGET,
    },
    Step {
        name: "SDK with a build script",
        folder: "tests/sdks/verizon-build-script",
        arguments: &["test", "--quiet", "--features", "blocking"],
        environment: SDK_TARGET,
    },
    Step {
        name: "both SDKs outside of the project",
        folder: ".",
        arguments: &["test", "--quiet", "--package", "credsmith-sdks"],
        environment: &[],
    },
];

/// The SDKs are workspaces of their own, and share what they build.
const SDK_TARGET: &[(&str, &str)] = &[("CARGO_TARGET_DIR", "../../../target/sdks")];

/// Builds the packages from their tarballs, in a [`Place`].
const PACKAGE: &[&str] = &["package", "--quiet", "--allow-dirty"];

/// Runs all steps, even after one failed. False if any did.
#[expect(clippy::print_stdout, reason = "a command-line program")]
pub(crate) fn run() -> Result<bool> {
    println!("== generate\n");
    steps::generate_demo()?;
    let wasm = wasm_is_installed().then_some(&WASM);
    let mut outcomes = Vec::new();
    for step in STEPS.iter().chain(wasm) {
        println!("== {}\n", step.name);
        outcomes.push(Outcome::of(step)?);
    }
    for outcome in outcomes.iter().filter(|outcome| !outcome.passed) {
        println!("\n== the end of what failed: {}\n", outcome.step.name);
        for line in &outcome.last_lines {
            println!("{line}");
        }
    }
    println!("\n== summary\n");
    for outcome in &outcomes {
        println!("{}", outcome.line());
    }
    for line in left_out() {
        println!("{line}");
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.passed).count();
    if failed == 0 {
        println!("\n{}", pages()?);
    }
    println!("\n{} passed, {failed} failed", outcomes.len() - failed);
    Ok(failed == 0)
}

const WASM: Step = Step {
    name: "runtime for wasm32",
    folder: ".",
    arguments: &[
        "check",
        "--quiet",
        "--package",
        "credsmith-runtime",
        "--target",
        "wasm32-unknown-unknown",
        "--no-default-features",
    ],
    environment: &[],
};

fn wasm_is_installed() -> bool {
    let mut rustup = Command::new("rustup");
    let output = rustup.args(["target", "list", "--installed"]).output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("wasm32-unknown"))
}

fn node_is_installed() -> bool {
    let output = Command::new("node").arg("--version").output();
    output.is_ok_and(|output| output.status.success())
}

/// What was left out for want of a program, a line each.
fn left_out() -> Vec<&'static str> {
    let mut lines = Vec::new();
    if !node_is_installed() {
        lines.push("left out: oidc-provider, for want of Node.js");
    }
    if !wasm_is_installed() {
        lines.push(
            "left out: wasm32, for want of its target (rustup target add wasm32-unknown-unknown)",
        );
    }
    lines
}

/// What the pages hold; the tests compiled each block and followed each link.
fn pages() -> Result<String> {
    let (mut pages, mut blocks, mut links) = (0, 0, 0);
    for path in steps::files(&steps::demo_directory().join("pages"))? {
        let text = std::fs::read_to_string(path)?;
        pages += 1;
        blocks += text.matches("```rust\n").count();
        links += text
            .split("```")
            .step_by(2)
            .map(|prose| prose.matches("](").count())
            .sum::<usize>();
    }
    Ok(format!(
        "{pages} pages with {blocks} blocks of Rust and {links} links"
    ))
}

/// What came of a step.
struct Outcome {
    step: &'static Step,
    passed: bool,
    time: Duration,
    last_lines: VecDeque<String>,
}

impl Outcome {
    /// Runs a step, and waits for its end.
    fn of(step: &'static Step) -> Result<Self> {
        let place = (step.arguments == PACKAGE).then(Place::new).transpose()?;
        let mut command = cargo(step.arguments);
        command.envs(step.environment.iter().copied());
        command.envs(
            place
                .iter()
                .map(|place| ("CARGO_TARGET_DIR", place.target())),
        );
        command.current_dir(steps::root().join(step.folder));
        let start = Instant::now();
        let (passed, last_lines) = steps::run_and_remember(command)?;
        Ok(Self {
            step,
            passed,
            time: start.elapsed(),
            last_lines,
        })
    }

    fn line(&self) -> String {
        let Self { step, passed, .. } = self;
        let mark = if *passed { "ok  " } else { "FAIL" };
        let again = if *passed {
            String::new()
        } else {
            let arguments = step.arguments.join(" ");
            format!("  again with: cargo {arguments}, in {}", step.folder)
        };
        let seconds = self.time.as_secs_f64();
        format!("{mark} {:<32} {seconds:>6.1} s{again}", step.name)
    }
}
