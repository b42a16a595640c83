//! The token store of these tests. It keeps tokens in memory, records its calls, and fails, hangs or waits as a test
//! sets it.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use credsmith_runtime::{
    BoxFuture, ExposeSecret, Lease, Leases, SecretString, StoreError, StoreKey, StoredToken, Token,
    TokenStore,
};
use futures_util::FutureExt as _;
use tokio::sync::Semaphore;

use crate::support::text;

/// The methods of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Method {
    Load,
    Save,
    Remove,
    Lease,
    /// [`TokenStore::leases`], the only method that is not async.
    Leases,
}

impl Method {
    /// All async methods.
    pub(crate) const ALL: [Self; 4] = [Self::Load, Self::Save, Self::Remove, Self::Lease];

    /// The methods that write.
    pub(crate) const WRITES: [Self; 2] = [Self::Save, Self::Remove];
}

/// A call of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// The access token to save.
    pub(crate) token: String,
    /// The number of the lease that the token was obtained under.
    pub(crate) lease: Option<u64>,
}

type BeforeEach = Arc<dyn Fn(Method) -> BoxFuture<'static, ()> + Send + Sync>;
type Grant = Arc<dyn Fn() -> Option<Lease> + Send + Sync>;

/// A store in memory. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct TestStore(Arc<Inner>);

#[derive(Default)]
struct Inner {
    behaviour: Mutex<Behaviour>,
    tokens: Mutex<BTreeMap<StoreKey, StoredToken>>,
    /// The number of the last lease.
    lease: AtomicU64,
    calls: Mutex<Vec<Call>>,
    saved: Mutex<Vec<String>>,
    removed: AtomicUsize,
}

#[derive(Default)]
struct Behaviour {
    before: Option<BeforeEach>,
    failure: Option<Failure>,
    hanging: Vec<Method>,
    gates: BTreeMap<Method, Arc<Semaphore>>,
    /// The refresh token whose save waits, and what it waits for.
    delayed: Option<(&'static str, Arc<Semaphore>)>,
    leases: LeaseMode,
    is_leased_by_other_process: bool,
    /// A token that another process has saved, for whichever key is used next.
    foreign: Option<Token>,
}

struct Failure {
    methods: Vec<Method>,
    left: usize,
    error: Box<dyn Fn() -> StoreError + Send + Sync>,
}

#[derive(Clone, Default)]
enum LeaseMode {
    #[default]
    None,
    /// Each lease has a larger number than the one before, and is granted although that one is still held: its
    /// holder may have been held up for long.
    Numbered,
    Granted(Grant),
}

impl TestStore {
    /// A store that does not save this refresh token before [`TestStore::open`].
    pub(crate) fn delaying(refresh_token: &'static str) -> Self {
        let store = Self::default();
        store.behaviour().delayed = Some((refresh_token, Arc::new(Semaphore::new(0))));
        store
    }

    /// Calls `before` when a method is called, and awaits its future before the method does anything.
    pub(crate) fn before_each(
        self,
        before: impl Fn(Method) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        self.behaviour().before = Some(Arc::new(before));
        self
    }

    /// Grants leases whose numbers grow, and returns an error from writes under an older one.
    pub(crate) fn with_leases(self) -> Self {
        self.behaviour().leases = LeaseMode::Numbered;
        self
    }

    /// Grants leases that all have the same number, so that no write is superseded.
    pub(crate) fn with_equal_leases(self) -> Self {
        self.granting(|| Some(Lease::new(1, ())))
    }

    /// Grants the leases that `grant` returns.
    pub(crate) fn granting(
        self,
        grant: impl Fn() -> Option<Lease> + Send + Sync + 'static,
    ) -> Self {
        self.behaviour().leases = LeaseMode::Granted(Arc::new(grant));
        self
    }

    /// The same as [`TestStore::fail`].
    pub(crate) fn failing(self, methods: &[Method], times: usize) -> Self {
        self.fail(methods, times);
        self
    }

    /// Never returns from `methods`.
    pub(crate) fn hanging(self, methods: &[Method]) -> Self {
        self.behaviour().hanging = methods.to_vec();
        self
    }

    /// Returns an error from the next `times` calls of `methods`.
    pub(crate) fn fail(&self, methods: &[Method], times: usize) {
        self.fail_with(methods, times, || StoreError::new("scripted"));
    }

    /// Returns these errors from the next `times` calls of `methods`.
    pub(crate) fn fail_with(
        &self,
        methods: &[Method],
        times: usize,
        error: impl Fn() -> StoreError + Send + Sync + 'static,
    ) {
        self.behaviour().failure = Some(Failure {
            methods: methods.to_vec(),
            left: times,
            error: Box::new(error),
        });
    }

    /// Ends the failures.
    pub(crate) fn recover(&self) {
        self.behaviour().failure = None;
    }

    /// Lets the calls of `method` from now on wait for a permit: before a save, and between a load and its result.
    pub(crate) fn gate(&self, method: Method, permits: usize) -> Arc<Semaphore> {
        let gate = Arc::new(Semaphore::new(permits));
        self.behaviour().gates.insert(method, Arc::clone(&gate));
        gate
    }

    /// Lets later calls of `method` pass.
    pub(crate) fn remove_gate(&self, method: Method) {
        self.behaviour().gates.remove(&method);
    }

    /// Saves the delayed refresh token.
    pub(crate) fn open(&self) {
        if let Some((_, gate)) = &self.behaviour().delayed {
            gate.add_permits(1);
        }
    }

    /// Sets whether another process holds the lease.
    pub(crate) fn set_leased_by_other_process(&self, is_leased_by_other_process: bool) {
        self.behaviour().is_leased_by_other_process = is_leased_by_other_process;
    }

    /// Saves a token as another process does, under a new lease, for whichever key is used next.
    pub(crate) fn save_as_other_process(&self, token: Token) {
        self.0.lease.fetch_add(1, Ordering::SeqCst);
        self.behaviour().foreign = Some(token);
    }

    /// The calls so far of these methods.
    pub(crate) fn calls(&self, methods: &[Method]) -> Vec<Call> {
        let calls = self.0.calls.lock().unwrap();
        let calls = calls.iter().filter(|call| methods.contains(&call.method));
        calls.cloned().collect()
    }

    /// The refresh tokens that were saved; empty if a token had none.
    pub(crate) fn saved(&self) -> Vec<String> {
        self.0.saved.lock().unwrap().clone()
    }

    /// Returns the number of removals.
    pub(crate) fn removed(&self) -> usize {
        self.0.removed.load(Ordering::SeqCst)
    }

    /// The access token in the store, which has tokens for one key at most.
    pub(crate) fn access_token(&self) -> Option<String> {
        if let Some(token) = &self.behaviour().foreign {
            return Some(text(token));
        }
        let tokens = self.0.tokens.lock().unwrap();
        assert!(tokens.len() < 2, "more than one key");
        tokens.values().next().map(|stored| text(stored.token()))
    }

    fn behaviour(&self) -> MutexGuard<'_, Behaviour> {
        self.0.behaviour.lock().unwrap()
    }

    /// Calls the hook of the test.
    fn before(&self, method: Method) -> BoxFuture<'static, ()> {
        let before = self.behaviour().before.clone();
        before.map_or_else(|| async {}.boxed(), |before| before(method))
    }

    /// Records a call, and hangs if the test says so.
    async fn enter(&self, method: Method, token: Option<&StoredToken>, lease: Option<u64>) {
        let call = Call {
            method,
            token: token.map(|stored| text(stored.token())).unwrap_or_default(),
            lease,
        };
        self.0.calls.lock().unwrap().push(call);
        let hangs = self.behaviour().hanging.contains(&method);
        if hangs {
            pending::<()>().await;
        }
    }

    fn check(&self, method: Method, lease: Option<u64>) -> Result<(), StoreError> {
        if lease.is_some_and(|number| number < self.0.lease.load(Ordering::SeqCst)) {
            return Err(StoreError::superseded());
        }
        match &mut self.behaviour().failure {
            Some(failure) if failure.left > 0 && failure.methods.contains(&method) => {
                failure.left -= 1;
                Err((failure.error)())
            }
            _ => Ok(()),
        }
    }

    fn tokens(&self, key: &StoreKey) -> MutexGuard<'_, BTreeMap<StoreKey, StoredToken>> {
        let foreign = self.behaviour().foreign.take();
        let mut tokens = self.0.tokens.lock().unwrap();
        if let Some(token) = foreign {
            tokens.insert(key.clone(), StoredToken::new(token));
        }
        tokens
    }

    fn gate_of(&self, method: Method) -> Option<Arc<Semaphore>> {
        self.behaviour().gates.get(&method).cloned()
    }

    fn gate_of_token(&self, refresh_token: &str) -> Option<Arc<Semaphore>> {
        let behaviour = self.behaviour();
        let delayed = behaviour.delayed.as_ref();
        let delayed = delayed.filter(|(delayed, _)| *delayed == refresh_token);
        delayed.map(|(_, gate)| Arc::clone(gate))
    }
}

async fn pass(gate: Option<Arc<Semaphore>>) {
    if let Some(gate) = gate {
        gate.acquire().await.unwrap().forget();
    }
}

impl TokenStore for TestStore {
    fn load<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        let (before, gate) = (self.before(Method::Load), self.gate_of(Method::Load));
        Box::pin(async move {
            before.await;
            self.enter(Method::Load, None, None).await;
            self.check(Method::Load, None)?;
            let found = self.tokens(key).get(key).cloned();
            pass(gate).await;
            Ok(found)
        })
    }

    fn save<'a>(
        &'a self,
        key: &'a StoreKey,
        token: &'a StoredToken,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let (before, gate) = (self.before(Method::Save), self.gate_of(Method::Save));
        let refresh_token = token.token().refresh_token();
        let refresh_token = refresh_token.map_or("", SecretString::expose_secret);
        Box::pin(async move {
            before.await;
            self.enter(Method::Save, Some(token), lease).await;
            // As slow as a disk: a caller that does not wait for it has ended by then.
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            pass(gate).await;
            pass(self.gate_of_token(refresh_token)).await;
            self.check(Method::Save, lease)?;
            self.0.saved.lock().unwrap().push(refresh_token.to_owned());
            self.tokens(key).insert(key.clone(), token.clone());
            Ok(())
        })
    }

    fn remove<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let before = self.before(Method::Remove);
        Box::pin(async move {
            before.await;
            self.enter(Method::Remove, None, lease).await;
            self.check(Method::Remove, lease)?;
            self.0.removed.fetch_add(1, Ordering::SeqCst);
            self.tokens(key).remove(key);
            Ok(())
        })
    }

    fn leases(&self) -> Option<&dyn Leases> {
        // It cannot wait.
        let _ = self.before(Method::Leases).now_or_never();
        let has_leases = !matches!(self.behaviour().leases, LeaseMode::None);
        has_leases.then_some(self)
    }
}

impl Leases for TestStore {
    fn try_lease<'a>(
        &'a self,
        _: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<Lease>, StoreError>> {
        let before = self.before(Method::Lease);
        Box::pin(async move {
            before.await;
            if self.behaviour().is_leased_by_other_process {
                return Ok(None);
            }
            self.enter(Method::Lease, None, None).await;
            self.check(Method::Lease, None)?;
            let mode = self.behaviour().leases.clone();
            Ok(match mode {
                LeaseMode::None => None,
                LeaseMode::Numbered => {
                    let number = self.0.lease.fetch_add(1, Ordering::SeqCst) + 1;
                    Some(Lease::new(number, ()))
                }
                LeaseMode::Granted(grant) => grant(),
            })
        })
    }
}

/// A token of an hour from `start`.
pub(crate) fn token(access_token: &str, refresh_token: &str) -> Token {
    let expires_at = crate::support::start() + crate::support::seconds(3_600);
    Token::new(access_token)
        .with_refresh_token(SecretString::from(refresh_token))
        .with_expires_at(expires_at)
}
