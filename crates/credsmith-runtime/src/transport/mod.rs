//! Transports: a small trait, and the implementations behind features.
//!
//! A transport sends one request and returns one response. It must not follow redirects, since a repeated request
//! would send the client secret or the API key to another server. It must have a time limit. Its errors must not show
//! a URL, since the query may contain a key.

#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "blocking")]
mod ureq;
mod user_agent;

use std::fmt;
use std::sync::Arc;
#[cfg(not(feature = "reqwest"))]
use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

#[cfg(feature = "reqwest")]
pub use self::reqwest::ReqwestTransport;
#[cfg(feature = "blocking")]
pub use self::ureq::UreqTransport;
use self::user_agent::DEFAULT_USER_AGENT;
#[cfg(any(feature = "reqwest", feature = "blocking"))]
use self::user_agent::UserAgent;
use crate::BoxFuture;
use crate::error::TransportError;
#[cfg(not(any(feature = "reqwest", feature = "blocking")))]
use crate::error::TransportErrorKind;

/// The time that the transports of this crate allow for a connection.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The time that the transports of this crate allow for a whole exchange.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// Sends HTTP requests.
///
/// For a proxy, a client certificate or a private certificate authority, configure a client and pass it to
/// `ReqwestTransport::from_client` or `UreqTransport::from_agent`.
///
/// The response to a token request may contain the only copy of a refresh token. A transport that depends on a
/// runtime of the application loses it if that runtime ends.
pub trait Transport: Send + Sync + 'static {
    /// Sends one request, without following redirects. A [`BodyLimit`] among the request's extensions limits the size
    /// of the response.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no complete response.
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>>;

    /// Returns whether sending a request to the authorization server may block the thread that polls it.
    ///
    /// A manager sends at most 32 requests at a time over transports that may block, on threads for that purpose. An
    /// asynchronous transport that never blocks can return `false`: it is then polled on a thread that all managers
    /// share, and any number of requests are sent at a time.
    fn may_block(&self) -> bool {
        true
    }
}

/// Shows nothing of the transport, which may contain secrets.
impl fmt::Debug for dyn Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        (**self).send(request)
    }

    fn may_block(&self) -> bool {
        (**self).may_block()
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        (**self).send(request)
    }

    fn may_block(&self) -> bool {
        (**self).may_block()
    }
}

/// An extension of a request: the maximum size of the response's body, in bytes. Requests to the authorization server
/// have it. Without it the size is not limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimit(pub usize);

impl BodyLimit {
    /// Returns the limit of `request`.
    #[cfg(any(feature = "reqwest", feature = "blocking"))]
    pub(crate) fn of(request: &Request<Bytes>) -> usize {
        request
            .extensions()
            .get::<Self>()
            .map_or(usize::MAX, |limit| limit.0)
    }
}

/// An extension of requests to the authorization server. The engine, which outlives the call, needs the response: it
/// may contain the only copy of a refresh token.
#[derive(Clone, Copy)]
pub(crate) struct ForAuthorizationServer;

#[cfg(any(feature = "reqwest", feature = "blocking"))]
fn is_for_authorization_server(request: &Request<Bytes>) -> bool {
    let marked = request.extensions().get::<ForAuthorizationServer>();
    marked.is_some()
}

#[cfg(any(feature = "reqwest", feature = "blocking"))]
pub(crate) fn too_large(limit: usize) -> TransportError {
    TransportError::new(
        crate::TransportErrorKind::Other,
        format!("the response is larger than {limit} bytes"),
    )
}

/// Returns `request` without user name and password in its URL. Only schemes authorize requests; some clients would
/// set the `Authorization` header from the URL, and some show it in their events.
#[cfg(any(feature = "reqwest", feature = "blocking"))]
pub(crate) fn without_user_info(mut request: Request<Bytes>) -> Request<Bytes> {
    let bare = request.uri().authority().and_then(|authority| {
        let (_, host) = authority.as_str().rsplit_once('@')?;
        host.parse().ok()
    });
    if bare.is_some() {
        let mut parts = std::mem::take(request.uri_mut()).into_parts();
        parts.authority = bare;
        *request.uri_mut() = http::Uri::from_parts(parts).unwrap_or_default();
    }
    request
}

/// Returns the transport of the features that are on: `ReqwestTransport` with `reqwest`, otherwise `UreqTransport` with
/// `blocking`.
///
/// # Errors
///
/// Returns an error if neither feature is on, or if the client cannot be made.
pub fn default_transport() -> Result<Arc<dyn Transport>, TransportError> {
    default_transport_with(DEFAULT_USER_AGENT)
}

/// Returns the same with a `User-Agent`, for requests that have none. Generated clients pass
/// [`user_agent!`](crate::user_agent).
///
/// # Errors
///
/// Returns an error if [`default_transport`] does.
pub fn default_transport_with(user_agent: &str) -> Result<Arc<dyn Transport>, TransportError> {
    #[cfg(feature = "reqwest")]
    return Ok(Arc::new(ReqwestTransport::new()?.user_agent(user_agent)));
    #[cfg(all(feature = "blocking", not(feature = "reqwest")))]
    return Ok(Arc::new(UreqTransport::new().user_agent(user_agent)));
    #[cfg(not(any(feature = "reqwest", feature = "blocking")))]
    {
        let _ = user_agent;
        Err(TransportError::new(
            TransportErrorKind::Other,
            "there is no default transport: turn on the feature `reqwest` or `blocking` of credsmith-runtime, \
             or hand in a transport",
        ))
    }
}

/// Returns the default transport of managers. There is one for the whole process, since each has certificates and a
/// pool.
#[cfg(feature = "reqwest")]
pub(crate) fn token_transport() -> Result<Arc<dyn Transport>, TransportError> {
    Ok(Arc::new(ReqwestTransport::for_tokens()?))
}

/// Returns the default transport of managers. There is one for the whole process, since each has certificates and a
/// pool.
#[cfg(not(feature = "reqwest"))]
pub(crate) fn token_transport() -> Result<Arc<dyn Transport>, TransportError> {
    static SHARED: OnceLock<Arc<dyn Transport>> = OnceLock::new();
    if let Some(shared) = SHARED.get() {
        return Ok(Arc::clone(shared));
    }
    let transport = default_transport()?;
    Ok(Arc::clone(SHARED.get_or_init(|| transport)))
}
