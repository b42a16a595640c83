//! The blocking transport: its future does the whole exchange in one poll, on the polling thread.

use std::io::{self, Read};

use bytes::Bytes;
use http::{Request, Response};

use super::{BodyLimit, CONNECT_TIMEOUT, REQUEST_TIMEOUT, Transport, too_large, without_user_info};
use crate::BoxFuture;
use crate::error::{TransportError, TransportErrorKind};

/// Sends requests with a [`ureq::Agent`]: 10 s to connect, 30 s for the whole exchange, no
/// redirects.
///
/// At its finest log level, `trace`, ureq writes whole URLs. Where an API takes its key in the query,
/// keep the log target `ureq` at `debug`, which leaves them out.
#[derive(Clone, Debug)]
pub struct UreqTransport {
    agent: ureq::Agent,
}

impl UreqTransport {
    /// A transport with an agent of its own.
    pub fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_global(Some(REQUEST_TIMEOUT))
            .build();
        Self {
            agent: config.new_agent(),
        }
    }

    /// A configured agent. Build it with `max_redirects(0)`, `max_redirects_will_error(false)` and
    /// `http_status_as_error(false)`: the engine reads statuses itself, and an agent that follows
    /// redirects takes API keys along to wherever they point.
    pub fn from_agent(agent: ureq::Agent) -> Self {
        Self { agent }
    }

    fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let limit = BodyLimit::of(&request);
        let (parts, body) = without_user_info(request).into_parts();
        let response =
            if body.is_empty() && !matches!(parts.method.as_str(), "POST" | "PUT" | "PATCH") {
                self.agent.run(Request::from_parts(parts, ()))
            } else {
                self.agent.run(Request::from_parts(parts, &body[..]))
            };
        let (parts, mut body) = response.map_err(classified)?.into_parts();
        let mut bytes = Vec::new();
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        body.as_reader()
            .take(most)
            .read_to_end(&mut bytes)
            .map_err(torn)?;
        if bytes.len() > limit {
            return Err(too_large(limit));
        }
        Ok(Response::from_parts(parts, bytes.into()))
    }
}

impl Default for UreqTransport {
    fn default() -> Self {
        Self::new()
    }
}

/// The address stays out of the error, since its query may hold a key.
fn classified(error: ureq::Error) -> TransportError {
    let kind = match &error {
        ureq::Error::BadUri(_) | ureq::Error::RequireHttpsOnly(_) => {
            return TransportError::new(TransportErrorKind::Other, "the agent refuses the URL");
        }
        ureq::Error::Timeout(_) => TransportErrorKind::Timeout,
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::Tls(_) => TransportErrorKind::Connect,
        ureq::Error::Io(error) => io_kind(error),
        ureq::Error::Protocol(_) => TransportErrorKind::Body,
        _ => TransportErrorKind::Other,
    };
    TransportError::new(kind, error)
}

fn io_kind(error: &io::Error) -> TransportErrorKind {
    match error.kind() {
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => TransportErrorKind::Connect,
        io::ErrorKind::TimedOut => TransportErrorKind::Timeout,
        _ if is_lookup(error) => TransportErrorKind::Connect,
        _ => TransportErrorKind::Body,
    }
}

/// Whether a host name could not be resolved. The standard library has neither a kind nor a code for
/// that on Unix, only a text; on Windows these are the codes from `WSAHOST_NOT_FOUND` on.
fn is_lookup(error: &io::Error) -> bool {
    match error.raw_os_error() {
        Some(code) => cfg!(windows) && (11_001..=11_004).contains(&code),
        None => error
            .to_string()
            .starts_with("failed to lookup address information"),
    }
}

fn torn(error: io::Error) -> TransportError {
    let timed_out = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<ureq::Error>());
    let kind = match timed_out {
        Some(ureq::Error::Timeout(_)) => TransportErrorKind::Timeout,
        _ => io_kind(&error),
    };
    TransportError::new(kind, error)
}

impl Transport for UreqTransport {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move { self.exchange(request) })
    }

    fn is_blocking(&self) -> bool {
        true
    }
}
