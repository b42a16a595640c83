//! Tokens that outlive the process, or are shared with others.
//!
//! A store is asked before the first fetch and before each refresh, and is told each token that the
//! endpoint issues. It can also lock a key: who holds the lock fetches, and the others find the
//! token when the lock is theirs. A store that fails or hangs is counted and passed over: it never
//! keeps a good token from its callers.

#[cfg(feature = "store-file")]
mod file;
mod key;
mod memory;

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

#[cfg(feature = "store-file")]
pub use self::file::FileStore;
pub(crate) use self::key::Identity;
pub use self::key::StoreKey;
pub use self::memory::MemoryStore;
use crate::BoxError;
use crate::BoxFuture;
use crate::token::Token;

/// Loads and saves tokens.
///
/// The manager allows 5 s for a load, a save and a removal, and 10 s for the lock. After that it goes on
/// without. Before it sends a refresh token it allows 75 s for the lock, as long as another process
/// may take over its exchange: a refresh token that is sent twice may end the user's authorization.
pub trait TokenStore: Send + Sync + 'static {
    /// The token under `key`, if there is one.
    fn load<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>>;

    /// Puts `token` under `key`, in place of what is there.
    fn save<'a>(
        &'a self,
        key: &'a StoreKey,
        token: &'a StoredToken,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Removes what is under `key`: the server does not take it any more, or the user has signed out.
    fn remove<'a>(&'a self, key: &'a StoreKey) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Waits until nobody else fetches for `key`. The lock ends when it is dropped, and when its
    /// process ends. Without this method there is none, and each process fetches for itself.
    fn lock<'a>(&'a self, key: &'a StoreKey) -> BoxFuture<'a, Result<StoreLock, StoreError>> {
        let _ = key;
        Box::pin(ready(Ok(StoreLock::new(()))))
    }
}

/// A store says nothing of itself: what it holds is secret.
impl fmt::Debug for dyn TokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenStore")
    }
}

impl<T: TokenStore + ?Sized> TokenStore for Arc<T> {
    fn load<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        (**self).load(key)
    }

    fn save<'a>(
        &'a self,
        key: &'a StoreKey,
        token: &'a StoredToken,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        (**self).save(key, token)
    }

    fn remove<'a>(&'a self, key: &'a StoreKey) -> BoxFuture<'a, Result<(), StoreError>> {
        (**self).remove(key)
    }

    fn lock<'a>(&'a self, key: &'a StoreKey) -> BoxFuture<'a, Result<StoreLock, StoreError>> {
        (**self).lock(key)
    }
}

/// The right to fetch for one key; given back when it is dropped.
pub struct StoreLock {
    _held: Box<dyn Any + Send>,
}

impl StoreLock {
    /// A lock that ends when `held` is dropped.
    pub fn new(held: impl Any + Send) -> Self {
        Self {
            _held: Box::new(held),
        }
    }
}

impl fmt::Debug for StoreLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreLock").finish_non_exhaustive()
    }
}

/// A token as stores keep it: the token's own form, and the life it was issued with, by which
/// another process scales its clock skew.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StoredToken {
    token: Token,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lifetime_seconds: Option<u64>,
}

impl StoredToken {
    /// The stored form of `token`.
    pub fn new(token: Token) -> Self {
        let lifetime_seconds = token.lifetime().map(|life| life.as_secs());
        Self {
            token,
            lifetime_seconds,
        }
    }

    /// The token.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// The token, with its life.
    pub fn into_token(self) -> Token {
        match self.lifetime_seconds {
            Some(seconds) => self.token.with_lifetime(Duration::from_secs(seconds)),
            None => self.token,
        }
    }
}

/// A store did not do what it was asked.
#[derive(Debug)]
pub struct StoreError {
    source: BoxError,
}

impl StoreError {
    /// An error caused by `source`, which must hold no secret: it is logged.
    pub fn new(source: impl Into<BoxError>) -> Self {
        Self {
            source: source.into(),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the token store failed")
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}
