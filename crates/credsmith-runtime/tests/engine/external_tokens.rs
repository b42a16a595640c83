//! Tokens of a provider, the application or another process: unusable tokens, and a store that is read-only.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use credsmith_runtime::{Grant, ManualClock, Token, TokenManager, TokenProvider, UserSignIn};

use crate::sign_out::bodies;
use crate::support::*;
use crate::test_store::{Method, TestStore};

/// A token that is good until so many seconds after the start.
fn until(access_token: &str, expires_at: u64) -> Token {
    Token::new(access_token).with_expires_at(start() + seconds(expires_at))
}

/// A manager over a store that it cannot write.
fn with_read_only_store() -> (Arc<Endpoint>, ManualClock, TestStore, TokenManager) {
    let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
    let store = TestStore::default().with_leases();
    store.fail(&Method::WRITES, usize::MAX);
    let manager = builder(&endpoint, &clock).store(Arc::new(store.clone()));
    let manager = manager.build().unwrap();
    (endpoint, clock, store, manager)
}

#[tokio::test]
async fn an_unusable_provider_token_is_ignored() {
    let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
    let manager = builder(&endpoint, &clock)
        .token_provider(TokenProvider::new(|_, _| until("from-a-file\n", 3_600)))
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "token-1");
    assert_eq!(manager.authorization().await.unwrap(), "Bearer token-1");
}

#[tokio::test]
async fn an_unusable_stored_token_is_ignored() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let store = TestStore::default().with_leases();
    store.save_as_other_process(until("proof-of-possession", 3_600).with_token_type("DPoP"));
    let manager = builder(&endpoint, &clock())
        .store(Arc::new(store))
        .build()
        .unwrap();
    assert_eq!(manager.authorization().await.unwrap(), "Bearer token-1");
}

#[tokio::test]
async fn an_empty_refresh_token_is_not_sent() {
    let endpoint = Endpoint::new([Scripted::Response(
        400,
        None,
        r#"{"error":"invalid_request"}"#,
    )]);
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let manager = builder(&endpoint, &clock())
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .user_sign_in(UserSignIn::new(move |_: TokenManager| {
            counter.fetch_add(1, Ordering::SeqCst);
            Token::new("from-the-user")
        }))
        .build()
        .unwrap();
    let expired = Token::new("a").with_expires_at(start() - seconds(1));
    manager.set_token(expired.with_refresh_token(""));
    assert_eq!(token_of(&manager).await, "from-the-user");
    assert_eq!((endpoint.count(), asked.load(Ordering::SeqCst)), (0, 1));
}

#[tokio::test]
async fn an_empty_refresh_token_of_the_provider_keeps_the_old_one() {
    let fresh = r#"{"access_token":"a-2","expires_in":3600}"#;
    let endpoint = Endpoint::new([Scripted::Response(200, None, fresh)]);
    let (clock, calls) = (clock(), AtomicUsize::new(0));
    let manager = builder(&endpoint, &clock)
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .token(until("a-1", 3_600).with_refresh_token("r-1"))
        .token_provider(TokenProvider::new(move |_, _: TokenManager| {
            let is_first = calls.fetch_add(1, Ordering::SeqCst) == 0;
            is_first.then(|| until("provided", 7_200).with_refresh_token(""))
        }))
        .build()
        .unwrap();
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "provided");
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "a-2");
    let sent = bodies(&endpoint);
    assert_eq!(sent, ["grant_type=refresh_token&refresh_token=r-1"]);
}

#[tokio::test]
async fn a_read_only_store_is_still_read() {
    let (endpoint, clock, store, manager) = with_read_only_store();
    store.save_as_other_process(until("other-1", 3_600));
    assert_eq!(token_of(&manager).await, "other-1");
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "token-1", "the other is late");
    for hour in 2..5 {
        let name = format!("other-{hour}");
        store.save_as_other_process(until(&name, hour * 3_600 + 3_500));
        clock.advance(seconds(3_600));
        assert_eq!(token_of(&manager).await, name);
    }
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn a_failed_save_does_not_replace_a_later_save_of_another_process() {
    let (_, clock, store, manager) = with_read_only_store();
    assert_eq!(token_of(&manager).await, "token-1");
    store.save_as_other_process(until("other-1", 7_000));
    store.recover();
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "other-1");
    assert_eq!(store.access_token().as_deref(), Some("other-1"));
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "token-2");
    assert_eq!(
        store.access_token().as_deref(),
        Some("token-2"),
        "saved again as usual"
    );
}

#[tokio::test]
async fn a_failed_save_is_repeated_when_the_store_recovers() {
    let (endpoint, clock, store, manager) = with_read_only_store();
    store.save_as_other_process(until("old", 10));
    clock.advance(seconds(20));
    assert_eq!(token_of(&manager).await, "token-1");
    assert_eq!(store.access_token().as_deref(), Some("old"));
    store.recover();
    endpoint.then([UNAVAILABLE]);
    clock.advance(seconds(3_600));
    assert!(manager.token().await.is_err());
    assert_eq!(store.access_token().as_deref(), Some("token-1"));
}
