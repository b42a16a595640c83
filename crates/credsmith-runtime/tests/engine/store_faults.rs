//! Stores that fail, hang, panic, or are slow at the wrong moment: no cleared token comes back from them, and no
//! caller has to do without a token.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};

use credsmith_runtime::{
    Clock as _, Lease, ManualClock, MemoryStore, Token, TokenError, TokenManager,
};
use tokio::task::JoinHandle;

use crate::sign_out::*;
use crate::support::*;
use crate::test_store::{Method, TestStore, token};

/// Runs a closure on drop.
struct OnDrop(Option<Box<dyn FnOnce() + Send>>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        if let Some(run) = self.0.take() {
            run();
        }
    }
}

/// Grants leases of which the first one calls `run` when it is given back.
fn run_on_unlock(store: &TestStore, run: impl FnOnce() + Send + 'static) {
    let first: Mutex<Option<Box<dyn FnOnce() + Send>>> = Mutex::new(Some(Box::new(run)));
    let _ = store.clone().granting(move || {
        let run = first.lock().unwrap().take();
        Some(Lease::new(1, OnDrop(run)))
    });
}

/// A store that panics in every method that may fail.
fn panicking() -> TestStore {
    TestStore::default().before_each(|method| {
        assert_eq!(method, Method::Leases, "scripted");
        Box::pin(async {})
    })
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
        run_until_idle().await;
        let here = user(&ours, &clock).store(store).build().unwrap();
        let other = spawn_token(&there);
        run_until_idle().await;
        let waiting = spawn_token(&here);
        run_until_idle().await;
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
async fn a_token_cleared_while_a_refresh_waits_for_the_lease_stays_cleared() {
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
    run_until_idle().await;
    assert_eq!(shown(&here), None, "cleared, sent: {:?}", bodies(&ours));
    assert!(bodies(&ours).is_empty(), "{:?}", bodies(&ours));
}

#[tokio::test]
async fn a_token_cleared_during_a_load_stays_cleared() {
    let clock = ManualClock::new(start());
    let ours = Endpoint::new([REFRESHED]);
    let store = TestStore::default().with_equal_leases();
    user(&ours, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap()
        .set_token(expired("a-1", "r-1"));
    run_until_idle().await;
    let here = user(&ours, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    let gate = store.gate(Method::Load, 0);
    let waiting = spawn_token(&here);
    run_until_idle().await;
    store.remove_gate(Method::Load);
    here.clear_token();
    run_until_idle().await;
    assert_eq!(store.removed(), 1, "gone from the store");
    gate.add_permits(9);
    let _ = waiting.await.unwrap();
    run_until_idle().await;
    assert_eq!(shown(&here), None, "cleared, sent: {:?}", bodies(&ours));
}

#[tokio::test]
async fn a_token_set_while_a_refresh_waits_for_the_lease_is_kept() {
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
    run_until_idle().await;
    assert_eq!(
        shown(&here).as_deref(),
        Some("somebody-else"),
        "sent: {:?}",
        bodies(&ours)
    );
}

#[tokio::test]
async fn a_token_set_while_a_refresh_waits_for_the_lease_is_not_refreshed() {
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
    let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
    let store = TestStore::default().with_equal_leases();
    let manager = builder(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    store.fail(&[Method::Save], 2);
    let set = Token::new("set").with_expires_at(start() + seconds(100));
    manager.set_token(set);
    run_until_idle().await;
    clock.advance(seconds(100));
    assert_eq!(token_of(&manager).await, "token-1");
    let first = manager.current_token().unwrap();
    manager.invalidate(&first);
    assert_eq!(token_of(&manager).await, "token-2");
    run_until_idle().await;
    let next = builder(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    assert_eq!(token_of(&next).await, "token-2", "the store has the newest");
}

#[tokio::test]
async fn a_stored_token_is_ignored_if_its_removal_failed_after_a_clear() {
    let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
    let store = TestStore::default().with_equal_leases();
    let manager = builder(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "token-1");
    run_until_idle().await;
    store.fail(&[Method::Remove], usize::MAX);
    manager.clear_token();
    run_until_idle().await;
    store.recover();
    assert_eq!(token_of(&manager).await, "token-2");
}

#[tokio::test]
async fn a_stored_token_is_ignored_if_its_removal_failed_after_a_revocation() {
    let (endpoint, clock) = (Endpoint::new([OK]), ManualClock::new(start()));
    let store = TestStore::default().with_equal_leases();
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    manager.set_token(token("a-1", "r-1"));
    run_until_idle().await;
    store.fail(&[Method::Remove], usize::MAX);
    let _ = manager.revoke_token().await;
    store.recover();
    let answer = manager.token().await.map(|t| text(&t));
    assert!(answer.is_err(), "{answer:?}");
}

#[tokio::test]
async fn a_sign_in_that_begins_after_a_revocation_is_used() {
    let endpoint = Endpoint::new([SIGNED_IN, OK]);
    let clock = ManualClock::new(start());
    let store = TestStore::default().with_equal_leases();
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .token(token("a-1", "r-1"))
        .build()
        .unwrap();
    let gate = store.gate(Method::Load, 0); // the store takes a moment
    let revoking = tokio::spawn({
        let m = manager.clone();
        async move { m.revoke_token().await }
    });
    run_until_idle().await;
    assert_eq!(shown(&manager), None, "forgotten at once");
    let sign_in = signing_in(&manager).await;
    run_until_idle().await;
    gate.add_permits(9);
    revoking.await.unwrap().unwrap();
    sign_in.await.unwrap();
    run_until_idle().await;
    let sent = bodies(&endpoint);
    assert_eq!(shown(&manager).as_deref(), Some("a-9"), "{sent:?}");
}

#[tokio::test]
async fn a_clear_at_the_end_of_a_flush_reaches_the_store() {
    let (endpoint, clock) = (Endpoint::new([OK]), ManualClock::new(start()));
    let store = TestStore::default().with_equal_leases();
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    let (other, runtime) = (manager.clone(), tokio::runtime::Handle::current());
    // Another thread, at the moment the flush gives its lease back.
    run_on_unlock(&store, move || {
        std::thread::spawn(move || {
            let _runtime = runtime.enter();
            other.clear_token();
        })
        .join()
        .unwrap();
    });
    manager.set_token(token("a-1", "r-1"));
    run_until_idle().await;
    assert_eq!(shown(&manager), None);
    assert_eq!(store.removed(), 1, "the store was never told");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_cleared_at_the_end_of_a_flush_stays_cleared() {
    let (endpoint, clock) = (Endpoint::new([OK]), ManualClock::new(start()));
    let store = TestStore::default().with_equal_leases();
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    let other = manager.clone();
    let (send, receive) = std::sync::mpsc::channel();
    run_on_unlock(&store, move || {
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
    });
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
    let store = TestStore::default().with_equal_leases();
    store.fail(&[Method::Lease], usize::MAX);
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .token(expired("a-1", "r-1"))
        .build()
        .unwrap();
    let error = manager.token().await.unwrap_err();
    assert_eq!(endpoint.count(), 0, "{error}");
    assert!(clock.monotonic() <= seconds(10), "{:?}", clock.monotonic());
    store.recover();
    clock.advance(seconds(10));
    assert_eq!(token_of(&manager).await, "a-2");
}

#[test]
fn a_dropped_caller_does_not_block_the_others() {
    let (endpoint, clock) = (Endpoint::closed([OK]), ManualClock::new(start()));
    let store = TestStore::default().with_equal_leases();
    let gate = store.gate(Method::Save, 0);
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
async fn a_stored_token_is_ignored_if_a_later_save_hangs() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let store = TestStore::default().with_equal_leases();
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    manager.set_token(token("a-0", "r-0").with_expires_at(start() + seconds(9_000)));
    run_until_idle().await;
    let _gate = store.gate(Method::Save, 0); // hangs
    manager.set_token(token("a-1", "r-1")); // another user
    run_until_idle().await;
    clock.advance(seconds(10));
    run_until_idle().await;
    store.remove_gate(Method::Save);
    clock.advance(seconds(3_600));
    let answer = token_of(&manager).await;
    assert_eq!(answer, "a-2", "{:?}", bodies(&endpoint));
}

#[tokio::test]
async fn a_store_that_panics_does_not_prevent_a_revocation() {
    let (endpoint, clock) = (Endpoint::new([OK]), ManualClock::new(start()));
    let manager = user(&endpoint, &clock)
        .store(Arc::new(panicking()))
        .token(token("a-1", "r-1"))
        .build()
        .unwrap();
    let outcome = manager.revoke_token().await;
    assert_eq!(endpoint.count(), 2, "{outcome:?}");
}

#[tokio::test]
async fn a_store_that_panics_does_not_prevent_a_sign_in() {
    let (endpoint, clock) = (Endpoint::new([SIGNED_IN]), ManualClock::new(start()));
    let manager = user(&endpoint, &clock)
        .store(Arc::new(panicking()))
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
