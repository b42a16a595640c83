//! The use of the token store in a refresh: tokens that other processes have saved, and the lease under which one
//! process requests a token for all of them.
//!
//! A store that fails, hangs or panics does not prevent a refresh, which spends at most ten seconds on it; after that
//! the store counts as down for a while. There is one exception: a refresh token that other processes may be sending
//! is not sent before the store has granted a lease. A lease that another process holds is not a failure; the refresh
//! waits for it.

use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use futures_timer::Delay;
use secrecy::{ExposeSecret, SecretString};

use super::budget::Budget;
use super::hook::{HookFailure, catch_panic};
use super::{CachedToken, Engine};
use crate::BoxFuture;
use crate::error::{Reason, TokenError};
use crate::grant::Grant;
use crate::policy::backoff;
use crate::store::{Identity, Lease, StoreError, StoreKey, StoredToken, TokenStore};
use crate::text;
use crate::threads::IO;
use crate::token::Token;
use crate::trace::event;

/// The first and the longest pause before a lease is requested again.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LAST_PAUSE: Duration = Duration::from_millis(250);

/// The pause before a failed store is called again, within the budget.
const RETRY_PAUSE: Duration = Duration::from_millis(500);

/// Time-outs of the store.
#[derive(Default)]
pub(super) struct Outages {
    in_a_row: u32,
    /// On the monotonic clock.
    down_until: Duration,
    /// The call that timed out, as long as it runs.
    call: Weak<()>,
}

impl Outages {
    /// Returns whether the store counts as down. A timed-out call still runs: a later write could be overtaken by it.
    fn is_down(&self, now: Duration) -> bool {
        now < self.down_until || self.call.strong_count() > 0
    }
}

/// How a stored token is known to be newer than the one of this process.
#[derive(Clone, Copy)]
pub(super) enum Newer {
    /// It expires later.
    ByExpiry,
    /// The store has refused our token because of a later lease.
    ByLease,
}

impl Newer {
    fn than(self, ours: Option<&Token>, stored: &Token) -> bool {
        let Some(ours) = ours else {
            return true;
        };
        let is_later = match self {
            Self::ByExpiry => is_later(stored.expires_at(), ours.expires_at()),
            Self::ByLease => true,
        };
        is_later && !ours.has_same_access_token(stored)
    }
}

/// The reason why there is no lease.
pub(super) enum NoLease {
    HeldByOther,
    Failed(StoreError),
}

impl NoLease {
    pub(super) fn into_reason(self) -> Reason {
        match self {
            Self::HeldByOther => Reason::LeaseHeld,
            Self::Failed(error) => Reason::Store(error),
        }
    }
}

impl Engine {
    /// Returns the store, unless the application requests tokens itself.
    pub(super) fn store(&self) -> Option<&Arc<dyn TokenStore>> {
        let settings = &self.settings;
        settings.store.as_ref().filter(|_| settings.automatic)
    }

    /// Returns a lease for a request that other processes may also make. Without a lease the request is made all the
    /// same.
    pub(super) async fn lease_if_free(&self, budget: &mut Budget) -> Option<Arc<Lease>> {
        let limit = self.settings.limits().free_lease_timeout();
        self.lease(budget, limit).await.unwrap_or(None)
    }

    async fn lease_to_run_grant(&self, budget: &mut Budget) -> Option<Arc<Lease>> {
        if self.settings.grant.needs_user() {
            return None;
        }
        self.lease_if_free(budget).await
    }

    /// Returns a lease to send a refresh token under, or `None` if there is no store or it grants no leases.
    async fn lease_to_refresh(
        &self,
        budget: &mut Budget,
    ) -> Result<Option<Arc<Lease>>, TokenError> {
        let limit = self.settings.limits().lease_timeout();
        loop {
            match self.lease(budget, limit).await {
                Ok(lease) => return Ok(lease),
                Err(NoLease::HeldByOther) => return Err(self.error(Reason::LeaseHeld)),
                Err(NoLease::Failed(error)) => self.pause_or_fail(error, budget).await?,
            }
        }
    }

    /// Returns the stored token, if it can be used, and the lease to send a refresh token under. A store that grants
    /// leases and cannot be read may contain a newer refresh token, so ours must not be sent.
    pub(super) async fn load_or_lease(
        self: &Arc<Self>,
        generation: u64,
        budget: &mut Budget,
    ) -> Result<(Option<Arc<CachedToken>>, Option<Arc<Lease>>), TokenError> {
        if let Ok(Some(found)) = self.load(generation, budget).await {
            return Ok((Some(found), None));
        }
        if self.lock().refreshable().is_none() {
            // No refresh token is sent, so no other process can be sending the same one.
            return Ok((None, self.lease_to_run_grant(budget).await));
        }
        let lease = self.lease_to_refresh(budget).await?;
        while lease.is_some() {
            match self.load(generation, budget).await {
                Ok(found) => return Ok((found, lease)),
                Err(error) => self.pause_or_fail(error, budget).await?,
            }
        }
        Ok((None, lease))
    }

    async fn pause_or_fail(
        &self,
        error: StoreError,
        budget: &mut Budget,
    ) -> Result<(), TokenError> {
        if budget.0 <= RETRY_PAUSE {
            return Err(self.error(Reason::Store(error)));
        }
        budget.0 -= RETRY_PAUSE;
        self.settings.clock.sleep(RETRY_PAUSE).await;
        Ok(())
    }

    /// Waits for the lease of the store. The tasks of one manager share one.
    pub(super) async fn lease(
        &self,
        budget: &mut Budget,
        limit: Duration,
    ) -> Result<Option<Arc<Lease>>, NoLease> {
        if self.store().is_none() || !self.settings.store_grants_leases {
            return Ok(None);
        }
        let granted = self.in_time(limit, self.lease_when_free(budget)).await;
        match granted {
            Some(granted) => granted.map_err(NoLease::Failed),
            None => Err(NoLease::HeldByOther),
        }
    }

    async fn lease_when_free(&self, budget: &mut Budget) -> Result<Option<Arc<Lease>>, StoreError> {
        let mut pause = FIRST_PAUSE;
        loop {
            if let Some(lease) = self.lock().store().lease.upgrade() {
                return Ok(Some(lease));
            }
            let before = budget.0;
            let attempt = self.ask_store(budget, "lease", |store, key| {
                Box::pin(async move {
                    match store.leases() {
                        Some(leases) => leases.try_lease(&key).await,
                        None => Ok(None),
                    }
                })
            });
            if let Some(granted) = attempt.await? {
                let lease = Arc::new(self.given_back_off_thread(granted));
                self.lock().store().lease = Arc::downgrade(&lease);
                return Ok(Some(lease));
            }
            // The store has responded: a lease that another process holds is not a failure.
            budget.0 = before;
            Delay::new(pause).await;
            pause = (pause * 2).min(LAST_PAUSE);
        }
    }

    /// Returns the stored token, if it can be used. Otherwise its refresh token may still be used.
    pub(super) async fn load(
        self: &Arc<Self>,
        generation: u64,
        budget: &mut Budget,
    ) -> Result<Option<Arc<CachedToken>>, StoreError> {
        let before = {
            let mut state = self.lock();
            if state.store().is_hidden() {
                return Ok(None);
            }
            state.cached()
        };
        self.finish_writing(budget).await;
        // The writer loads the token that it finds to be newer.
        let newer = self.living_token().filter(|cached| {
            let before = before.as_ref();
            before.is_none_or(|before| !Arc::ptr_eq(before, cached))
        });
        if newer.is_some() && self.lock().generation() == generation {
            return Ok(newer);
        }
        self.load_stored(generation, Newer::ByExpiry, budget).await
    }

    /// Does the same while a write may be pending. While the store does not have the latest change of the
    /// application, its token is not used.
    pub(super) async fn load_stored(
        &self,
        generation: u64,
        newer: Newer,
        budget: &mut Budget,
    ) -> Result<Option<Arc<CachedToken>>, StoreError> {
        if self.lock().store().is_hidden() {
            return Ok(None);
        }
        let Some(token) = self.stored_token(budget).await? else {
            return Ok(None);
        };
        let found = self.cached_token(token.clone(), None);
        let usable = self.usable(token.clone());
        let mut state = self.lock();
        if state.generation() != generation || state.store().is_hidden() {
            return Ok(None);
        }
        let cached = state.cached();
        let usable = usable.filter(|_| {
            let cached = cached.as_ref().map(|cached| cached.token());
            newer.than(cached.as_ref(), &token)
        });
        if usable.is_some() {
            drop(state);
            self.counters.store_loads.add();
            event!(
                debug,
                scheme = self.settings.scheme,
                "token loaded from the store"
            );
            return Ok(usable);
        }
        // This process may have failed to save a newer one.
        let takes_refresh_tokens = self.settings.grant.takes_refresh_tokens();
        if takes_refresh_tokens && newer.than(state.refreshable().as_ref(), &token) {
            let replaced = state.take_refresh_token_of(&found);
            drop(state);
            drop(replaced);
        }
        Ok(None)
    }

    pub(super) async fn stored_token(
        &self,
        budget: &mut Budget,
    ) -> Result<Option<Token>, StoreError> {
        let stored = self.ask_store(budget, "load", |store, key| {
            Box::pin(async move { store.load(&key).await })
        });
        Ok(stored.await?.map(StoredToken::into_token))
    }

    /// Removes the stored token if it has this refresh token, which the server no longer accepts.
    pub(super) async fn remove_refused(
        &self,
        refresh_token: &SecretString,
        lease: Option<&Arc<Lease>>,
        budget: &mut Budget,
    ) {
        let Ok(Some(stored)) = self.stored_token(budget).await else {
            return;
        };
        let is_it = stored
            .refresh_token()
            .is_some_and(|theirs| theirs.expose_secret() == refresh_token.expose_secret());
        if is_it {
            let number = lease.map(|lease| lease.number());
            let _ = self.remove(number, budget).await;
        }
    }

    pub(super) async fn remove(
        &self,
        lease: Option<u64>,
        budget: &mut Budget,
    ) -> Result<(), StoreError> {
        let removed = self.ask_store(budget, "remove", move |store, key| {
            Box::pin(async move { store.remove(&key, lease).await })
        });
        removed.await
    }

    /// Calls the store within the rest of `budget`, and returns its result. Failures, including panics, are counted
    /// and logged.
    pub(super) async fn ask_store<T: Send + 'static>(
        &self,
        budget: &mut Budget,
        what: &'static str,
        call: impl FnOnce(Arc<dyn TokenStore>, StoreKey) -> BoxFuture<'static, Result<T, StoreError>>
        + Send
        + 'static,
    ) -> Result<T, StoreError> {
        let store = self.store().cloned();
        let store = store.ok_or_else(|| StoreError::new("there is no store"))?;
        let now = self.now().monotonic;
        if self.lock().store().outages.is_down(now) {
            budget.0 = Duration::ZERO;
            return Err(StoreError::new(
                "the store is down: it did not respond a moment ago",
            ));
        }
        let key = self.store_key();
        let running = Arc::new(());
        let this = Arc::downgrade(&running);
        let asked = self.off_thread(&IO, async move {
            let answer = catch_panic(move || call(store, key)).await;
            drop(running);
            answer
        });
        let error = match self.with_store_budget(budget, asked).await {
            Some(Some(Ok(value))) => {
                self.lock().store().outages = Outages::default();
                return Ok(value);
            }
            Some(Some(Err(HookFailure::Error(error)))) => match error.downcast::<StoreError>() {
                Ok(error) => *error,
                Err(error) => StoreError::new(error),
            },
            Some(_) => StoreError::new("it panicked"),
            None => {
                self.note_outage(this);
                StoreError::new("it did not respond in time")
            }
        };
        if !error.is_superseded() {
            self.note_store_failure(what, &error);
        }
        Err(error)
    }

    fn note_outage(&self, call: Weak<()>) {
        let now = self.now().monotonic;
        let mut state = self.lock();
        let outages = &mut state.store().outages;
        outages.in_a_row += 1;
        outages.call = call;
        outages.down_until = now.saturating_add(backoff::store_down(outages.in_a_row));
    }

    fn note_store_failure(&self, what: &'static str, error: &StoreError) {
        self.counters.store_failures.add();
        let text = text::clean(&error.text(), 300, &self.secrets());
        event!(
            warn,
            scheme = self.settings.scheme,
            what,
            error = text,
            "the token store failed"
        );
        let _ = (what, text);
    }

    fn store_key(&self) -> StoreKey {
        let settings = &self.settings;
        let endpoints = &settings.endpoints;
        let configured = endpoints.token.as_ref().map(|address| &*address.given);
        let mut who: Vec<&str> = vec![settings.grant.name()];
        match &settings.grant {
            Grant::Password(grant) => who.push(&grant.username),
            #[cfg(feature = "jwt")]
            Grant::JwtBearer(grant) => who.extend(grant.parties()),
            Grant::TokenExchange(grant) => {
                who.extend(
                    grant
                        .0
                        .subject_token
                        .fixed()
                        .map(ExposeSecret::expose_secret),
                );
            }
            _ => {}
        }
        StoreKey::new(&Identity {
            server: configured
                .or(endpoints.issuer.as_deref())
                .unwrap_or_default(),
            client_id: settings.client_id.as_deref().unwrap_or_default(),
            who: &who,
            account: &settings.store_account,
            scope: &settings.scope,
            parameters: &settings.parameters,
            headers: settings.endpoint_headers.as_deref(),
        })
    }
}

/// Returns whether `one` is later than `other`. An unknown expiry counts as later.
fn is_later(one: Option<SystemTime>, other: Option<SystemTime>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one > other,
        _ => true,
    }
}
