//! Tokens from the store, and the fetch that several processes share.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};

use super::{Engine, Entry};
use crate::error::TokenError;
use crate::store::{StoreError, StoreKey, StoreLock, StoredToken, TokenStore};
use crate::token::Token;
use crate::trace::event;

const LOAD_LIMIT: Duration = Duration::from_secs(5);
const SAVE_LIMIT: Duration = Duration::from_secs(5);
const LOCK_LIMIT: Duration = Duration::from_secs(10);

/// A token that others will want, and the lock that kept them waiting for it.
pub(super) struct ToShare {
    token: Token,
    lock: Option<StoreLock>,
}

impl Engine {
    /// A token from the store, or under its lock from the endpoint.
    pub(super) async fn obtain_shared(
        self: &Arc<Self>,
        store: &Arc<dyn TokenStore>,
    ) -> Result<(Arc<Entry>, Option<ToShare>), TokenError> {
        let key = self.store_key();
        if let Some(entry) = self.load(store, &key).await {
            return Ok((entry, None));
        }
        let lock = self.within(LOCK_LIMIT, store.lock(&key), "lock").await;
        // Whoever held the lock before may have fetched.
        if lock.is_some() {
            if let Some(entry) = self.load(store, &key).await {
                return Ok((entry, None));
            }
        }
        let entry = self.fetched_entry().await?;
        let token = entry.token();
        Ok((entry, Some(ToShare { token, lock })))
    }

    /// Saves what was fetched, and lets others have it.
    pub(super) async fn share(&self, shared: ToShare) {
        if let Some(store) = &self.settings.store {
            let key = self.store_key();
            let stored = StoredToken::new(shared.token);
            self.within(SAVE_LIMIT, store.save(&key, &stored), "save")
                .await;
        }
        drop(shared.lock);
    }

    async fn load(&self, store: &Arc<dyn TokenStore>, key: &StoreKey) -> Option<Arc<Entry>> {
        let stored = self.within(LOAD_LIMIT, store.load(key), "load").await??;
        let token = stored.into_token();
        if !self.is_answer(&token) || !self.is_newer(&token) {
            return None;
        }
        self.counters.store_loads.add();
        event!(
            debug,
            scheme = self.settings.scheme,
            "token taken from the store"
        );
        Some(self.entry_for(token, None))
    }

    /// Whether a token is any better than the installed one.
    fn is_newer(&self, token: &Token) -> bool {
        let Some(current) = self.lock().entry() else {
            return true;
        };
        let differs = !current.has(token);
        differs
            && match (token.expires_at(), current.expires_at()) {
                (Some(theirs), Some(ours)) => theirs > ours,
                _ => true,
            }
    }

    /// What the store answers in time. Its failures are counted and logged, and that is all.
    async fn within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = Result<T, StoreError>> + Unpin,
        what: &'static str,
    ) -> Option<T> {
        let outcome = select(work, self.settings.clock.sleep(limit)).await;
        if let Either::Left((Ok(value), _)) = outcome {
            return Some(value);
        }
        self.counters.store_failures.add();
        let timed_out = matches!(outcome, Either::Right(_));
        event!(
            warn,
            scheme = self.settings.scheme,
            what,
            timed_out,
            "the token store failed; going on without it"
        );
        let _ = (what, timed_out);
        None
    }

    fn store_key(&self) -> StoreKey {
        let settings = &self.settings;
        StoreKey::new(
            &settings.token_url,
            settings.client_id.as_deref().unwrap_or_default(),
            &settings.grant.scope,
            &settings.grant.parameters,
        )
    }
}
