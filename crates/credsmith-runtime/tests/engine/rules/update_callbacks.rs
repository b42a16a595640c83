//! Update callbacks: the callers that wait for them, and `flush`.

use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};

use credsmith_runtime::{ManualClock, MemoryStore, Token, TokenProvider, TokenUpdateCallback};
use tokio::sync::Semaphore;

use super::*;
use crate::faults::pass;
use crate::runtimes::block_on;
use crate::sign_out::{REFRESHED, expired, shown, spawn_token, user as user_of};
use crate::support::*;
use crate::test_store::{Method, TestStore};

/// The response of a server that does not rotate refresh tokens.
const KEPT: Scripted = Scripted::Response(200, None, r#"{"access_token":"a-2","expires_in":3600}"#);

/// A callback that never ends.
fn hanging() -> TokenUpdateCallback {
    TokenUpdateCallback::new(|_| pending::<()>())
}

#[test]
fn a_callback_begins_when_the_one_before_it_has_ended() {
    let (record, endpoint) = (
        Arc::<Mutex<Vec<String>>>::default(),
        Endpoint::new([Scripted::Token("3600")]),
    );
    let told = Arc::clone(&record);
    let callback = TokenUpdateCallback::new(move |token| {
        told.lock()
            .unwrap()
            .push(format!("{} begins", text(&token)));
        thread::sleep(millis(50));
        told.lock().unwrap().push(format!("{} ends", text(&token)));
    });
    let manager = client(&endpoint).on_token_update(callback).build().unwrap();
    for _ in 0..3 {
        let token = block_on(manager.token()).unwrap();
        manager.invalidate(&token);
    }
    block_on(manager.flush()).unwrap();
    let expected = (1..=3).flat_map(|number| {
        let word = |word| format!("token-{number} {word}");
        [word("begins"), word("ends")]
    });
    assert_eq!(*record.lock().unwrap(), expected.collect::<Vec<_>>());
}

#[tokio::test]
async fn no_caller_waits_for_a_callback_if_the_store_has_the_new_refresh_token() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let manager = user_of(&endpoint, &clock)
        .token(expired("a-1", "r-1"))
        .store(Arc::new(MemoryStore::new()))
        .on_token_update(hanging());
    let asking = spawn_token(&manager.build().unwrap());
    run_until_idle().await;
    assert!(asking.is_finished());
    assert_eq!(text(&asking.await.unwrap().unwrap()), "a-2");
}

#[tokio::test]
async fn no_caller_waits_for_a_callback_if_the_refresh_token_is_unchanged() {
    let (endpoint, clock) = (Endpoint::new([KEPT]), ManualClock::new(start()));
    let manager = user_of(&endpoint, &clock)
        .token(expired("a-1", "r-1"))
        .on_token_update(hanging());
    let asking = spawn_token(&manager.build().unwrap());
    run_until_idle().await;
    assert!(asking.is_finished());
    assert_eq!(text(&asking.await.unwrap().unwrap()), "a-2");
}

#[tokio::test]
async fn a_callback_that_is_to_persist_a_new_refresh_token_is_waited_for_five_seconds() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let manager = user_of(&endpoint, &clock)
        .token(expired("a-1", "r-1"))
        .on_token_update(hanging());
    let asking = spawn_token(&manager.build().unwrap());
    run_until_idle().await;
    clock.advance(millis(4_900));
    run_until_idle().await;
    assert!(!asking.is_finished());
    clock.advance(millis(200));
    run_until_idle().await;
    assert!(asking.is_finished());
    assert_eq!(text(&asking.await.unwrap().unwrap()), "a-2");
}

/// Callers may wait for the callback, but a new caller does not.
#[tokio::test]
async fn a_token_that_is_invalidated_while_its_callback_runs_is_refreshed_at_once() {
    let (endpoint, clock) = (
        Endpoint::new([REFRESHED, Scripted::Token("3600")]),
        ManualClock::new(start()),
    );
    let manager = user_of(&endpoint, &clock)
        .token(expired("a-1", "r-1"))
        .on_token_update(hanging())
        .build()
        .unwrap();
    let first = spawn_token(&manager);
    run_until_idle().await;
    assert_eq!(shown(&manager).as_deref(), Some("a-2"), "it is usable");
    manager.invalidate(&manager.current_token().unwrap());
    let second = spawn_token(&manager);
    run_until_idle().await;
    pass(&clock, seconds(10)).await;
    assert_eq!(text(&first.await.unwrap().unwrap()), "a-2");
    assert_eq!(text(&second.await.unwrap().unwrap()), "token-2");
}

#[test]
fn flush_waits_for_the_refresh() {
    let (endpoint, gate) = (Endpoint::new([UNAVAILABLE]), Arc::new(Semaphore::new(0)));
    let waits = Arc::clone(&gate);
    let provider = TokenProvider::new(move |_, _: TokenManager| {
        let waits = Arc::clone(&waits);
        async move {
            drop(waits.acquire().await);
            Token::new("provided")
        }
    });
    let manager = client(&endpoint).token_provider(provider).build().unwrap();
    begin(manager.token());
    let flushing = manager.clone();
    let flushing = thread::spawn(move || block_on(flushing.flush()));
    thread::sleep(millis(50));
    assert!(!flushing.is_finished());
    gate.add_permits(1);
    flushing.join().unwrap().unwrap();
    assert_eq!(shown(&manager).as_deref(), Some("provided"));
}

/// It sets the token of its refresh, although its callers were dropped.
#[test]
fn flush_waits_for_an_exchange_of_fetch_token() {
    let endpoint = Endpoint::closed([REFRESHED]);
    let manager = user(&endpoint)
        .token(expired("a-1", "r-1"))
        .build()
        .unwrap();
    begin(manager.fetch_token());
    let flushing = manager.clone();
    let flushing = thread::spawn(move || block_on(flushing.flush()));
    thread::sleep(millis(50));
    assert!(!flushing.is_finished());
    endpoint.open();
    flushing.join().unwrap().unwrap();
    assert_eq!(shown(&manager).as_deref(), Some("a-2"));
}

#[tokio::test]
async fn flush_waits_for_the_writer_and_the_callbacks() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let (store, gate) = (TestStore::delaying("r-2"), Arc::new(Semaphore::new(0)));
    let told = Arc::new(AtomicBool::new(false));
    let (flag, waits) = (Arc::clone(&told), Arc::clone(&gate));
    let callback = TokenUpdateCallback::new(move |_| {
        let (flag, waits) = (Arc::clone(&flag), Arc::clone(&waits));
        async move {
            drop(waits.acquire().await);
            flag.store(true, Ordering::SeqCst);
        }
    });
    let manager = user_of(&endpoint, &clock)
        .token(expired("a-1", "r-1"))
        .store(Arc::new(store.clone()))
        .on_token_update(callback)
        .build()
        .unwrap();
    let _asking = spawn_token(&manager);
    run_until_idle().await;
    let flushing = manager.clone();
    let flushing = tokio::spawn(async move { flushing.flush().await });
    run_until_idle().await;
    assert!(!flushing.is_finished(), "it is being saved");
    store.open();
    run_until_idle().await;
    assert_eq!(store.saved(), ["r-2"]);
    assert!(!flushing.is_finished(), "the application is being told");
    gate.add_permits(1);
    flushing.await.unwrap().unwrap();
    assert!(told.load(Ordering::SeqCst));
}

#[test]
fn flush_returns_an_error_if_the_store_does_not_have_the_latest_token() {
    let (endpoint, store) = (
        Endpoint::new([REFRESHED]),
        TestStore::default().failing(&Method::WRITES, 1_000),
    );
    let manager = user(&endpoint).store(Arc::new(store.clone()));
    let manager = manager.build().unwrap();
    manager.set_token(expired("a-1", "r-1"));
    assert!(block_on(manager.flush()).is_err());
    store.recover();
    block_on(manager.flush()).unwrap();
}
