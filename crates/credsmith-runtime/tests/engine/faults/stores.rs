//! The stores of these tests, all in one place: the only code here that implements [`TokenStore`].

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use credsmith_runtime::{
    BoxFuture, Lease, Leases, MemoryStore, StoreError, StoreKey, StoredToken, TokenStore,
};

/// A memory whose next writes fail, as many as it is told.
#[derive(Clone, Default)]
pub(crate) struct Failing {
    memory: Arc<MemoryStore>,
    failures: Arc<AtomicUsize>,
}

impl Failing {
    /// A store whose first `count` writes fail.
    pub(crate) fn times(count: usize) -> Self {
        let store = Self::default();
        store.fail(count);
        store
    }

    /// Lets the next `count` writes fail.
    pub(crate) fn fail(&self, count: usize) {
        self.failures.store(count, Ordering::SeqCst);
    }

    fn write(&self) -> Result<(), StoreError> {
        let left = self
            .failures
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        left.map_or(Ok(()), |_| Err(StoreError::new("scripted")))
    }
}

impl TokenStore for Failing {
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
        Box::pin(async move {
            self.write()?;
            self.memory.save(key, token, lease).await
        })
    }

    fn remove<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.write()?;
            self.memory.remove(key, lease).await
        })
    }
}

/// The methods of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Load,
    Save,
    Remove,
    Lease,
}

impl Method {
    pub(crate) const ALL: [Self; 4] = [Self::Load, Self::Save, Self::Remove, Self::Lease];
}

/// A store of which some methods never return, and one fails with a text.
#[derive(Clone, Default)]
pub(crate) struct Broken {
    memory: Arc<MemoryStore>,
    hanging: &'static [Method],
    failing: Option<(Method, &'static str)>,
}

impl Broken {
    pub(crate) fn hanging(methods: &'static [Method]) -> Self {
        Self {
            hanging: methods,
            ..Self::default()
        }
    }

    /// A store whose `method` fails, and says why in the source of its error.
    pub(crate) fn failing(method: Method, why: &'static str) -> Self {
        Self {
            failing: Some((method, why)),
            ..Self::default()
        }
    }

    async fn enter(&self, method: Method) -> Result<(), StoreError> {
        if self.hanging.contains(&method) {
            pending::<()>().await;
        }
        match self.failing {
            Some((failing, why)) if failing == method => Err(StoreError::new(Outer(why.into()))),
            _ => Ok(()),
        }
    }
}

/// An error whose reason is its source.
#[derive(Debug)]
struct Outer(credsmith_runtime::BoxError);

impl std::fmt::Display for Outer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the vault refused")
    }
}

impl std::error::Error for Outer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.0.as_ref())
    }
}

impl TokenStore for Broken {
    fn load<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        Box::pin(async move {
            self.enter(Method::Load).await?;
            self.memory.load(key).await
        })
    }

    fn save<'a>(
        &'a self,
        key: &'a StoreKey,
        token: &'a StoredToken,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.enter(Method::Save).await?;
            self.memory.save(key, token, lease).await
        })
    }

    fn remove<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.enter(Method::Remove).await?;
            self.memory.remove(key, lease).await
        })
    }

    fn leases(&self) -> Option<&dyn Leases> {
        Some(self)
    }
}

impl Leases for Broken {
    fn try_lease<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<Lease>, StoreError>> {
        Box::pin(async move {
            self.enter(Method::Lease).await?;
            self.memory.try_lease(key).await
        })
    }
}
