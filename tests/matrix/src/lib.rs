//! Every combination of the options of a spec: generated, compiled with warnings denied, and used
//! against a token server.
#![deny(warnings, clippy::pedantic)]
#![deny(
    clippy::missing_errors_doc,
    clippy::must_use_candidate,
    reason = "users of generated code may lint it with all that pedantic has"
)]
#![allow(
    missing_docs,
    unreachable_pub,
    reason = "what is generated is looked at, not published"
)]

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use anyhow::{Result, ensure};
use credsmith_runtime::bytes::Bytes;
use credsmith_runtime::http::{Request, StatusCode};
use credsmith_token_server::{RecordedRequest, TokenServer};

/// What using a combination came to.
pub type Outcome = Pin<Box<dyn Future<Output = Result<()>>>>;

const ID: &str = "matrix:id";
const SECRET: &str = "s%cr+t =&:é";

include!(concat!(env!("OUT_DIR"), "/matrix.rs"));

fn server(authentication: &str) -> TokenServer {
    let server = TokenServer::start_blocking();
    match authentication {
        "none" => server.register_public_client(ID),
        _ => server.register_client(ID, SECRET),
    }
    server
}

/// Looks at what reached the server.
fn check(
    server: &TokenServer,
    status: StatusCode,
    authentication: &str,
    scope: Option<&str>,
    callback: bool,
    updates: usize,
) -> Result<()> {
    ensure!(status == StatusCode::OK, "the API answered {status}");
    let requests = server.token_requests();
    let [request] = requests.as_slice() else {
        anyhow::bail!("{} token requests", requests.len());
    };
    ensure!(
        request.parameter("scope") == scope,
        "scope {:?}",
        request.parameter("scope")
    );
    let resource = request.parameter("resource");
    ensure!(
        resource == Some("https://matrix.example/a\"b"),
        "resource {resource:?}"
    );
    let way = way(request);
    ensure!(way == authentication, "it authenticated by {way}");
    ensure!(
        updates == usize::from(callback),
        "the callback ran {updates} times"
    );
    Ok(())
}

fn way(request: &RecordedRequest) -> &'static str {
    let has = |name| request.parameter(name).is_some();
    match (
        request.header("authorization").is_some(),
        has("client_id"),
        has("client_secret"),
    ) {
        (true, false, false) => "client_secret_basic",
        (false, true, true) => "client_secret_post",
        (false, true, false) => "none",
        _ => "several ways at once",
    }
}
