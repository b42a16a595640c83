//! The `credsmith` command: checks specs, generates modules and pages.
//!
//! Data goes to stdout, words to stderr. Exit codes: 0 done, 1 stale or failed, 2 the spec or the
//! call is wrong. All work is done by the libraries; here are arguments, terminal and exit codes.

mod args;
mod commands;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = match args.command {
        Command::Init(init) => commands::init::run(&init),
        Command::Check(check) => commands::check::run(&check),
        Command::Generate(generate) => commands::generate::modules(&generate),
        Command::Docs(docs) => commands::generate::pages(&docs),
        Command::Plan(plan) => commands::plan::run(&plan),
        Command::Schema(schema) => commands::schema::run(&schema),
        Command::Explain(explain) => commands::explain::run(&explain),
        Command::Token(token) => commands::token::run(&token),
        Command::Completions(completions) => commands::completions::run(&completions),
        Command::Man(man) => commands::man::run(&man),
    };
    match outcome {
        Ok(outcome) => outcome.into(),
        Err(error) => commands::failed(&error).into(),
    }
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Done,
    /// Something is stale, or something failed.
    Failed,
    /// The spec, or the call, is wrong.
    Wrong,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::Failed => 1,
            Outcome::Wrong => 2,
        })
    }
}
