//! A scripted endpoint without a network, and managers over it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use credsmith_runtime::{
    Authorizer, BoxFuture, ManualClock, Requirement, SecretString, SecurityGroup, TokenManager,
    TokenManagerBuilder, Transport, TransportError, TransportErrorKind,
};
use futures_util::future::join_all;
use http::{Request, Response};
use tokio::sync::Semaphore;

/// The wall clock at the beginning of each test: 2026-01-01.
pub(crate) fn start() -> SystemTime {
    SystemTime::UNIX_EPOCH + seconds(1_767_225_600)
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[derive(Clone, Copy)]
pub(crate) enum Scripted {
    /// A token `token-N`, N being the number of the request, with this `expires_in` as JSON.
    Token(&'static str),
    /// A status, a header and a body.
    Response(u16, Option<(&'static str, &'static str)>, &'static str),
    /// A response with any headers and any bytes.
    Whole(&'static Response<Bytes>),
    Failure(TransportErrorKind),
    Panic,
}

pub(crate) const UNAVAILABLE: Scripted = Scripted::Response(503, None, "");
pub(crate) const INVALID_CLIENT: Scripted = Scripted::Response(
    401,
    None,
    r#"{"error":"invalid_client","error_description":"Client authentication failed"}"#,
);

/// A token endpoint with scripted responses. The last response is repeated.
pub(crate) struct Endpoint {
    script: Mutex<VecDeque<Scripted>>,
    requests: Mutex<Vec<Request<Bytes>>>,
    gate: Semaphore,
}

impl Endpoint {
    pub(crate) fn new(script: impl IntoIterator<Item = Scripted>) -> Arc<Self> {
        Self::with_gate(script, Semaphore::MAX_PERMITS)
    }

    /// An endpoint that does not respond before [`Endpoint::open`].
    pub(crate) fn closed(script: impl IntoIterator<Item = Scripted>) -> Arc<Self> {
        Self::with_gate(script, 0)
    }

    fn with_gate(script: impl IntoIterator<Item = Scripted>, permits: usize) -> Arc<Self> {
        Arc::new(Self {
            script: Mutex::new(script.into_iter().collect()),
            requests: Mutex::default(),
            gate: Semaphore::new(permits),
        })
    }

    pub(crate) fn open(&self) {
        self.gate.add_permits(1_000_000);
    }

    pub(crate) fn close(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub(crate) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    pub(crate) fn requests(&self) -> Vec<Request<Bytes>> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn then(&self, answers: impl IntoIterator<Item = Scripted>) {
        *self.script.lock().unwrap() = answers.into_iter().collect();
    }

    fn next(&self) -> Scripted {
        let mut script = self.script.lock().unwrap();
        if script.len() > 1 {
            script.pop_front().unwrap()
        } else {
            script[0]
        }
    }
}

impl Transport for Endpoint {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let number = {
            let mut requests = self.requests.lock().unwrap();
            requests.push(request);
            requests.len()
        };
        Box::pin(async move {
            drop(self.gate.acquire().await.unwrap());
            response_of(self.next(), number)
        })
    }
}

fn response_of(scripted: Scripted, number: usize) -> Result<Response<Bytes>, TransportError> {
    let response = Response::builder();
    match scripted {
        Scripted::Token(expires_in) => {
            let body = format!(
                r#"{{"access_token":"token-{number}","token_type":"Bearer","expires_in":{expires_in}}}"#
            );
            Ok(response.body(body.into()).unwrap())
        }
        Scripted::Response(status, header, body) => {
            let response = header
                .into_iter()
                .fold(response, |response, (name, value)| {
                    response.header(name, value)
                });
            Ok(response.status(status).body(body.into()).unwrap())
        }
        Scripted::Whole(response) => Ok(response.clone()),
        Scripted::Failure(kind) => Err(TransportError::new(kind, "scripted")),
        Scripted::Panic => panic!("scripted panic"),
    }
}

pub(crate) fn clock() -> ManualClock {
    ManualClock::new(start()).with_sleep_advancing()
}

/// A manager over `endpoint` without credentials.
pub(crate) fn bare(endpoint: &Arc<Endpoint>, clock: &ManualClock) -> TokenManagerBuilder {
    let transport: Arc<dyn Transport> = Arc::<Endpoint>::clone(endpoint);
    TokenManager::builder("acme_oauth")
        .token_url("https://acme.example/token")
        .credential_names("oauth_client_id", "oauth_client_secret")
        .transport(transport)
        .clock(Arc::new(clock.clone()))
}

/// A manager over `endpoint` with credentials.
pub(crate) fn builder(endpoint: &Arc<Endpoint>, clock: &ManualClock) -> TokenManagerBuilder {
    bare(endpoint, clock)
        .client_id("the-id")
        .client_secret(SecretString::from("the-secret"))
}

pub(crate) fn manager(endpoint: &Arc<Endpoint>, clock: &ManualClock) -> TokenManager {
    builder(endpoint, clock).build().unwrap()
}

/// A requirement of a copy of `authorizer`.
pub(crate) fn needs(
    authorizer: &(impl Authorizer + Clone + 'static),
    parameter: &'static str,
) -> Requirement {
    Requirement {
        authorizer: Arc::new(authorizer.clone()),
        parameter,
    }
}

pub(crate) fn group(alternatives: &[&[Requirement]]) -> SecurityGroup {
    let all: Vec<Vec<_>> = alternatives
        .iter()
        .map(|all| all.iter().collect())
        .collect();
    SecurityGroup::new(&all.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// The access token that `manager` hands out.
pub(crate) async fn token_of(manager: &TokenManager) -> String {
    text(&manager.token().await.unwrap())
}

pub(crate) fn text(token: &credsmith_runtime::Token) -> String {
    use credsmith_runtime::ExposeSecret;
    token.access_token().expose_secret().to_owned()
}

/// `count` tasks that ask for a token at the same time.
pub(crate) async fn crowd(
    manager: &TokenManager,
    count: usize,
) -> Vec<Result<credsmith_runtime::Token, credsmith_runtime::TokenError>> {
    let tasks = (0..count).map(|_| {
        let manager = manager.clone();
        tokio::spawn(async move { manager.token().await })
    });
    join_all(tasks.collect::<Vec<_>>())
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect()
}

/// Waits for what happens in the background.
pub(crate) fn eventually(mut happens: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !happens() {
        assert!(begun.elapsed() < seconds(10), "it does not happen");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Lets everything that can run, run.
pub(crate) async fn run_until_idle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}
