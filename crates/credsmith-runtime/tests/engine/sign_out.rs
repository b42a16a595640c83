//! Tokens that the application sets or clears: a sign-out is final, and a token that was set takes precedence over
//! all others, in the manager and in the store.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use credsmith_runtime::{
    Grant, ManualClock, MemoryStore, SecretString, SubjectToken, Token, TokenError, TokenExchange,
    TokenManager, TokenManagerBuilder, TokenUpdateCallback,
};
use tokio::task::JoinHandle;

use crate::support::*;
use crate::test_store::{TestStore, token};

pub(crate) const SIGNED_IN: Scripted = Scripted::Response(
    200,
    None,
    r#"{"access_token":"a-9","refresh_token":"r-9","expires_in":3600}"#,
);
pub(crate) const REFRESHED: Scripted = Scripted::Response(
    200,
    None,
    r#"{"access_token":"a-2","refresh_token":"r-2","expires_in":3600}"#,
);
pub(crate) const INVALID_GRANT: Scripted =
    Scripted::Response(400, None, r#"{"error":"invalid_grant"}"#);
pub(crate) const OK: Scripted = Scripted::Response(200, None, "");

pub(crate) fn user(endpoint: &Arc<Endpoint>, clock: &ManualClock) -> TokenManagerBuilder {
    builder(endpoint, clock)
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .revocation_url("https://acme.example/revoke")
}

fn storing(
    endpoint: &Arc<Endpoint>,
    clock: &ManualClock,
    store: &TestStore,
) -> TokenManagerBuilder {
    user(endpoint, clock).store(Arc::new(store.clone()))
}

/// A sign-in whose callback has come.
pub(crate) async fn signing_in(manager: &TokenManager) -> JoinHandle<Token> {
    let manager = manager.clone();
    let request = manager.start_sign_in().await.unwrap();
    let callback = format!("https://app.example/cb?state={}&code=c", request.state());
    tokio::spawn(async move {
        let token = manager.complete_sign_in(&request, &callback);
        token.await.unwrap()
    })
}

fn refreshing(manager: &TokenManager) -> JoinHandle<String> {
    let manager = manager.clone();
    tokio::spawn(async move { token_of(&manager).await })
}

pub(crate) async fn asks_for_the_user(manager: &TokenManager) -> bool {
    let error = manager.token().await.unwrap_err();
    error.is_sign_in_needed()
}

/// The same with what comes of it.
pub(crate) fn spawn_token(manager: &TokenManager) -> JoinHandle<Result<Token, TokenError>> {
    let manager = manager.clone();
    tokio::spawn(async move { manager.token().await })
}

pub(crate) fn bodies(endpoint: &Endpoint) -> Vec<String> {
    let requests = endpoint.requests().into_iter();
    let bodies = requests.map(|request| String::from_utf8(request.body().to_vec()));
    bodies.map(Result::unwrap).collect()
}

pub(crate) fn expired(access_token: &str, refresh_token: &str) -> Token {
    token(access_token, refresh_token).with_expires_at(start())
}

/// The current access token.
pub(crate) fn shown(manager: &TokenManager) -> Option<String> {
    manager.current_token().as_ref().map(text)
}

fn body(endpoint: &Endpoint, index: usize) -> String {
    String::from_utf8(endpoint.requests()[index].body().to_vec()).unwrap()
}

#[tokio::test]
async fn a_sign_in_in_flight_does_not_outlive_a_sign_out() {
    for revokes in [false, true] {
        let (endpoint, clock) = (Endpoint::closed([SIGNED_IN]), ManualClock::new(start()));
        let store = TestStore::default();
        let told = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&told);
        let manager = storing(&endpoint, &clock, &store)
            .on_token_update(TokenUpdateCallback::new(move |_| {
                count.fetch_add(1, Ordering::SeqCst);
            }))
            .build()
            .unwrap();
        let sign_in = signing_in(&manager).await;
        run_until_idle().await;
        if revokes {
            manager.revoke_token().await.unwrap();
        } else {
            manager.clear_token();
        }
        endpoint.open();
        assert_eq!(
            text(&sign_in.await.unwrap()),
            "a-9",
            "its caller may have it"
        );
        run_until_idle().await;
        assert!(manager.current_token().is_none());
        assert!(store.saved().is_empty(), "{:?}", store.saved());
        assert_eq!(told.load(Ordering::SeqCst), 0);
        assert!(asks_for_the_user(&manager).await);
    }
}

#[tokio::test]
async fn of_two_sign_ins_the_later_one_counts() {
    let second = r#"{"access_token":"a-10","refresh_token":"r-10","expires_in":3600}"#;
    let endpoint = Endpoint::closed([SIGNED_IN, Scripted::Response(200, None, second)]);
    let clock = ManualClock::new(start());
    let manager = user(&endpoint, &clock).build().unwrap();
    let one = signing_in(&manager).await;
    run_until_idle().await;
    let other = signing_in(&manager).await;
    run_until_idle().await;
    endpoint.open();
    one.await.unwrap();
    other.await.unwrap();
    assert_eq!(token_of(&manager).await, "a-10");
}

#[tokio::test]
async fn polling_for_a_user_does_not_outlive_a_sign_out() {
    let codes = r#"{"device_code":"d","user_code":"u","verification_uri":"https://acme.example/d","expires_in":60}"#;
    let endpoint = Endpoint::new([Scripted::Response(200, None, codes), SIGNED_IN]);
    let clock = ManualClock::new(start());
    let manager = builder(&endpoint, &clock)
        .grant(Grant::DeviceCode)
        .device_authorization_url("https://acme.example/device_authorization")
        .build()
        .unwrap();
    let codes = manager.start_device_sign_in().await.unwrap();
    endpoint.close();
    let polling = tokio::spawn({
        let manager = manager.clone();
        async move { manager.complete_device_sign_in(&codes).await }
    });
    run_until_idle().await;
    clock.advance(seconds(5));
    run_until_idle().await;
    assert_eq!(endpoint.count(), 2, "the poll is under way");
    manager.clear_token();
    endpoint.open();
    assert_eq!(text(&polling.await.unwrap().unwrap()), "a-9");
    assert!(manager.current_token().is_none());
}

#[tokio::test]
async fn a_cleared_token_is_not_loaded_from_the_store() {
    let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
    let store = Arc::new(MemoryStore::new());
    let manager = || {
        let store = Arc::<MemoryStore>::clone(&store);
        builder(&endpoint, &clock).store(store).build().unwrap()
    };
    let (here, there) = (manager(), manager());
    assert_eq!(token_of(&here).await, "token-1");
    here.clear_token();
    assert_eq!(token_of(&here).await, "token-2");
    here.clear_token();
    run_until_idle().await;
    assert_eq!(token_of(&there).await, "token-3", "cleared without a call");
}

#[tokio::test]
async fn a_sign_out_during_a_refresh_leaves_nothing_in_the_store() {
    let (endpoint, clock) = (Endpoint::closed([REFRESHED]), ManualClock::new(start()));
    let store = Arc::new(MemoryStore::new());
    let manager = || {
        let store = Arc::<MemoryStore>::clone(&store);
        user(&endpoint, &clock).store(store)
    };
    let here = manager().build().unwrap();
    here.set_token(token("a-1", "r-1"));
    clock.advance(seconds(3_600));
    let waiting = refreshing(&here);
    run_until_idle().await;
    here.clear_token();
    endpoint.open();
    assert_eq!(waiting.await.unwrap(), "a-2", "who waited is served");
    run_until_idle().await;
    assert!(asks_for_the_user(&here).await);
    assert!(asks_for_the_user(&manager().build().unwrap()).await);
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn a_token_that_was_set_replaces_the_stored_token() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let store = TestStore::default();
    let yesterdays = storing(&endpoint, &clock, &store).build().unwrap();
    let later = start() + seconds(7_200);
    yesterdays.set_token(token("a-0", "r-0").with_expires_at(later));
    run_until_idle().await;
    let manager = storing(&endpoint, &clock, &store).build().unwrap();
    manager.set_token(token("a-1", "r-1"));
    run_until_idle().await;
    assert_eq!(store.saved(), ["r-0", "r-1"]);
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "a-2");
    assert!(body(&endpoint, 0).ends_with("refresh_token=r-1"));
    assert_eq!(store.saved(), ["r-0", "r-1", "r-2"]);
}

#[test]
fn without_a_runtime_pending_writes_are_flushed_before_a_load() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let store = TestStore::default();
    let manager = storing(&endpoint, &clock, &store).build().unwrap();
    manager.set_token(expired("a-1", "r-1"));
    assert!(store.saved().is_empty());
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.build().unwrap();
    assert_eq!(runtime.block_on(token_of(&manager)), "a-2");
    assert_eq!(store.saved(), ["r-1", "r-2"]);
}

#[tokio::test]
async fn a_token_from_an_earlier_run_does_not_replace_the_stored_token() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let store = TestStore::default();
    let newer = storing(&endpoint, &clock, &store).build().unwrap();
    let later = start() + seconds(7_200);
    newer.set_token(token("a-5", "r-5").with_expires_at(later));
    run_until_idle().await;
    let manager = storing(&endpoint, &clock, &store).token(token("a-1", "r-1"));
    let manager = manager.build().unwrap();
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "a-5");
    assert_eq!(endpoint.count(), 0);
}

#[tokio::test]
async fn a_refresh_token_that_is_set_while_it_is_sent_is_sent_once() {
    let (endpoint, clock) = (Endpoint::closed([REFRESHED]), ManualClock::new(start()));
    let manager = user(&endpoint, &clock).build().unwrap();
    let expired = || token("a-1", "r-1").with_expires_at(start());
    manager.set_token(expired());
    let first = refreshing(&manager);
    run_until_idle().await;
    manager.set_token(expired());
    let second = refreshing(&manager);
    run_until_idle().await;
    endpoint.open();
    assert_eq!(first.await.unwrap(), "a-2");
    assert_eq!(second.await.unwrap(), "a-2");
    assert_eq!(endpoint.count(), 1);
    let installed = manager.current_token().unwrap();
    assert_eq!(text(&installed), "a-2", "its successor is not lost");
}

#[tokio::test]
async fn a_successor_reaches_the_slot_that_holds_its_predecessor_and_no_other() {
    for (set, expected) in [("r-1", "a-2"), ("r-7", "a-7")] {
        let (endpoint, clock) = (Endpoint::closed([REFRESHED]), ManualClock::new(start()));
        let store = TestStore::default();
        let manager = storing(&endpoint, &clock, &store).build().unwrap();
        manager.set_token(token("a-1", "r-1").with_expires_at(start()));
        let first = refreshing(&manager);
        run_until_idle().await;
        manager.set_token(token("a-7", set));
        endpoint.open();
        first.await.unwrap();
        run_until_idle().await;
        assert_eq!(token_of(&manager).await, expected);
        let last = store.saved().pop();
        assert_eq!(
            last.as_deref(),
            Some(if set == "r-1" { "r-2" } else { "r-7" })
        );
    }
}

#[tokio::test]
async fn a_slow_save_of_a_refresh_does_not_overtake_a_sign_in() {
    let endpoint = Endpoint::new([REFRESHED, SIGNED_IN]);
    let clock = ManualClock::new(start());
    let store = TestStore::delaying("r-2");
    let manager = storing(&endpoint, &clock, &store);
    let manager = manager.token(token("a-1", "r-1")).build().unwrap();
    clock.advance(seconds(3_600));
    let refresh = refreshing(&manager);
    run_until_idle().await;
    let sign_in = signing_in(&manager).await;
    run_until_idle().await;
    store.open();
    sign_in.await.unwrap();
    refresh.await.unwrap();
    assert_eq!(store.saved(), ["r-2", "r-9"]);
    assert_eq!(token_of(&manager).await, "a-9");
}

#[tokio::test]
async fn after_a_rejected_refresh_token_the_store_is_read_once_more() {
    for (left, count) in [
        (token("a-3", "r-3"), 1),
        (token("a-3", "r-3").with_expires_at(start()), 2),
    ] {
        let endpoint = Endpoint::closed([INVALID_GRANT, REFRESHED]);
        let clock = ManualClock::new(start());
        let store = TestStore::default();
        let expired = token("a-1", "r-1").with_expires_at(start());
        let here = storing(&endpoint, &clock, &store).token(expired);
        let here = here.build().unwrap();
        let waiting = refreshing(&here);
        run_until_idle().await;
        let there = storing(&endpoint, &clock, &store).build().unwrap();
        there.set_token(left);
        run_until_idle().await;
        endpoint.open();
        let expected = if count == 1 { "a-3" } else { "a-2" };
        assert_eq!(waiting.await.unwrap(), expected);
        assert_eq!(endpoint.count(), count);
        if count == 2 {
            assert!(body(&endpoint, 1).ends_with("refresh_token=r-3"));
        }
    }
}

#[tokio::test]
async fn a_server_that_revokes_refresh_tokens_alone_is_enough() {
    let unsupported = Scripted::Response(400, None, r#"{"error":"unsupported_token_type"}"#);
    let (endpoint, clock) = (Endpoint::new([OK, unsupported]), ManualClock::new(start()));
    let manager = user(&endpoint, &clock).token(token("a-1", "r-1"));
    manager.build().unwrap().revoke_token().await.unwrap();
    assert_eq!(endpoint.count(), 2);
    let manager = user(&endpoint, &clock).token(Token::new("a-1"));
    let error = manager.build().unwrap().revoke_token().await.unwrap_err();
    assert_eq!(
        error.error(),
        Some("unsupported_token_type"),
        "nothing was revoked"
    );
}

#[test]
fn subjects_that_cannot_be_distinguished_do_not_share_a_store() {
    let endpoint = Endpoint::new([OK]);
    let exchange = |subject: SubjectToken| {
        let grant = Grant::TokenExchange(TokenExchange::new(subject));
        builder(&endpoint, &clock()).grant(grant)
    };
    let closure = || exchange(SubjectToken::from_fn(|| "s".to_owned()));
    let store = || Arc::new(MemoryStore::new());
    let error = closure().store(store()).build().unwrap_err();
    assert!(error.to_string().contains("store_account"), "{error}");
    closure().build().unwrap();
    closure()
        .store(store())
        .store_account("me")
        .build()
        .unwrap();
    let fixed = exchange(SecretString::from("s").into());
    fixed.store(store()).build().unwrap();
}
