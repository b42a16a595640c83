//! The trace log, and the search for secrets in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use anyhow::{Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use credsmith_token_server::TokenServer;
use tracing_subscriber::filter::LevelFilter;

/// Secrets that were used or issued.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    seen: BTreeSet<String>,
}

/// Sends everything that the process traces, at the most verbose level, to a file.
pub(super) fn trace_into(log: &Path) -> Result<()> {
    let file = fs::File::create(log)?;
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(Mutex::new(file));
    subscriber
        .try_init()
        .map_err(|error| anyhow::anyhow!("{error}"))
}

impl Secrets {
    /// Remembers the client's secret, and every token that the server issued.
    pub(super) fn remember(&mut self, server: &TokenServer) {
        self.seen.insert(super::CLIENT_SECRET.to_owned());
        self.seen.insert("wrong secret".to_owned());
        self.seen.extend(super::kinds::SECRETS.map(str::to_owned));
        self.seen.extend(server.issued_tokens());
        self.seen.extend(server.valid_refresh_tokens());
        // What was sent in bodies: codes, verifiers, assertions, refresh tokens.
        for request in server.token_requests() {
            let secret = |name: &str| {
                [
                    "code",
                    "code_verifier",
                    "assertion",
                    "client_assertion",
                    "refresh_token",
                    "device_code",
                    "subject_token",
                ]
                .contains(&name)
            };
            let sent = request.parameters.into_iter();
            self.seen.extend(
                sent.filter(|(name, _)| secret(name))
                    .map(|(_, value)| value),
            );
        }
    }

    /// Looks for every secret, raw, form-encoded, in JSON and in Base64, in the log.
    pub(super) fn sweep(&self, log: &Path) -> Result<String> {
        let text = fs::read_to_string(log)?;
        let requests = text.matches("token request").count();
        ensure!(requests > 0, "the log shows no token request");
        ensure!(
            self.seen.len() > 10,
            "only {} secrets are known",
            self.seen.len()
        );
        let mut forms = 0;
        for secret in &self.seen {
            for form in forms_of(secret) {
                ensure!(!text.contains(&form), "the log holds a secret, as {form:?}");
                forms += 1;
            }
        }
        let lines = text.lines().count();
        Ok(format!(
            "{lines} lines with {requests} token requests, {} secrets in {forms} forms, none found",
            self.seen.len(),
        ))
    }
}

/// The ways in which a secret could be written.
fn forms_of(secret: &str) -> BTreeSet<String> {
    let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let json = serde_json::Value::from(secret).to_string();
    let json = json[1..json.len() - 1].to_owned();
    let slashes = json.replace('/', "\\/");
    let mut forms = BTreeSet::from([secret.to_owned(), encoded.clone(), json, slashes]);
    for text in [secret, &encoded] {
        // What stands before a secret shifts its Base64 by zero, one or two bytes; the characters
        // that mix it with its neighbours are left out.
        for shift in 0..3 {
            let shifted = [&b"xx"[..shift], text.as_bytes()].concat();
            for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
                let base64 = engine.encode(&shifted);
                forms.insert(base64[shift * 2..base64.len() - 2].to_owned());
            }
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_a_basic_header() {
        for id in ["i", "id", "id3", "a:b"] {
            let header = STANDARD_NO_PAD.encode(format!("{id}:s3cr3t/for tests"));
            let found = forms_of("s3cr3t/for tests")
                .iter()
                .any(|form| header.contains(form));
            assert!(found, "{id}");
        }
    }
}
