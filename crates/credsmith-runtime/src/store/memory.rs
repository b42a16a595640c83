//! A store for the managers of one process.

use std::collections::BTreeMap;
use std::fmt;
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use futures_util::lock::Mutex as Turn;

use super::{StoreError, StoreKey, StoreLock, StoredToken, TokenStore};
use crate::BoxFuture;

/// Keeps tokens in memory; clones share them. Whoever locks a key first fetches for all managers
/// that have it.
#[derive(Clone, Default)]
pub struct MemoryStore {
    tokens: Arc<Mutex<BTreeMap<StoreKey, StoredToken>>>,
    /// The locks that somebody has, or waits for.
    turns: Arc<Mutex<BTreeMap<StoreKey, Weak<Turn<()>>>>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn tokens(&self) -> MutexGuard<'_, BTreeMap<StoreKey, StoredToken>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self, key: &StoreKey) -> Arc<Turn<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = turns.get(key).and_then(Weak::upgrade) {
            return turn;
        }
        turns.retain(|_, turn| turn.strong_count() > 0);
        let turn = Arc::default();
        turns.insert(key.clone(), Arc::downgrade(&turn));
        turn
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

impl TokenStore for MemoryStore {
    fn load<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        Box::pin(ready(Ok(self.tokens().get(key).cloned())))
    }

    fn save<'a>(
        &'a self,
        key: &'a StoreKey,
        token: &'a StoredToken,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.tokens().insert(key.clone(), token.clone());
        Box::pin(ready(Ok(())))
    }

    fn remove<'a>(&'a self, key: &'a StoreKey) -> BoxFuture<'a, Result<(), StoreError>> {
        self.tokens().remove(key);
        Box::pin(ready(Ok(())))
    }

    fn lock<'a>(&'a self, key: &'a StoreKey) -> BoxFuture<'a, Result<StoreLock, StoreError>> {
        let turn = self.turn(key).lock_owned();
        Box::pin(async move { Ok(StoreLock::new(turn.await)) })
    }
}
