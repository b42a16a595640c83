//! Requests to endpoints of the authorization server, and the pauses between attempts.

use std::borrow::Cow;
use std::future::Future;
use std::ops::Deref;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{Either, select};
use http::{Request, Response, Uri};
use secrecy::{ExposeSecret, SecretString};
use zeroize::{Zeroize, Zeroizing};

use super::Engine;
use crate::BoxFuture;
use crate::clock::Moment;
use crate::error::{Endpoint, Reason, TokenError, TransportError, TransportErrorKind};
use crate::protocol::authentication::{Credentials, NotSigned, form_encoded};
use crate::protocol::grant_parameters::GrantParameters;
use crate::protocol::request::Post;
use crate::protocol::{headers, url};
use crate::threads::{HTTP, IO};
use crate::trace::event;
use crate::transport::ForAuthorizationServer;

/// A request to an endpoint, before it is serialized and signed.
pub(super) struct EndpointRequest {
    pub(super) endpoint: Endpoint,
    pub(super) address: Uri,
    /// The audience of a client assertion.
    pub(super) audience: String,
    pub(super) content: Content,
}

/// The kind of a request, with its parameters.
pub(super) enum Content {
    Token(Arc<GrantParameters>),
    DeviceCodes,
    ExistingToken {
        kind: &'static str,
        token: SecretString,
    },
}

/// A request that is ready to be sent.
struct Ready {
    request: Box<EndpointRequest>,
    http: Box<Request<Bytes>>,
    sent: Moment,
    /// The assertions of the grant and of the client; empty if there are none.
    assertions: [Zeroizing<String>; 2],
}

/// The response of an endpoint.
pub(super) struct EndpointResponse {
    pub(super) response: Response<Bytes>,
    /// When the request was sent.
    pub(super) sent: Moment,
    /// The secrets that an error must not show if the server repeats them.
    pub(super) secrets: Masked,
}

/// Secrets to be masked. They are wiped when they are dropped.
pub(super) struct Masked(Vec<Cow<'static, str>>);

impl Deref for Masked {
    type Target = [Cow<'static, str>];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Drop for Masked {
    fn drop(&mut self) {
        for secret in &mut self.0 {
            secret.to_mut().zeroize();
        }
    }
}

impl Engine {
    /// Posts `request` with the client's credentials, once.
    pub(super) async fn post(
        self: &Arc<Self>,
        request: Box<EndpointRequest>,
    ) -> Result<EndpointResponse, TokenError> {
        let Ready {
            request,
            http,
            sent,
            assertions,
        } = if self.signs(&request) {
            Box::pin(self.prepare_off_thread(request)).await?
        } else {
            self.prepare(request)?
        };
        let response = self.transmit(request.endpoint, http).await?;
        Ok(EndpointResponse {
            response,
            sent,
            secrets: self.secrets_of(&request, &assertions),
        })
    }

    /// Prepares a request on another thread, since a signature takes as long as many refreshes.
    async fn prepare_off_thread(
        self: &Arc<Self>,
        request: Box<EndpointRequest>,
    ) -> Result<Ready, TokenError> {
        let engine = Arc::clone(self);
        let signed = self.off_thread(&IO, async move { engine.prepare(request) });
        let signed = self.in_time(self.attempt_timeout(), signed).await.flatten();
        signed.unwrap_or_else(|| Err(self.error(Reason::NotSigned)))
    }

    fn signs(&self, request: &EndpointRequest) -> bool {
        let is_signed = match &request.content {
            #[cfg(feature = "jwt")]
            Content::Token(parameters) => matches!(**parameters, GrantParameters::JwtBearer { .. }),
            _ => false,
        };
        is_signed || self.settings.authentication.needs_assertion()
    }

    fn prepare(&self, request: Box<EndpointRequest>) -> Result<Ready, TokenError> {
        let credentials = self.credentials()?;
        let settings = &self.settings;
        #[cfg(feature = "jwt")]
        let grant_assertion = self.assertion_of(&request)?;
        #[cfg(not(feature = "jwt"))]
        let grant_assertion = Zeroizing::new(String::new());
        let (parameters, extra_parameters): (Vec<_>, &[_]) = match &request.content {
            Content::Token(parameters) => (
                parameters.parameters(&settings.scope, &grant_assertion),
                &settings.parameters,
            ),
            Content::DeviceCodes => (
                vec![("scope", settings.scope.as_str())],
                &settings.authorization.parameters,
            ),
            Content::ExistingToken { kind, token } => {
                let token = token.expose_secret();
                (vec![("token", token), ("token_type_hint", *kind)], &[])
            }
        };
        let sent = self.now();
        let post = Post {
            endpoint: &request.address,
            format: settings.format_of(request.endpoint),
            authentication: settings.authentication,
            audience: &request.audience,
            parameters: &parameters,
            extra_parameters,
            headers: settings.endpoint_headers.as_deref(),
        };
        let prepared = post
            .prepare(&credentials, sent.wall)
            .map_err(|NotSigned| self.error(Reason::NotSigned))?;
        let assertions = [grant_assertion, prepared.assertion.unwrap_or_default()];
        Ok(Ready {
            request,
            http: Box::new(prepared.request),
            sent,
            assertions,
        })
    }

    /// Returns the secrets that an error about the response to `request` must not show.
    fn secrets_of(&self, request: &EndpointRequest, assertions: &[Zeroizing<String>]) -> Masked {
        let mut secrets = Masked(self.secrets());
        let headers = self.settings.endpoint_headers.as_deref();
        secrets.0.extend(headers::secrets(headers));
        let sent = match &request.content {
            Content::Token(parameters) => parameters.secrets(),
            Content::DeviceCodes => Vec::new(),
            Content::ExistingToken { token, .. } => vec![token.expose_secret()],
        };
        let assertions = assertions.iter().map(|assertion| assertion.as_str());
        for secret in sent.into_iter().chain(assertions) {
            secrets.0.push(secret.to_owned().into());
            secrets.0.push(form_encoded(secret).to_string().into());
        }
        secrets
    }

    /// Returns the assertion of the JWT bearer grant; empty for other grants.
    #[cfg(feature = "jwt")]
    fn assertion_of(&self, request: &EndpointRequest) -> Result<Zeroizing<String>, TokenError> {
        match &request.content {
            Content::Token(parameters) => self.grant_assertion(&request.address, parameters),
            _ => Ok(Zeroizing::default()),
        }
    }

    /// Returns the secrets that must not appear in a text of the application or the server.
    pub(super) fn secrets(&self) -> Vec<Cow<'static, str>> {
        let mut secrets = self.lock().secrets();
        if let Ok(credentials) = self.settings.credentials() {
            secrets.extend(credentials.secrets());
        }
        secrets
    }

    pub(super) fn credentials(&self) -> Result<Credentials<'_>, TokenError> {
        let credentials = self.settings.credentials();
        credentials.map_err(|missing| self.error(Reason::MissingCredentials(missing)))
    }

    pub(super) async fn transmit(
        &self,
        endpoint: Endpoint,
        mut request: Box<Request<Bytes>>,
    ) -> Result<Response<Bytes>, TokenError> {
        if endpoint == Endpoint::Token {
            self.counters.token_requests.add();
        }
        request.extensions_mut().insert(ForAuthorizationServer);
        // A transport whose runtime has stopped would never respond, so the engine has a time limit.
        let exchange = self.in_time(self.attempt_timeout(), self.send(request));
        let response = match exchange.await {
            Some(Some(response)) => response,
            Some(None) => return Err(self.error(Reason::Panicked)),
            None => Err(TransportError::new(
                TransportErrorKind::Timeout,
                "the transport did not respond",
            )),
        };
        response.map_err(|error| {
            event!(debug, scheme = self.settings.scheme, %endpoint, kind = ?error.kind(), "no response");
            let error = self.error(Reason::Transport(endpoint, error));
            if endpoint == Endpoint::Token {
                self.count_failure(&error);
            }
            error
        })
    }

    /// Sends a request. Returns `None` if the transport panics.
    async fn send(
        &self,
        request: Box<Request<Bytes>>,
    ) -> Option<Result<Response<Bytes>, TransportError>> {
        let transport = Arc::clone(&self.settings.transport);
        let exchange: BoxFuture<'static, _> =
            Box::pin(async move { transport.send(*request).await });
        if self.settings.transport_may_block {
            self.off_thread(&HTTP, exchange).await
        } else {
            AssertUnwindSafe(exchange).catch_unwind().await.ok()
        }
    }

    fn attempt_timeout(&self) -> Duration {
        self.settings.limits().retry.attempt_timeout
    }

    /// Returns the output of `work` if it ends within `limit`.
    pub(super) async fn in_time<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let limit = self.settings.clock.time_limit(limit);
        match select(Box::pin(work), limit).await {
            Either::Left((output, _)) => Some(output),
            Either::Right(_) => None,
        }
    }

    /// Counts a token request that has failed.
    pub(super) fn count_failure(&self, error: &TokenError) {
        if error.is_transient() {
            self.counters.transient_failures.add();
        } else {
            self.counters.permanent_failures.add();
        }
    }

    /// Returns the audience of client assertions; empty if there are none. If both issuer and token URL are set, it
    /// is the issuer: a server that shares its token URL with another one must not pass an assertion on
    /// (draft-ietf-oauth-rfc7523bis).
    pub(super) async fn audience(self: &Arc<Self>) -> Result<String, TokenError> {
        let settings = &self.settings;
        if !settings.authentication.needs_assertion() {
            return Ok(String::new());
        }
        let issuer = settings.endpoints.issuer.as_ref();
        match settings.assertion_audience.as_ref().or(issuer) {
            Some(audience) => Ok(audience.clone()),
            None => Ok(url::shown(&self.address(Endpoint::Token).await?)),
        }
    }

    /// Counts attempts of one request, from now on.
    pub(super) fn attempts(&self) -> Attempts {
        Attempts {
            begun: self.now().monotonic,
            failed: 0,
        }
    }
}

/// Counts the attempts of one request.
pub(super) struct Attempts {
    begun: Duration,
    failed: u32,
}

impl Attempts {
    /// Returns the number of the next attempt, from 1.
    pub(super) fn number(&self) -> u32 {
        self.failed + 1
    }

    /// Waits until the next attempt after `error`, or returns it to give up. A request that must not be repeated is
    /// sent again only if no part of it has reached the server.
    pub(super) async fn pause(
        &mut self,
        engine: &Engine,
        error: TokenError,
        is_repeatable: bool,
    ) -> Result<(), TokenError> {
        self.failed += 1;
        if !error.is_transient() || !is_repeatable && !error.is_unsent() {
            return Err(error);
        }
        let elapsed = engine.now().monotonic.saturating_sub(self.begun);
        let asked = error.retry_after();
        let policy = &engine.settings.limits().retry;
        let Some(pause) = policy.pause(self.failed, elapsed, asked, fastrand::f64()) else {
            return Err(error);
        };
        engine.settings.clock.sleep(pause).await;
        Ok(())
    }
}
