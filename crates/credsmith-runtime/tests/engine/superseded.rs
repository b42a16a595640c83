//! Work in flight when the application sets or clears the token: refreshes, revocations, sign-ins inside of
//! hooks, and pending writes to the store.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use credsmith_runtime::{
    ManualClock, MemoryStore, Token, TokenManager, TokenUpdateCallback, UserSignIn,
};
use tokio::sync::Semaphore;

use crate::sign_out::*;
use crate::support::*;
use crate::test_store::{TestStore, token};

#[tokio::test]
async fn a_revocation_in_flight_does_not_affect_the_next_user() {
    let endpoint = Endpoint::closed([REFRESHED, OK]);
    let clock = ManualClock::new(start());
    let store = TestStore::default();
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .token(expired("a-1", "r-1"))
        .build()
        .unwrap();
    let waiting = spawn_token(&manager);
    run_until_idle().await;
    let revoking = tokio::spawn({
        let m = manager.clone();
        async move { m.revoke_token().await }
    });
    run_until_idle().await;
    assert_eq!(shown(&manager), None, "forgotten at once");
    manager.set_token(token("a-7", "r-7")); // the next user
    endpoint.open();
    revoking.await.unwrap().unwrap();
    let _ = waiting.await;
    run_until_idle().await;
    let sent = bodies(&endpoint);
    assert!(
        !sent.iter().any(|b| b.starts_with("token=r-7&")),
        "the next user's is revoked: {sent:?}"
    );
    assert_eq!(shown(&manager).as_deref(), Some("a-7"));
}

#[test]
fn changes_are_written_to_the_store_at_once_with_and_without_a_runtime() {
    let store = TestStore::default();
    let manager = TokenManager::builder("acme_oauth")
        .token_url("https://acme.example/token")
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    manager.set_token(token("a-1", "r-1")); // in a plain main()
    eventually(|| store.saved() == ["r-1"]);
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(async { manager.set_token(token("a-3", "r-3")) });
    eventually(|| store.saved() == ["r-1", "r-3"]);
    manager.clear_token();
    eventually(|| store.removed() == 1);
}

#[tokio::test]
async fn a_token_set_inside_a_hook_reaches_the_store() {
    let (endpoint, clock) = (Endpoint::new([OK]), ManualClock::new(start()));
    let store = TestStore::default();
    let hook = UserSignIn::new(|manager: TokenManager| async move {
        manager.set_token(token("a-1", "r-1"));
        token("a-1", "r-1")
    });
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .user_sign_in(hook)
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "a-1");
    run_until_idle().await;
    assert_eq!(store.saved(), ["r-1"], "from inside the hook");
}

#[tokio::test]
async fn a_clear_after_a_hook_reaches_the_store() {
    let (endpoint, clock) = (Endpoint::new([OK]), ManualClock::new(start()));
    let store = TestStore::default();
    let hook = UserSignIn::new(|manager: TokenManager| async move {
        manager.set_token(token("a-1", "r-1"));
        token("a-1", "r-1")
    });
    let before = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .user_sign_in(hook)
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "a-1");
    before.set_token(token("a-0", "r-0")); // the stored token
    run_until_idle().await;
    manager.clear_token();
    run_until_idle().await;
    assert_eq!(store.removed(), 1);
}

#[test]
fn a_token_that_was_set_keeps_nothing_alive() {
    let (endpoint, clock) = (Endpoint::new([OK]), ManualClock::new(start()));
    let manager = user(&endpoint, &clock)
        .store(Arc::new(MemoryStore::new()))
        .build()
        .unwrap();
    manager.set_token(token("a-1", "r-1"));
    drop(manager);
    assert_eq!(Arc::strong_count(&endpoint), 1);
}

#[tokio::test]
async fn a_token_that_a_hook_has_set_keeps_nothing_alive() {
    let (endpoint, clock) = (Endpoint::new([OK]), ManualClock::new(start()));
    let hook = UserSignIn::new(|manager: TokenManager| async move {
        manager.set_token(token("a-1", "r-1"));
        token("a-1", "r-1")
    });
    let manager = user(&endpoint, &clock)
        .store(Arc::new(MemoryStore::new()))
        .user_sign_in(hook)
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "a-1");
    run_until_idle().await;
    drop(manager);
    run_until_idle().await;
    assert_eq!(Arc::strong_count(&endpoint), 1);
}

#[track_caller]
fn assert_sent_once(endpoint: &Endpoint, refresh_token: &str) {
    let wanted = format!("refresh_token={refresh_token}");
    let sent = bodies(endpoint);
    let times = sent.iter().filter(|body| body.ends_with(&wanted)).count();
    assert_eq!(times, 1, "{sent:?}");
}

#[tokio::test]
async fn a_rejected_refresh_does_not_continue_with_a_token_that_was_set() {
    let endpoint = Endpoint::closed([INVALID_GRANT, REFRESHED]);
    let clock = ManualClock::new(start());
    let manager = user(&endpoint, &clock).build().unwrap();
    manager.set_token(expired("a-1", "r-1"));
    let first = spawn_token(&manager);
    run_until_idle().await;
    manager.set_token(expired("a-7", "r-7"));
    let second = spawn_token(&manager);
    run_until_idle().await;
    endpoint.open();
    let _ = first.await.unwrap();
    let _ = second.await.unwrap();
    assert_sent_once(&endpoint, "r-7");
}

#[tokio::test]
async fn a_refresh_token_that_is_cleared_and_set_again_is_sent_once() {
    let endpoint = Endpoint::closed([REFRESHED, INVALID_GRANT]);
    let clock = ManualClock::new(start());
    let manager = user(&endpoint, &clock).build().unwrap();
    manager.set_token(expired("a-1", "r-1"));
    let first = spawn_token(&manager);
    run_until_idle().await;
    manager.clear_token();
    manager.set_token(expired("a-1", "r-1"));
    let second = spawn_token(&manager);
    run_until_idle().await;
    endpoint.open();
    let _ = first.await.unwrap();
    let _ = second.await.unwrap();
    assert_sent_once(&endpoint, "r-1");
}

#[tokio::test]
async fn a_rejected_refresh_does_not_refresh_a_valid_token_that_was_set() {
    let endpoint = Endpoint::closed([INVALID_GRANT, REFRESHED]);
    let clock = ManualClock::new(start());
    let manager = user(&endpoint, &clock).build().unwrap();
    manager.set_token(expired("a-1", "r-1"));
    let first = spawn_token(&manager);
    run_until_idle().await;
    manager.set_token(token("a-7", "r-7")); // valid for an hour
    endpoint.open();
    let _ = first.await.unwrap();
    run_until_idle().await;
    assert_eq!(
        shown(&manager).as_deref(),
        Some("a-7"),
        "{:?}",
        bodies(&endpoint)
    );
}

#[tokio::test]
async fn a_sign_in_inside_of_a_hook_does_not_outlive_a_sign_out() {
    let (endpoint, clock) = (Endpoint::new([SIGNED_IN]), ManualClock::new(start()));
    let browser = Arc::new(Semaphore::new(0));
    let there = Arc::clone(&browser);
    let hook = UserSignIn::new(move |manager: TokenManager| {
        let browser = Arc::clone(&there);
        async move {
            let request = manager.start_sign_in().await?;
            browser.acquire().await.unwrap().forget();
            let callback = format!("https://app.example/cb?state={}&code=c", request.state());
            manager.complete_sign_in(&request, &callback).await
        }
    });
    let manager = user(&endpoint, &clock).user_sign_in(hook).build().unwrap();
    let waiting = spawn_token(&manager);
    run_until_idle().await;
    manager.clear_token();
    browser.add_permits(1);
    let _ = waiting.await.unwrap();
    run_until_idle().await;
    assert_eq!(
        shown(&manager),
        None,
        "a sign-in in flight does not bring it back"
    );
}

#[tokio::test]
async fn the_callback_does_not_get_a_token_cleared_during_its_save() {
    let (endpoint, clock) = (Endpoint::new([SIGNED_IN]), ManualClock::new(start()));
    let store = TestStore::delaying("r-9");
    let told = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&told);
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .on_token_update(TokenUpdateCallback::new(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        }))
        .build()
        .unwrap();
    let sign_in = signing_in(&manager).await;
    run_until_idle().await;
    manager.clear_token();
    run_until_idle().await;
    store.open();
    sign_in.await.unwrap();
    run_until_idle().await;
    assert_eq!(
        told.load(Ordering::SeqCst),
        0,
        "the application saves what it was told after it has signed out"
    );
}

#[tokio::test]
async fn a_rejected_refresh_does_not_ask_a_user_who_has_signed_out() {
    let (endpoint, clock) = (Endpoint::closed([INVALID_GRANT]), ManualClock::new(start()));
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let hook = UserSignIn::new(move |_: TokenManager| {
        count.fetch_add(1, Ordering::SeqCst);
        None::<Token>
    });
    let manager = user(&endpoint, &clock)
        .user_sign_in(hook)
        .token(expired("a-1", "r-1"))
        .build()
        .unwrap();
    let waiting = spawn_token(&manager);
    run_until_idle().await;
    manager.clear_token();
    endpoint.open();
    let _ = waiting.await.unwrap();
    assert_eq!(
        asked.load(Ordering::SeqCst),
        0,
        "a browser opens because of a sign-out"
    );
}
