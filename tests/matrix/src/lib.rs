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

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use credsmith_runtime::bytes::Bytes;
use credsmith_runtime::http::{HeaderValue, Request, StatusCode};
use credsmith_runtime::{BoxError, SignRequest};
use credsmith_token_server::keys::P256 as PRIVATE_KEY;
use credsmith_token_server::{RecordedRequest, TokenServer};

/// What using a combination came to.
pub type Outcome = Pin<Box<dyn Future<Output = Result<()>>>>;

const ID: &str = "matrix:id";
const SECRET: &str = "s%cr+t =&:é";
const USER: &str = "user@example.com";
const PASSWORD: &str = "p%ss=&";
const SUBJECT_TOKEN: &str = "the subject's token";
const REDIRECT_URI: &str = "https://app.example/callback?from=matrix";

include!(concat!(env!("OUT_DIR"), "/matrix.rs"));

/// The folder with the spec of each combination.
#[must_use]
pub fn specs() -> &'static Path {
    Path::new(concat!(env!("OUT_DIR"), "/specs"))
}

fn server(authentication: &str) -> TokenServer {
    let server = TokenServer::start_blocking();
    match authentication {
        "none" => server.register_public_client(ID),
        _ => server.register_client(ID, SECRET),
    }
    server
}

/// A server that knows the client, the user, and what stands for one, and takes token requests as JSON or
/// as forms.
fn grant_server(authentication: &str, json: bool) -> TokenServer {
    let server = server(authentication);
    server.set_takes_json(json);
    server.register_user(USER, PASSWORD);
    server.register_assertion_issuer(USER);
    server.register_subject_token(SUBJECT_TOKEN);
    server.set_device_interval(0);
    server
}

/// Where the browser is sent when it asks for `url`.
fn redirected(url: &str) -> Result<String> {
    let rest = url.strip_prefix("http://").context("the server is plain")?;
    let (host, target) = rest.split_once('/').context("an address has a path")?;
    let mut stream = TcpStream::connect(host)?;
    write!(
        stream,
        "GET /{target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let location = answer
        .lines()
        .find_map(|line| line.strip_prefix("location: "));
    let location = location.with_context(|| format!("no redirect: {answer}"))?;
    Ok(location.to_owned())
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
    let version = request.header("matrix-version");
    ensure!(version == Some(r#"a"b\ {c}"#), "version {version:?}");
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

impl SignRequest for simple::RequestCredentials {
    fn sign(&self, request: &mut Request<Bytes>) -> Result<(), BoxError> {
        let name = self.name().ok_or("no name")?;
        let seen = format!(
            "{name} {} {} {} {}",
            request.method(),
            request.uri().path(),
            request.headers().contains_key("authorization"),
            request.body().len()
        );
        let value = HeaderValue::from_str(&seen)?;
        request.headers_mut().insert("x-signature", value);
        Ok(())
    }
}

impl SignRequest for simple::AllOptionalCredentials {
    fn sign(&self, request: &mut Request<Bytes>) -> Result<(), BoxError> {
        let value = HeaderValue::from_static("signed");
        request.headers_mut().insert("x-signature", value);
        Ok(())
    }
}
