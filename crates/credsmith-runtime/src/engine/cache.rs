//! The cached token: reading, setting, clearing and invalidating it.
//!
//! Usually a call finds a snapshot whose window includes the coarse clocks, and takes its header value without a lock
//! or an allocation. Otherwise it reads the state under a short lock and asks the pure policy, which decides to
//! return the token, to refresh it, to wait or to fail.

use std::sync::Arc;

use super::cached_token::Snapshot;
use super::refresh::Refresh;
use super::runtimes::Entered;
use super::state::Invalidated;
use super::sync::ReadGuard;
use super::writer::Under;
use super::{CachedToken, Engine, LockedState};
use crate::clock::Moment;
use crate::error::{Reason, TokenError};
use crate::policy::lifetime::is_expired;
use crate::policy::{Decision, decide, window};
use crate::token::Token;
use crate::trace::event;

/// The next step of a call.
enum Step {
    Serve(Arc<CachedToken>),
    Wait(Refresh, Entered),
}

impl Engine {
    /// Returns the snapshot, if the coarse clocks are within its window.
    #[inline]
    pub(crate) fn snapshot(&self) -> Option<ReadGuard<'_, Snapshot>> {
        let now = self.settings.coarse();
        let found = self.state.snapshots().read()?;
        found.covers(now).then_some(found)
    }

    /// Returns the token to send: the cached one, or that of the refresh which this call waits for. A hook does not
    /// wait for the refresh that waits for the hook.
    pub(crate) async fn get(
        self: &Arc<Self>,
        is_hook: bool,
    ) -> Result<Arc<CachedToken>, TokenError> {
        if let Some(cached) = self.snapshot().and_then(|found| found.cached()) {
            return Ok(cached);
        }
        match self.next_step(is_hook)? {
            Step::Serve(cached) => Ok(cached),
            Step::Wait(refresh, _entered) => {
                self.counters.waits.add();
                refresh.wait().await
            }
        }
    }

    /// Returns the token to send, if there is one without waiting.
    pub(crate) fn try_get(self: &Arc<Self>) -> Option<Arc<CachedToken>> {
        self.serve().ok()
    }

    /// Returns the cached token and starts a refresh if one is due, or returns the decision to wait or fail.
    fn serve(self: &Arc<Self>) -> Result<Arc<CachedToken>, (Decision, LockedState<'_>)> {
        let mut state = self.lock();
        let now = self.now();
        if self.watch_clocks(&mut state, now) {
            // Logged without the lock: a subscriber may call the manager.
            drop(state);
            event!(
                debug,
                scheme = self.settings.scheme,
                "clock step: the machine slept, or the time was set"
            );
            state = self.lock();
        }
        let decision = decide(now, &self.view(&state));
        match (decision, state.cached()) {
            (Decision::Serve, Some(cached)) => {
                self.extend_window(&state, &cached, now);
                Ok(cached)
            }
            (Decision::ServeAndRefresh, Some(cached)) => {
                let refresh = self.join_or_start_refresh(&mut state);
                self.extend_window(&state, &cached, now);
                drop(state);
                self.poll_once(refresh.task());
                Ok(cached)
            }
            _ => Err((decision, state)),
        }
    }

    fn next_step(self: &Arc<Self>, is_hook: bool) -> Result<Step, TokenError> {
        let (decision, mut state) = match self.serve() {
            Ok(cached) => return Ok(Step::Serve(cached)),
            Err(instead) => instead,
        };
        match (decision, state.last_failure()) {
            (Decision::AskCaller, _) => Err(self.error(Reason::Manual {
                expired: state.cached().is_some(),
                hint: self.settings.grant.hint(),
            })),
            (Decision::Fail, Some(repeated)) => Err(repeated),
            _ if is_hook => Err(self.error(Reason::Reentrant)),
            _ => {
                let refresh = self.join_or_start_refresh(&mut state);
                // Before the lock is released: a hook looks for the runtime of a waiter as soon as possible.
                let entered = refresh.enter();
                Ok(Step::Wait(refresh, entered))
            }
        }
    }

    /// Detects a clock step since the cached token was last checked.
    fn watch_clocks(&self, state: &mut LockedState<'_>, now: Moment) -> bool {
        let moved = state
            .cached()
            .and_then(|cached| cached.after_clock_step(now));
        let Some(moved) = moved else {
            return false;
        };
        state.replace_view(moved);
        self.publish(state, now);
        true
    }

    /// Publishes the cached token again, if calls can then use the coarse clocks.
    fn extend_window(&self, state: &LockedState<'_>, cached: &CachedToken, now: Moment) {
        if !cached.is_sendable() {
            return;
        }
        let window = window(now, &self.view(state), cached.reference);
        // If other threads read all copies at this time, the next call does it: a call never waits.
        let published = self.state.snapshots().read().map(|found| found.window());
        if published.is_some_and(|published| published != window) && window.covers(now.into()) {
            self.publish(state, now);
        }
    }

    /// Publishes the cached token, while the state is locked.
    pub(super) fn publish(&self, state: &LockedState<'_>, now: Moment) {
        let published = state.cached().map(|cached| {
            let window = window(now, &self.view(state), cached.reference);
            (cached, window)
        });
        state.publish(|shard| match &published {
            Some((cached, window)) => cached.snapshot(*window, shard),
            None => Snapshot::default(),
        });
    }

    /// Returns the cached token, even if it has expired.
    pub(crate) fn current(&self) -> Option<Token> {
        self.lock().cached().map(|cached| cached.token())
    }

    /// Sets a token from an earlier run, before the first call. The store may have a newer token.
    pub(crate) fn begin_with(&self, token: Token) {
        let (cached, now) = (self.cached_token(token, None), self.now());
        let mut state = self.lock();
        let replaced = state.replace(Some(cached));
        self.publish(&state, now);
        drop(state);
        drop(replaced);
    }

    pub(crate) fn generation(&self) -> u64 {
        self.lock().generation()
    }

    pub(crate) fn set(self: &Arc<Self>, token: Token) {
        let cached = self.cached_token(token, None);
        self.replace(self.lock(), Some(cached));
        self.begin_writing();
    }

    pub(crate) fn clear(self: &Arc<Self>) {
        self.replace(self.lock(), None);
        self.begin_writing();
    }

    /// Sets the token or clears it, at once in the cache and later in the store by its writer. Returns the new
    /// generation.
    pub(super) fn replace(
        &self,
        mut state: LockedState<'_>,
        cached: Option<Arc<CachedToken>>,
    ) -> u64 {
        let now = self.now();
        let unwritten = self
            .store()
            .is_some()
            .then(|| state.store().write(cached.clone(), Under::NewLease));
        let replaced = state.replace(cached);
        let generation = state.generation();
        self.publish(&state, now);
        drop(state);
        drop(replaced);
        drop(unwritten);
        generation
    }

    fn begin_writing(self: &Arc<Self>) {
        if let Some(writer) = self.start_writing() {
            self.poll_once(&writer);
        }
    }

    /// Waits until the work in progress has reached the store and the application. A hook does not wait for the
    /// refresh that waits for the hook.
    pub(crate) async fn flush(self: &Arc<Self>, is_hook: bool) -> Result<(), TokenError> {
        let refresh = self.lock().refresh().clone();
        if let Some(refresh) = refresh.filter(|_| !is_hook) {
            let _entered = refresh.enter();
            let _ = refresh.wait().await;
        }
        self.finish_exchange().await;
        let written = match self.start_writing() {
            Some(writer) => writer.await,
            None => Ok(()),
        };
        if let Some(callbacks) = self.callbacks_under_way() {
            callbacks.await?;
        }
        written?;
        Ok(())
    }

    /// Drops the cached token if it is `token`, and not a newer one. Returns false if it is kept, because the API
    /// refuses every token.
    pub(crate) fn invalidate(&self, token: &Token) -> bool {
        let now = self.now();
        let mut state = self.lock();
        let invalidated = state.invalidate(token, now);
        if invalidated == Invalidated::Dropped {
            self.publish(&state, now);
        }
        drop(state);
        match invalidated {
            Invalidated::Dropped => {
                self.counters.invalidations.add();
                event!(
                    debug,
                    scheme = self.settings.scheme,
                    "the API refused the token; dropped"
                );
            }
            Invalidated::Kept => {
                event!(
                    warn,
                    scheme = self.settings.scheme,
                    "the API refuses one fresh token after the other; kept for a while"
                );
            }
            Invalidated::NotCached => {}
        }
        invalidated != Invalidated::Kept
    }

    pub(crate) fn is_expired(&self, token: &Token) -> bool {
        let margin = self.settings.margin(token).length;
        token
            .expires_at()
            .is_some_and(|expires_at| is_expired(expires_at, margin, self.settings.clock.wall()))
    }
}
