//! What the engine remembers between calls, and every change of it.
//!
//! Changes return what they put aside, so that futures and tokens are dropped after the lock is
//! released: dropping a flight may run the application's code.

use std::sync::Arc;
use std::time::Duration;

use super::entry::Entry;
use super::fetch::FetchFlight;
use super::flight::Flight;
use super::{Engine, Settings};
use crate::clock::Moment;
use crate::error::TokenError;
use crate::policy::lifetime::{STILLBORN_PAUSE, Schedule};
use crate::policy::{View, backoff};
use crate::token::Token;
use crate::trace::event;

#[derive(Default)]
pub(super) struct State {
    entry: Option<Arc<Entry>>,
    /// The token of the entry before it was dropped; what a provider is shown.
    last: Option<Arc<Entry>>,
    /// The token the API did not accept: a provider that answers with it has not answered.
    rejected: Option<Arc<Entry>>,
    flight: Option<Flight>,
    fetch: Option<FetchFlight>,
    /// Counts what the application did to the slot: a refresh that began before does not install.
    epoch: u64,
    failures: u32,
    cooling: Option<(Duration, TokenError)>,
    /// Tokens in a row that the API refused, and when it refused the last.
    refusals: u32,
    refused_at: Duration,
    early_failures: u32,
    early_not_before: Duration,
    fetch_not_before: Duration,
    warned_of_skew: bool,
}

/// What became of a token that the API refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Dropped,
    Kept,
    NotInstalled,
}

/// What a change put aside, to be dropped outside of the lock.
#[derive(Default)]
pub(super) struct Forgotten {
    _entry: Option<Arc<Entry>>,
    _flight: Option<Flight>,
    _fetch: Option<FetchFlight>,
}

impl State {
    pub(super) fn view(&self, settings: &Settings) -> View {
        View {
            schedule: self.entry.as_ref().map(|entry| entry.schedule),
            early_not_before: self.early_not_before,
            cool_until: self.cooling.as_ref().map(|(until, _)| *until),
            automatic: settings.automatic,
            can_renew: settings.can_renew(),
        }
    }

    pub(super) fn entry(&self) -> Option<Arc<Entry>> {
        self.entry.clone()
    }

    /// Puts another view of the installed token in place of the one that is there.
    pub(super) fn exchange(&mut self, entry: Entry) -> Arc<Entry> {
        Arc::clone(self.entry.insert(Arc::new(entry)))
    }

    pub(super) fn last_token(&self) -> Option<Token> {
        let last = self.entry.as_ref().or(self.last.as_ref());
        last.map(|entry| entry.token())
    }

    pub(super) fn last_failure(&self) -> Option<TokenError> {
        self.cooling.as_ref().map(|(_, error)| error.clone())
    }

    pub(super) fn is_rejected(&self, token: &Token) -> bool {
        self.rejected
            .as_ref()
            .is_some_and(|rejected| rejected.has(token))
    }

    pub(super) fn fetch_not_before(&self) -> Duration {
        self.fetch_not_before
    }

    /// The refresh in flight, or a new one.
    pub(super) fn join_or_start(&mut self, engine: &Arc<Engine>) -> Flight {
        let epoch = self.epoch;
        self.flight
            .get_or_insert_with(|| Flight::new(engine, epoch))
            .clone()
    }

    pub(super) fn has_fetch(&self) -> bool {
        self.fetch.is_some()
    }

    /// The exchange in flight, or a new one.
    pub(super) fn join_or_fetch(&mut self, engine: &Arc<Engine>) -> FetchFlight {
        self.fetch
            .get_or_insert_with(|| FetchFlight::new(engine))
            .clone()
    }

    /// The application puts a token into the slot, or empties it. Cool-downs end, and what is in
    /// flight no longer counts.
    pub(super) fn replace(&mut self, entry: Option<Arc<Entry>>) -> Forgotten {
        self.epoch += 1;
        self.last = None;
        self.rejected = None;
        self.refusals = 0;
        self.early_failures = 0;
        self.early_not_before = Duration::ZERO;
        self.end_cool_down();
        Forgotten {
            _entry: std::mem::replace(&mut self.entry, entry),
            _flight: self.flight.take(),
            _fetch: self.fetch.take(),
        }
    }

    pub(super) fn end_cool_down(&mut self) {
        self.failures = 0;
        self.cooling = None;
        self.fetch_not_before = Duration::ZERO;
    }

    /// Installs what a refresh brought, unless the application has changed the slot since.
    pub(super) fn install(&mut self, epoch: u64, entry: &Arc<Entry>, now: Moment) -> bool {
        if self.epoch != epoch {
            return false;
        }
        self.entry = Some(Arc::clone(entry));
        self.last = None;
        self.flight = None;
        self.early_failures = 0;
        self.early_not_before = Duration::ZERO;
        self.end_cool_down();
        if entry.schedule.is_over(now) {
            self.fetch_not_before = now.monotonic.saturating_add(STILLBORN_PAUSE);
        }
        true
    }

    /// Takes note of a refresh that failed. True if callers keep a token that still lives.
    pub(super) fn fail(&mut self, epoch: u64, error: &TokenError, now: Moment) -> bool {
        if self.epoch != epoch {
            return false;
        }
        self.flight = None;
        if self
            .entry
            .as_ref()
            .is_some_and(|entry| !entry.schedule.is_over(now))
        {
            self.early_failures += 1;
            let pause = backoff::early(self.early_failures, error.retry_after(), fastrand::f64());
            self.early_not_before = now.monotonic.saturating_add(pause);
            return true;
        }
        if !error.is_local() {
            self.failures += 1;
            let pause = backoff::cool_down(
                self.failures,
                error.is_permanent(),
                error.retry_after(),
                fastrand::f64(),
            );
            self.cooling = Some((now.monotonic.saturating_add(pause), error.clone()));
        }
        false
    }

    pub(super) fn end_fetch(&mut self, flight: u64) -> Option<FetchFlight> {
        self.fetch.take_if(|fetch| fetch.id() == flight)
    }

    /// Drops the entry if its token is `token`, unless tokens are refused too often.
    pub(super) fn reject(&mut self, token: &Token, now: Moment) -> Refused {
        if !self.entry.as_ref().is_some_and(|entry| entry.has(token)) {
            return Refused::NotInstalled;
        }
        let since = now.monotonic.saturating_sub(self.refused_at);
        if since >= backoff::REFUSALS_FORGOTTEN {
            self.refusals = 0;
        }
        if since < backoff::refused(self.refusals) {
            return Refused::Kept;
        }
        self.refusals += 1;
        self.refused_at = now.monotonic;
        self.last = self.entry.take();
        self.rejected = self.last.clone();
        Refused::Dropped
    }

    pub(super) fn abandon(&mut self) -> Forgotten {
        Forgotten {
            _entry: None,
            _flight: self.flight.take(),
            _fetch: self.fetch.take(),
        }
    }
}

impl Engine {
    /// The entry of a token: of one from the endpoint with the moment its request was sent and the
    /// server's `refresh_in`, else with what the token itself says.
    pub(super) fn entry_for(
        &self,
        token: Token,
        issued: Option<(Moment, Option<Duration>)>,
    ) -> Arc<Entry> {
        let schedule = self.schedule(&token, issued);
        Entry::new(token, schedule, self.now())
    }

    fn schedule(&self, token: &Token, issued: Option<(Moment, Option<Duration>)>) -> Schedule {
        let settings = &self.settings;
        let (begun, refresh_in) = issued.unwrap_or_else(|| (self.now(), None));
        let margin = settings.margin(token);
        if margin.capped {
            self.warn_of_skew();
        }
        let life = match (token.expires_at(), token.lifetime()) {
            (Some(_), Some(life)) if issued.is_some() => life,
            (Some(expires_at), _) => expires_at.duration_since(begun.wall).unwrap_or_default(),
            // An assumed life ends a token only where another one can be had.
            (None, _) => match settings.default_lifetime {
                Some(assumed) if settings.automatic && settings.can_renew() => {
                    let margin =
                        crate::policy::lifetime::Margin::new(settings.clock_skew, Some(assumed))
                            .length;
                    return Schedule::new(begun, assumed, margin, refresh_in, fastrand::f64());
                }
                _ => return Schedule::ENDLESS,
            },
        };
        Schedule::new(begun, life, margin.length, refresh_in, fastrand::f64())
    }

    fn warn_of_skew(&self) {
        let warned = std::mem::replace(&mut self.lock().warned_of_skew, true);
        if !warned {
            event!(
                warn,
                scheme = self.settings.scheme,
                "the clock skew is longer than half the life of the token; half the life is used instead"
            );
        }
    }
}
