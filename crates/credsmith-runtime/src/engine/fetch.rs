//! The exchange with the token endpoint: attempts, pauses between them, and one outcome for all
//! who asked meanwhile.

use std::borrow::Cow;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Either, select};
use secrecy::ExposeSecret;

use super::Engine;
use super::drive::Driver;
use super::flight::is_inside;
use super::relay::Relay;
use crate::clock::Moment;
use crate::error::{Reason, TokenError, TransportError, TransportErrorKind};
use crate::policy::backoff;
use crate::protocol::authentication::{Credentials, NotSigned};
use crate::protocol::response;
use crate::token::Token;
use crate::trace::{event, in_span};

/// A token fresh from the endpoint.
#[derive(Clone)]
pub(super) struct Fetched {
    pub(super) token: Token,
    /// When its request was sent: the moment its life began.
    pub(super) sent: Moment,
    pub(super) refresh_in: Option<Duration>,
}

/// One exchange, shared by everyone who waits for it.
#[derive(Clone)]
pub(super) struct FetchFlight {
    id: u64,
    relay: Relay<Result<Fetched, TokenError>>,
}

impl FetchFlight {
    pub(super) fn new(engine: &Arc<Engine>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let relay = Relay::new(|_| {
            Box::pin(in_span!(
                guarded(Arc::clone(engine), id),
                "token_fetch",
                engine.settings.scheme
            ))
        });
        Self { id, relay }
    }

    pub(super) fn id(&self) -> u64 {
        self.id
    }
}

async fn guarded(engine: Arc<Engine>, id: u64) -> Result<Fetched, TokenError> {
    let work = AssertUnwindSafe(engine.attempts()).catch_unwind();
    let outcome = work
        .await
        .unwrap_or_else(|_| Err(engine.error(Reason::Panicked)));
    let ended = engine.lock().end_fetch(id);
    drop(ended);
    outcome
}

impl Engine {
    /// A token from the endpoint for a caller who asked for one: at once, cool-down or not.
    pub(crate) async fn fetch_token(self: &Arc<Self>) -> Result<Token, TokenError> {
        if !is_inside(self) {
            self.lock().end_cool_down();
        }
        Ok(self.fetch().await?.token)
    }

    /// Joins the exchange in flight, or starts it. It goes on when its callers go away.
    pub(super) fn fetch(
        self: &Arc<Self>,
    ) -> impl Future<Output = Result<Fetched, TokenError>> + Send + use<> {
        let (flight, started) = {
            let mut state = self.lock();
            let before = state.has_fetch();
            (state.join_or_fetch(self), !before)
        };
        // One that a refresh started goes on with that refresh, which has a driver of its own.
        if started && !is_inside(self) {
            if let (Some(place), Some(driver)) =
                (Driver::find(&self.settings), flight.relay.driver())
            {
                place.drive(driver);
            }
        }
        flight.relay
    }

    async fn attempts(&self) -> Result<Fetched, TokenError> {
        let credentials = self
            .settings
            .credentials()
            .map_err(|missing| self.error(Reason::MissingCredentials(missing)))?;
        let begun = self.now().monotonic;
        let mut failed = 0;
        loop {
            let error = match self.attempt(&credentials, failed + 1).await {
                Ok(fetched) => return Ok(fetched),
                Err(error) => error,
            };
            failed += 1;
            if !error.is_transient() {
                self.counters.permanent_failures.add();
                return Err(error);
            }
            self.counters.transient_failures.add();
            let elapsed = self.now().monotonic.saturating_sub(begun);
            let Some(pause) = backoff::retry(failed, elapsed, error.retry_after(), fastrand::f64())
            else {
                return Err(error);
            };
            self.settings.clock.sleep(pause).await;
        }
    }

    async fn attempt(
        &self,
        credentials: &Credentials<'_>,
        number: u32,
    ) -> Result<Fetched, TokenError> {
        let settings = &self.settings;
        let sent = self.now();
        self.counters.token_requests.add();
        event!(debug, scheme = settings.scheme, token_url = %settings.shown_url, attempt = number, "token request");
        let _ = number;
        let prepared = settings
            .grant
            .request(credentials, sent.wall)
            .map_err(|NotSigned| self.error(Reason::NotSigned))?;
        let exchange = settings.transport.send(prepared.request);
        // A transport whose runtime has stopped would never answer: the engine keeps its own time.
        let limit = settings.clock.sleep(backoff::ATTEMPT_LIMIT);
        let response = match select(exchange, limit).await {
            Either::Left((response, _)) => response,
            Either::Right(_) => Err(TransportError::new(
                TransportErrorKind::Timeout,
                "the transport did not answer",
            )),
        };
        let response = response.map_err(|error| {
            event!(debug, scheme = settings.scheme, attempt = number, kind = ?error.kind(), "no token response");
            self.error(Reason::Transport(error))
        })?;
        let mut secrets = self.secrets(credentials);
        secrets.extend(
            prepared
                .assertion
                .iter()
                .map(|text| text.to_string().into()),
        );
        match response::read(&response, sent.wall, settings.clock.wall(), &secrets) {
            Ok(issued) => {
                event!(
                    debug,
                    scheme = settings.scheme,
                    status = response.status().as_u16(),
                    expires_in = issued.token.lifetime().map(|life| life.as_secs()),
                    "token response"
                );
                Ok(Fetched {
                    token: issued.token,
                    sent,
                    refresh_in: issued.refresh_in,
                })
            }
            Err(refusal) => {
                event!(
                    debug,
                    scheme = settings.scheme,
                    status = refusal.status.as_u16(),
                    "no token in the response"
                );
                Err(self.error(Reason::Refused(refusal)))
            }
        }
    }

    /// What must not show in an error, should the server repeat it.
    fn secrets(&self, credentials: &Credentials<'_>) -> Vec<Cow<'static, str>> {
        let mut secrets = credentials.secrets();
        if let Some(token) = self.lock().last_token() {
            secrets.push(token.access_token().expose_secret().to_owned().into());
        }
        secrets
    }
}
