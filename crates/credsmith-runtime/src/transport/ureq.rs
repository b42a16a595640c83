//! The blocking transport. An API request blocks the thread that polls it, which is the thread of a blocking caller.
//! Requests to the authorization server run on a thread of this crate, since several callers wait for them.

mod failure;
mod outgoing;

use std::io::Read;

use bytes::Bytes;
use http::{Method, Request, Response};
use ureq::{AsSendBody, Body, Proxy};

use self::failure::{classified, torn};
use self::outgoing::Outgoing;
use super::{
    BodyLimit, CONNECT_TIMEOUT, DEFAULT_USER_AGENT, REQUEST_TIMEOUT, Transport, UserAgent,
    is_for_authorization_server, too_large, without_user_info,
};
use crate::BoxFuture;
use crate::error::{TransportError, TransportErrorKind};
use crate::protocol::url::is_to_loopback;
use crate::threads::HTTP;

/// Sends requests with a [`ureq::Agent`]: 10 s to connect, 30 s for the whole exchange, no redirects, and the proxies
/// of the environment for all hosts except loopback.
///
/// At the log level `trace`, ureq writes whole URLs. If an API takes its key in the query, keep the log target `ureq`
/// at `debug`, which leaves them out.
#[derive(Clone, Debug)]
pub struct UreqTransport {
    agent: ureq::Agent,
    user_agent: UserAgent,
}

impl UreqTransport {
    /// Makes an agent. Requests without a `User-Agent` get the one of this crate.
    pub fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_global(Some(REQUEST_TIMEOUT))
            .build();
        Self {
            agent: config.new_agent(),
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

    /// Uses a configured agent. Build it with `max_redirects(0)`, `max_redirects_will_error(false)` and
    /// `http_status_as_error(false)`: this crate reads statuses itself, and an agent that follows redirects sends API keys to
    /// their target. A proxy of the agent is used for all hosts, one from the environment for all hosts but loopback.
    pub fn from_agent(agent: ureq::Agent) -> Self {
        Self {
            agent,
            user_agent: UserAgent::default(),
        }
    }

    fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.check(request.method())?;
        let limit = BodyLimit::of(&request);
        let mut request = without_user_info(request);
        self.user_agent.apply(&mut request);
        let (mut parts, body) = request.into_parts();
        let mut outgoing = Outgoing::new(&body, &parts.method, &mut parts.headers);
        let response = match outgoing.body() {
            Some(body) => self.run(Request::from_parts(parts, body)),
            None => self.run(Request::from_parts(parts, ())),
        };
        let response = response.map_err(|error| classified(error, outgoing.progress()))?;
        let (parts, mut body) = response.into_parts();
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

    fn check(&self, method: &Method) -> Result<(), TransportError> {
        if is_standard(method) || self.agent.config().allow_non_standard_methods() {
            return Ok(());
        }
        let why =
            format!("build the agent with `allow_non_standard_methods(true)` to send {method}");
        Err(TransportError::new(TransportErrorKind::Other, why))
    }

    /// Runs the request. Plain http is allowed on loopback because it stays on the machine, so it must not use a
    /// proxy of the environment.
    fn run(&self, request: Request<impl AsSendBody>) -> Result<Response<Body>, ureq::Error> {
        let proxy = self.agent.config().proxy();
        if !proxy.is_some_and(Proxy::is_from_env) || !is_to_loopback(request.uri()) {
            return self.agent.run(request);
        }
        let direct = self.agent.configure_request(request).proxy(None);
        self.agent.run(direct.build())
    }
}

impl Default for UreqTransport {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns whether an agent sends the method by default.
fn is_standard(method: &Method) -> bool {
    matches!(
        method.as_str(),
        "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "CONNECT" | "OPTIONS" | "TRACE" | "PATCH"
    )
}

impl Transport for UreqTransport {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        if !is_for_authorization_server(&request) {
            return Box::pin(async move { self.exchange(request) });
        }
        let transport = self.clone();
        let exchange = HTTP.run(move || transport.exchange(request));
        let lost = |_| {
            Err(TransportError::new(
                TransportErrorKind::Other,
                "the HTTP client panicked",
            ))
        };
        Box::pin(async move { exchange.await.unwrap_or_else(lost) })
    }

    fn may_block(&self) -> bool {
        false
    }
}
