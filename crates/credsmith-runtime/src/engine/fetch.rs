//! The exchange with the token endpoint: attempts, pauses between them, and one outcome for all
//! who asked meanwhile.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
#[cfg(feature = "jwt")]
use zeroize::Zeroizing;

use super::call::Message;
use super::device::is_undecided;
use super::flight::is_inside;
#[cfg(feature = "store")]
use super::shared::Held;
use super::{Engine, Entry};
use crate::clock::Moment;
use crate::error::{Endpoint, Reason, TokenError};
#[cfg(feature = "jwt")]
use crate::grant::Grant;
use crate::policy::backoff;
use crate::protocol::exchange::Exchange;
use crate::protocol::response;
use crate::token::Token;
use crate::trace::{event, in_span};

/// A token fresh from the endpoint, or from another process that was faster.
#[derive(Clone)]
pub(super) struct Fetched {
    pub(super) token: Token,
    /// When its request was sent, which is when its life began, and the server's `refresh_in`; of
    /// tokens from the endpoint.
    pub(super) issued: Option<(Moment, Option<Duration>)>,
    /// The entry, where the token is installed already.
    pub(super) adopted: Option<Arc<Entry>>,
    /// The lock under which it was fetched, and under which it is still to be saved.
    #[cfg(feature = "store")]
    pub(super) held: Option<Held>,
}

impl Fetched {
    fn issued(token: Token, sent: Moment, refresh_in: Option<Duration>) -> Self {
        Self {
            token,
            issued: Some((sent, refresh_in)),
            adopted: None,
            #[cfg(feature = "store")]
            held: None,
        }
    }

    /// A token that is installed already.
    pub(super) fn installed(entry: &Arc<Entry>) -> Self {
        Self {
            adopted: Some(Arc::clone(entry)),
            ..Self::found(entry.token())
        }
    }

    /// A token of which nothing is known but what it says itself.
    pub(super) fn found(token: Token) -> Self {
        Self {
            token,
            issued: None,
            adopted: None,
            #[cfg(feature = "store")]
            held: None,
        }
    }
}

impl Engine {
    /// A token from the endpoint for a caller who asked for one: at once, cool-down or not. One that
    /// a refresh token brought is installed, and the application is told of it: the server has put
    /// the old refresh token out of use.
    pub(crate) async fn fetch_token(self: &Arc<Self>) -> Result<Token, TokenError> {
        if is_inside(self) {
            return Ok(self.fetch().await?.token);
        }
        let forgotten = self.lock().end_cool_down();
        drop(forgotten);
        if !self.settings.grant.takes_refresh_tokens() {
            return Ok(self.fetch().await?.token);
        }
        let engine = Arc::clone(self);
        let work = self.apart(async move {
            let token = engine.fetch().await?.token;
            engine.tell_of_adopted().await;
            Ok(token)
        });
        work.await
    }

    /// Joins the exchange in flight, or starts it. It goes on when its callers go away.
    pub(super) fn fetch(
        self: &Arc<Self>,
    ) -> impl Future<Output = Result<Fetched, TokenError>> + Send + use<> {
        self.join(
            |state| state.fetch_place(),
            |engine, epoch| {
                let scheme = engine.settings.scheme;
                let work = async move {
                    let outcome = match engine.renewed(epoch).await {
                        Ok(fetched) if engine.has_lain(&fetched) => {
                            drop(fetched);
                            engine.renewed(epoch).await
                        }
                        outcome => outcome,
                    };
                    let ended = engine.lock().end_overtaken();
                    drop(ended);
                    outcome
                };
                Box::pin(in_span!(work, "token_fetch", scheme))
            },
        )
    }

    /// Whether the token came when nobody was there to take it, since the runtime of the call had ended,
    /// and is over by now.
    fn has_lain(&self, fetched: &Fetched) -> bool {
        let sent = fetched.issued.map(|(sent, _)| sent);
        let due = sent.and_then(|sent| sent.checked_add(backoff::ATTEMPT_LIMIT));
        due.is_some_and(|due| self.now().has_reached(due)) && self.is_expired(&fetched.token)
    }

    /// Runs `exchange`, in as many attempts as it takes and stands.
    pub(super) async fn exchange(
        self: &Arc<Self>,
        exchange: &Exchange,
    ) -> Result<Fetched, TokenError> {
        self.credentials()?;
        let address = self.address(Endpoint::Token).await?;
        let audience = self.audience().await?;
        let mut tries = self.tries();
        loop {
            let attempt = self.attempt(&address, &audience, exchange, tries.number());
            match attempt.await {
                Ok(fetched) => return Ok(fetched),
                Err(error) => {
                    let is_repeatable = exchange.is_repeatable();
                    tries.pause(self, error, is_repeatable).await?;
                }
            }
        }
    }

    /// One attempt of `exchange` at `address`.
    pub(super) async fn attempt(
        self: &Arc<Self>,
        address: &Uri,
        audience: &str,
        exchange: &Exchange,
        number: u32,
    ) -> Result<Fetched, TokenError> {
        let settings = &self.settings;
        event!(debug, scheme = settings.scheme, token_url = %crate::protocol::url::shown(address), attempt = number, "token request");
        let _ = number;
        let assertion = self.grant_assertion(address, exchange)?;
        let own = exchange.parameters(&settings.scope, &assertion);
        let mut secrets = exchange.secrets();
        secrets.push(&assertion);
        let answer = self.post(Message {
            endpoint: Endpoint::Token,
            address,
            audience,
            own: &own,
            more: &settings.parameters,
            secrets,
        });
        let answer = answer.await?;
        let now = self.now();
        let (response, sent) = (&answer.response, answer.sent.as_read(now));
        let rules = settings.token_rules();
        match response::read(response, sent.wall, now.wall, rules, &answer.secrets) {
            Ok(issued) => {
                event!(
                    debug,
                    scheme = settings.scheme,
                    status = response.status().as_u16(),
                    expires_in = issued.token.lifetime().map(|life| life.as_secs()),
                    "token response"
                );
                Ok(Fetched::issued(issued.token, sent, issued.refresh_in))
            }
            Err(refusal) => {
                event!(
                    debug,
                    scheme = settings.scheme,
                    status = refusal.status.as_u16(),
                    "no token in the response"
                );
                let error = self.error(Reason::Refused(Endpoint::Token, refusal));
                if !is_undecided(exchange, &error) {
                    self.count_failure(&error);
                }
                Err(error)
            }
        }
    }

    /// The assertion of the JWT bearer grant, for one attempt; empty for other exchanges.
    #[cfg(feature = "jwt")]
    fn grant_assertion(
        &self,
        address: &Uri,
        exchange: &Exchange,
    ) -> Result<Zeroizing<String>, TokenError> {
        let (Grant::JwtBearer(grant), Exchange::JwtBearer { .. }) =
            (&self.settings.grant, exchange)
        else {
            return Ok(Zeroizing::default());
        };
        let token_url = crate::protocol::url::shown(address);
        let now = self.settings.clock.wall();
        let assertion = grant.assertion(&token_url, &self.settings.scope, now);
        assertion.ok_or_else(|| self.error(Reason::NotSigned))
    }

    #[cfg(not(feature = "jwt"))]
    #[expect(
        clippy::unnecessary_wraps,
        clippy::unused_self,
        reason = "the signature of the one above"
    )]
    fn grant_assertion(&self, _: &Uri, _: &Exchange) -> Result<String, TokenError> {
        Ok(String::new())
    }
}
