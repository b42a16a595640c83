//! A token endpoint that fails: the requests it gets, and the errors for callers.

use std::time::Duration;

use credsmith_runtime::{Grant, ManualClock, Token, TokenErrorKind, TransportErrorKind};

use crate::support::*;

#[tokio::test]
async fn peer_defect_02_a_failure_is_forgotten_after_a_short_cool_down() {
    let endpoint = Endpoint::new([
        UNAVAILABLE,
        UNAVAILABLE,
        UNAVAILABLE,
        Scripted::Token("3600"),
    ]);
    let clock = clock();
    let manager = manager(&endpoint, &clock);
    assert!(manager.token().await.unwrap_err().is_transient());
    for _ in 0..50 {
        assert_eq!(manager.token().await.unwrap_err().status().unwrap(), 503);
    }
    assert_eq!(endpoint.count(), 3, "the cool-down keeps the herd away");
    clock.advance(Duration::from_millis(100));
    assert_eq!(token_of(&manager).await, "token-4");
}

#[tokio::test]
async fn peer_defect_02_an_explicit_fetch_ends_the_cool_down_at_once() {
    let endpoint = Endpoint::new([INVALID_CLIENT, Scripted::Token("3600")]);
    let manager = manager(&endpoint, &clock());
    assert!(manager.token().await.is_err());
    assert!(manager.token().await.is_err());
    assert_eq!(endpoint.count(), 1);
    assert_eq!(text(&manager.fetch_token().await.unwrap()), "token-2");
    assert_eq!(token_of(&manager).await, "token-3");
}

#[tokio::test]
async fn permanent_failures_cool_down_for_half_a_minute_or_until_a_token_is_set() {
    let endpoint = Endpoint::new([INVALID_CLIENT]);
    let clock = clock();
    let manager = manager(&endpoint, &clock);
    for (passed, requests) in [(0, 1), (29, 1), (1, 2)] {
        clock.advance(seconds(passed));
        assert!(manager.token().await.is_err());
        assert_eq!(endpoint.count(), requests);
    }
    manager.set_token(Token::new("handed-in"));
    assert_eq!(token_of(&manager).await, "handed-in");
    manager.clear_token();
    assert!(manager.token().await.is_err());
    assert_eq!(endpoint.count(), 3, "the cool-down is over");
}

#[tokio::test]
async fn peer_defect_03_the_error_for_a_wrong_secret_has_the_servers_error_response() {
    let endpoint = Endpoint::new([INVALID_CLIENT]);
    let manager = manager(&endpoint, &clock());
    let error = manager.token().await.unwrap_err();
    assert!(error.kind() == TokenErrorKind::InvalidClient && !error.is_transient());
    assert_eq!(error.error(), Some("invalid_client"));
    assert_eq!(
        error.error_description(),
        Some("Client authentication failed")
    );
    assert_eq!(error.status().unwrap(), 401);
    assert_eq!(
        error.to_string(),
        "token endpoint of acme_oauth answered 401: invalid_client: Client authentication failed"
    );
}

#[tokio::test]
async fn peer_defect_11_a_stored_token_needs_no_client_until_it_must_be_renewed() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let clock = clock();
    let stored = Token::new("stored").with_expires_at(start() + seconds(3_600));
    let manager = bare(&endpoint, &clock).token(stored).build().unwrap();
    assert!(manager.is_configured());
    assert_eq!(token_of(&manager).await, "stored");
    clock.advance(seconds(3_600));
    for _ in 0..2 {
        let error = manager.token().await.unwrap_err();
        assert_eq!(error.kind(), TokenErrorKind::MissingCredentials);
        assert_eq!(
            error.to_string(),
            "acme_oauth needs a new token, but oauth_client_id and oauth_client_secret are not set"
        );
    }
    assert_eq!(endpoint.count(), 0);
    let half = bare(&endpoint, &clock).client_id("id").build().unwrap();
    let error = half.fetch_token().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "acme_oauth needs a new token, but oauth_client_secret is not set"
    );
}

#[tokio::test]
async fn only_transient_failures_are_retried() {
    use TransportErrorKind::{Body, Connect, Other, Timeout};
    let status = |status| Scripted::Response(status, None, "");
    for (answer, attempts) in [
        (status(408), 3),
        (status(429), 3),
        (status(500), 3),
        (status(502), 3),
        (status(504), 3),
        (status(501), 1),
        (status(505), 1),
        (status(400), 1),
        (status(403), 1),
        (status(302), 1),
        (status(200), 1),
        (
            Scripted::Response(500, None, r#"{"error":"invalid_scope"}"#),
            1,
        ),
        (
            Scripted::Response(400, None, r#"{"error":"temporarily_unavailable"}"#),
            3,
        ),
        (Scripted::Failure(Connect), 3),
        (Scripted::Failure(Timeout), 3),
        (Scripted::Failure(Body), 3),
        (Scripted::Failure(Other), 1),
    ] {
        let endpoint = Endpoint::new([answer]);
        let error = manager(&endpoint, &clock()).token().await.unwrap_err();
        assert_eq!(endpoint.count(), attempts, "{error}");
        assert_eq!(error.is_transient(), attempts > 1, "{error}");
    }
}

#[tokio::test]
async fn a_retry_that_succeeds_is_not_seen() {
    let endpoint = Endpoint::new([
        UNAVAILABLE,
        Scripted::Failure(TransportErrorKind::Body),
        Scripted::Token("3600"),
    ]);
    let manager = manager(&endpoint, &clock());
    assert_eq!(token_of(&manager).await, "token-3");
    assert_eq!(manager.statistics().transient_failures, 2);
}

#[tokio::test]
async fn retry_after_is_waited_for_within_bounds() {
    let busy = |after| Scripted::Response(429, Some(("retry-after", after)), "");
    let manual = clock();
    let endpoint = Endpoint::new([busy("3"), Scripted::Token("3600")]);
    assert_eq!(token_of(&manager(&endpoint, &manual)).await, "token-2");
    assert!(manual.slept().contains(&seconds(3)));

    let endpoint = Endpoint::new([busy("3600")]);
    let manual = clock();
    let manager = manager(&endpoint, &manual);
    let error = manager.token().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(seconds(3_600)));
    assert_eq!(endpoint.count(), 1);
    manual.advance(seconds(4));
    assert!(manager.token().await.is_err());
    assert_eq!(endpoint.count(), 1);
    manual.advance(seconds(1));
    assert!(manager.token().await.is_err());
    assert_eq!(endpoint.count(), 2);
}

#[tokio::test]
async fn an_endpoint_that_never_responds_is_a_time_out() {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let clock = ManualClock::new(start());
    let manager = manager(&endpoint, &clock);
    let waiter = tokio::spawn({
        let manager = manager.clone();
        async move { manager.token().await }
    });
    for attempt in 1..=2 {
        run_until_idle().await;
        assert_eq!(endpoint.count(), attempt);
        clock.advance(seconds(35));
        run_until_idle().await;
        clock.advance(seconds(1));
    }
    let error = waiter.await.unwrap().unwrap_err();
    assert!(
        error.kind() == TokenErrorKind::Timeout && error.is_transient(),
        "{error}"
    );
    assert_eq!(endpoint.count(), 2, "the time allowed for attempts is over");
}

#[tokio::test]
async fn every_endpoint_rejects_redirects_large_bodies_and_pages() {
    let large = "x".repeat((1 << 20) + 1).leak();
    let to_evil = Some(("location", "https://evil.example/x"));
    for (answer, wanted) in [
        (
            Scripted::Response(307, to_evil, ""),
            "redirect to https://evil.example/x",
        ),
        (Scripted::Response(400, None, large), "larger than 1 MiB"),
        (Scripted::Response(400, None, "<h1>no</h1>"), "<h1>no</h1>"),
        (
            Scripted::Response(400, None, "\u{feff}{\"error\":\"invalid_request\"}"),
            "invalid_request",
        ),
        (
            Scripted::Response(400, None, r#"{"error":"a","error":"b"}"#),
            "the member `error` occurs twice",
        ),
    ] {
        let endpoint = Endpoint::new([answer]);
        let base = || builder(&endpoint, &clock()).revocation_url("https://acme.example/revoke");
        let plain = base().build().unwrap();
        let revoking = base().token(Token::new("revoked-token")).build().unwrap();
        let discovering = base().token_url("").issuer("https://acme.example");
        let discovering = discovering.build().unwrap();
        let device = base()
            .grant(Grant::DeviceCode)
            .device_authorization_url("https://acme.example/device");
        let device = device.build().unwrap();
        for error in [
            plain.token().await.unwrap_err(),
            revoking.revoke_token().await.unwrap_err(),
            device.start_device_sign_in().await.unwrap_err(),
            discovering.token().await.unwrap_err(),
        ] {
            assert!(error.to_string().contains(wanted), "{error}");
        }
    }
}
