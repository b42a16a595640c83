//! The asynchronous transport, over rustls.
//!
//! API requests run on the tokio runtime of the call, or on the crate's runtime if there is none. Requests to the
//! authorization server always run on the crate's runtime. Their responses may contain the only copy of a refresh
//! token, which must not be lost if the application ends a runtime, does not drive it, or builds it without the
//! necessary drivers.

mod clients;
mod runtime;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use tokio::task::{JoinError, JoinHandle};

use self::clients::{Clients, OwnClients};
use super::{
    BodyLimit, DEFAULT_USER_AGENT, Transport, UserAgent, is_for_authorization_server, too_large,
    without_user_info,
};
use crate::BoxFuture;
use crate::error::{TransportError, TransportErrorKind};

/// Sends requests with a [`reqwest::Client`].
///
/// Requests to the authorization server run on a thread of this crate, so that no response is lost if a runtime ends.
/// API requests run on the tokio runtime of the call.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    clients: Clients,
    user_agent: UserAgent,
}

impl ReqwestTransport {
    /// Makes a client: 10 s to connect, 30 s for the whole exchange, no redirects, and the proxies of the system for
    /// all hosts except loopback. Requests without a `User-Agent` get the one of this crate.
    ///
    /// # Errors
    ///
    /// Returns an error if the client cannot be made, for example because no certificates can be loaded.
    pub fn new() -> Result<Self, TransportError> {
        Ok(Self::with_clients(OwnClients::for_api()?))
    }

    /// Returns the shared clients for token requests, which keep no idle connections.
    pub(super) fn for_tokens() -> Result<Self, TransportError> {
        Ok(Self::with_clients(OwnClients::for_tokens()?))
    }

    fn with_clients(clients: Arc<OwnClients>) -> Self {
        Self {
            clients: Clients::Own(clients),
            user_agent: UserAgent::new(DEFAULT_USER_AGENT),
        }
    }

    /// Sets the `User-Agent` of requests that have none, for example to [`user_agent!`](crate::user_agent). A value
    /// that is not valid in a header is ignored.
    #[must_use]
    pub fn user_agent(mut self, value: &str) -> Self {
        self.user_agent = UserAgent::new(value);
        self
    }

    /// Uses a configured client, for a proxy, a client certificate or a private certificate authority.
    ///
    /// Build it with `redirect(reqwest::redirect::Policy::none())`: a client that follows redirects sends the client
    /// secret to the target of a 307, and API keys in headers to any host.
    ///
    /// Its proxies are used for all hosts, including loopback; `no_proxy()` turns off those of the system. A
    /// connection belongs to the runtime in which it was made. If the client is also used for an API on the host of
    /// the token endpoint, a token request may use a connection that ends with a runtime of the application. Use a
    /// separate client for tokens to avoid that.
    pub fn from_client(client: reqwest::Client) -> Self {
        Self {
            clients: Clients::Given(client),
            user_agent: UserAgent::default(),
        }
    }

    /// Runs the exchange as a task. If its runtime ends, the exchange fails with an error that allows another
    /// attempt; reqwest itself would panic when it is polled on another runtime. A task also wakes waiting callers
    /// only once.
    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let (client, runtime) = if is_for_authorization_server(&request) {
            let client = self.clients.for_tokens(request.uri())?;
            (client, runtime::that_stays()?)
        } else {
            let client = self.clients.for_api(request.uri())?;
            (client, runtime::of_the_caller()?)
        };
        let limit = BodyLimit::of(&request);
        let mut request = without_user_info(request);
        self.user_agent.apply(&mut request);
        let request = reqwest::Request::try_from(request).map_err(classified)?;
        let task = runtime.spawn(async move {
            let response = client.execute(request).await.map_err(classified)?;
            collected(response, limit).await
        });
        AbortOnDrop(task).await
    }
}

/// Aborts an exchange that nobody waits for any more.
struct AbortOnDrop(JoinHandle<Result<Response<Bytes>, TransportError>>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Future for AbortOnDrop {
    type Output = Result<Response<Bytes>, TransportError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let ended = Pin::new(&mut self.0).poll(context);
        ended.map(|ended| ended.unwrap_or_else(|error| Err(not_ended(&error))))
    }
}

/// Describes why a task did not finish. A panic message may contain a secret and is left out.
fn not_ended(error: &JoinError) -> TransportError {
    if error.is_panic() {
        let why =
            "the HTTP client panicked: does its runtime have both drivers, for IO and for time?";
        return TransportError::new(TransportErrorKind::Other, why);
    }
    let why = "the runtime of the exchange has ended";
    TransportError::new(TransportErrorKind::Body, why)
}

async fn collected(
    mut response: reqwest::Response,
    limit: usize,
) -> Result<Response<Bytes>, TransportError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(classified)? {
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&chunk);
    }
    let mut answer = Response::new(body.freeze());
    *answer.status_mut() = response.status();
    *answer.version_mut() = response.version();
    *answer.headers_mut() = std::mem::take(response.headers_mut());
    Ok(answer)
}

/// Converts an error. A time-out while connecting counts as a time-out. An interruption after the connection was made
/// is an incomplete exchange. The URL is left out, since its query may contain a key.
fn classified(error: reqwest::Error) -> TransportError {
    let kind = if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_builder() {
        TransportErrorKind::Other
    } else {
        TransportErrorKind::Body
    };
    TransportError::new(kind, error.without_url())
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(self.exchange(request))
    }

    fn may_block(&self) -> bool {
        false
    }
}
