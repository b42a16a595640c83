//! The state of an engine, and all changes of it.
//!
//! Methods that change the state return the replaced values, so that tokens, tasks and errors are dropped after the
//! lock is released: a drop may run code of the application, which may call the manager.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::cached_token::CachedToken;
use super::callback::{Callbacks, Notification};
use super::exchange::Obtained;
use super::failures::Failures;
use super::place::Task;
use super::refresh::Refresh;
use super::runtimes::Runtimes;
use super::settings::Settings;
use super::writer::StoreState;
use crate::clock::Moment;
use crate::error::TokenError;
use crate::policy::View;
use crate::policy::retry::RetryPolicy;
use crate::protocol::metadata::ServerMetadata;
use crate::token::Token;

#[derive(Default)]
pub(super) struct State {
    cached: Option<Arc<CachedToken>>,
    /// The last token that the API refused. If a provider returns it again, it is treated as no token.
    unauthorized: Option<Arc<CachedToken>>,
    /// The token with the refresh token for the next refresh, even if its access token cannot be used.
    refreshable: Option<Arc<CachedToken>>,
    /// Counts changes by the application: `set_token`, `clear_token` and sign-ins. A token that was requested in an
    /// earlier generation is not set.
    generation: u64,
    /// The generation that the last `clear_token` began. A sign-in that began earlier is not set.
    cleared: u64,
    refresh: Option<Refresh>,
    /// The exchange with the token endpoint that a refresh and `fetch_token` share.
    exchange: Option<Box<Exchange>>,
    pub(super) discovery: Option<Task<ServerMetadata>>,
    pub(super) metadata: Option<ServerMetadata>,
    // Boxed when needed: a process may have thousands of managers.
    failures: Option<Box<Failures>>,
    callbacks: Option<Box<Callbacks>>,
    store: Option<Box<StoreState>>,
    warned_of_skew: bool,
}

/// An exchange in flight, and the refresh token that it sends.
pub(super) struct Exchange {
    pub(super) number: u64,
    pub(super) generation: u64,
    /// Polled by tasks of the engine, never by a caller.
    pub(super) shared: Task<Obtained>,
    /// The task that callers wait for, if there are any.
    pub(super) task: Option<Task<Obtained>>,
    pub(super) runtimes: Arc<Runtimes>,
    pub(super) sent: Option<SecretString>,
}

/// The next request of an exchange.
pub(super) enum NextRequest {
    /// Send the refresh token of this token.
    RefreshToken(Token),
    /// Send no refresh token, because none is known.
    NoRefreshToken,
    /// Stop, because the application has changed the state since the exchange began.
    Superseded,
}

/// The result of an invalidation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Invalidated {
    Dropped,
    Kept,
    NotCached,
}

/// Values that a change replaced, to be dropped outside of the lock.
#[derive(Default)]
#[must_use = "to be dropped outside of the lock"]
pub(super) struct Replaced {
    _cached: Option<Arc<CachedToken>>,
    _refreshable: Option<Arc<CachedToken>>,
    _refresh: Option<Refresh>,
    _exchange: Option<Box<Exchange>>,
    _discovery: Option<Task<ServerMetadata>>,
    _error: Option<TokenError>,
    _callbacks: Option<VecDeque<Notification>>,
    _callback: Option<Task<()>>,
    _writer: Option<Task<()>>,
}

impl State {
    pub(super) fn view(&self, settings: &Settings, is_background: bool) -> View {
        let failures = self.failures.as_deref();
        View {
            schedule: self.cached.as_ref().map(|cached| cached.schedule),
            early_not_before: failures.map_or(Duration::ZERO, Failures::early_not_before),
            cool_down_until: failures.and_then(Failures::cool_down_until),
            automatic: settings.automatic,
            can_refresh: settings.can_refresh(self.refreshable.is_some()),
            refreshing: is_background && self.refresh.is_some(),
        }
    }

    pub(super) fn cached(&self) -> Option<Arc<CachedToken>> {
        self.cached.clone()
    }

    /// Replaces the cached token by one with other deadlines or another form.
    pub(super) fn replace_view(&mut self, cached: CachedToken) {
        self.cached = Some(Arc::new(cached));
    }

    /// Returns the token that was cached last, even if the API refused it.
    pub(super) fn last_token(&self) -> Option<Token> {
        let last = self.cached.as_ref().or(self.unauthorized.as_ref());
        last.map(|cached| cached.token())
    }

    pub(super) fn is_unauthorized(&self, token: &Token) -> bool {
        let unauthorized = self.unauthorized.as_ref();
        unauthorized.is_some_and(|cached| cached.has(token))
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// Returns whether a sign-in that began in `generation` may still be set.
    pub(super) fn accepts_sign_in(&self, generation: u64) -> bool {
        self.cleared <= generation
    }

    /// Returns the refresh in flight.
    pub(super) fn refresh(&mut self) -> &mut Option<Refresh> {
        &mut self.refresh
    }

    /// Returns the exchange in flight.
    pub(super) fn exchange(&self) -> Option<&Exchange> {
        self.exchange.as_deref()
    }

    pub(super) fn exchange_mut(&mut self) -> Option<&mut Exchange> {
        self.exchange.as_deref_mut()
    }

    fn failures(&mut self) -> &mut Failures {
        self.failures.get_or_insert_default()
    }

    /// Returns the error that calls return during a cool-down.
    pub(super) fn last_failure(&self) -> Option<TokenError> {
        self.failures.as_ref()?.last()
    }

    /// Returns the monotonic time before which no request is sent to the endpoint.
    pub(super) fn request_not_before(&self) -> Duration {
        let failures = self.failures.as_deref();
        failures.map_or(Duration::ZERO, Failures::request_not_before)
    }

    pub(super) fn callbacks(&mut self) -> &mut Callbacks {
        self.callbacks.get_or_insert_default()
    }

    /// Returns the part of the state that is about the store.
    pub(super) fn store(&mut self) -> &mut StoreState {
        self.store.get_or_insert_default()
    }

    /// Returns the token with the refresh token for the next refresh.
    pub(super) fn refreshable(&self) -> Option<Token> {
        self.refreshable.as_ref().map(|cached| cached.token())
    }

    pub(super) fn refresh_token(&self) -> Option<&SecretString> {
        self.refreshable
            .as_ref()
            .and_then(|cached| cached.refresh_token())
    }

    /// Returns the token to refresh for the exchange of this number, and records that its refresh token is being
    /// sent.
    pub(super) fn next_request(&mut self, number: u64, generation: u64) -> NextRequest {
        let is_current = self.generation == generation;
        let token = self.refreshable.as_ref().filter(|_| is_current);
        if let Some(exchange) = self
            .exchange
            .as_mut()
            .filter(|exchange| exchange.number == number)
        {
            exchange.sent = token.and_then(|token| token.refresh_token().cloned());
        }
        match token {
            Some(token) => NextRequest::RefreshToken(token.token()),
            None if is_current => NextRequest::NoRefreshToken,
            None => NextRequest::Superseded,
        }
    }

    /// Returns the exchange in flight if it began in this generation or sends the current refresh token; otherwise a
    /// new one. A refresh token must not be sent twice.
    pub(super) fn join_exchange(
        &mut self,
        start: impl FnOnce() -> Exchange,
    ) -> (&mut Exchange, Option<Box<Exchange>>) {
        let is_superseded = self.exchange().is_some_and(|exchange| {
            exchange.generation != self.generation
                && !is_same(exchange.sent.as_ref(), self.refresh_token())
        });
        let superseded = self.exchange.take_if(|_| is_superseded);
        let exchange = self.exchange.get_or_insert_with(|| Box::new(start()));
        (exchange, superseded)
    }

    /// Returns whether the result of `sent` belongs to this state: it was requested in this generation, or the same
    /// refresh token was set since.
    pub(super) fn is_current(&self, generation: u64, sent: Option<&SecretString>) -> bool {
        self.generation == generation || (sent.is_some() && is_same(self.refresh_token(), sent))
    }

    /// Stores a refresh token from elsewhere, for example from the store.
    pub(super) fn take_refresh_token_of(&mut self, cached: &Arc<CachedToken>) -> Replaced {
        Replaced {
            _refreshable: self.remember_refresh_token(cached),
            ..Replaced::default()
        }
    }

    /// Returns the secrets of the token, which must not appear in a text.
    pub(super) fn secrets(&self) -> Vec<Cow<'static, str>> {
        let cached = self.last_token().into_iter();
        let known = cached.chain(self.refreshable());
        let known = known.chain(self.store.as_ref().and_then(|store| store.unwritten()));
        known.flat_map(|token| token.secrets()).collect()
    }

    /// Returns whether the application was already warned of its clock skew, and records the warning.
    pub(super) fn warn_of_skew(&mut self) -> bool {
        std::mem::replace(&mut self.warned_of_skew, true)
    }

    /// Sets or clears the token for the application, and begins a new generation. Requests in flight finish without
    /// effect, unless they send the refresh token that is set: see [`State::join_exchange`].
    pub(super) fn replace(&mut self, cached: Option<Arc<CachedToken>>) -> Replaced {
        self.generation += 1;
        if cached.is_none() {
            self.cleared = self.generation;
        }
        let refreshable = cached.clone();
        let refreshable = refreshable.filter(|cached| cached.refresh_token().is_some());
        self.unauthorized = None;
        let callbacks = self.callbacks.as_mut().map(|callbacks| callbacks.cancel());
        Replaced {
            _refreshable: std::mem::replace(&mut self.refreshable, refreshable),
            _cached: std::mem::replace(&mut self.cached, cached),
            _refresh: self.refresh.take(),
            _error: self.failures.as_mut().and_then(|past| past.forget()),
            _callbacks: callbacks,
            ..Replaced::default()
        }
    }

    /// Ends the refresh of this number.
    pub(super) fn end_refresh(&mut self, number: u64) -> Replaced {
        Replaced {
            _refresh: self.refresh.take_if(|refresh| refresh.number() == number),
            ..Replaced::default()
        }
    }

    /// Ends the exchange of this number.
    pub(super) fn end_exchange(&mut self, number: u64) -> Replaced {
        Replaced {
            _exchange: self.exchange.take_if(|exchange| exchange.number == number),
            ..Replaced::default()
        }
    }

    /// Caches a token that was requested or found.
    pub(super) fn set_cached(&mut self, cached: &Arc<CachedToken>, now: Moment) -> Replaced {
        let refreshable = self.remember_refresh_token(cached);
        let expired = cached.schedule.is_expired(now).then_some(now.monotonic);
        let recovered = match (&mut self.failures, expired) {
            (None, None) => None,
            (failures, _) => failures.get_or_insert_default().recover(expired),
        };
        Replaced {
            _refreshable: refreshable,
            _cached: self.cached.replace(Arc::clone(cached)),
            _error: recovered,
            ..Replaced::default()
        }
    }

    fn remember_refresh_token(&mut self, cached: &Arc<CachedToken>) -> Option<Arc<CachedToken>> {
        cached.refresh_token()?;
        self.refreshable.replace(Arc::clone(cached))
    }

    /// Records a failed refresh. Returns whether callers keep a valid token, or `None` if the application has changed
    /// the state since.
    pub(super) fn fail(
        &mut self,
        generation: u64,
        error: &TokenError,
        now: Moment,
        policy: &RetryPolicy,
    ) -> Option<(bool, Replaced)> {
        if self.generation != generation {
            return None;
        }
        let cached = self.cached.as_ref();
        let keeps_token = cached.is_some_and(|cached| !cached.schedule.is_expired(now));
        let replaced = if keeps_token {
            self.failures().fail_early(error, now.monotonic, policy);
            None
        } else {
            self.failures().fail(error, now.monotonic, policy)
        };
        let replaced = Replaced {
            _error: replaced,
            ..Replaced::default()
        };
        Some((keeps_token, replaced))
    }

    /// Drops the cached token if it is `token`, unless the API refuses tokens too often.
    pub(super) fn invalidate(&mut self, token: &Token, now: Moment) -> Invalidated {
        let cached = self.cached.as_ref();
        if !cached.is_some_and(|cached| cached.has(token)) {
            return Invalidated::NotCached;
        }
        if !self.failures().unauthorized(now.monotonic) {
            return Invalidated::Kept;
        }
        self.unauthorized = self.cached.take();
        Invalidated::Dropped
    }

    /// Drops the tasks that only callers poll, when there are no callers left: the tasks reference the engine.
    pub(super) fn take_tasks(&mut self) -> Replaced {
        Replaced {
            _refresh: self.refresh.take(),
            _exchange: self.exchange.take(),
            _discovery: self.discovery.take(),
            _callback: self.callbacks.as_mut().and_then(|part| part.take_task()),
            _writer: self.store.as_mut().and_then(|part| part.take_task()),
            ..Replaced::default()
        }
    }

    /// Removes a refresh token that the server does not accept. `without` is the cached token without it.
    pub(super) fn forget_refresh_token(
        &mut self,
        refresh_token: &SecretString,
        without: Option<Arc<CachedToken>>,
    ) -> Replaced {
        let is_cached = |without: &Arc<CachedToken>| {
            let cached = self.cached.as_ref();
            cached.is_some_and(|cached| cached.has(&without.token()))
        };
        let replaced = match without.filter(is_cached) {
            Some(without) => self.cached.replace(without),
            None => None,
        };
        let forgotten = self
            .refreshable
            .take_if(|cached| is_same(cached.refresh_token(), Some(refresh_token)));
        Replaced {
            _cached: replaced,
            _refreshable: forgotten,
            ..Replaced::default()
        }
    }

    pub(super) fn end_cool_down(&mut self) -> Replaced {
        Replaced {
            _error: self.failures().end_cool_down(),
            ..Replaced::default()
        }
    }
}

fn is_same(one: Option<&SecretString>, other: Option<&SecretString>) -> bool {
    let (one, other) = (
        one.map(ExposeSecret::expose_secret),
        other.map(ExposeSecret::expose_secret),
    );
    one.is_some() && one == other
}
