//! Device authorization: codes, polling, and the ways it ends.

use std::sync::Arc;

use credsmith_runtime::{
    ClientAuthentication, DeviceSignIn, Grant, ManualClock, TokenErrorKind, TokenManager,
    TransportErrorKind,
};

use crate::support::*;

const CODES: Scripted = Scripted::Response(
    200,
    None,
    r#"{"device_code":"d/1","user_code":"WDJB-MJHT","verification_uri":"https://acme.example/device",
        "verification_uri_complete":"https://acme.example/device?user_code=WDJB-MJHT","expires_in":60,"interval":5}"#,
);
const PENDING: Scripted = Scripted::Response(400, None, r#"{"error":"authorization_pending"}"#);
/// As one well-known server has it: under a status of success.
const PENDING_200: Scripted = Scripted::Response(200, None, r#"{"error":"authorization_pending"}"#);
const SLOW_DOWN: Scripted = Scripted::Response(400, None, r#"{"error":"slow_down"}"#);
const DENIED: Scripted = Scripted::Response(400, None, r#"{"error":"access_denied"}"#);
const EXPIRED: Scripted = Scripted::Response(400, None, r#"{"error":"expired_token"}"#);

fn tv(endpoint: &Arc<Endpoint>, clock: &ManualClock) -> TokenManager {
    builder(endpoint, clock)
        .grant(Grant::DeviceCode)
        .device_authorization_url("https://acme.example/device_authorization")
        .client_authentication(ClientAuthentication::None)
        .authorization_parameter("audience", "api")
        .scope("a b")
        .build()
        .unwrap()
}

async fn polled(
    script: impl IntoIterator<Item = Scripted>,
) -> (
    Result<String, credsmith_runtime::TokenError>,
    Arc<Endpoint>,
    Vec<u64>,
) {
    let endpoint = Endpoint::new([CODES].into_iter().chain(script));
    let clock = clock();
    let manager = tv(&endpoint, &clock);
    let codes = manager.start_device_sign_in().await.unwrap();
    let outcome = manager.complete_device_sign_in(&codes).await;
    // Apart from the pauses, there are the engine's own limits for each attempt.
    let pauses = clock.slept().into_iter().map(|pause| pause.as_secs());
    let pauses = pauses.filter(|pause| *pause != 35).collect();
    (outcome.map(|token| text(&token)), endpoint, pauses)
}

fn body(endpoint: &Endpoint, index: usize) -> String {
    String::from_utf8(endpoint.requests()[index].body().to_vec()).unwrap()
}

#[tokio::test]
async fn codes_are_shown_and_polled_for() {
    let (outcome, endpoint, pauses) = polled([PENDING, PENDING_200, Scripted::Token("3600")]).await;
    assert_eq!(outcome.unwrap(), "token-4");
    assert_eq!(pauses, [5, 5, 5]);
    assert_eq!(
        body(&endpoint, 0),
        "scope=a+b&client_id=the-id&audience=api"
    );
    let requests = endpoint.requests();
    assert_eq!(
        requests[0].uri(),
        "https://acme.example/device_authorization"
    );
    assert_eq!(requests[1].uri(), "https://acme.example/token");
    assert_eq!(
        body(&endpoint, 1),
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=d%2F1&client_id=the-id"
    );
}

#[tokio::test]
async fn slow_down_adds_five_seconds_for_good_and_failures_double_the_pause() {
    let (outcome, _, pauses) = polled([SLOW_DOWN, PENDING, SLOW_DOWN, Scripted::Token("60")]).await;
    assert!(outcome.is_ok());
    assert_eq!(pauses, [5, 10, 10, 15]);
    let broken = Scripted::Failure(TransportErrorKind::Timeout);
    let (outcome, _, pauses) = polled([broken, UNAVAILABLE, Scripted::Token("60")]).await;
    assert!(outcome.is_ok());
    assert_eq!(pauses, [5, 10, 20]);
}

#[tokio::test]
async fn a_secret_that_is_part_of_an_error_code_does_not_hide_it() {
    let codes = r#"{"device_code":"d","user_code":"u","verification_uri":"https://acme.example/d","expires_in":60}"#;
    let codes = Scripted::Response(200, None, codes);
    let endpoint = Endpoint::new([codes, PENDING, SLOW_DOWN, Scripted::Token("3600")]);
    let manager = tv(&endpoint, &clock());
    let codes = manager.start_device_sign_in().await.unwrap();
    let token = manager.complete_device_sign_in(&codes).await.unwrap();
    assert_eq!(text(&token), "token-4");
}

#[tokio::test]
async fn a_no_and_the_end_of_the_codes_are_final() {
    let (outcome, endpoint, _) = polled([PENDING, DENIED]).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::AccessDenied, "{error}");
    assert_eq!(endpoint.count(), 3);
    let (outcome, endpoint, _) = polled([EXPIRED]).await;
    assert_eq!(
        outcome.unwrap_err().kind(),
        TokenErrorKind::ExpiredDeviceCode
    );
    assert_eq!(endpoint.count(), 2);
    let (outcome, endpoint, _) = polled([PENDING]).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::ExpiredDeviceCode, "{error}");
    assert_eq!(
        error.to_string(),
        "the user code of acme_oauth has expired: call start_device_sign_in() again"
    );
    assert_eq!(
        endpoint.count(),
        12,
        "codes, and a poll every five seconds of a minute"
    );
    let (outcome, _, _) = polled([INVALID_CLIENT]).await;
    assert_eq!(outcome.unwrap_err().kind(), TokenErrorKind::InvalidClient);
}

#[tokio::test]
async fn another_process_may_poll() {
    let endpoint = Endpoint::new([CODES, Scripted::Token("3600")]);
    let clock = clock();
    let codes = tv(&endpoint, &clock).start_device_sign_in().await.unwrap();
    let kept = serde_json::to_string(&codes).unwrap();
    let codes: DeviceSignIn = serde_json::from_str(&kept).unwrap();
    assert_eq!(codes.user_code(), "WDJB-MJHT");
    assert_eq!(codes.verification_uri(), "https://acme.example/device");
    assert!(
        codes
            .verification_uri_complete()
            .unwrap()
            .ends_with("WDJB-MJHT")
    );
    assert_eq!(codes.expires_at(), start() + seconds(60));
    assert_eq!(codes.interval(), seconds(5));
    let manager = tv(&endpoint, &clock);
    manager.complete_device_sign_in(&codes).await.unwrap();
    assert_eq!(token_of(&manager).await, "token-2", "installed");
}

#[tokio::test]
async fn a_dropped_poll_polls_no_more_but_loses_no_token() {
    let endpoint = Endpoint::new([CODES, Scripted::Token("3600")]);
    let clock = ManualClock::new(start());
    let manager = tv(&endpoint, &clock);
    let codes = manager.start_device_sign_in().await.unwrap();
    endpoint.close();
    let poller = tokio::spawn({
        let manager = manager.clone();
        async move { manager.complete_device_sign_in(&codes).await }
    });
    run_until_idle().await;
    clock.advance(seconds(5));
    run_until_idle().await;
    assert_eq!(endpoint.count(), 2);
    poller.abort();
    endpoint.open();
    run_until_idle().await;
    assert_eq!(token_of(&manager).await, "token-2");
}
