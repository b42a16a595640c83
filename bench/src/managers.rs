//! Many managers that are due at once, each in need of its own token.
//!
//! The managers run in a separate process, the program `managers`; their endpoint runs in this one.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::endpoint::{Answer, Endpoint};

/// The time until the endpoint answers.
const DELAY_MILLISECONDS: u64 = 500;

/// The transports, as the program calls them, and as the table does.
const TRANSPORTS: [(&str, &str); 3] = [
    ("default", "the default transport"),
    ("handed_in", "a transport without connections"),
    ("ureq", "`UreqTransport`"),
];

/// One row.
#[derive(Serialize)]
pub(crate) struct Managers {
    pub(crate) transport: &'static str,
    pub(crate) name: &'static str,
    #[serde(flatten)]
    pub(crate) figures: Figures,
}

/// The output of the program.
#[derive(Serialize, Deserialize)]
pub(crate) struct Figures {
    pub(crate) count: usize,
    pub(crate) requests: usize,
    pub(crate) served: usize,
    pub(crate) last_ms: u64,
    /// The most at a time, where the system tells.
    pub(crate) threads: Option<usize>,
    /// The memory for each manager while all wait, if they ever did so at the same time.
    pub(crate) bytes_each: Option<usize>,
}

/// Measures all rows.
pub(crate) fn run() -> Result<Vec<Managers>> {
    let rows = TRANSPORTS.into_iter().map(|(transport, name)| {
        eprintln!("1,000 managers: {name}");
        let figures = measured(transport).with_context(|| format!("1,000 managers, {name}"))?;
        Ok(Managers {
            transport,
            name,
            figures,
        })
    });
    rows.collect()
}

fn measured(transport: &str) -> Result<Figures> {
    let endpoint = Endpoint::new(None, None, Answer::token(3_600).after(DELAY_MILLISECONDS));
    let program = std::env::current_exe()?.with_file_name("managers");
    let mut command = Command::new(program.with_extension(std::env::consts::EXE_EXTENSION));
    command.args([transport, &endpoint.token_url()]);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{command:?} cannot be started"))?;
    ensure!(
        output.status.success(),
        "{command:?} failed with {}",
        output.status
    );
    serde_json::from_slice(&output.stdout).context("the figures are malformed")
}
