//! A store without a lock.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use credsmith_runtime::{
    BoxFuture, ExposeSecret, MemoryStore, SecretString, StoreError, StoreKey, StoredToken, Token,
    TokenStore,
};
use tokio::sync::Semaphore;

/// A memory that takes notes, and its time.
#[derive(Clone)]
pub(crate) struct Noting {
    memory: Arc<MemoryStore>,
    saved: Arc<Mutex<Vec<String>>>,
    removed: Arc<AtomicUsize>,
    /// The refresh token whose save waits for the gate.
    delayed: &'static str,
    gate: Arc<Semaphore>,
}

impl Default for Noting {
    fn default() -> Self {
        Self::delaying("")
    }
}

impl Noting {
    /// A store that does not save this refresh token before [`Noting::open`].
    pub(crate) fn delaying(refresh_token: &'static str) -> Self {
        Self {
            memory: Arc::default(),
            saved: Arc::default(),
            removed: Arc::default(),
            delayed: refresh_token,
            gate: Arc::new(Semaphore::new(0)),
        }
    }

    pub(crate) fn open(&self) {
        self.gate.add_permits(1);
    }

    /// The refresh tokens that were saved.
    pub(crate) fn saved(&self) -> Vec<String> {
        self.saved.lock().unwrap().clone()
    }

    pub(crate) fn removed(&self) -> usize {
        self.removed.load(Ordering::SeqCst)
    }
}

impl TokenStore for Noting {
    fn load<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        self.memory.load(key)
    }

    fn save<'a>(
        &'a self,
        key: &'a StoreKey,
        token: &'a StoredToken,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let refresh_token = token.token().refresh_token();
        let refresh_token = refresh_token.map_or("", SecretString::expose_secret);
        Box::pin(async move {
            // As slow as a disk: whoever does not wait for it is gone by then.
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            let is_delayed = refresh_token == self.delayed && !refresh_token.is_empty();
            if is_delayed {
                self.gate.acquire().await.unwrap().forget();
            }
            self.saved.lock().unwrap().push(refresh_token.to_owned());
            self.memory.save(key, token, lease).await?;
            Ok(())
        })
    }

    fn remove<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.removed.fetch_add(1, Ordering::SeqCst);
        self.memory.remove(key, lease)
    }
}

/// A token of an hour from `start`.
pub(crate) fn token(access_token: &str, refresh_token: &str) -> Token {
    let expires_at = crate::support::start() + crate::support::seconds(3_600);
    Token::new(access_token)
        .with_refresh_token(SecretString::from(refresh_token))
        .with_expires_at(expires_at)
}
