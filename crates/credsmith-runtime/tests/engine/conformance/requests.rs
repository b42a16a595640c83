//! Settings and an operation lead to exactly one request.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{HeaderMap, Request};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::files::vectors;
use super::operation::{Operation, parameter};
use super::settings::Settings;
use crate::support::{Endpoint, clock};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestVector {
    settings: Settings,
    operation: Operation,
    request: Option<Expected>,
    #[serde(default)]
    assertions: BTreeMap<String, Assertion>,
    #[serde(default)]
    refused: bool,
}

/// A request in the words of the vectors.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Expected {
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
    body: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(
    not(feature = "jwt"),
    expect(dead_code, reason = "there are no assertions")
)]
pub(super) struct Assertion {
    pub(super) header: Value,
    pub(super) claims: Value,
    pub(super) lifetime: u64,
}

#[tokio::test]
async fn requests_are_those_of_the_vectors() {
    for vector in vectors::<RequestVector>("protocol/requests") {
        if cfg!(feature = "jwt") || !vector.value.needs_jwt() {
            vector.value.check(&vector.label).await;
        }
    }
}

impl RequestVector {
    fn needs_jwt(&self) -> bool {
        self.settings.needs_jwt() || self.operation.needs_jwt()
    }

    async fn check(&self, label: &str) {
        let clock = clock();
        let endpoint = Endpoint::new(self.operation.responses());
        let builder = self.settings.builder(&endpoint, &clock);
        let manager = self.operation.configure(builder).build();
        let expected = match (&self.request, self.refused) {
            (Some(expected), false) => expected,
            (None, true) => return assert!(manager.is_err(), "{label}: not refused"),
            _ => panic!("{label}: either `request` or `refused`"),
        };
        let manager = manager.unwrap_or_else(|error| panic!("{label}: {error}"));
        let challenge = self.operation.perform(&manager).await;
        let sent = self.described(&endpoint);
        assert_eq!(sent.len(), self.operation.described(), "{label}: requests");
        for request in &sent {
            let unlike = self.assertions.keys().map(String::as_str);
            let unlike = unlike.chain(challenge.as_ref().map(|_| "code_verifier"));
            assert_eq!(&in_words(request, unlike), expected, "{label}");
        }
        if let Some(challenge) = challenge {
            let verifier = value(&sent[0], "code_verifier").unwrap();
            assert_eq!(
                URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)),
                challenge,
                "{label}"
            );
        }
        #[cfg(feature = "jwt")]
        for (name, assertion) in &self.assertions {
            let values = sent.iter().map(|request| value(request, name).unwrap());
            super::assertions::check(label, assertion, &values.collect::<Vec<_>>(), &clock);
        }
    }

    fn described(&self, endpoint: &Arc<Endpoint>) -> Vec<Request<Bytes>> {
        let sent = endpoint.requests().into_iter();
        let described = sent.skip(self.operation.preceding());
        described.take(self.operation.described()).collect()
    }
}

/// `request` as a vector writes it: values that differ in each request are their names in angle brackets.
fn in_words<'a>(request: &Request<Bytes>, differing: impl Iterator<Item = &'a str>) -> Expected {
    let mut body = String::from_utf8(request.body().to_vec()).unwrap();
    for name in differing {
        if let Some(value) = value(request, name) {
            body = body.replace(&value, &format!("<{name}>"));
        }
    }
    Expected {
        method: request.method().to_string(),
        url: request.uri().to_string(),
        headers: fields(request.headers()),
        body,
    }
}

fn fields(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
    let fields = headers.iter();
    fields
        .map(|(name, value)| (name.to_string(), text(value)))
        .collect()
}

/// A parameter of the body, whichever its format.
fn value(request: &Request<Bytes>, name: &str) -> Option<String> {
    if request.headers()["content-type"] != "application/json" {
        return parameter(request.body(), name);
    }
    let members: BTreeMap<String, String> = serde_json::from_slice(request.body()).unwrap();
    members.get(name).cloned()
}
