//! One line for each seed and capability.

use std::fmt;

use anyhow::Result;
use credsmith_token_server::TokenServer;

use super::secrets::Secrets;

/// What was shown.
#[derive(Debug, Default)]
pub struct Report {
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    seed: &'static str,
    capability: &'static str,
    outcome: Result<String>,
}

impl Report {
    /// Whether every line is as it should be.
    pub fn all_well(&self) -> bool {
        self.lines.iter().all(|line| line.outcome.is_ok())
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether nothing was shown.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn line(
        &mut self,
        seed: &'static str,
        capability: &'static str,
        outcome: Result<String>,
    ) {
        self.lines.push(Line {
            seed,
            capability,
            outcome,
        });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Line {
            seed,
            capability,
            outcome,
        } in &self.lines
        {
            let (mark, text) = match outcome {
                Ok(text) => ("ok  ", text.clone()),
                Err(error) => ("FAIL", format!("{error:#}")),
            };
            writeln!(f, "{mark} seed {seed:<8}  {capability:<24}  {text}")?;
        }
        let failed = self
            .lines
            .iter()
            .filter(|line| line.outcome.is_err())
            .count();
        writeln!(
            f,
            "{} shown, {failed} not as they should be",
            self.lines.len()
        )
    }
}

/// The lines of one seed.
pub(super) struct Seed<'a> {
    name: &'static str,
    report: &'a mut Report,
    secrets: &'a mut Secrets,
}

impl<'a> Seed<'a> {
    pub(super) fn new(
        name: &'static str,
        report: &'a mut Report,
        secrets: &'a mut Secrets,
    ) -> Self {
        Self {
            name,
            report,
            secrets,
        }
    }

    /// Shows a capability against a server of its own, and remembers the secrets it issued.
    pub(super) async fn show<F>(&mut self, capability: &'static str, demonstrate: F)
    where
        F: AsyncFnOnce(&TokenServer) -> Result<String>,
    {
        let server = super::server();
        let outcome = demonstrate(&server).await;
        self.secrets.remember(&server);
        self.report.line(self.name, capability, outcome);
    }
}
