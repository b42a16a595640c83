//! Refresh tokens when several things happen at once: none is sent twice, none is left behind.

use std::sync::{Arc, Mutex};

use credsmith_runtime::{
    ExposeSecret, Grant, ManualClock, MemoryStore, SecretString, Token, TokenManager,
    TokenManagerBuilder, TokenProvider, TokenUpdateCallback,
};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::support::*;

const REFRESHED: Scripted = Scripted::Response(
    200,
    None,
    r#"{"access_token":"a-2","refresh_token":"r-2","expires_in":3600}"#,
);
const OK: Scripted = Scripted::Response(200, None, "");

fn user(endpoint: &Arc<Endpoint>, clock: &ManualClock) -> TokenManagerBuilder {
    builder(endpoint, clock)
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .revocation_url("https://acme.example/revoke")
}

/// A token that was issued an hour ago.
fn first() -> Token {
    Token::new("a-1")
        .with_refresh_token(SecretString::from("r-1"))
        .with_expires_at(start())
}

fn spawn_token(manager: &TokenManager) -> JoinHandle<String> {
    let manager = manager.clone();
    tokio::spawn(async move { token_of(&manager).await })
}

fn bodies(endpoint: &Endpoint) -> Vec<String> {
    let requests = endpoint.requests().into_iter();
    requests
        .map(|request| String::from_utf8(request.body().to_vec()).unwrap())
        .collect()
}

#[tokio::test]
async fn managers_with_one_store_refresh_one_after_the_other() {
    let (endpoint, clock) = (Endpoint::closed([REFRESHED]), ManualClock::new(start()));
    let store = Arc::new(MemoryStore::new());
    let manager = || {
        let store = Arc::<MemoryStore>::clone(&store);
        user(&endpoint, &clock).token(first()).store(store).build()
    };
    let one = spawn_token(&manager().unwrap());
    let other = spawn_token(&manager().unwrap());
    run_until_idle().await;
    assert_eq!(endpoint.count(), 1, "the other waits for its turn");
    clock.advance(seconds(25));
    run_until_idle().await;
    assert_eq!(endpoint.count(), 1, "as long as a request may take");
    endpoint.open();
    assert_eq!(one.await.unwrap(), "a-2");
    assert_eq!(other.await.unwrap(), "a-2");
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn signing_out_revokes_the_tokens_of_a_refresh_in_flight() {
    let endpoint = Endpoint::closed([REFRESHED, OK]);
    let clock = ManualClock::new(start());
    let manager = user(&endpoint, &clock).token(first()).build().unwrap();
    let waiting = spawn_token(&manager);
    run_until_idle().await;
    let revoking = tokio::spawn({
        let manager = manager.clone();
        async move { manager.revoke_token().await }
    });
    run_until_idle().await;
    assert!(manager.current_token().is_none(), "forgotten at once");
    endpoint.open();
    revoking.await.unwrap().unwrap();
    waiting.await.unwrap();
    assert!(manager.current_token().is_none());
    let bodies = bodies(&endpoint);
    let position = |token: &str| {
        let wanted = format!("token={token}&");
        bodies.iter().position(|body| body.starts_with(&wanted))
    };
    assert!(position("r-2") < position("a-1"), "{bodies:?}");
    assert!(position("r-2").is_some() && position("a-2").is_some());
}

#[tokio::test]
async fn signing_out_revokes_the_stored_token_of_another_process() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED, OK]), ManualClock::new(start()));
    let store = Arc::new(MemoryStore::new());
    let manager = || {
        let store = Arc::<MemoryStore>::clone(&store);
        user(&endpoint, &clock).token(first()).store(store).build()
    };
    let (here, there) = (manager().unwrap(), manager().unwrap());
    assert_eq!(token_of(&there).await, "a-2");
    here.revoke_token().await.unwrap();
    for token in ["r-1", "r-2", "a-1", "a-2"] {
        let wanted = format!("token={token}&");
        let times = bodies(&endpoint)
            .iter()
            .filter(|body| body.starts_with(&wanted))
            .count();
        assert_eq!(times, 1, "{token}");
    }
}

#[tokio::test]
async fn the_update_callback_gets_the_rotated_token_of_a_superseded_refresh() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let told = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&told);
    let gate = Arc::new(Notify::new());
    let waiting = Arc::clone(&gate);
    let manager = user(&endpoint, &clock)
        .token_provider(TokenProvider::new(move |_, _| {
            let waiting = Arc::clone(&waiting);
            async move {
                waiting.notified().await;
                None::<Token>
            }
        }))
        .on_token_update(TokenUpdateCallback::new(move |token: Token| {
            let refresh_token = token
                .refresh_token()
                .map(|text| text.expose_secret().to_owned());
            record
                .lock()
                .unwrap()
                .push(refresh_token.unwrap_or_default());
        }))
        .build()
        .unwrap();
    let asked = spawn_token(&manager);
    run_until_idle().await;
    manager.set_token(first());
    gate.notify_one();
    assert_eq!(asked.await.unwrap(), "a-2");
    run_until_idle().await;
    assert_eq!(text(&manager.current_token().unwrap()), "a-2");
    assert_eq!(*told.lock().unwrap(), ["r-2"], "or nobody keeps it");
}
