//! One request to an endpoint of the authorization server, and the pauses between attempts.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{Either, select};
use http::{Request, Response, Uri};
use secrecy::ExposeSecret;
use zeroize::Zeroize;

use super::Engine;
use crate::clock::Moment;
use crate::error::{Endpoint, Reason, TokenError, TransportError, TransportErrorKind};
use crate::policy::backoff;
use crate::protocol::authentication::{Credentials, NotSigned, form_encoded};
use crate::protocol::request::Post;
use crate::protocol::{headers, url};
use crate::trace::event;
use crate::transport::ForAuthorizationServer;

/// What is posted to an endpoint.
pub(super) struct Message<'a> {
    pub(super) endpoint: Endpoint,
    pub(super) address: &'a Uri,
    /// Whom a client assertion is for.
    pub(super) audience: &'a str,
    pub(super) own: &'a [(&'static str, &'a str)],
    pub(super) more: &'a [(String, String)],
    /// What is secret of `own`.
    pub(super) secrets: Vec<&'a str>,
}

/// What came back.
pub(super) struct Answer {
    pub(super) response: Response<Bytes>,
    /// When the request was sent.
    pub(super) sent: Moment,
    /// What must not show in an error, should the server repeat it.
    pub(super) secrets: Masked,
}

/// Secrets to be masked; wiped when they have served.
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
    /// Posts `message` with the client's credentials, once.
    pub(super) async fn post(&self, message: Message<'_>) -> Result<Answer, TokenError> {
        let credentials = self.credentials()?;
        let settings = &self.settings;
        let sent = self.now();
        let post = Post {
            endpoint: message.address,
            format: settings.format_of(message.endpoint),
            authentication: settings.authentication,
            audience: message.audience,
            own: message.own,
            more: message.more,
            headers: settings.endpoint_headers.as_deref(),
        };
        let prepared = post
            .prepare(&credentials, sent.wall)
            .map_err(|NotSigned| self.error(Reason::NotSigned))?;
        let mut secrets = Masked(credentials.secrets());
        secrets.0.extend(headers::secrets(post.headers));
        let assertion = prepared.assertion.iter().map(|text| text.as_str());
        for secret in message.secrets.into_iter().chain(assertion) {
            secrets.0.push(secret.to_owned().into());
            secrets.0.push(form_encoded(secret).to_string().into());
        }
        self.add_tokens(&mut secrets.0);
        let response = self.transmit(message.endpoint, prepared.request).await?;
        Ok(Answer {
            response,
            sent,
            secrets,
        })
    }

    pub(super) fn credentials(&self) -> Result<Credentials<'_>, TokenError> {
        let credentials = self.settings.credentials();
        credentials.map_err(|missing| self.error(Reason::MissingCredentials(missing)))
    }

    fn add_tokens(&self, secrets: &mut Vec<Cow<'static, str>>) {
        let state = self.lock();
        if let Some(token) = state.last_token() {
            secrets.push(token.access_token().expose_secret().to_owned().into());
        }
        if let Some(refresh_token) = state.refresh_token() {
            secrets.push(refresh_token.expose_secret().to_owned().into());
        }
    }

    pub(super) async fn transmit(
        &self,
        endpoint: Endpoint,
        mut request: Request<Bytes>,
    ) -> Result<Response<Bytes>, TokenError> {
        if endpoint == Endpoint::Token {
            self.counters.token_requests.add();
        }
        request.extensions_mut().insert(ForAuthorizationServer);
        let exchange = self.settings.transport.send(request);
        // A transport whose runtime has stopped would never answer: the engine keeps its own time.
        let limit = self.settings.clock.sleep(backoff::ATTEMPT_LIMIT);
        let response = match select(exchange, limit).await {
            Either::Left((response, _)) => response,
            Either::Right(_) => Err(TransportError::new(
                TransportErrorKind::Timeout,
                "the transport did not answer",
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

    /// Counts a token request that has failed.
    pub(super) fn count_failure(&self, error: &TokenError) {
        if error.is_transient() {
            self.counters.transient_failures.add();
        } else {
            self.counters.permanent_failures.add();
        }
    }

    /// Whom client assertions are for; empty if there are none. Of the issuer and the token URL it is the
    /// issuer: a server that shares its token URL with another must not pass an assertion on
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

    /// Attempts of one request, from now on.
    pub(super) fn tries(&self) -> Tries {
        Tries {
            begun: self.now().monotonic,
            failed: 0,
        }
    }
}

/// Counts the attempts of one request.
pub(super) struct Tries {
    begun: Duration,
    failed: u32,
}

impl Tries {
    /// The number of the attempt that is next, from 1.
    pub(super) fn number(&self) -> u32 {
        self.failed + 1
    }

    /// Waits until the next attempt after `error`, or gives up with it. What may not be repeated is
    /// sent again only if nothing of it has reached the server.
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
        let Some(pause) = backoff::retry(self.failed, elapsed, asked, fastrand::f64()) else {
            return Err(error);
        };
        engine.settings.clock.sleep(pause).await;
        Ok(())
    }
}
