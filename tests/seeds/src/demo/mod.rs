//! What every seed system does, and every kind of scheme, shown against a token server on loopback.

mod automatic;
mod edge;
mod kinds;
mod own;
mod report;
mod secrets;

use std::path::Path;

use anyhow::Result;
use credsmith_token_server::TokenServer;

pub use report::Report;
use report::Seed;
use secrets::Secrets;

/// The client that every seed registers. Its secret has all that encodings stumble over.
const CLIENT_ID: &str = "demo:client";
const CLIENT_SECRET: &str = "s3cr3t/%+=&:for the demo";

/// Runs all demonstrations; what the whole process traces goes to `log`.
///
/// # Errors
///
/// When the log cannot be written. What does not work as it should is in the report.
pub async fn run(log: &Path) -> Result<Report> {
    secrets::trace_into(log)?;
    let mut report = Report::default();
    let mut secrets = Secrets::default();
    automatic::thingspace::run(&mut Seed::new("000, 002", &mut report, &mut secrets)).await;
    own::blocking(&mut Seed::new("000, 002", &mut report, &mut secrets)).await;
    automatic::multiauthsample::run(&mut Seed::new("001", &mut report, &mut secrets)).await;
    automatic::paypal::run(&mut Seed::new("003", &mut report, &mut secrets)).await;
    own::environments(&mut Seed::new("003", &mut report, &mut secrets)).await;
    edge::run(&mut Seed::new("004", &mut report, &mut secrets)).await;
    kinds::run(&mut Seed::new("kinds", &mut report, &mut secrets)).await;
    report.line("all", "no secret in the trace", secrets.sweep(log));
    Ok(report)
}

/// A server that knows the client.
fn server() -> TokenServer {
    let server = TokenServer::start_blocking();
    server.register_client(CLIENT_ID, CLIENT_SECRET);
    server
}
