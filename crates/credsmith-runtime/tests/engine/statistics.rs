//! The counters of the statistics.

use std::sync::Arc;

use credsmith_runtime::{
    BoxError, Grant, ManualClock, Statistics, Token, TokenManager, TokenManagerBuilder,
    TokenProvider, Transport, TransportErrorKind,
};

use crate::support::*;

const REFRESHED: Scripted = Scripted::Response(
    200,
    None,
    r#"{"access_token":"a-2","refresh_token":"r-2","expires_in":3600}"#,
);

/// Of the token requests: all, those that were worth another attempt, those that were not.
fn requests(statistics: &Statistics) -> [u64; 3] {
    [
        statistics.token_requests,
        statistics.transient_failures,
        statistics.permanent_failures,
    ]
}

#[tokio::test]
async fn every_token_request_is_one_and_every_failed_one_is_one_of_them() {
    let torn = Scripted::Failure(TransportErrorKind::Body);
    let no_token = Scripted::Response(200, None, "<html>");
    for (script, expected) in [
        (vec![Scripted::Token("3600")], [1, 0, 0]),
        (vec![UNAVAILABLE, torn, Scripted::Token("3600")], [3, 2, 0]),
        (vec![UNAVAILABLE, INVALID_CLIENT], [2, 1, 1]),
        (vec![no_token], [1, 0, 1]),
        (
            vec![Scripted::Failure(TransportErrorKind::Other)],
            [1, 0, 1],
        ),
    ] {
        let endpoint = Endpoint::new(script);
        let manager = manager(&endpoint, &clock());
        let _ = manager.token().await;
        assert_eq!(requests(&manager.statistics()), expected);
    }
}

#[tokio::test]
async fn requests_for_metadata_are_no_token_requests() {
    let metadata = r#"{"issuer":"https://acme.example","token_endpoint":"https://acme.example/t"}"#;
    let endpoint = Endpoint::new([
        Scripted::Response(404, None, "nothing here"),
        UNAVAILABLE,
        Scripted::Response(200, None, metadata),
        Scripted::Token("3600"),
    ]);
    let transport: Arc<dyn Transport> = Arc::<Endpoint>::clone(&endpoint);
    let manager = TokenManager::builder("acme_oauth")
        .issuer("https://acme.example")
        .client_id("id")
        .client_secret("secret".into())
        .transport(transport)
        .clock(Arc::new(clock()))
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "token-4");
    assert_eq!(requests(&manager.statistics()), [1, 0, 0]);
}

#[tokio::test]
async fn revocations_are_no_token_requests() {
    for refusal in [INVALID_CLIENT, UNAVAILABLE] {
        let endpoint = Endpoint::new([Scripted::Token("3600"), refusal]);
        let manager = builder(&endpoint, &clock())
            .revocation_url("https://acme.example/revoke")
            .build()
            .unwrap();
        token_of(&manager).await;
        assert!(manager.revoke_token().await.is_err());
        assert_eq!(requests(&manager.statistics()), [1, 0, 0]);
    }
}

#[tokio::test]
async fn polls_of_a_device_are_token_requests_and_those_before_the_user_decides_do_not_fail() {
    let codes = r#"{"device_code":"d","user_code":"U","verification_uri":"https://a.example","expires_in":900}"#;
    let wait = |error| Scripted::Response(400, None, error);
    let pending = wait(r#"{"error":"authorization_pending"}"#);
    let slow_down = wait(r#"{"error":"slow_down"}"#);
    let denied = wait(r#"{"error":"access_denied"}"#);
    for (last, expected) in [(denied, [4, 1, 1]), (Scripted::Token("3600"), [4, 1, 0])] {
        let codes = Scripted::Response(200, None, codes);
        let endpoint = Endpoint::new([codes, pending, UNAVAILABLE, slow_down, last]);
        let manager = builder(&endpoint, &clock())
            .grant(Grant::DeviceCode)
            .device_authorization_url("https://acme.example/device")
            .build()
            .unwrap();
        let codes = manager.start_device_sign_in().await.unwrap();
        let outcome = manager.complete_device_sign_in(&codes).await;
        let statistics = manager.statistics();
        assert_eq!(requests(&statistics), expected);
        assert_eq!(statistics.refreshes, u64::from(outcome.is_ok()));
    }
}

#[cfg(feature = "jwt")]
#[tokio::test]
async fn requests_that_were_not_sent_are_not_counted() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    // An assertion that expired before 1970 cannot be signed.
    let clock = ManualClock::new(std::time::UNIX_EPOCH - seconds(60)).with_sleep_advancing();
    let manager = builder(&endpoint, &clock)
        .client_authentication(credsmith_runtime::ClientAuthentication::ClientSecretJwt)
        .build()
        .unwrap();
    assert!(manager.token().await.is_err());
    assert_eq!(endpoint.count(), 0);
    assert_eq!(requests(&manager.statistics()), [0, 0, 0]);
}

fn signed_in(endpoint: &Arc<Endpoint>, clock: &ManualClock) -> TokenManagerBuilder {
    let token = Token::new("a-1").with_refresh_token("r-1");
    builder(endpoint, clock)
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .token(token.with_expires_at(start() + seconds(600)))
}

#[tokio::test]
async fn a_token_set_by_fetch_token_counts_as_a_refresh() {
    let endpoint = Endpoint::new([REFRESHED]);
    let manager = signed_in(&endpoint, &clock()).build().unwrap();
    manager.fetch_token().await.unwrap();
    assert_eq!(text(&manager.current_token().unwrap()), "a-2");
    assert_eq!(manager.statistics().refreshes, 1);
}

#[tokio::test]
async fn a_token_that_several_have_waited_for_is_one_refresh() {
    let endpoint = Endpoint::closed([REFRESHED]);
    let clock = ManualClock::new(start());
    let manager = signed_in(&endpoint, &clock).build().unwrap();
    clock.advance(seconds(600));
    let calls = [manager.clone(), manager.clone()].map(|manager| {
        let call = tokio::spawn({
            let manager = manager.clone();
            async move { manager.token().await }
        });
        let fetch = tokio::spawn(async move { manager.fetch_token().await });
        [call, fetch]
    });
    run_until_idle().await;
    endpoint.open();
    for call in calls.into_iter().flatten() {
        assert_eq!(text(&call.await.unwrap().unwrap()), "a-2");
    }
    assert_eq!(endpoint.count(), 1);
    assert_eq!(manager.statistics().refreshes, 1);
}

#[tokio::test]
async fn a_refresh_inside_a_provider_counts_once() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), clock());
    let provider = TokenProvider::new(|_, manager: TokenManager| async move {
        let token = manager.fetch_token().await?;
        Ok::<_, BoxError>(Some(token))
    });
    let manager = signed_in(&endpoint, &clock).token_provider(provider);
    let manager = manager.build().unwrap();
    clock.advance(seconds(600));
    assert_eq!(token_of(&manager).await, "a-2");
    assert_eq!(manager.statistics().refreshes, 1);
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "a-2", "issued anew");
    assert_eq!(manager.statistics().refreshes, 2);
}

#[tokio::test]
async fn a_token_set_by_the_application_does_not_count_as_a_refresh() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &clock());
    manager.set_token(Token::new("mine"));
    assert_eq!(token_of(&manager).await, "mine");
    manager.fetch_token().await.unwrap();
    assert_eq!(token_of(&manager).await, "mine", "not installed");
    assert_eq!(manager.statistics().refreshes, 0);
}
