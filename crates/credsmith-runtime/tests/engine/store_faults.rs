//! Stores that fail, hang, panic, or are slow at the wrong moment: nothing that was cleared comes back from
//! them, and nobody is kept from their token.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};

use credsmith_runtime::{
    BoxFuture, Clock as _, Lease, Leases, ManualClock, MemoryStore, StoreError, StoreKey,
    StoredToken, Token, TokenError, TokenManager, TokenStore,
};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::sign_out::*;
use crate::stores::token;
use crate::support::*;

type Errand = Box<dyn FnOnce() + Send>;

/// A memory without a lock of its own, which does as it is told.
#[derive(Clone, Default)]
pub(crate) struct Fickle {
    memory: Arc<MemoryStore>,
    fails_to_remove: Arc<AtomicBool>,
    fails_to_lease: Arc<AtomicBool>,
    /// Saves that are still to fail.
    saves_to_fail: Arc<AtomicUsize>,
    pub(crate) slow_load: Arc<Mutex<Option<Arc<Semaphore>>>>,
    pub(crate) slow_save: Arc<Mutex<Option<Arc<Semaphore>>>>,
    removed: Arc<AtomicUsize>,
    on_unlock: Arc<Mutex<Option<Errand>>>,
}
/// What happens as the lock is given back.
struct OnDrop(Option<Errand>);
impl Drop for OnDrop {
    fn drop(&mut self) {
        if let Some(run) = self.0.take() {
            run();
        }
    }
}
impl TokenStore for Fickle {
    fn load<'a>(
        &'a self,
        key: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        let gate = self.slow_load.lock().unwrap().clone();
        Box::pin(async move {
            let found = self.memory.load(key).await;
            if let Some(gate) = gate {
                gate.acquire().await.unwrap().forget();
            }
            found
        })
    }
    fn save<'a>(
        &'a self,
        key: &'a StoreKey,
        token: &'a StoredToken,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let gate = self.slow_save.lock().unwrap().clone();
        Box::pin(async move {
            if let Some(gate) = gate {
                gate.acquire().await.unwrap().forget();
            }
            let fails = |left: usize| left.checked_sub(1);
            let order = Ordering::SeqCst;
            if self.saves_to_fail.fetch_update(order, order, fails).is_ok() {
                return Err(StoreError::new("disk full"));
            }
            self.memory.save(key, token, lease).await
        })
    }
    fn remove<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        if self.fails_to_remove.load(Ordering::SeqCst) {
            return Box::pin(async { Err(StoreError::new("disk full")) });
        }
        self.removed.fetch_add(1, Ordering::SeqCst);
        self.memory.remove(key, lease)
    }
    fn leases(&self) -> Option<&dyn Leases> {
        Some(self)
    }
}

impl Leases for Fickle {
    fn try_lease<'a>(
        &'a self,
        _: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<Lease>, StoreError>> {
        let fails = self.fails_to_lease.load(Ordering::SeqCst);
        Box::pin(async move {
            if fails {
                return Err(StoreError::new("ENOLCK"));
            }
            Ok(Some(Lease::new(
                1,
                OnDrop(self.on_unlock.lock().unwrap().take()),
            )))
        })
    }
}

/// A store that is broken altogether.
struct Panicking;
impl TokenStore for Panicking {
    fn load<'a>(
        &'a self,
        _: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        panic!("scripted")
    }
    fn save<'a>(
        &'a self,
        _: &'a StoreKey,
        _: &'a StoredToken,
        _: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        panic!("scripted")
    }
    fn remove<'a>(
        &'a self,
        _: &'a StoreKey,
        _: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        panic!("scripted")
    }
}

/// Two managers over one memory: the other one's refresh has the lock, and ends with a 503; this one's waits
/// for it, and would then send r-1.
struct Queue {
    theirs: Arc<Endpoint>,
    ours: Arc<Endpoint>,
    here: TokenManager,
    other: JoinHandle<Result<Token, TokenError>>,
    waiting: JoinHandle<Result<Token, TokenError>>,
}

impl Queue {
    async fn new() -> Self {
        let clock = ManualClock::new(start());
        let (theirs, ours) = (Endpoint::closed([UNAVAILABLE]), Endpoint::new([REFRESHED]));
        let store = Arc::new(MemoryStore::new());
        let there = user(&theirs, &clock).store(Arc::<MemoryStore>::clone(&store));
        let there = there.build().unwrap();
        there.set_token(expired("a-1", "r-1"));
        settle().await;
        let here = user(&ours, &clock).store(store).build().unwrap();
        let other = asking(&there);
        settle().await;
        let waiting = asking(&here);
        settle().await;
        Self {
            theirs,
            ours,
            here,
            other,
            waiting,
        }
    }
}

#[tokio::test]
async fn what_is_cleared_while_a_refresh_waits_for_the_lock_stays_so() {
    let Queue {
        theirs,
        ours,
        here,
        other,
        waiting,
    } = Queue::new().await;
    here.clear_token();
    assert_eq!(shown(&here), None);
    theirs.open();
    let _ = other.await.unwrap();
    let _ = waiting.await.unwrap();
    settle().await;
    assert_eq!(shown(&here), None, "cleared, sent: {:?}", bodies(&ours));
    assert!(bodies(&ours).is_empty(), "{:?}", bodies(&ours));
}

#[tokio::test]
async fn what_is_cleared_while_the_store_loads_stays_so() {
    let clock = ManualClock::new(start());
    let ours = Endpoint::new([REFRESHED]);
    let store = Fickle::default();
    user(&ours, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap()
        .set_token(expired("a-1", "r-1"));
    settle().await;
    let here = user(&ours, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    let gate = Arc::new(Semaphore::new(0));
    *store.slow_load.lock().unwrap() = Some(Arc::clone(&gate));
    let waiting = asking(&here);
    settle().await;
    *store.slow_load.lock().unwrap() = None;
    here.clear_token();
    settle().await;
    assert_eq!(
        store.removed.load(Ordering::SeqCst),
        1,
        "gone from the store"
    );
    gate.add_permits(9);
    let _ = waiting.await.unwrap();
    settle().await;
    assert_eq!(shown(&here), None, "cleared, sent: {:?}", bodies(&ours));
}

#[tokio::test]
async fn a_token_that_is_set_while_a_refresh_waits_for_the_lock_stays() {
    // The token set has no refresh token: the older session's must not come back.
    let Queue {
        theirs,
        ours,
        here,
        other,
        waiting,
    } = Queue::new().await;
    here.set_token(Token::new("somebody-else").with_expires_at(start() + seconds(3600)));
    theirs.open();
    let _ = other.await.unwrap();
    assert_eq!(text(&waiting.await.unwrap().unwrap()), "somebody-else");
    settle().await;
    assert_eq!(
        shown(&here).as_deref(),
        Some("somebody-else"),
        "sent: {:?}",
        bodies(&ours)
    );
}

#[tokio::test]
async fn a_token_that_is_set_while_a_refresh_waits_for_the_lock_is_not_refreshed() {
    let Queue {
        theirs,
        ours,
        here,
        other,
        waiting,
    } = Queue::new().await;
    here.set_token(token("a-7", "r-7"));
    theirs.open();
    let _ = other.await.unwrap();
    assert_eq!(text(&waiting.await.unwrap().unwrap()), "a-7");
    assert_eq!(ours.count(), 0, "r-7 is not spent");
}

#[tokio::test]
async fn fault_e05_a_token_that_could_not_be_saved_is_not_saved_over_a_newer_one() {
    let (endpoint, clock) = (Endpoint::new([Answer::Token("3600")]), clock());
    let store = Fickle::default();
    let manager = builder(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    store.saves_to_fail.store(2, Ordering::SeqCst);
    let set = Token::new("set").with_expires_at(start() + seconds(100));
    manager.set_token(set);
    settle().await;
    clock.advance(seconds(100));
    assert_eq!(token_of(&manager).await, "token-1");
    let first = manager.current_token().unwrap();
    manager.invalidate(&first);
    assert_eq!(token_of(&manager).await, "token-2");
    settle().await;
    let next = builder(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    assert_eq!(token_of(&next).await, "token-2", "the store has the newest");
}

#[tokio::test]
async fn a_store_that_fails_to_remove_is_not_believed_after_a_clear() {
    let (endpoint, clock) = (Endpoint::new([Answer::Token("3600")]), clock());
    let store = Fickle::default();
    let manager = builder(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "token-1");
    settle().await;
    store.fails_to_remove.store(true, Ordering::SeqCst);
    manager.clear_token();
    settle().await;
    store.fails_to_remove.store(false, Ordering::SeqCst);
    assert_eq!(token_of(&manager).await, "token-2");
}

#[tokio::test]
async fn a_store_that_fails_to_remove_is_not_believed_after_a_revocation() {
    let (endpoint, clock) = (Endpoint::new([OK]), ManualClock::new(start()));
    let store = Fickle::default();
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    manager.set_token(token("a-1", "r-1"));
    settle().await;
    store.fails_to_remove.store(true, Ordering::SeqCst);
    let _ = manager.revoke_token().await;
    store.fails_to_remove.store(false, Ordering::SeqCst);
    let answer = manager.token().await.map(|t| text(&t));
    assert!(answer.is_err(), "{answer:?}");
}

#[tokio::test]
async fn a_sign_in_that_begins_after_a_revocation_counts() {
    let endpoint = Endpoint::new([SIGNED_IN, OK]);
    let clock = ManualClock::new(start());
    let store = Fickle::default();
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .token(token("a-1", "r-1"))
        .build()
        .unwrap();
    let gate = Arc::new(Semaphore::new(0));
    *store.slow_load.lock().unwrap() = Some(Arc::clone(&gate)); // the store takes a moment
    let revoking = tokio::spawn({
        let m = manager.clone();
        async move { m.revoke_token().await }
    });
    settle().await;
    assert_eq!(shown(&manager), None, "forgotten at once");
    let sign_in = signing_in(&manager).await;
    settle().await;
    gate.add_permits(9);
    revoking.await.unwrap().unwrap();
    sign_in.await.unwrap();
    settle().await;
    let sent = bodies(&endpoint);
    assert_eq!(shown(&manager).as_deref(), Some("a-9"), "{sent:?}");
}

#[tokio::test]
async fn what_is_cleared_as_a_settlement_ends_reaches_the_store() {
    let (endpoint, clock) = (Endpoint::new([OK]), ManualClock::new(start()));
    let store = Fickle::default();
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    let (other, runtime) = (manager.clone(), tokio::runtime::Handle::current());
    // Another thread, at the moment the settlement gives its lock back.
    *store.on_unlock.lock().unwrap() = Some(Box::new(move || {
        std::thread::spawn(move || {
            let _runtime = runtime.enter();
            other.clear_token();
        })
        .join()
        .unwrap();
    }));
    manager.set_token(token("a-1", "r-1"));
    settle().await;
    assert_eq!(shown(&manager), None);
    assert_eq!(
        store.removed.load(Ordering::SeqCst),
        1,
        "the store was never told"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_cleared_as_a_settlement_ends_does_not_come_back() {
    let (endpoint, clock) = (Endpoint::new([OK]), ManualClock::new(start()));
    let store = Fickle::default();
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    let other = manager.clone();
    let (send, receive) = std::sync::mpsc::channel();
    *store.on_unlock.lock().unwrap() = Some(Box::new(move || {
        let thread = std::thread::spawn(move || {
            other.clear_token();
            let again = other.clone();
            let answer = std::thread::spawn(move || {
                crate::runtimes::block_on(again.token()).map(|t| text(&t))
            });
            std::thread::sleep(std::time::Duration::from_millis(50));
            send.send(answer).unwrap();
        });
        thread.join().unwrap();
    }));
    manager.set_token(token("a-1", "r-1"));
    let answer = tokio::task::spawn_blocking(move || receive.recv().unwrap().join().unwrap())
        .await
        .unwrap();
    assert!(answer.is_err(), "cleared, then {answer:?}");
    assert_eq!(shown(&manager), None);
}

#[tokio::test]
async fn without_a_lease_no_refresh_token_is_sent() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), clock());
    let store = Fickle::default();
    store.fails_to_lease.store(true, Ordering::SeqCst);
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .token(expired("a-1", "r-1"))
        .build()
        .unwrap();
    let error = manager.token().await.unwrap_err();
    assert_eq!(endpoint.count(), 0, "{error}");
    assert!(clock.monotonic() <= seconds(10), "{:?}", clock.monotonic());
    store.fails_to_lease.store(false, Ordering::SeqCst);
    clock.advance(seconds(10));
    assert_eq!(token_of(&manager).await, "a-2");
}

#[test]
fn a_caller_who_goes_away_leaves_the_turn_to_others() {
    let (endpoint, clock) = (Endpoint::closed([OK]), ManualClock::new(start()));
    let store = Fickle::default();
    let gate = Arc::new(Semaphore::new(0));
    *store.slow_save.lock().unwrap() = Some(Arc::clone(&gate));
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    manager.set_token(expired("a-1", "r-1"));
    {
        let caller = pin!(manager.token());
        assert!(
            caller
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        );
    }
    gate.add_permits(100);
    endpoint.open();
    let mut caller = pin!(manager.revoke_token());
    for _ in 0..50 {
        if caller
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_ready()
        {
            return;
        }
    }
    panic!("stalled; {:?}", clock.slept());
}

#[tokio::test]
async fn a_store_that_hangs_is_not_believed_after_a_token_was_set() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let store = Fickle::default();
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    manager.set_token(token("a-0", "r-0").with_expires_at(start() + seconds(9_000)));
    settle().await;
    let gate = Arc::new(Semaphore::new(0));
    *store.slow_save.lock().unwrap() = Some(gate); // hangs
    manager.set_token(token("a-1", "r-1")); // another user
    settle().await;
    clock.advance(seconds(10));
    settle().await;
    *store.slow_save.lock().unwrap() = None;
    clock.advance(seconds(3_600));
    let answer = token_of(&manager).await;
    assert_eq!(answer, "a-2", "{:?}", bodies(&endpoint));
}

#[tokio::test]
async fn a_store_that_panics_keeps_no_server_from_being_told() {
    let (endpoint, clock) = (Endpoint::new([OK]), ManualClock::new(start()));
    let manager = user(&endpoint, &clock)
        .store(Arc::new(Panicking))
        .token(token("a-1", "r-1"))
        .build()
        .unwrap();
    let outcome = manager.revoke_token().await;
    assert_eq!(endpoint.count(), 2, "{outcome:?}");
}

#[tokio::test]
async fn a_store_that_panics_keeps_nobody_from_signing_in() {
    let (endpoint, clock) = (Endpoint::new([SIGNED_IN]), ManualClock::new(start()));
    let manager = user(&endpoint, &clock)
        .store(Arc::new(Panicking))
        .build()
        .unwrap();
    let request = manager.start_sign_in().await.unwrap();
    let callback = format!("https://app.example/cb?state={}&code=c", request.state());
    let outcome = manager.complete_sign_in(&request, &callback).await;
    assert!(
        outcome.is_ok(),
        "{outcome:?}; installed: {:?}",
        shown(&manager)
    );
}
