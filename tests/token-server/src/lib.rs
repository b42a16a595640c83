//! A scripted OAuth 2 token server and API on loopback, for tests and the demo.
//!
//! ```
//! use credsmith_token_server::{Credential, Reply, TokenServer};
//!
//! # use std::io::{Read as _, Write as _};
//! # fn get(url: &str, header: &str) -> String {
//! #     let (host, path) = url["http://".len()..].split_once('/').unwrap();
//! #     let mut stream = std::net::TcpStream::connect(host).unwrap();
//! #     write!(stream, "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{header}\r\n\r\n").unwrap();
//! #     let mut response = String::new();
//! #     stream.read_to_string(&mut response).unwrap();
//! #     response
//! # }
//! let server = TokenServer::start_blocking();
//! // Clients of the token endpoint, and what happens to its next request:
//! server.register_client("id", "secret");
//! server.enqueue(Reply::status(503).with_header("retry-after", "1"));
//! // The API asks for a key and a user, or for a token:
//! server.set_security([
//!     vec![Credential::header("X-Api-Key", "k-1"), Credential::basic("grace", "pw")],
//!     vec![Credential::oauth2()],
//! ]);
//!
//! // Here an SDK would call the API. Without its user, the key is not enough:
//! let response = get(&server.api_url("things"), "X-Api-Key: k-1");
//! assert!(response.starts_with("HTTP/1.1 401 "));
//! assert!(response.contains("the `Basic` header is missing"));
//! assert_eq!(server.api_requests()[0].header("x-api-key"), Some("k-1"));
//! assert!(server.token_requests().is_empty());
//! ```
//!
//! `POST /token` serves every grant, strictly by its RFC: client credentials, password, authorization
//! code, device code, refresh token with rotation, JWT bearer and token exchange. `/authorize` has no
//! page: its user consents at once, or not, as the test says. `/api/…` responds to requests that have the right
//! credentials: a token of this server, or what [`TokenServer::set_security`] sets. Everything is recorded, and
//! single replies can be scripted: slow, torn, errors or reset. Errors are written in the format of RFC 6749, or in
//! another [`ErrorShape`].
//!
//! The server runs on a separate thread, so that tests may stop and start their runtimes, and
//! ends when it is dropped.

mod api;
mod body;
mod client;
mod credential;
mod error_shape;
mod grant;
pub mod keys;
mod record;
mod reply;
mod serve;
mod sign_in;
mod state;

use std::net::SocketAddr;
use std::sync::{Arc, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

pub use credential::Credential;
pub use error_shape::ErrorShape;
use keys::PublicKey;
pub use record::RecordedRequest;
pub use reply::Reply;
use state::{Client, Shared, State};

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub struct TokenServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl TokenServer {
    /// Starts a server on a free port of 127.0.0.1, for callers with an async runtime.
    #[expect(
        clippy::unused_async,
        reason = "callers await it, and starting may come to need it"
    )]
    pub async fn start() -> Self {
        Self::start_blocking()
    }

    /// Starts a server on a free port of 127.0.0.1.
    ///
    /// # Panics
    ///
    /// If the system has no port or no thread left.
    pub fn start_blocking() -> Self {
        let shared = Arc::new(Shared::default());
        let (stop, stopped) = oneshot::channel();
        let (report, bound) = mpsc::channel();
        let served = Arc::clone(&shared);
        thread::Builder::new()
            .name("token-server".to_owned())
            .spawn(move || serve::run(&served, &report, stopped))
            .expect("a thread for the token server");
        let address = bound.recv().expect("a port for the token server");
        Self {
            shared,
            address,
            _stop: stop,
        }
    }

    /// The address of the token endpoint.
    pub fn token_url(&self) -> String {
        format!("http://{}/token", self.address)
    }

    /// The address of an API path; `path` comes after `/api/`.
    pub fn api_url(&self, path: &str) -> String {
        format!(
            "http://{}/api/{}",
            self.address,
            path.trim_start_matches('/')
        )
    }

    /// The host and port, as in `127.0.0.1:4711`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Makes a client known, or changes its secret.
    pub fn register_client(&self, id: impl Into<String>, secret: impl Into<String>) {
        self.state().clients.insert(
            id.into(),
            Client {
                secret: Some(secret.into()),
                key: None,
            },
        );
    }

    /// Makes a client known that signs assertions with this private key (`private_key_jwt`): with RS256 or
    /// ES256, PKCS #8 in PEM, such as [`keys::P256`].
    ///
    /// # Panics
    ///
    /// If the key cannot be read.
    pub fn register_client_with_key(&self, id: impl Into<String>, private_key: &str) {
        let key = PublicKey::of_private(private_key);
        let key = Some(key.expect("a private key for RS256 or ES256, PKCS #8 in PEM"));
        let client = Client { secret: None, key };
        self.state().clients.insert(id.into(), client);
    }

    /// Makes a client known that has no secret and sends only its id.
    pub fn register_public_client(&self, id: impl Into<String>) {
        let client = Client {
            secret: None,
            key: None,
        };
        self.state().clients.insert(id.into(), client);
    }

    /// Forgets all clients.
    pub fn clear_clients(&self) {
        self.state().clients.clear();
    }

    /// Whether Basic credentials are form-decoded (RFC 6749 section 2.3.1), as they are at first.
    pub fn set_decodes_basic(&self, decodes: bool) {
        self.state().decodes_basic = decodes;
    }

    /// Whether token requests have to be JSON objects, as some servers want them in the form's stead. At
    /// first they have to be forms (RFC 6749 appendix B), as requests to the other endpoints always do.
    pub fn set_takes_json(&self, takes_json: bool) {
        self.state().takes_json = takes_json;
    }

    /// Grants only these scopes, or all with `None`, the default.
    ///
    /// A request for more is narrowed, and the response states the granted `scope` (RFC 6749 section 3.3).
    /// A request without a scope is granted all of these. A request for none of these gets the error
    /// `invalid_scope`. Tokens issued before keep their scope; refreshing them narrows it.
    pub fn set_scopes(&self, scopes: Option<&[&str]>) {
        self.state().scopes =
            scopes.map(|scopes| scopes.iter().map(|&scope| scope.to_owned()).collect());
    }

    /// The lifetime of tokens issued from now on: whole seconds, an hour by default; with `None` the
    /// responses have no `expires_in`.
    pub fn set_expires_in(&self, expires_in: impl Into<Option<u64>>) {
        self.state().expires_in = expires_in.into();
    }

    /// Writes refusals in this shape, at all endpoints and the API: [`ErrorShape::OAuth`] at first. For single
    /// errors with a code and a message of the test's choice, script [`Reply::error`].
    ///
    /// Shapes that go with the status 200 keep the API's status. `authorization_pending` and `slow_down` are
    /// always written in the format of RFC 8628, or no device could wait.
    pub fn set_error_shape(&self, shape: ErrorShape) {
        self.state().error_shape = shape;
    }

    /// The time the token endpoint takes for each request.
    pub fn set_latency(&self, latency: Duration) {
        self.state().latency = latency;
    }

    /// The time the API takes for each request.
    pub fn set_api_latency(&self, latency: Duration) {
        self.state().api_latency = latency;
    }

    /// Scripts the next token request that has no script yet.
    pub fn enqueue(&self, reply: Reply) {
        self.state().replies.push_back(reply);
    }

    /// Scripts the next API request that has no script yet.
    pub fn enqueue_api(&self, reply: Reply) {
        self.state().api_replies.push_back(reply);
    }

    /// Drops all scripts that were not used.
    pub fn clear_replies(&self) {
        let mut state = self.state();
        state.replies.clear();
        state.api_replies.clear();
        state.endpoint_replies.clear();
    }

    /// Makes one token invalid at once.
    pub fn revoke(&self, token: &str) {
        for issued in self
            .state()
            .issued
            .iter_mut()
            .filter(|issued| issued.token == token)
        {
            issued.revoked = true;
        }
    }

    /// Makes all tokens issued so far invalid at once.
    pub fn revoke_all(&self) {
        self.state()
            .issued
            .iter_mut()
            .for_each(|issued| issued.revoked = true);
    }

    /// Whether this token was issued here, and is neither expired nor revoked.
    pub fn is_valid(&self, token: &str) -> bool {
        self.state().is_valid(token)
    }

    /// All tokens issued so far, in order.
    pub fn issued_tokens(&self) -> Vec<String> {
        self.state()
            .issued
            .iter()
            .map(|issued| issued.token.clone())
            .collect()
    }

    /// All requests to the token endpoint so far, whatever came of them, in order.
    pub fn token_requests(&self) -> Vec<RecordedRequest> {
        self.state().token_requests.clone()
    }

    /// All requests to the API so far, in order.
    pub fn api_requests(&self) -> Vec<RecordedRequest> {
        self.state().api_requests.clone()
    }

    /// All requests to any other path so far, in order: for example after a redirect.
    pub fn other_requests(&self) -> Vec<RecordedRequest> {
        self.state().other_requests.clone()
    }

    /// Forgets all recorded requests; tokens stay valid.
    pub fn clear_requests(&self) {
        let mut state = self.state();
        state.token_requests.clear();
        state.api_requests.clear();
        state.other_requests.clear();
        state.endpoint_requests.clear();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Compiles what the README shows.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
