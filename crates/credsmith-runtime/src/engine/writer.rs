//! The store's writer. Each manager has one, which writes the latest state until no write is pending.
//!
//! A new write replaces the pending one, so an older state is never written after a newer one. Each write has the
//! number of the lease under which its token was obtained. A store that has granted a later lease refuses the write.
//! The other process then has a newer token, which is loaded.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::FutureExt;

use super::budget::Budget;
use super::place::Task;
use super::refresh::Requested;
use super::store::{Newer, NoLease, Outages};
use super::{CachedToken, Engine, LockedState};
use crate::error::{Reason, TokenError};
use crate::policy::backoff;
use crate::store::{Lease, StoredToken};
use crate::token::Token;

/// The lease of a write.
#[derive(Clone)]
pub(super) enum Under {
    /// A lease to be acquired for this write, because the application has set or cleared the token, or the user has
    /// signed in.
    NewLease,
    /// The lease under which the token was obtained, or none if the store grants none.
    Lease {
        number: Option<u64>,
        /// Keeps other processes waiting until the token is written.
        held: Option<Arc<Lease>>,
    },
}

impl Under {
    /// Makes the right to write without keeping other processes waiting.
    pub(super) fn number_of(lease: Option<&Arc<Lease>>) -> Self {
        Self::Lease {
            number: lease.map(|lease| lease.number()),
            held: None,
        }
    }

    pub(super) fn lease(held: Option<Arc<Lease>>) -> Self {
        Self::Lease {
            number: held.as_ref().map(|lease| lease.number()),
            held,
        }
    }
}

/// A pending write.
pub(super) struct Pending {
    version: u64,
    /// `None` if the token was cleared.
    token: Option<Arc<CachedToken>>,
    under: Under,
    /// Whether it takes precedence over the stored token, which must then not be used.
    hides_store: bool,
}

/// The part of the state that is about the store.
#[derive(Default)]
pub(super) struct StoreState {
    pending: Option<Box<Pending>>,
    version: u64,
    writer: Option<Task<()>>,
    /// The lease that this manager holds.
    pub(super) lease: Weak<Lease>,
    pub(super) outages: Outages,
    /// The number of failed writes in a row, and whether the next attempt is scheduled.
    failures: u32,
    retries: bool,
    /// The last version that the store refused, since another process has a later lease and has written.
    superseded: u64,
}

impl StoreState {
    /// Replaces the pending write by one of `token`. The caller must drop the returned values outside of the lock.
    pub(super) fn write(
        &mut self,
        token: Option<Arc<CachedToken>>,
        under: Under,
    ) -> (u64, Option<Box<Pending>>) {
        self.version += 1;
        let was_hidden = self.is_hidden();
        let replaced = self.pending.replace(Box::new(Pending {
            version: self.version,
            token,
            hides_store: was_hidden || matches!(under, Under::NewLease),
            under,
        }));
        (self.version, replaced)
    }

    /// Releases the lease of a failed write, which stays pending without keeping other processes waiting.
    fn release(&mut self) -> Option<Arc<Lease>> {
        match &mut self.pending.as_mut()?.under {
            Under::Lease { held, .. } => held.take(),
            Under::NewLease => None,
        }
    }

    /// Returns the pause before the next attempt to write, if none is scheduled yet.
    fn next_retry(&mut self) -> Option<Duration> {
        self.failures += 1;
        let is_set_up = std::mem::replace(&mut self.retries, true);
        (!is_set_up).then(|| backoff::store_down(self.failures))
    }

    /// Returns whether a pending write takes precedence over the stored token.
    pub(super) fn is_hidden(&self) -> bool {
        let pending = self.pending.as_ref();
        pending.is_some_and(|pending| pending.hides_store)
    }

    /// Returns the token that the store does not have yet.
    pub(super) fn unwritten(&self) -> Option<Token> {
        let pending = self.pending.as_ref()?;
        pending.token.as_ref().map(|cached| cached.token())
    }

    /// Takes the writer's task, which the caller must drop.
    pub(super) fn take_task(&mut self) -> Option<Task<()>> {
        self.writer.take()
    }
}

impl Engine {
    /// Saves a token, unless the application has changed the state since it was requested. Returns another process's
    /// token if that is newer and now cached.
    pub(super) async fn save(
        self: &Arc<Self>,
        requested: &Requested,
        cached: &Arc<CachedToken>,
        under: Under,
        budget: &mut Budget,
    ) -> Option<Arc<CachedToken>> {
        self.store()?;
        loop {
            let (generation, (version, replaced)) = {
                let mut state = self.lock();
                if !state.is_current(requested.generation, requested.sent.as_ref()) {
                    return None;
                }
                let token = Some(Arc::clone(cached));
                (
                    state.generation(),
                    state.store().write(token, under.clone()),
                )
            };
            drop(replaced);
            self.finish_writing(budget).await;
            let mut state = self.lock();
            if state.store().superseded == version {
                drop(state);
                return self.living_token();
            }
            // The refresh token that was sent may have been set in the meantime, and written after this one.
            if state.generation() == generation {
                return None;
            }
        }
    }

    /// Starts the writer, if a write is pending and it is not running.
    pub(super) fn start_writing(self: &Arc<Self>) -> Option<Task<()>> {
        let mut state = self.lock();
        let store = state.store();
        if store.writer.is_none() && store.pending.is_some() {
            let engine = Arc::clone(self);
            store.writer = Some(self.spawn(async move { engine.write_all().await }));
        }
        store.writer.clone()
    }

    /// Waits until the store has the latest state, as long as `budget` lasts.
    pub(super) async fn finish_writing(self: &Arc<Self>, budget: &mut Budget) {
        if let Some(writer) = self.start_writing() {
            let _ = self.with_store_budget(budget, writer).await;
        }
    }

    async fn write_all(self: Arc<Self>) -> Result<(), TokenError> {
        let written = AssertUnwindSafe(self.write_until_done()).catch_unwind();
        written.await.unwrap_or_else(|_| {
            self.postpone_writing(self.lock());
            Err(self.error(Reason::Panicked))
        })
    }

    async fn write_until_done(self: &Arc<Self>) -> Result<(), TokenError> {
        while let Some((version, token, under)) = self.next_write() {
            let mut budget = self.store_budget();
            // A change of the application is written again under another lease if this one is lost.
            let gives_way = matches!(under, Under::Lease { .. });
            match self.write_once(token, under, &mut budget).await {
                Ok(()) => self.end_write(version),
                Err(NoLease::Failed(error)) if error.is_superseded() && gives_way => {
                    if self.load_newer(&mut budget).await {
                        self.lock().store().superseded = version;
                    }
                    self.end_write(version);
                }
                Err(failure) => {
                    let mut state = self.lock();
                    if state.store().version == version {
                        self.postpone_writing(state);
                        return Err(self.error(failure.into_reason()));
                    }
                }
            }
        }
        Ok(())
    }

    /// Stops the writer while a write is still pending.
    fn postpone_writing(self: &Arc<Self>, mut state: LockedState<'_>) {
        let left = (state.store().release(), state.store().writer.take());
        let pause = state.store().next_retry();
        drop(state);
        drop(left);
        self.retry_writing(pause);
    }

    /// Starts the writer again after `pause`, if the manager still exists then.
    fn retry_writing(self: &Arc<Self>, pause: Option<Duration>) {
        let Some(pause) = pause else {
            return;
        };
        let (engine, clock) = (Arc::downgrade(self), Arc::clone(&self.settings.clock));
        self.spawn_detached(async move {
            clock.time_limit(pause).await;
            if let Some(engine) = engine.upgrade() {
                engine.lock().store().retries = false;
                engine.start_writing();
                engine.release();
            }
        });
    }

    /// Returns the next write, or `None` to end the writer.
    fn next_write(&self) -> Option<(u64, Option<Arc<CachedToken>>, Under)> {
        let mut state = self.lock();
        if let Some(pending) = &state.store().pending {
            return Some((
                pending.version,
                pending.token.clone(),
                pending.under.clone(),
            ));
        }
        let ended = state.store().writer.take();
        drop(state);
        drop(ended);
        None
    }

    fn end_write(&self, version: u64) {
        let mut state = self.lock();
        state.store().failures = 0;
        let pending = &mut state.store().pending;
        let ended = pending.take_if(|pending| pending.version == version);
        drop(state);
        drop(ended);
    }

    async fn write_once(
        &self,
        token: Option<Arc<CachedToken>>,
        under: Under,
        budget: &mut Budget,
    ) -> Result<(), NoLease> {
        let (number, _held) = match under {
            Under::NewLease => {
                let limit = self.settings.limits().lease_timeout();
                let lease = self.lease(budget, limit).await?;
                (lease.as_ref().map(|lease| lease.number()), lease)
            }
            Under::Lease { number, held } => (number, held),
        };
        let written = match token {
            Some(cached) => {
                let stored = StoredToken::new(cached.token());
                self.ask_store(budget, "save", move |store, key| {
                    Box::pin(async move { store.save(&key, &stored, number).await })
                })
                .await
            }
            None => self.remove(number, budget).await,
        };
        written.map_err(NoLease::Failed)
    }

    /// Caches a token that another process has written under a later lease, if there is one.
    async fn load_newer(self: &Arc<Self>, budget: &mut Budget) -> bool {
        let generation = self.lock().generation();
        let Ok(Some(found)) = self.load_stored(generation, Newer::ByLease, budget).await else {
            return false;
        };
        let requested = Requested::in_generation(generation);
        self.set_and_notify(&requested, &found, &Arc::default());
        true
    }
}
