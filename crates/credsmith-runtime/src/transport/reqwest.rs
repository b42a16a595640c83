//! The asynchronous transport, over rustls. It uses the tokio runtime around the call, and one of
//! its own where there is none.

use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::thread;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use reqwest::redirect::Policy;
use tokio::runtime::{Builder, Handle};
use tokio::task::JoinHandle;

use super::{BodyLimit, CONNECT_TIMEOUT, REQUEST_TIMEOUT, Transport, too_large, without_user_info};
use crate::BoxFuture;
use crate::error::{TransportError, TransportErrorKind};

/// Sends requests with a [`reqwest::Client`].
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

impl ReqwestTransport {
    /// A client of its own: 10 s to connect, 30 s for the whole exchange, no redirects.
    pub fn new() -> Result<Self, TransportError> {
        Self::built(reqwest::Client::builder())
    }

    /// The same without idle connections.
    pub(super) fn without_pool() -> Result<Self, TransportError> {
        Self::built(reqwest::Client::builder().pool_max_idle_per_host(0))
    }

    fn built(builder: reqwest::ClientBuilder) -> Result<Self, TransportError> {
        let client = builder
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .build()
            .map_err(|error| TransportError::new(TransportErrorKind::Other, error.without_url()))?;
        Ok(Self { client })
    }

    /// A configured client, for a proxy, a client certificate or a private certificate authority.
    ///
    /// Build it with `redirect(reqwest::redirect::Policy::none())`: a client that follows redirects
    /// posts the client secret to wherever a 307 points, and takes API keys in headers of their own
    /// along to any host.
    pub fn from_client(client: reqwest::Client) -> Self {
        Self { client }
    }

    /// Runs the exchange as a task of the runtime that is there now. Should that runtime end, the
    /// exchange ends with an error that is worth another attempt; reqwest itself would panic when it
    /// is polled in the next one. It also wakes the many who wait for a token once only.
    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let runtime = Handle::try_current()
            .ok()
            .or_else(own_runtime)
            .ok_or_else(no_runtime)?;
        let limit = BodyLimit::of(&request);
        let request = without_user_info(request);
        let request = reqwest::Request::try_from(request).map_err(classified)?;
        let client = self.client.clone();
        let task = runtime.spawn(async move {
            let response = client.execute(request).await.map_err(classified)?;
            collected(response, limit).await
        });
        AbortOnDrop(task).await
    }
}

/// The runtime for callers that have none: one thread for the whole process, started when it is
/// first needed, and never ended.
fn own_runtime() -> Option<Handle> {
    static OWN: OnceLock<Option<Handle>> = OnceLock::new();
    let start = || {
        let runtime = Builder::new_current_thread().enable_all().build().ok()?;
        let handle = runtime.handle().clone();
        let thread = thread::Builder::new().name("credsmith-reqwest".to_owned());
        thread
            .spawn(move || runtime.block_on(std::future::pending::<()>()))
            .ok()?;
        Some(handle)
    };
    OWN.get_or_init(start).clone()
}

fn no_runtime() -> TransportError {
    TransportError::new(
        TransportErrorKind::Other,
        "there is no tokio runtime, and none could be started",
    )
}

/// An exchange that nobody waits for any more is not carried on.
struct AbortOnDrop(JoinHandle<Result<Response<Bytes>, TransportError>>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Future for AbortOnDrop {
    type Output = Result<Response<Bytes>, TransportError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|ended| {
            ended.unwrap_or_else(|_| {
                Err(TransportError::new(
                    TransportErrorKind::Body,
                    "the runtime of the exchange has ended",
                ))
            })
        })
    }
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

/// A time-out while connecting counts as a time-out. What breaks off after the connection stood is
/// a torn exchange. The URL stays out, since its query may hold a key.
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
}
