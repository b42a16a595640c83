//! Tokens from elsewhere: what a provider, an application or another process hands over may be of no use,
//! and the store may be there to be read alone.

use std::future::ready;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use credsmith_runtime::{
    BoxFuture, Grant, Lease, Leases, ManualClock, StoreError, StoreKey, StoredToken, Token,
    TokenManager, TokenProvider, TokenStore, UserSignIn,
};

use crate::sign_out::bodies;
use crate::support::*;

/// A store that another process fills, and that this one may be unable to write.
#[derive(Clone, Default)]
struct Shared {
    token: Arc<Mutex<Option<Token>>>,
    is_writable: Arc<AtomicBool>,
    lease: Arc<AtomicU64>,
}

impl Shared {
    /// What another process saves, under a lease that is granted for it.
    fn put(&self, token: Token) {
        self.lease.fetch_add(1, Ordering::SeqCst);
        *self.token.lock().unwrap() = Some(token);
    }

    fn access_token(&self) -> String {
        text(self.token.lock().unwrap().as_ref().unwrap())
    }

    fn write(&self, token: Option<Token>, lease: Option<u64>) -> Result<(), StoreError> {
        if lease.is_some_and(|number| number < self.lease.load(Ordering::SeqCst)) {
            return Err(StoreError::superseded());
        }
        if !self.is_writable.load(Ordering::SeqCst) {
            return Err(StoreError::new("read-only file system"));
        }
        *self.token.lock().unwrap() = token;
        Ok(())
    }
}

impl TokenStore for Shared {
    fn load<'a>(
        &'a self,
        _: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        let found = self.token.lock().unwrap().clone();
        Box::pin(ready(Ok(found.map(StoredToken::new))))
    }

    fn save<'a>(
        &'a self,
        _: &'a StoreKey,
        token: &'a StoredToken,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(ready(self.write(Some(token.token().clone()), lease)))
    }

    fn remove<'a>(
        &'a self,
        _: &'a StoreKey,
        lease: Option<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(ready(self.write(None, lease)))
    }

    fn leases(&self) -> Option<&dyn Leases> {
        Some(self)
    }
}

impl Leases for Shared {
    fn try_lease<'a>(
        &'a self,
        _: &'a StoreKey,
    ) -> BoxFuture<'a, Result<Option<Lease>, StoreError>> {
        let number = self.lease.fetch_add(1, Ordering::SeqCst) + 1;
        Box::pin(ready(Ok(Some(Lease::new(number, ())))))
    }
}

/// A token that is good until so many seconds after the start.
fn until(access_token: &str, expires_at: u64) -> Token {
    Token::new(access_token).with_expires_at(start() + seconds(expires_at))
}

/// A manager over a store that it cannot write.
fn sharing() -> (Arc<Endpoint>, ManualClock, Shared, TokenManager) {
    let (endpoint, clock) = (Endpoint::new([Answer::Token("3600")]), clock());
    let store = Shared::default();
    let manager = builder(&endpoint, &clock).store(Arc::new(store.clone()));
    let manager = manager.build().unwrap();
    (endpoint, clock, store, manager)
}

#[tokio::test]
async fn an_answer_of_the_provider_that_cannot_be_sent_counts_as_none() {
    let (endpoint, clock) = (Endpoint::new([Answer::Token("3600")]), clock());
    let manager = builder(&endpoint, &clock)
        .token_provider(TokenProvider::new(|_, _| until("from-a-file\n", 3_600)))
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "token-1");
    assert_eq!(manager.authorization().await.unwrap(), "Bearer token-1");
}

#[tokio::test]
async fn a_stored_token_that_cannot_be_sent_counts_as_none() {
    let (endpoint, store) = (Endpoint::new([Answer::Token("3600")]), Shared::default());
    store.put(until("proof-of-possession", 3_600).with_token_type("DPoP"));
    let manager = builder(&endpoint, &clock())
        .store(Arc::new(store))
        .build()
        .unwrap();
    assert_eq!(manager.authorization().await.unwrap(), "Bearer token-1");
}

#[tokio::test]
async fn an_empty_refresh_token_is_not_sent() {
    let endpoint = Endpoint::new([Answer::Response(
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
    let endpoint = Endpoint::new([Answer::Response(200, None, fresh)]);
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
async fn a_store_that_cannot_be_written_is_still_read() {
    let (endpoint, clock, store, manager) = sharing();
    store.put(until("other-1", 3_600));
    assert_eq!(token_of(&manager).await, "other-1");
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "token-1", "the other is late");
    for hour in 2..5 {
        let name = format!("other-{hour}");
        store.put(until(&name, hour * 3_600 + 3_500));
        clock.advance(seconds(3_600));
        assert_eq!(token_of(&manager).await, name);
    }
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn what_could_not_be_saved_does_not_replace_what_another_process_saved_later() {
    let (_, clock, store, manager) = sharing();
    assert_eq!(token_of(&manager).await, "token-1");
    store.put(until("other-1", 7_000));
    store.is_writable.store(true, Ordering::SeqCst);
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "other-1");
    assert_eq!(store.access_token(), "other-1");
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "token-2");
    assert_eq!(store.access_token(), "token-2", "saved again as usual");
}

#[tokio::test]
async fn what_could_not_be_saved_is_saved_when_it_can_be() {
    let (endpoint, clock, store, manager) = sharing();
    store.put(until("old", 10));
    clock.advance(seconds(20));
    assert_eq!(token_of(&manager).await, "token-1");
    assert_eq!(store.access_token(), "old");
    store.is_writable.store(true, Ordering::SeqCst);
    endpoint.then([UNAVAILABLE]);
    clock.advance(seconds(3_600));
    assert!(manager.token().await.is_err());
    assert_eq!(store.access_token(), "token-1");
}
