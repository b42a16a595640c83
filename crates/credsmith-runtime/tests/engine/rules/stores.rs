//! A store that is watched.

use std::future::pending;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use credsmith_runtime::{
    BoxFuture, Clock as _, Lease, Leases, ManualClock, MemoryStore, StoreError, StoreKey,
    StoredToken, TokenStore,
};

use crate::faults::stores::Method;
use crate::support::text;

/// What a store was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) method: Method,
    /// The access token that is to be saved.
    pub(super) token: String,
    /// The number of the lease that it was obtained under.
    pub(super) lease: Option<u64>,
}

/// A memory that notes what it is asked, and does what it is told. Its leases do not know whether somebody still
/// holds them, as if whoever did had been held up for long.
#[derive(Clone)]
pub(super) struct Watched {
    memory: Arc<MemoryStore>,
    clock: ManualClock,
    calls: Arc<Mutex<Vec<(Call, Duration)>>>,
    lease: Arc<AtomicU64>,
    has_leases: bool,
    is_taken: Arc<AtomicBool>,
    /// How often it still fails, of which method.
    failing: Option<Method>,
    failures: Arc<AtomicUsize>,
    hanging: Option<Method>,
}

impl Watched {
    pub(super) fn new(clock: &ManualClock) -> Self {
        Self {
            memory: Arc::default(),
            clock: clock.clone(),
            calls: Arc::default(),
            lease: Arc::default(),
            has_leases: true,
            is_taken: Arc::default(),
            failing: None,
            failures: Arc::default(),
            hanging: None,
        }
    }

    pub(super) fn without_leases(self) -> Self {
        Self {
            has_leases: false,
            ..self
        }
    }

    /// The same store, whose `method` fails `times`.
    pub(super) fn failing(self, method: Method, times: usize) -> Self {
        self.failures.store(times, Ordering::SeqCst);
        Self {
            failing: Some(method),
            ..self
        }
    }

    /// The same store, whose `method` never returns.
    pub(super) fn hanging(self, method: Method) -> Self {
        Self {
            hanging: Some(method),
            ..self
        }
    }

    /// Another process has the lease, or no longer.
    pub(super) fn set_taken(&self, is_taken: bool) {
        self.is_taken.store(is_taken, Ordering::SeqCst);
    }

    /// The calls so far of these methods.
    pub(super) fn calls(&self, methods: &[Method]) -> Vec<Call> {
        let calls = self.calls.lock().unwrap();
        let calls = calls.iter().map(|(call, _)| call.clone());
        calls
            .filter(|call| methods.contains(&call.method))
            .collect()
    }

    /// When it was asked.
    pub(super) fn times(&self) -> Vec<Duration> {
        let calls = self.calls.lock().unwrap();
        calls.iter().map(|(_, time)| *time).collect()
    }

    async fn enter(
        &self,
        method: Method,
        token: Option<&StoredToken>,
        lease: Option<u64>,
    ) -> Result<(), StoreError> {
        let token = token.map(|stored| text(stored.token())).unwrap_or_default();
        let call = Call {
            method,
            token,
            lease,
        };
        self.calls
            .lock()
            .unwrap()
            .push((call, self.clock.monotonic()));
        if self.hanging == Some(method) {
            pending::<()>().await;
        }
        let fails = |left: usize| left.checked_sub(1);
        let order = Ordering::SeqCst;
        let is_failing =
            self.failing == Some(method) && self.failures.fetch_update(order, order, fails).is_ok();
        if is_failing {
            return Err(StoreError::new("scripted"));
        }
        if lease.is_some_and(|number| number < self.lease.load(order)) {
            return Err(StoreError::superseded());
        }
        Ok(())
    }
}

impl TokenStore for Watched {
    fn load<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        Box::pin(async move {
            self.enter(Method::Load, None, None).await?;
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
            self.enter(Method::Save, Some(token), lease).await?;
            self.memory.save(key, token, None).await
        })
    }

    fn remove<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.enter(Method::Remove, None, lease).await?;
            self.memory.remove(key, None).await
        })
    }

    fn leases(&self) -> Option<&dyn Leases> {
        self.has_leases.then_some(self)
    }
}

impl Leases for Watched {
    fn try_lease<'a>(
        &'a self,
        _: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<Lease>, StoreError>> {
        Box::pin(async move {
            if self.is_taken.load(Ordering::SeqCst) {
                return Ok(None);
            }
            self.enter(Method::Lease, None, None).await?;
            let number = self.lease.fetch_add(1, Ordering::SeqCst) + 1;
            Ok(Some(Lease::new(number, ())))
        })
    }
}
