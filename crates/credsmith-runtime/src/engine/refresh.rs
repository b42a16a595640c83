//! One refresh, from top to bottom: provider, store, refresh token, grant, user, save, set, wake, callback.
//!
//! At most one is in flight for each manager. It runs to its end in the engine's [`place`](super::place); callers
//! only wait for its outcome, which they all share.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use secrecy::{ExposeSecret, SecretString};

use super::budget::Budget;
use super::exchange::Obtained;
use super::hook::{Hook, InnerCalls};
use super::place::Task;
use super::runtimes::{Entered, Runtimes};
use super::writer::Under;
use super::{CachedToken, Engine, LockedState};
use crate::BoxFuture;
use crate::error::{Reason, TokenError};
use crate::manager::TokenManager;
use crate::provider::TokenProvider;
use crate::token::Token;
use crate::trace::{event, in_span};

/// The maximum time that callers wait for the update callback, if only it persists a new refresh token.
const PERSIST_LIMIT: Duration = Duration::from_secs(5);

/// A refresh in flight.
#[derive(Clone)]
pub(super) struct Refresh {
    number: u64,
    task: Task<Arc<CachedToken>>,
    runtimes: Arc<Runtimes>,
}

impl Refresh {
    /// Waits for the outcome, after [entering](Self::enter).
    pub(super) async fn wait(self) -> Result<Arc<CachedToken>, TokenError> {
        self.task.await
    }

    /// Offers the runtime of this call to hooks.
    pub(super) fn enter(&self) -> Entered {
        self.runtimes.enter()
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn task(&self) -> &Task<Arc<CachedToken>> {
        &self.task
    }
}

impl Engine {
    /// Returns the refresh in flight, or starts one.
    pub(super) fn join_or_start_refresh(self: &Arc<Self>, state: &mut LockedState<'_>) -> Refresh {
        let generation = state.generation();
        let start = || {
            let number = super::next_number();
            let runtimes = Runtimes::of_this_call();
            let work = Arc::clone(self).refresh(number, generation, Arc::clone(&runtimes));
            let work: BoxFuture<'static, _> = Box::pin(work);
            let work = in_span!(work, "token_refresh", self.settings.scheme);
            let engine = Arc::clone(self);
            let panicked = move |_| {
                let error = engine.error(Reason::Panicked);
                engine.note_failure(number, generation, &error);
                Err(error)
            };
            let work = AssertUnwindSafe(work).catch_unwind();
            let task = self.spawn(work.map(|ended| ended.unwrap_or_else(panicked)));
            Refresh {
                number,
                task,
                runtimes,
            }
        };
        state.refresh().get_or_insert_with(start).clone()
    }

    /// Runs one refresh, for the state of `generation`.
    async fn refresh(
        self: Arc<Self>,
        number: u64,
        generation: u64,
        runtimes: Arc<Runtimes>,
    ) -> Result<Arc<CachedToken>, TokenError> {
        let mut budget = self.store_budget();
        let obtained = self.obtain(generation, &runtimes, &mut budget).await;
        let obtained =
            obtained.inspect_err(|error| self.note_failure(number, generation, error))?;
        let requested = Requested::in_generation(generation);
        let completed = Box::pin(self.complete(&requested, obtained, &runtimes, &mut budget));
        let completed = completed.await;
        self.end_refresh(number);
        Box::pin(self.wait_for_callback(completed.callback)).await;
        Ok(completed.cached)
    }

    /// Obtains a token from the provider, the store, the endpoint or the user, whichever has one first.
    async fn obtain(
        self: &Arc<Self>,
        generation: u64,
        runtimes: &Arc<Runtimes>,
        budget: &mut Budget,
    ) -> Result<Obtained, TokenError> {
        // Rare cases are boxed: thousands of managers may wait at the same time.
        if let Some(provider) = self.settings.provider.clone() {
            let answer = Box::pin(self.ask_provider(provider, runtimes));
            if let Some(cached) = answer.await? {
                return Ok(Obtained::found(cached));
            }
        }
        match self.obtain_from_server(generation, runtimes, budget).await {
            Err(error) if self.may_ask_user(generation, &error) => {
                Box::pin(self.ask_user(error, runtimes)).await
            }
            outcome => outcome,
        }
    }

    /// Obtains a token from the store, otherwise from the endpoint. A process that shares a store takes a lease
    /// first, and continues with a token that it then finds there. With refresh tokens the exchange does this, since
    /// `fetch_token` joins it.
    async fn obtain_from_server(
        self: &Arc<Self>,
        generation: u64,
        runtimes: &Arc<Runtimes>,
        budget: &mut Budget,
    ) -> Result<Obtained, TokenError> {
        if self.store().is_none() || self.settings.grant.takes_refresh_tokens() {
            self.pause_before_request().await;
            return self.exchange(runtimes).await;
        }
        Box::pin(self.obtain_under_lease(generation, runtimes, budget)).await
    }

    async fn obtain_under_lease(
        self: &Arc<Self>,
        generation: u64,
        runtimes: &Arc<Runtimes>,
        budget: &mut Budget,
    ) -> Result<Obtained, TokenError> {
        if let Some(found) = self.load(generation, budget).await.unwrap_or(None) {
            return Ok(Obtained::found(found));
        }
        let lease = self.lease_if_free(budget).await;
        if lease.is_some() {
            // The previous holder of the lease may have left a token.
            if let Some(found) = self.load(generation, budget).await.unwrap_or(None) {
                return Ok(Obtained::found(found));
            }
        }
        self.pause_before_request().await;
        let obtained = self.exchange(runtimes).await?;
        Ok(obtained.saved_under(Under::lease(lease)))
    }

    /// Saves a token, sets it, and notifies the application.
    pub(super) async fn complete(
        self: &Arc<Self>,
        requested: &Requested,
        obtained: Obtained,
        runtimes: &Arc<Runtimes>,
        budget: &mut Budget,
    ) -> Obtained {
        if obtained.is_set {
            return obtained;
        }
        if let Some(under) = obtained.save {
            let newer = Box::pin(self.save(requested, &obtained.cached, under, budget)).await;
            if let Some(newer) = newer {
                return Obtained::already_set(newer);
            }
        }
        let cached = obtained.cached;
        let callback = self.set_and_notify(requested, &cached, runtimes);
        let is_persisted = self.store().is_some();
        let brings_refresh_token = cached.token().refresh_token().is_some_and(|new| {
            let sent = requested.sent.as_ref().map(ExposeSecret::expose_secret);
            sent != Some(new.expose_secret())
        });
        // Callers poll the callback if nobody else does.
        let waits = brings_refresh_token && !is_persisted || !self.runs_by_itself();
        Obtained {
            callback: callback.filter(|_| waits),
            ..Obtained::already_set(cached)
        }
    }

    /// Caches a token and notifies the application. Returns the update callback.
    pub(super) fn set_and_notify(
        self: &Arc<Self>,
        requested: &Requested,
        cached: &Arc<CachedToken>,
        runtimes: &Arc<Runtimes>,
    ) -> Option<Task<()>> {
        match self.set_requested(requested, cached) {
            SetOutcome::New => self.notify(cached.token(), runtimes),
            SetOutcome::Before => None,
            SetOutcome::Superseded => {
                event!(
                    debug,
                    scheme = self.settings.scheme,
                    "the token changed during the refresh; the new one is discarded"
                );
                None
            }
        }
    }

    /// Caches a requested token, unless the application has changed the state since.
    fn set_requested(&self, requested: &Requested, cached: &Arc<CachedToken>) -> SetOutcome {
        let now = self.now();
        let mut state = self.lock();
        if !state.is_current(requested.generation, requested.sent.as_ref()) {
            return SetOutcome::Superseded;
        }
        // The provider may have requested the token itself, which has then set it.
        let is_new = cached.is_requested
            || !state
                .cached()
                .is_some_and(|known| known.has(&cached.token()));
        let replaced = state.set_cached(cached, now);
        self.publish(&state, now);
        drop(state);
        drop(replaced);
        if !is_new {
            return SetOutcome::Before;
        }
        self.counters.refreshes.add();
        SetOutcome::New
    }

    /// Ends the refresh, so that the next call without a valid token starts another one.
    fn end_refresh(&self, number: u64) {
        let now = self.now();
        let mut state = self.lock();
        let ended = state.end_refresh(number);
        // While a refresh is in flight, calls do not start another one.
        self.publish(&state, now);
        drop(state);
        drop(ended);
    }

    /// Waits for the update callback, so that a short program does not end before a new refresh token is persisted.
    pub(super) async fn wait_for_callback(&self, callback: Option<Task<()>>) {
        let Some(callback) = callback else {
            return;
        };
        let limit = if self.runs_by_itself() {
            PERSIST_LIMIT
        } else {
            self.settings.limits().hook_timeout
        };
        let _ = self.in_time(limit, callback).await;
    }

    fn note_failure(&self, number: u64, generation: u64, error: &TokenError) {
        let now = self.now();
        let mut state = self.lock();
        let failed = state.fail(generation, error, now, &self.settings.limits().retry);
        let ended = state.end_refresh(number);
        self.publish(&state, now);
        drop(state);
        drop(ended);
        let keeps_token = failed.is_some_and(|(keeps_token, _)| keeps_token);
        if keeps_token {
            self.counters.early_refresh_failures.add();
            event!(
                debug,
                scheme = self.settings.scheme,
                "early refresh failed; the token is kept"
            );
        } else {
            let status = error.status().map(|status| status.as_u16());
            event!(
                debug,
                scheme = self.settings.scheme,
                status,
                "refresh failed"
            );
            let _ = status;
        }
    }

    /// Pauses after a token that had expired on arrival, to spare the endpoint.
    async fn pause_before_request(&self) {
        let not_before = self.lock().request_not_before();
        let pause = not_before.saturating_sub(self.now().monotonic);
        if !pause.is_zero() {
            self.settings.clock.sleep(pause).await;
        }
    }

    /// Returns the provider's token, if it can be used.
    async fn ask_provider(
        self: &Arc<Self>,
        provider: TokenProvider<TokenManager>,
        runtimes: &Runtimes,
    ) -> Result<Option<Arc<CachedToken>>, TokenError> {
        self.counters.provider_calls.add();
        event!(
            debug,
            scheme = self.settings.scheme,
            "token provider called"
        );
        let last = self.lock().last_token();
        let inner = Arc::<InnerCalls>::default();
        let manager = TokenManager::for_hook(Arc::clone(self), Arc::clone(&inner));
        let is_async = provider.is_async();
        let limit = self.settings.limits().hook_timeout;
        let hook = Hook::new(move || provider.call(last, manager), is_async, limit).without(inner);
        let answer = self.call_hook(hook, runtimes).await.map_err(|failure| {
            self.counters.provider_failures.add();
            failure.into_error(self, Reason::ProviderPanicked, Reason::Provider)
        })?;
        let usable = answer
            .filter(|token| !self.is_due(token))
            .and_then(|token| self.usable(token));
        event!(
            debug,
            scheme = self.settings.scheme,
            answered = usable.is_some(),
            "token provider returned"
        );
        Ok(usable)
    }

    /// Returns whether this is the cached token, and its refresh is due.
    fn is_due(&self, token: &Token) -> bool {
        let now = self.now();
        let cached = self.lock().cached();
        cached.is_some_and(|cached| cached.has(token) && cached.schedule.is_due(now))
    }

    /// Returns a token from elsewhere if it can be used: it is valid, it can be sent, and the API has not refused it.
    pub(super) fn usable(&self, token: Token) -> Option<Arc<CachedToken>> {
        let is_empty = token.access_token().expose_secret().is_empty();
        if is_empty || self.is_expired(&token) || self.lock().is_unauthorized(&token) {
            return None;
        }
        let cached = self.cached_token(token, None);
        if !cached.is_sendable() {
            event!(
                warn,
                scheme = self.settings.scheme,
                "a token from elsewhere cannot be sent, and is ignored"
            );
            return None;
        }
        Some(cached)
    }

    /// Returns whether only the user can help, and may be asked. The user is not asked after a sign-out, or while a
    /// token is valid, since a refresh ahead of time must not disturb anybody.
    fn may_ask_user(&self, generation: u64, error: &TokenError) -> bool {
        let has_hook = self.settings.user_sign_in.is_some();
        let is_current = self.lock().generation() == generation;
        has_hook && is_current && error.is_sign_in_needed() && self.living_token().is_none()
    }

    async fn ask_user(
        self: &Arc<Self>,
        error: TokenError,
        runtimes: &Runtimes,
    ) -> Result<Obtained, TokenError> {
        let Some(ask) = self.settings.user_sign_in.clone() else {
            return Err(error);
        };
        self.counters.user_sign_ins.add();
        event!(debug, scheme = self.settings.scheme, "user sign-in called");
        let inner = Arc::<InnerCalls>::default();
        let manager = TokenManager::for_hook(Arc::clone(self), Arc::clone(&inner));
        let (is_async, limit) = (ask.is_async(), self.settings.limits().sign_in_timeout);
        let hook = Hook::new(move || ask.call(manager), is_async, limit).without(inner);
        let answer = self.call_hook(hook, runtimes).await.map_err(|failure| {
            self.counters.user_sign_in_failures.add();
            let (panicked, failed) = (Reason::UserSignInPanicked, Reason::UserSignIn);
            failure.into_error(self, panicked, failed)
        })?;
        let usable = answer.and_then(|token| self.usable(token));
        event!(
            debug,
            scheme = self.settings.scheme,
            answered = usable.is_some(),
            "user sign-in returned"
        );
        let cached = usable.ok_or_else(|| self.user_needed(None, true))?;
        let obtained = Obtained::found(cached);
        let obtained = obtained.saved_under(Under::NewLease);
        Ok(obtained)
    }

    /// Returns the cached token, if it is valid.
    pub(super) fn living_token(&self) -> Option<Arc<CachedToken>> {
        let now = self.now();
        let cached = self.lock().cached();
        cached.filter(|cached| !cached.schedule.is_expired(now))
    }
}

/// The generation in which a token was requested, and the refresh token for it.
pub(super) struct Requested {
    pub(super) generation: u64,
    /// The refresh token that was sent.
    pub(super) sent: Option<SecretString>,
}

impl Requested {
    pub(super) fn in_generation(generation: u64) -> Self {
        Self {
            generation,
            sent: None,
        }
    }
}

/// The result of setting a token.
enum SetOutcome {
    New,
    /// This token was already set by an exchange that the provider started.
    Before,
    Superseded,
}
