//! Gives every outgoing request valid credentials, and keeps OAuth 2.0 tokens valid.
//!
//! Credential modules that credsmith generates are built on this crate. It can be used without them, too:
//!
#![cfg_attr(feature = "reqwest", doc = "```")]
#![cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let server = credsmith_token_server::TokenServer::start_blocking();
//! # server.register_client("my-client", "my secret");
//! # let (token_url, api_url) = (server.token_url(), server.api_url("things"));
//! use credsmith_runtime::{ReqwestTransport, TokenManager, bytes::Bytes, http, send_authorized};
//!
//! let manager = TokenManager::builder("acme")
//!     .token_url(token_url)
//!     .client_id("my-client")
//!     .client_secret("my secret".into())
//!     .build()?;
//!
//! // Puts the `Authorization` header on a request of any HTTP client:
//! let mut request = http::Request::get(&api_url).body(Bytes::new())?;
//! manager.authorize(&mut request).await?;
//!
//! // Or sends the request as well, with another token if the API answers 401:
//! let request = http::Request::get(&api_url).body(Bytes::new())?;
//! let response = send_authorized(&ReqwestTransport::new()?, &manager, request).await?;
//! assert_eq!(response.status(), 200);
//! # Ok(())
//! # }
//! ```
//!
//! A [`TokenManager`] requests a token with its [`Grant`], by default the client credentials grant (RFC 6749 section
//! 4.4). It keeps the token in memory and refreshes it before it expires.
//!
//! - **Calls.** A call with a valid token takes no lock and allocates nothing, also during a refresh ahead of time.
//! - **Refresh.** All callers that need a token share one refresh, and its outcome, good or bad. It asks, in this
//!   order: token provider, token store, refresh token, grant, user. It runs on a thread of this crate, so no caller
//!   and no end of a runtime can cancel it. Hooks of the application run elsewhere and have a time limit
//!   ([`hook_timeout`](TokenManagerBuilder::hook_timeout),
//!   [`sign_in_timeout`](TokenManagerBuilder::sign_in_timeout)).
//! - **Deadlines.** After the refresh-ahead time, callers keep the token while a refresh runs. After the expiry less
//!   the clock skew, they wait. Both scale with the lifetime of the token. If the response has `refresh_in`, that is
//!   the refresh-ahead time, clamped to between the smaller of 10 % and 60 s, and 90 % of the lifetime.
//! - **Clocks.** Waiting is measured in monotonic time, and stored expiries are in UTC. A token has expired if either
//!   of the two says so.
//! - **The end of a program.** Work in progress is lost with the process. [`TokenManager::flush`] waits for it: for the
//!   refresh, the token store and the update callbacks.
//!
//! # Other schemes
//!
//! [`BasicAuth`], [`BearerAuth`] and [`ApiKeys`] hold credentials that do not change. [`CustomAuth`] signs requests
//! with code of the SDK. Each of them, and the manager, is an [`Authorizer`].
//!
//! A [`SecurityGroup`] has alternatives, each of one or more schemes together. The first alternative whose credentials
//! are set is used: by [`send_secured`], by the tower layer `AuthorizationLayer`, by `AuthorizationMiddleware` for
//! `reqwest-middleware`, and by [`SecurityGroup::authorize`] for every other client. The first three drop tokens that the
//! API refuses with a 401, and send the request once more.
//!
//! # Signing users in
//!
//! Three grants begin with the user: with a browser ([`TokenManager::start_sign_in`],
//! [`TokenManager::complete_sign_in`]), or with a code on another device
//! ([`TokenManager::start_device_sign_in`], [`TokenManager::complete_device_sign_in`]). After that the manager
//! uses refresh tokens. Many servers rotate them: each response replaces the refresh token, and a server may end the
//! authorization if it sees an old one again (RFC 9700 section 4.14.2). Therefore:
//!
//! - A new refresh token is saved to the store and set before any caller continues.
//! - Within one refresh, a request with a refresh token is repeated only if nothing of it reached the server. After a
//!   response that broke off, the refresh fails. The next one, after a pause, sends the same refresh token, since
//!   there is no other.
//! - Processes that share a store request tokens one at a time, under its lease, and load the token that the last
//!   holder has saved.
//! - A refresh token that the server refuses is removed, and not sent again.
//!
//! If there is no refresh token, only the user can help. A [`UserSignIn`] asks the user, within the refresh that all
//! callers share. Without one, the error says which method to call
//! ([`TokenError::is_sign_in_needed`]).
//!
//! # Troubleshooting
//!
//! Set the filter of your `tracing` subscriber to `credsmith_runtime=debug`. Each event names the scheme. Each
//! refresh is a span `token_refresh`, each exchange with the token endpoint a span `token_fetch` with a `token
//! request` for each attempt. [`TokenManager::statistics`] counts the same without a subscriber.
//!
//! | Symptom | Cause and solution |
//! |---|---|
//! | Every call fails, and no request is sent. | A failure is followed by a pause: 100 ms to 5 s, or 30 s after `invalid_client` and similar errors. All calls get the error of the last attempt. `fetch_token()` ends the pause. |
//! | Calls wait for each other. | `waits` grows: there is no valid token. Is its lifetime shorter than the clock skew (there is a warning), or is the endpoint slow? |
//! | There are many token requests. | If `invalidations` grows, the API refuses tokens: is the audience or the scope wrong? Otherwise look at `transient_failures`: a refresh makes up to three attempts. |
//! | The same token is sent although the API refuses it. | Three tokens in a row were refused. The following ones are kept for 1 s to 60 s: see [`TokenManager::invalidate`]. |
//! | The log says `clock step`. | The machine slept, or its clock was set. A step forward ages the token; a step back does not make it younger. |
//! | The log says `early refresh failed; the token is kept`. | Callers are not affected yet. The refresh is tried again after a second, then less often, up to every five minutes. |
//! | The log says `the token changed during the refresh; the new one is discarded`. | `set_token` or `clear_token` was called during the refresh. |
//! | The log says `the token was cleared during the user's sign-in; the new one is discarded`. | The user signed out during a sign-in. Only the caller of the sign-in gets its token. |
//! | A stored token is not used. | `set_token` and `clear_token` take precedence over the store, and are written to it in the background. To restore a token of an earlier run, use [`TokenManagerBuilder::token`]. |
//! | The log says `update callback failed` or `the token store failed`. | The token is used all the same. See `callback_failures` and `store_failures`. |
//! | An error says `needs the user to sign in`, although the user has signed in. | The server's error is in parentheses. `invalid_grant`: the authorization has ended, or the refresh token was used before. Does another process use it without sharing the store? Was a new refresh token not saved? |
//! | A user gets another user's token. | Managers that share a store must set [`store_account`](TokenManagerBuilder::store_account). |
//! | The `state` does not match. | The callback belongs to another request: a second tab, an old link, or an attack. Start again. |
//! | There are no metadata for the issuer. | The metadata must name exactly the configured issuer, including a final slash. |
//! | A provider fails with `it did not return within 30 s`. | It waits for its own manager through another clone. Call `fetch_token()` of the manager that it is called with. |
//!
//! # Features
//!
//! - `reqwest` (default): the asynchronous transport, over rustls, on tokio.
//! - `tracing` (default): events about the work of a manager. They contain no secrets.
//! - `blocking`: a transport and a `block_on` for callers without an async runtime.
//! - `jwt`: client authentication by signed assertions, `private_key_jwt` and `client_secret_jwt`, and the JWT bearer
//!   grant.
//! - `store-file`: a token store in files, which several processes can share.
//! - `test-util`: `ManualClock`, a clock for tests, whose time passes only when a test advances it. Turn it on in
//!   `[dev-dependencies]`.
//! - `tower`: a layer that authorizes requests. `reqwest-middleware`: the same for that crate.
//!
//! Without default features the crate builds for `wasm32-unknown-unknown`. The application then sets a [`Transport`].

mod block_on;
#[cfg(feature = "blocking")]
pub mod blocking;
mod clock;
mod destination;
mod engine;
mod env;
mod error;
mod grant;
mod interface;
mod manager;
#[cfg(feature = "reqwest-middleware")]
mod middleware;
mod policy;
mod protocol;
mod provider;
mod reply;
mod runtime;
mod schemes;
mod scope;
mod send;
mod sign_in;
mod statistics;
mod store;
mod text;
mod threads;
mod token;
#[cfg(feature = "tower")]
mod tower;
mod trace;
mod transport;

use std::future::Future;
use std::pin::Pin;

#[cfg(feature = "reqwest")]
pub use reqwest;
pub use secrecy::{ExposeSecret, SecretString};
pub use {bytes, http, serde};

#[cfg(any(test, feature = "test-util"))]
pub use clock::ManualClock;
pub use clock::{Clock, CoarseTime};
pub use env::EnvError;
pub use error::{
    ConfigError, SendError, SendErrorKind, TokenError, TokenErrorKind, TransportError,
    TransportErrorKind,
};
#[cfg(feature = "jwt")]
pub use grant::JwtBearer;
pub use grant::{Grant, PasswordGrant, SubjectToken, TokenExchange};
pub use manager::{TokenFetch, TokenManager, TokenManagerBuilder};
#[cfg(feature = "reqwest-middleware")]
pub use middleware::AuthorizationMiddleware;
pub use policy::retry::RetryPolicy;
#[cfg(feature = "jwt")]
pub use protocol::assertion::SigningKey;
pub use protocol::authentication::ClientAuthentication;
pub use protocol::introspection::TokenIntrospection;
pub use protocol::metadata::ServerMetadata;
pub use protocol::request::TokenRequestFormat;
pub use provider::{TokenProvider, TokenUpdateCallback, UserSignIn};
pub use reply::{CallbackReply, ProviderReply, SubjectTokenReply};
pub use schemes::{
    ApiKeys, ApiKeysBuilder, Applied, Authorizer, BasicAuth, BearerAuth, CustomAuth, Requirement,
    SecurityGroup, SignRequest,
};
pub use scope::UnknownScope;
pub use send::{send_authorized, send_secured};
pub use sign_in::{CallbackError, DeviceSignIn, ParameterError, SignInRequest};
pub use statistics::Statistics;
#[cfg(feature = "store-file")]
pub use store::FileStore;
pub use store::{Lease, Leases, MemoryStore, StoreError, StoreKey, StoredToken, TokenStore};
pub use token::Token;
#[cfg(feature = "tower")]
pub use tower::{AuthorizationLayer, AuthorizationService, CloneBody, ReplayBody};
#[cfg(feature = "reqwest")]
pub use transport::ReqwestTransport;
#[cfg(feature = "blocking")]
pub use transport::UreqTransport;
pub use transport::{
    BodyLimit, CONNECT_TIMEOUT, REQUEST_TIMEOUT, Transport, default_transport,
    default_transport_with,
};

/// Any error that may move between threads.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Items for generated modules alone. They change with the [interface version](assert_interface).
#[doc(hidden)]
pub mod codegen {
    pub use crate::env::{EnvError, Variables};
    pub use crate::provider::{map_provider, map_user_sign_in};
    pub use crate::reply::kind;
}
