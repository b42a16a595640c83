//! Tokens that outlive the process, or are shared with others.
//!
//! A store is asked before the first request and before each refresh, and gets each token that the endpoint
//! issues. It may also grant leases: whoever holds the lease of a key requests a token, and the others find it
//! in the store afterwards.

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
/// A refresh spends up to 10 s on a store that does not answer. After that the store counts as down: it is not asked
/// again for 30 s, then for twice as long each time, up to 5 min, and not before the call that hangs has ended. A store that fails keeps nobody from a good
/// token, with one exception: if it grants leases, no refresh token is sent without one, because a server may
/// end the authorization when it sees a refresh token twice (RFC 9700 section 4.14.2).
///
/// Methods may block: they run on threads of this crate. Builds without the feature `reqwest` poll them in the
/// tasks of callers instead.
///
/// # Leases
///
/// A store of one process at a time needs no leases. If several processes share a store that grants none, each
/// of them requests its own tokens, two of them may send the same refresh token, and one that was held up may
/// write an older token over a newer one.
pub trait TokenStore: Send + Sync + 'static {
    /// Returns the token under `key`, if there is one.
    fn load<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>>;

    /// Puts `token` under `key`, in place of what is there.
    ///
    /// `lease` is the number of the lease that the token was obtained under.
    ///
    /// # Errors
    ///
    /// Returns [`StoreError::superseded`] if a lease with a larger number was granted for `key`, and writes
    /// nothing.
    fn save<'a>(
        &'a self,
        key: &'a StoreKey,
        token: &'a StoredToken,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Removes what is under `key`: the server does not take it any more, or the user has signed out.
    ///
    /// # Errors
    ///
    /// Returns [`StoreError::superseded`] as [`save`](Self::save) does.
    fn remove<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Returns the leases of this store; `None`, which is the default, if it grants none. A manager asks once, when
    /// it is built.
    fn leases(&self) -> Option<&dyn Leases> {
        None
    }
}

/// Grants leases: see [`TokenStore::leases`].
pub trait Leases: Send + Sync {
    /// Grants the lease of `key`; returns `None` if somebody holds it. This must not wait for the holder: it is
    /// called again.
    fn try_lease<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<Lease>, StoreError>>;
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

/// The right to request a token for one key, and to write it. It ends when it is dropped, and should end with its
/// process.
///
/// Each lease of a key has a larger number than those before it, so that a store can refuse what a process writes
/// that has lost its lease without noticing.
pub struct Lease {
    number: u64,
    // Never locked: it is only to be dropped, by whichever thread comes last.
    _held: Mutex<Box<dyn Any + Send>>,
}

impl Lease {
    /// A lease that ends when `held` is dropped.
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
    source: Option<BoxError>,
}

impl StoreError {
    /// An error caused by `source`, which must hold no secret: its text is logged, and shown to callers.
    pub fn new(source: impl Into<BoxError>) -> Self {
        Self {
            source: Some(source.into()),
        }
    }

    /// A write was refused, because a later lease was granted.
    pub fn superseded() -> Self {
        Self { source: None }
    }

    /// Returns whether a write was refused because a later lease was granted.
    pub fn is_superseded(&self) -> bool {
        self.source.is_none()
    }

    /// Returns the error of the store, unless a write was superseded. Its text is a part of this error's.
    pub fn get_ref(&self) -> Option<Cause<'_>> {
        Some(self.source.as_ref()?.as_ref())
    }

    /// Returns the text for the log, which is neither masked nor bounded yet.
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
