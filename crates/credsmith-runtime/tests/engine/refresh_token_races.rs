//! Refresh tokens when several things happen at once: none is sent twice, none is left behind.

use std::sync::{Arc, Mutex};

use credsmith_runtime::{
    ExposeSecret, Grant, ManualClock, MemoryStore, SecretString, Token, TokenManager,
    TokenManagerBuilder, TokenProvider, TokenUpdateCallback,
};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::support::*;

const REFRESHED: Answer = Answer::Response(
    200,
    None,
    r#"{"access_token":"a-2","refresh_token":"r-2","expires_in":3600}"#,
);
const OK: Answer = Answer::Response(200, None, "");

fn user(endpoint: &Arc<Endpoint>, clock: &ManualClock) -> TokenManagerBuilder {
    builder(endpoint, clock)
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .revocation_url("https://acme.example/revoke")
}

/// What was issued an hour ago.
fn first() -> Token {
    Token::new("a-1")
        .with_refresh_token(SecretString::from("r-1"))
        .with_expires_at(start())
}

fn asking(manager: &TokenManager) -> JoinHandle<String> {
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
async fn managers_over_one_memory_take_turns_however_long_one_takes() {
    let (endpoint, clock) = (Endpoint::closed([REFRESHED]), ManualClock::new(start()));
    let store = Arc::new(MemoryStore::new());
    let manager = || {
        let store = Arc::<MemoryStore>::clone(&store);
        user(&endpoint, &clock).token(first()).store(store).build()
    };
    let one = asking(&manager().unwrap());
    let other = asking(&manager().unwrap());
    settle().await;
    assert_eq!(endpoint.count(), 1, "the other waits for its turn");
    clock.advance(seconds(25));
    settle().await;
    assert_eq!(endpoint.count(), 1, "as long as a request may take");
    endpoint.open();
    assert_eq!(one.await.unwrap(), "a-2");
    assert_eq!(other.await.unwrap(), "a-2");
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn signing_out_revokes_what_a_refresh_under_way_brings() {
    let endpoint = Endpoint::closed([REFRESHED, OK]);
    let clock = ManualClock::new(start());
    let manager = user(&endpoint, &clock).token(first()).build().unwrap();
    let waiting = asking(&manager);
    settle().await;
    let revoking = tokio::spawn({
        let manager = manager.clone();
        async move { manager.revoke_token().await }
    });
    settle().await;
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
async fn signing_out_revokes_what_another_process_has_left() {
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
async fn the_application_is_told_of_a_rotation_that_an_overtaken_refresh_brought() {
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
    let asked = asking(&manager);
    settle().await;
    manager.set_token(first());
    gate.notify_one();
    assert_eq!(asked.await.unwrap(), "a-2");
    settle().await;
    assert_eq!(text(&manager.current_token().unwrap()), "a-2");
    assert_eq!(*told.lock().unwrap(), ["r-2"], "or nobody keeps it");
}
