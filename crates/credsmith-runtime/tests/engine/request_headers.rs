//! Header fields that servers require in every request to their endpoints.

use std::sync::Arc;

use credsmith_runtime::{Grant, Token, TokenManagerBuilder};

use crate::support::*;

const CODES: Scripted = Scripted::Response(
    200,
    None,
    r#"{"device_code":"d","user_code":"WDJB","verification_uri":"https://acme.example/device","expires_in":60}"#,
);
const ISSUED: Scripted = Scripted::Response(
    200,
    None,
    r#"{"access_token":"a-2","refresh_token":"r-2","expires_in":3600}"#,
);

fn versioned(endpoint: &Arc<Endpoint>) -> TokenManagerBuilder {
    builder(endpoint, &clock())
        .endpoint_header("Acme-Version", "2022-06-28")
        .endpoint_header("X-Empty", "")
}

/// Checks the requests: these paths, and the header fields of the test and of the engine.
#[track_caller]
fn check_sent(endpoint: &Endpoint, paths: &[&str]) {
    let requests = endpoint.requests();
    let sent: Vec<_> = requests
        .iter()
        .map(|request| request.uri().path())
        .collect();
    assert_eq!(sent, paths);
    for request in &requests {
        let headers = request.headers();
        assert_eq!(headers["acme-version"], "2022-06-28");
        assert_eq!(headers["accept"], "application/json");
        assert!(
            headers["authorization"]
                .to_str()
                .unwrap()
                .starts_with("Basic ")
        );
        assert!(!headers.contains_key("x-empty"));
        assert_eq!(headers.len(), 4, "{headers:?}");
    }
}

#[tokio::test]
async fn a_token_request_has_them_and_its_repetition_too() {
    let endpoint = Endpoint::new([UNAVAILABLE, Scripted::Token("3600")]);
    let manager = versioned(&endpoint).build().unwrap();
    assert_eq!(token_of(&manager).await, "token-2");
    check_sent(&endpoint, &["/token", "/token"]);
}

#[tokio::test]
async fn a_sign_in_a_refresh_and_a_revocation_have_them() {
    let endpoint = Endpoint::new([ISSUED]);
    let manager = versioned(&endpoint)
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .revocation_url("https://acme.example/revoke")
        .redirect_uri("https://app.example/cb")
        .build()
        .unwrap();
    let request = manager.start_sign_in().await.unwrap();
    assert!(!request.url().contains("2022"), "the browser's request");
    let callback = format!("https://app.example/cb?code=c&state={}", request.state());
    let signed_in = manager.complete_sign_in(&request, &callback).await;
    manager.invalidate(&signed_in.unwrap());
    assert_eq!(token_of(&manager).await, "a-2");
    endpoint.then([Scripted::Response(200, None, "")]);
    manager.revoke_token().await.unwrap();
    check_sent(&endpoint, &["/token", "/token", "/revoke", "/revoke"]);
}

#[tokio::test]
async fn a_device_has_them() {
    let endpoint = Endpoint::new([CODES, Scripted::Token("3600")]);
    let manager = versioned(&endpoint)
        .grant(Grant::DeviceCode)
        .device_authorization_url("https://acme.example/device_authorization")
        .build()
        .unwrap();
    let codes = manager.start_device_sign_in().await.unwrap();
    let token = manager.complete_device_sign_in(&codes).await.unwrap();
    assert_eq!(text(&token), "token-2");
    check_sent(&endpoint, &["/device_authorization", "/token"]);
}

#[tokio::test]
async fn requests_to_the_api_do_not_have_them() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = versioned(&endpoint).token(Token::new("t")).build().unwrap();
    let request = http::Request::get("https://api.acme.example/things");
    let mut request = request.body(bytes::Bytes::new()).unwrap();
    manager.authorize(&mut request).await.unwrap();
    assert_eq!(request.headers().len(), 1);
}

#[test]
fn an_invalid_header_is_a_configuration_error() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let error = versioned(&endpoint)
        .endpoint_header("Content-Type", "text/plain")
        .build()
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("sets the header field `Content-Type` itself"),
        "{error}"
    );
}

#[tokio::test]
async fn one_that_may_be_a_key_is_not_shown() {
    let refused =
        r#"{"error":"invalid_request","error_description":"no such key: sub-0123456789"}"#;
    let endpoint = Endpoint::new([Scripted::Response(400, None, refused)]);
    let manager = versioned(&endpoint)
        .endpoint_header("Acme-Subscription-Key", "sub-0123456789")
        .build()
        .unwrap();
    let error = manager.token().await.unwrap_err();
    assert_eq!(error.error_description(), Some("no such key: [redacted]"));
    let sent = endpoint.requests()[0].headers().clone();
    assert_eq!(sent["acme-subscription-key"], "sub-0123456789");
    assert!(!format!("{sent:?}").contains("sub-0123456789"), "{sent:?}");
}
