//! Refresh tokens: used, replaced, kept, and given up.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use credsmith_runtime::{
    ExposeSecret, Grant, ManualClock, SecretString, Token, TokenManager, TokenManagerBuilder,
    TokenProvider, TokenUpdateCallback, TransportErrorKind, UserSignIn,
};

use crate::support::*;

const REFRESHED: Scripted = Scripted::Response(
    200,
    None,
    r#"{"access_token":"a-2","refresh_token":"r-2","expires_in":3600}"#,
);
const INVALID_GRANT: Scripted = Scripted::Response(
    400,
    None,
    r#"{"error":"invalid_grant","error_description":"Token has been revoked"}"#,
);

/// A manager of a grant that takes the user, with a token that expires in an hour and can be refreshed.
fn signed_in(endpoint: &Arc<Endpoint>, clock: &ManualClock) -> TokenManagerBuilder {
    builder(endpoint, clock)
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .scope("a b")
        .token(token("a-1", Some("r-1")))
}

fn token(access_token: &str, refresh_token: Option<&str>) -> Token {
    let token = Token::new(access_token).with_expires_at(start() + seconds(3_600));
    match refresh_token {
        Some(refresh_token) => token.with_refresh_token(SecretString::from(refresh_token)),
        None => token,
    }
}

fn refresh_token_of(token: &Token) -> &str {
    token
        .refresh_token()
        .map_or("", ExposeSecret::expose_secret)
}

fn body(endpoint: &Endpoint, index: usize) -> String {
    String::from_utf8(endpoint.requests()[index].body().to_vec()).unwrap()
}

#[tokio::test]
async fn peer_defect_01_a_thousand_callers_share_one_refresh_and_the_next_uses_the_new_refresh_token()
 {
    let third = Scripted::Response(200, None, r#"{"access_token":"a-3","expires_in":3600}"#);
    let endpoint = Endpoint::new([REFRESHED, third]);
    let clock = clock();
    let manager = signed_in(&endpoint, &clock).build().unwrap();
    clock.advance(seconds(3_600));
    for outcome in crowd(&manager, 1_000).await {
        assert_eq!(text(&outcome.unwrap()), "a-2");
    }
    assert_eq!(
        body(&endpoint, 0),
        "grant_type=refresh_token&refresh_token=r-1",
        "the scope is left out: what was granted stays granted"
    );
    assert_eq!(endpoint.count(), 1);
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "a-3");
    assert!(body(&endpoint, 1).ends_with("refresh_token=r-2"));
    let kept = manager.current_token().unwrap();
    assert_eq!(refresh_token_of(&kept), "r-2", "absent keeps the old one");
}

#[tokio::test]
async fn fault_e02_a_refresh_keeps_members_that_its_response_omits() {
    let endpoint = Endpoint::new([REFRESHED]);
    let clock = clock();
    let stored = r#"{"access_token":"a-1","refresh_token":"r-1","scope":"read","instance_url":"https://eu.acme.example"}"#;
    let stored: Token = serde_json::from_str(stored).unwrap();
    let manager = signed_in(&endpoint, &clock)
        .token(stored.with_expires_at(start()))
        .build()
        .unwrap();
    let token = manager.token().await.unwrap();
    assert_eq!(text(&token), "a-2");
    assert_eq!(token.scope(), Some("read"));
    assert_eq!(token.extra()["instance_url"], "https://eu.acme.example");
    assert_eq!(refresh_token_of(&token), "r-2");
}

#[tokio::test]
async fn an_empty_refresh_token_keeps_the_old_one() {
    let empty = r#"{"access_token":"a-2","refresh_token":"","expires_in":3600}"#;
    let endpoint = Endpoint::new([Scripted::Response(200, None, empty)]);
    let clock = clock();
    let told = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&told);
    let manager = signed_in(&endpoint, &clock)
        .on_token_update(TokenUpdateCallback::new(move |token: Token| {
            record
                .lock()
                .unwrap()
                .push(refresh_token_of(&token).to_owned());
        }))
        .build()
        .unwrap();
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "a-2");
    manager.flush().await.unwrap();
    assert_eq!(*told.lock().unwrap(), ["r-1"], "what is stored is whole");
}

#[tokio::test]
async fn refreshes_run_ahead_of_time_as_for_every_grant() {
    let endpoint = Endpoint::new([REFRESHED]);
    let clock = clock();
    let manager = signed_in(&endpoint, &clock).build().unwrap();
    clock.advance(seconds(3_000));
    assert_eq!(token_of(&manager).await, "a-1");
    run_until_idle().await;
    assert_eq!(token_of(&manager).await, "a-2");
    assert_eq!(manager.statistics().waits, 0);
}

#[tokio::test]
async fn a_refresh_that_may_have_reached_the_server_is_not_retried() {
    for kind in [TransportErrorKind::Body, TransportErrorKind::Timeout] {
        let endpoint = Endpoint::new([Scripted::Failure(kind), REFRESHED]);
        let clock = clock();
        let manager = signed_in(&endpoint, &clock).build().unwrap();
        clock.advance(seconds(3_600));
        assert!(manager.token().await.unwrap_err().is_transient());
        assert_eq!(endpoint.count(), 1, "{kind:?}");
    }
    let endpoint = Endpoint::new([UNAVAILABLE, REFRESHED]);
    let clock = clock();
    let manager = signed_in(&endpoint, &clock).build().unwrap();
    clock.advance(seconds(3_600));
    assert_eq!(manager.token().await.unwrap_err().status().unwrap(), 503);
    assert_eq!(endpoint.count(), 1);
    clock.advance(seconds(5));
    assert_eq!(token_of(&manager).await, "a-2", "a later call tries again");
}

#[tokio::test]
async fn a_refresh_that_was_not_sent_is_retried() {
    let unsent = Scripted::Failure(TransportErrorKind::Connect);
    let endpoint = Endpoint::new([unsent, unsent, REFRESHED]);
    let clock = clock();
    let manager = signed_in(&endpoint, &clock).build().unwrap();
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "a-2");
    assert_eq!(endpoint.count(), 3);
}

#[tokio::test]
async fn peer_defect_03_a_rejected_refresh_token_is_cleared_and_the_error_has_a_hint() {
    let endpoint = Endpoint::new([INVALID_GRANT]);
    let clock = clock();
    let manager = signed_in(&endpoint, &clock).build().unwrap();
    clock.advance(seconds(3_600));
    let error = manager.token().await.unwrap_err();
    assert!(error.is_sign_in_needed() && error.error() == Some("invalid_grant"));
    assert_eq!(
        error.to_string(),
        "acme_oauth needs the user to sign in: the server no longer accepts the refresh token (token endpoint of acme_oauth \
         answered 400: invalid_grant: Token has been revoked); send the user to the URL of \
         start_sign_in(), and hand the callback to complete_sign_in()"
    );
    clock.advance(seconds(60));
    let again = manager.token().await.unwrap_err();
    assert!(again.is_sign_in_needed() && again.error().is_none());
    assert_eq!(
        endpoint.count(),
        1,
        "a dead refresh token is not sent twice"
    );
    assert_eq!(refresh_token_of(&manager.current_token().unwrap()), "");
}

#[tokio::test]
async fn a_rejected_early_refresh_keeps_the_valid_token() {
    let endpoint = Endpoint::new([INVALID_GRANT]);
    let clock = clock();
    let hook = UserSignIn::new(|_: TokenManager| -> Option<Token> {
        panic!("nobody is disturbed while the token lives")
    });
    let manager = signed_in(&endpoint, &clock)
        .user_sign_in(hook)
        .build()
        .unwrap();
    for passed in [3_000, 100, 100] {
        clock.advance(seconds(passed));
        assert_eq!(token_of(&manager).await, "a-1");
        run_until_idle().await;
    }
    assert_eq!(endpoint.count(), 1);
    assert_eq!(manager.statistics().user_sign_ins, 0);
}

#[tokio::test]
async fn peer_defect_01_all_callers_share_one_user_sign_in() {
    let endpoint = Endpoint::new([INVALID_GRANT]);
    let clock = clock();
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let hook = UserSignIn::new(move |_: TokenManager| {
        counter.fetch_add(1, Ordering::SeqCst);
        async {
            run_until_idle().await;
            Token::new("from-the-user").with_expires_at(start() + seconds(10_000))
        }
    });
    let manager = signed_in(&endpoint, &clock)
        .user_sign_in(hook)
        .build()
        .unwrap();
    clock.advance(seconds(3_600));
    for outcome in crowd(&manager, 100).await {
        assert_eq!(text(&outcome.unwrap()), "from-the-user");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn a_failed_user_sign_in_is_followed_by_a_pause() {
    let endpoint = Endpoint::new([REFRESHED]);
    let clock = ManualClock::new(start());
    let hooks: [UserSignIn<TokenManager>; 3] = [
        UserSignIn::new(|_| None::<Token>),
        UserSignIn::new(|_| Err::<Token, _>("the window was closed")),
        UserSignIn::new(|_| -> Token { panic!("scripted") }),
    ];
    let said = [
        "the user sign-in returned no usable token",
        "the user sign-in of acme_oauth failed",
        "the user sign-in of acme_oauth panicked",
    ];
    for (hook, said) in hooks.into_iter().zip(said) {
        let manager = builder(&endpoint, &clock)
            .grant(Grant::DeviceCode)
            .device_authorization_url("https://acme.example/device")
            .user_sign_in(hook)
            .build()
            .unwrap();
        for _ in 0..3 {
            let error = manager.token().await.unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
        }
        assert_eq!(manager.statistics().user_sign_ins, 1);
    }
    assert_eq!(endpoint.count(), 0);
}

#[tokio::test]
async fn fetch_token_sets_the_token_of_a_refresh() {
    let endpoint = Endpoint::new([REFRESHED]);
    let clock = clock();
    let told = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&told);
    let manager = signed_in(&endpoint, &clock)
        .on_token_update(TokenUpdateCallback::new(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
        }))
        .build()
        .unwrap();
    assert_eq!(text(&manager.fetch_token().await.unwrap()), "a-2");
    let installed = manager.current_token().unwrap();
    assert_eq!(
        (text(&installed).as_str(), refresh_token_of(&installed)),
        ("a-2", "r-2")
    );
    assert_eq!(told.load(Ordering::SeqCst), 1);
    assert_eq!(token_of(&manager).await, "a-2");
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn a_provider_may_have_the_manager_refresh() {
    let endpoint = Endpoint::new([REFRESHED]);
    let clock = clock();
    let told = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&told);
    let provider =
        TokenProvider::new(|_, manager: TokenManager| async move { manager.fetch_token().await });
    let manager = signed_in(&endpoint, &clock)
        .token_provider(provider)
        .on_token_update(TokenUpdateCallback::new(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
        }))
        .build()
        .unwrap();
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "a-2");
    assert_eq!(told.load(Ordering::SeqCst), 1, "told once, whoever fetched");
    assert_eq!(refresh_token_of(&manager.current_token().unwrap()), "r-2");
}

#[tokio::test]
async fn peer_defect_13_a_401_renews_with_the_refresh_token_too() {
    let endpoint = Endpoint::new([REFRESHED]);
    let manager = signed_in(&endpoint, &clock()).build().unwrap();
    manager.invalidate(&manager.token().await.unwrap());
    assert_eq!(token_of(&manager).await, "a-2");
    assert!(body(&endpoint, 0).contains("refresh_token=r-1"));
}

#[tokio::test]
async fn without_a_refresh_token_the_token_is_used_to_its_end() {
    let endpoint = Endpoint::new([REFRESHED]);
    let clock = clock();
    let manager = signed_in(&endpoint, &clock)
        .token(token("a-1", None))
        .build()
        .unwrap();
    clock.advance(seconds(3_000));
    assert_eq!(token_of(&manager).await, "a-1");
    run_until_idle().await;
    clock.advance(seconds(600));
    let error = manager.token().await.unwrap_err();
    assert!(error.is_sign_in_needed() && !error.is_transient());
    assert!(manager.fetch_token().await.unwrap_err().is_sign_in_needed());
    assert_eq!(endpoint.count(), 0);
}

#[tokio::test]
async fn signing_out_during_a_refresh_is_final() {
    let endpoint = Endpoint::closed([REFRESHED]);
    let clock = ManualClock::new(start());
    let manager = signed_in(&endpoint, &clock).build().unwrap();
    clock.advance(seconds(3_600));
    let waiter = tokio::spawn({
        let manager = manager.clone();
        async move { token_of(&manager).await }
    });
    run_until_idle().await;
    manager.clear_token();
    endpoint.open();
    assert_eq!(waiter.await.unwrap(), "a-2", "who waited is served");
    assert!(manager.current_token().is_none());
    assert!(manager.token().await.unwrap_err().is_sign_in_needed());
}

mod stored {
    use super::*;
    use crate::test_store::TestStore;

    fn storing(
        endpoint: &Arc<Endpoint>,
        clock: &ManualClock,
        store: &TestStore,
    ) -> TokenManagerBuilder {
        builder(endpoint, clock)
            .grant(Grant::AuthorizationCode)
            .authorization_url("https://acme.example/authorize")
            .store(Arc::new(store.clone()))
    }

    #[tokio::test]
    async fn the_new_refresh_token_is_saved_before_anyone_wakes() {
        let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
        let store = TestStore::default();
        let manager = storing(&endpoint, &clock, &store)
            .token(token("a-1", Some("r-1")))
            .build()
            .unwrap();
        clock.advance(seconds(3_600));
        assert_eq!(token_of(&manager).await, "a-2");
        assert_eq!(store.saved(), ["r-2"]);
    }

    #[tokio::test]
    async fn the_second_manager_uses_the_stored_token_of_the_first() {
        let third = r#"{"access_token":"a-3","refresh_token":"r-3","expires_in":3600}"#;
        let endpoint = Endpoint::new([REFRESHED, Scripted::Response(200, None, third)]);
        let clock = ManualClock::new(start());
        let store = TestStore::default();
        let stored = token("a-1", Some("r-1"));
        let first = storing(&endpoint, &clock, &store).token(stored.clone());
        let second = storing(&endpoint, &clock, &store).token(stored);
        let (first, second) = (first.build().unwrap(), second.build().unwrap());
        clock.advance(seconds(3_600));
        assert_eq!(token_of(&first).await, "a-2");
        assert_eq!(token_of(&second).await, "a-2", "from the store");
        assert_eq!(endpoint.count(), 1);
        clock.advance(seconds(3_600));
        assert_eq!(token_of(&second).await, "a-3");
        assert!(body(&endpoint, 1).ends_with("refresh_token=r-2"));
        assert_eq!(token_of(&first).await, "a-3");
        assert_eq!(endpoint.count(), 2);
    }

    #[tokio::test]
    async fn the_next_process_refreshes_with_the_stored_token() {
        let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
        let store = TestStore::default();
        let first = storing(&endpoint, &clock, &store).token(token("a-1", Some("r-1")));
        clock.advance(seconds(3_600));
        token_of(&first.build().unwrap()).await;
        clock.advance(seconds(3_600));
        let next = storing(&endpoint, &clock, &store).build().unwrap();
        assert_eq!(token_of(&next).await, "a-2");
        assert!(body(&endpoint, 1).ends_with("refresh_token=r-2"));
        let mine = storing(&endpoint, &clock, &store).store_account("somebody else");
        let mine = mine.build().unwrap();
        assert!(mine.token().await.unwrap_err().is_sign_in_needed());
    }

    #[tokio::test]
    async fn a_rejected_refresh_token_is_removed_from_the_store() {
        let (endpoint, clock) = (
            Endpoint::new([REFRESHED, INVALID_GRANT]),
            ManualClock::new(start()),
        );
        let store = TestStore::default();
        let manager = storing(&endpoint, &clock, &store).token(token("a-1", Some("r-1")));
        let manager = manager.build().unwrap();
        clock.advance(seconds(3_600));
        assert_eq!(token_of(&manager).await, "a-2");
        clock.advance(seconds(3_600));
        let error = manager.token().await.unwrap_err();
        assert_eq!(error.error(), Some("invalid_grant"));
        assert_eq!(store.removed(), 1);
        let next = storing(&endpoint, &clock, &store).build().unwrap();
        assert!(next.token().await.unwrap_err().error().is_none());
        assert_eq!(endpoint.count(), 2);
    }
}
