//! Attempts, pauses and time limits as an application sets them.

use std::time::Duration;

use credsmith_runtime::{ManualClock, RetryPolicy, TokenErrorKind, TokenManagerBuilder};

use crate::support::*;

const NEVER: Duration = Duration::ZERO;

#[tokio::test]
async fn a_request_is_sent_as_often_as_the_retry_policy_allows() {
    for (policy, count) in [
        (RetryPolicy::default(), 3),
        (RetryPolicy::default().max_attempts(1), 1),
        (RetryPolicy::default().max_attempts(6), 6),
        (RetryPolicy::default().retry_window(NEVER), 2),
    ] {
        let endpoint = Endpoint::new([UNAVAILABLE]);
        let manager = builder(&endpoint, &clock()).retry_policy(policy.clone());
        assert!(manager.build().unwrap().token().await.is_err());
        assert_eq!(endpoint.count(), count, "{policy:?}");
    }
}

#[tokio::test]
async fn an_attempt_ends_after_the_time_that_is_set() {
    let (endpoint, clock) = (
        Endpoint::closed([Scripted::Token("3600")]),
        ManualClock::new(start()),
    );
    let policy = RetryPolicy::default().attempt_timeout(seconds(2));
    let manager = builder(&endpoint, &clock)
        .retry_policy(policy.max_attempts(1))
        .build()
        .unwrap();
    let waiter = tokio::spawn(async move { manager.token().await });
    run_until_idle().await;
    clock.advance(seconds(1));
    run_until_idle().await;
    assert!(!waiter.is_finished(), "too early");
    clock.advance(seconds(1));
    let error = waiter.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::Timeout, "{error}");
}

#[tokio::test]
async fn callers_share_a_failure_for_as_long_as_is_set() {
    let (endpoint, clock) = (Endpoint::new([INVALID_CLIENT]), clock());
    let policy = RetryPolicy::default().permanent_cool_down(seconds(100));
    let manager = builder(&endpoint, &clock).retry_policy(policy);
    let manager = manager.build().unwrap();
    assert!(manager.token().await.is_err());
    clock.advance(seconds(99));
    assert!(manager.token().await.is_err());
    assert_eq!(endpoint.count(), 1);
    clock.advance(seconds(1));
    assert!(manager.token().await.is_err());
    assert_eq!(endpoint.count(), 2);
}

/// Sets one limit.
type Setting = fn(TokenManagerBuilder) -> TokenManagerBuilder;

#[test]
fn the_error_for_an_invalid_limit_names_it() {
    let settings: [(&str, Setting); 9] = [
        ("max_attempts", |manager| {
            manager.retry_policy(RetryPolicy::default().max_attempts(0))
        }),
        ("attempt_timeout", |manager| {
            manager.retry_policy(RetryPolicy::default().attempt_timeout(NEVER))
        }),
        ("backoff", |manager| {
            manager.retry_policy(RetryPolicy::default().backoff(seconds(2), seconds(1)))
        }),
        ("cool_down", |manager| {
            manager.retry_policy(RetryPolicy::default().cool_down(seconds(2), seconds(1)))
        }),
        ("refresh_ahead_backoff", |manager| {
            manager.retry_policy(RetryPolicy::default().refresh_ahead_backoff(NEVER, seconds(1)))
        }),
        ("hook_timeout", |manager| manager.hook_timeout(NEVER)),
        ("sign_in_timeout", |manager| manager.sign_in_timeout(NEVER)),
        ("store_timeout", |manager| manager.store_timeout(NEVER)),
        ("lease_timeout", |manager| manager.lease_timeout(NEVER)),
    ];
    let endpoint = Endpoint::new([UNAVAILABLE]);
    for (name, set) in settings {
        let error = set(builder(&endpoint, &clock())).build().unwrap_err();
        assert!(error.to_string().contains(&format!("`{name}`")), "{error}");
    }
    let bounds = RetryPolicy::default().backoff(seconds(2), seconds(1));
    let error = builder(&endpoint, &clock()).retry_policy(bounds).build();
    assert_eq!(
        error.unwrap_err().to_string(),
        "acme_oauth is not configured correctly: the shortest pause of `backoff`, 2s, is longer than the longest, 1s"
    );
}
