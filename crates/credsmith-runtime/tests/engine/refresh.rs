//! Refreshing ahead of time: callers keep the token they have.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use credsmith_runtime::{ManualClock, TokenUpdateCallback};

use crate::support::*;

/// Past the soft moment of a token of an hour, short of its hard one.
const DUE: u64 = 3_000;

#[tokio::test]
async fn inside_the_refresh_window_no_caller_waits_and_one_request_runs() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let clock = ManualClock::new(start());
    let manager = manager(&endpoint, &clock);
    assert_eq!(token_of(&manager).await, "token-1");
    endpoint.close();
    clock.advance(seconds(DUE));
    let outcomes = crowd(&manager, 1_000).await;
    assert!(
        outcomes
            .into_iter()
            .all(|outcome| text(&outcome.unwrap()) == "token-1")
    );
    assert!(manager.try_authorization().is_some());
    assert_eq!(endpoint.count(), 2);
    assert_eq!(
        manager.statistics().waits,
        1,
        "only the very first call waited"
    );
    endpoint.open();
    run_until_idle().await;
    assert_eq!(token_of(&manager).await, "token-2");
    assert_eq!(endpoint.count(), 2);
}

#[tokio::test]
async fn a_failed_early_refresh_is_not_seen_and_backs_off() {
    let endpoint = Endpoint::new([Scripted::Token("3600"), UNAVAILABLE]);
    let clock = clock();
    let manager = manager(&endpoint, &clock);
    assert_eq!(token_of(&manager).await, "token-1");
    clock.advance(seconds(DUE));
    for _ in 0..20 {
        assert_eq!(token_of(&manager).await, "token-1");
        run_until_idle().await;
    }
    assert_eq!(endpoint.count(), 4, "three attempts, then a pause");
    assert_eq!(manager.statistics().early_refresh_failures, 1);
    endpoint.then([Scripted::Token("3600")]);
    clock.advance(seconds(3));
    assert_eq!(token_of(&manager).await, "token-1");
    run_until_idle().await;
    assert_eq!(token_of(&manager).await, "token-5");
}

#[tokio::test]
async fn retry_after_holds_for_early_refreshes() {
    let busy = Scripted::Response(503, Some(("retry-after", "60")), "");
    let endpoint = Endpoint::new([Scripted::Token("3600"), busy]);
    let clock = clock();
    let manager = manager(&endpoint, &clock);
    token_of(&manager).await;
    clock.advance(seconds(DUE));
    for (passed, requests) in [(0, 2), (59, 2), (1, 3)] {
        clock.advance(seconds(passed));
        assert_eq!(token_of(&manager).await, "token-1");
        run_until_idle().await;
        assert_eq!(endpoint.count(), requests);
    }
}

#[tokio::test]
async fn after_the_expiry_callers_wait_for_the_refresh_in_flight() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let clock = ManualClock::new(start());
    let manager = manager(&endpoint, &clock);
    token_of(&manager).await;
    endpoint.close();
    clock.advance(seconds(DUE));
    token_of(&manager).await;
    run_until_idle().await;
    // Below the time that one attempt may take.
    clock.suspend(seconds(600));
    let waiter = tokio::spawn({
        let manager = manager.clone();
        async move { token_of(&manager).await }
    });
    run_until_idle().await;
    assert!(!waiter.is_finished());
    endpoint.open();
    assert_eq!(waiter.await.unwrap(), "token-2");
    assert_eq!(endpoint.count(), 2);
}

#[test]
fn without_a_runtime_early_refreshes_proceed_with_the_calls() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let clock = ManualClock::new(start());
    let called = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&called);
    let callback = TokenUpdateCallback::new(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
    });
    let manager = builder(&endpoint, &clock)
        .on_token_update(callback)
        .build()
        .unwrap();
    let next = || crate::runtimes::block_on(token_of(&manager));
    assert_eq!(next(), "token-1");
    endpoint.close();
    clock.advance(seconds(DUE));
    assert_eq!(next(), "token-1");
    assert_eq!(next(), "token-1");
    assert_eq!(endpoint.count(), 2);
    endpoint.open();
    assert_eq!(
        next(),
        "token-1",
        "this call moves the refresh on, and does not wait for it"
    );
    assert_eq!(next(), "token-2");
    assert_eq!(endpoint.count(), 2);
    assert_eq!(called.load(Ordering::SeqCst), 2);
}

fn with_refresh_in(refresh_in: &str) -> Arc<Endpoint> {
    let body = format!(r#"{{"access_token":"a","expires_in":3600,"refresh_in":{refresh_in}}}"#);
    Endpoint::new([Scripted::Response(200, None, body.leak())])
}

#[tokio::test]
async fn a_refresh_in_as_long_as_the_lifetime_makes_no_caller_wait() {
    for refresh_in in ["3600", "3590", "99999999"] {
        let endpoint = with_refresh_in(refresh_in);
        let clock = clock();
        let manager = manager(&endpoint, &clock);
        for _ in 0..72 {
            manager.token().await.unwrap();
            run_until_idle().await;
            clock.advance(seconds(100));
        }
        let waits = manager.statistics().waits;
        assert_eq!(waits, 1, "{refresh_in}: only the first call waits");
    }
}

#[tokio::test]
async fn a_tiny_refresh_in_does_not_cost_a_request_for_every_call() {
    for refresh_in in ["1e-9", "0.001"] {
        let endpoint = with_refresh_in(refresh_in);
        let clock = clock();
        let manager = manager(&endpoint, &clock);
        for _ in 0..59 {
            manager.token().await.unwrap();
            run_until_idle().await;
            clock.advance(seconds(1));
        }
        assert_eq!(endpoint.count(), 1, "{refresh_in}");
    }
}
