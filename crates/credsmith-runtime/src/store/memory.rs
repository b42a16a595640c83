//! A store for the managers of one process.

use std::collections::BTreeMap;
use std::fmt;
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::{Lease, Leases, StoreError, StoreKey, StoredToken, TokenStore};
use crate::BoxFuture;

/// Keeps tokens in memory. Clones share them. The holder of the lease of a key requests a token for all managers that
/// have this key.
#[derive(Clone, Default)]
pub struct MemoryStore {
    entries: Arc<Mutex<BTreeMap<StoreKey, Entry>>>,
}

#[derive(Default)]
struct Entry {
    token: Option<StoredToken>,
    /// The number of the last lease, and the value that its holder keeps.
    lease: u64,
    held: Weak<()>,
}

impl Entry {
    fn write(&mut self, token: Option<StoredToken>, lease: Option<u64>) -> Result<(), StoreError> {
        if lease.is_some_and(|number| number < self.lease) {
            return Err(StoreError::superseded());
        }
        self.token = token;
        Ok(())
    }
}

impl MemoryStore {
    /// Makes an empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<StoreKey, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(
        &self,
        key: &StoreKey,
        token: Option<StoredToken>,
        lease: Option<u64>,
    ) -> BoxFuture<'static, Result<(), StoreError>> {
        let mut entries = self.entries();
        let written = entries.entry(key.clone()).or_default().write(token, lease);
        Box::pin(ready(written))
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
        let entries = self.entries();
        let token = entries.get(key).and_then(|entry| entry.token.clone());
        Box::pin(ready(Ok(token)))
    }

    fn save<'a>(
        &'a self,
        key: &'a StoreKey,
        token: &'a StoredToken,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.write(key, Some(token.clone()), lease)
    }

    fn remove<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.write(key, None, lease)
    }

    fn leases(&self) -> Option<&dyn Leases> {
        Some(self)
    }
}

impl Leases for MemoryStore {
    fn try_lease<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<Lease>, StoreError>> {
        let mut entries = self.entries();
        let entry = entries.entry(key.clone()).or_default();
        let attempt = if entry.held.strong_count() > 0 {
            None
        } else {
            let held = Arc::new(());
            entry.held = Arc::downgrade(&held);
            entry.lease += 1;
            Some(Lease::new(entry.lease, held))
        };
        Box::pin(ready(Ok(attempt)))
    }
}
