//! Stores keep tokens beyond the end of a process, or share them between processes.
//!
//! A manager loads from its store before the first request and before each refresh, and saves each token that the
//! endpoint issues. A store can grant leases: the process that holds the lease of a key requests a token, and the
//! others load it afterwards.

#[cfg(feature = "store-file")]
mod file;
mod key;
mod memory;

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::{Deserialize, Serialize};

#[cfg(feature = "store-file")]
pub use self::file::FileStore;
pub(crate) use self::key::Identity;
pub use self::key::StoreKey;
pub use self::memory::MemoryStore;
use crate::BoxError;
use crate::BoxFuture;
use crate::error::{Cause, chain, described};
use crate::token::Token;

/// Loads and saves tokens.
///
/// A refresh waits up to 10 s for a store that does not respond. After that the store counts as down: it is not
/// called for 30 s, then for twice as long each time, up to 5 min, and not before the hanging call has ended. A
/// manager continues without a store that fails, with one exception: if the store grants leases, no refresh token is
/// sent without one, because a server may end the authorization if it sees a refresh token twice (RFC 9700 section
/// 4.14.2).
///
/// Methods may block: they run on threads of this crate. Builds without the feature `reqwest` poll them in the tasks
/// of callers instead.
///
/// # Leases
///
/// A store that one process uses at a time needs no leases. If several processes share a store without leases, each
/// of them requests tokens separately, two of them may send the same refresh token, and a slow one may overwrite a
/// newer token with an older one.
pub trait TokenStore: Send + Sync + 'static {
    /// Returns the token under `key`, if there is one.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    fn load<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>>;

    /// Saves `token` under `key`, and replaces the token that is there.
    ///
    /// `lease` is the number of the lease that the token was obtained under.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be written. Returns [`StoreError::superseded`], and writes nothing, if a
    /// lease with a larger number was granted for `key`.
    fn save<'a>(
        &'a self,
        key: &'a StoreKey,
        token: &'a StoredToken,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Removes the token under `key`, because the server no longer accepts it or the user has signed out.
    ///
    /// # Errors
    ///
    /// Returns an error in the same cases as [`save`](Self::save).
    fn remove<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Returns the leases of this store, or `None`, the default, if it grants none. A manager calls this once, when
    /// it is built.
    fn leases(&self) -> Option<&dyn Leases> {
        None
    }
}

/// Grants leases: see [`TokenStore::leases`].
pub trait Leases: Send + Sync {
    /// Grants the lease of `key`, or returns `None` if another process holds it. This must not wait until the lease
    /// is free: it is called again.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be reached.
    fn try_lease<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<Lease>, StoreError>>;
}

/// Shows nothing of the store, since its content is secret.
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
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        (**self).save(key, token, lease)
    }

    fn remove<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        (**self).remove(key, lease)
    }

    fn leases(&self) -> Option<&dyn Leases> {
        (**self).leases()
    }
}

/// The right to request a token for one key, and to save it. A lease ends when it is dropped, and should end with its
/// process.
///
/// Each lease of a key has a larger number than those before it. The number allows the store to refuse writes of a
/// process that has lost its lease without noticing.
pub struct Lease {
    number: u64,
    // Never locked. It is only dropped, by whichever thread is last.
    _held: Mutex<Box<dyn Any + Send>>,
}

impl Lease {
    /// Makes a lease that ends when `held` is dropped.
    pub fn new(number: u64, held: impl Any + Send) -> Self {
        Self {
            number,
            _held: Mutex::new(Box::new(held)),
        }
    }

    /// Returns the number of the lease.
    pub fn number(&self) -> u64 {
        self.number
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// A token in the form in which stores keep it: the token with its original lifetime, from which another process
/// calculates the refresh-ahead time and the clock skew.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StoredToken {
    token: Token,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lifetime_seconds: Option<u64>,
}

impl StoredToken {
    /// Makes the stored form of `token`.
    pub fn new(token: Token) -> Self {
        let lifetime_seconds = token.lifetime().map(|life| life.as_secs());
        Self {
            token,
            lifetime_seconds,
        }
    }

    /// Returns the token.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Returns the token, with its lifetime.
    pub fn into_token(self) -> Token {
        match self.lifetime_seconds {
            Some(seconds) => self.token.with_lifetime(Duration::from_secs(seconds)),
            None => self.token,
        }
    }
}

/// An error of a token store.
#[derive(Debug)]
pub struct StoreError {
    source: Option<BoxError>,
}

impl StoreError {
    /// Makes an error caused by `source`, which must not contain a secret: its text is logged and shown to callers.
    pub fn new(source: impl Into<BoxError>) -> Self {
        Self {
            source: Some(source.into()),
        }
    }

    /// Makes the error of a write that is refused because a later lease was granted.
    pub fn superseded() -> Self {
        Self { source: None }
    }

    /// Returns whether a write was refused because a later lease was granted.
    pub fn is_superseded(&self) -> bool {
        self.source.is_none()
    }

    /// Returns the error of the store, unless a write was superseded. Its text is part of this error's text.
    pub fn get_ref(&self) -> Option<Cause<'_>> {
        Some(self.source.as_ref()?.as_ref())
    }

    /// Returns the text for the log, which is not masked or truncated yet.
    pub(crate) fn text(&self) -> String {
        let source = self.source.as_ref();
        source.map_or_else(|| self.to_string(), |source| chain(source.as_ref()))
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(f, "the token store failed: {}", described(source.as_ref())),
            None => f.write_str("the token store has granted a later lease"),
        }
    }
}

impl Error for StoreError {}
