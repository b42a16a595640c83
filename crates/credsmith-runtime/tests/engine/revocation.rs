//! Signing out, and what the server's metadata are used for.

use std::sync::Arc;

use credsmith_runtime::{
    ClientAuthentication, Grant, ManualClock, SecretString, Token, TokenErrorKind, TokenManager,
    TokenManagerBuilder,
};

use crate::support::*;

const OK: Scripted = Scripted::Response(200, None, "");
const METADATA: Scripted = Scripted::Response(
    200,
    None,
    r#"{"issuer":"https://acme.example","token_endpoint":"https://acme.example/found/token",
        "authorization_endpoint":"https://acme.example/found/authorize",
        "revocation_endpoint":"https://acme.example/found/revoke",
        "authorization_response_iss_parameter_supported":true,"x":[1]}"#,
);
const UNKNOWN: Scripted = Scripted::Response(404, None, "not found");

fn signed_in(endpoint: &Arc<Endpoint>) -> TokenManagerBuilder {
    let token = Token::new("a-1")
        .with_refresh_token(SecretString::from("r/1"))
        .with_expires_at(start() + seconds(3_600));
    builder(endpoint, &clock())
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .revocation_url("https://acme.example/revoke")
        .token(token)
}

fn sent(endpoint: &Endpoint) -> Vec<(String, String)> {
    let requests = endpoint.requests().into_iter();
    let text = |body: &[u8]| String::from_utf8(body.to_vec()).unwrap();
    requests
        .map(|request| (request.uri().to_string(), text(request.body())))
        .collect()
}

#[tokio::test]
async fn both_tokens_are_revoked_and_forgotten() {
    let endpoint = Endpoint::new([UNAVAILABLE, OK]);
    let manager = signed_in(&endpoint)
        .client_authentication(ClientAuthentication::ClientSecretPost)
        .build()
        .unwrap();
    manager.revoke_token().await.unwrap();
    let to = "https://acme.example/revoke".to_owned();
    let refresh =
        "token=r%2F1&token_type_hint=refresh_token&client_id=the-id&client_secret=the-secret";
    let access = "token=a-1&token_type_hint=access_token&client_id=the-id&client_secret=the-secret";
    let refresh = (to.clone(), refresh.to_owned());
    assert_eq!(
        sent(&endpoint),
        [refresh.clone(), refresh, (to, access.to_owned())],
        "503 says that the token still exists"
    );
    assert!(manager.current_token().is_none());
    let error = manager.token().await.unwrap_err();
    assert!(error.is_sign_in_needed(), "{error}");
    manager.revoke_token().await.unwrap();
    assert_eq!(endpoint.count(), 3, "nothing is left to revoke");
}

#[tokio::test]
async fn an_unreachable_revocation_endpoint_is_an_error_and_the_tokens_are_cleared() {
    let refusal = r#"{"error":"unsupported_token_type"}"#;
    let endpoint = Endpoint::new([Scripted::Response(400, None, refusal)]);
    let manager = signed_in(&endpoint).build().unwrap();
    let error = manager.revoke_token().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "revocation endpoint of acme_oauth answered 400: unsupported_token_type"
    );
    assert_eq!(endpoint.count(), 2, "the other one is tried too");
    assert!(manager.current_token().is_none());

    let nowhere = signed_in(&endpoint).revocation_url("").build().unwrap();
    let error = nowhere.revoke_token().await.unwrap_err();
    assert!(
        error.to_string().contains("has no revocation URL"),
        "{error}"
    );
    assert!(nowhere.current_token().is_none());
}

#[tokio::test]
async fn the_store_forgets_too() {
    use credsmith_runtime::MemoryStore;
    let refreshed = r#"{"access_token":"a-2","refresh_token":"r-2","expires_in":3600}"#;
    let endpoint = Endpoint::new([Scripted::Response(200, None, refreshed), OK]);
    let store = Arc::new(MemoryStore::new());
    let manager = signed_in(&endpoint).store(store.clone()).build().unwrap();
    manager.fetch_token().await.unwrap();
    let next = || {
        builder(&endpoint, &clock())
            .grant(Grant::AuthorizationCode)
            .authorization_url("https://acme.example/authorize")
            .revocation_url("https://acme.example/revoke")
            .store(store.clone())
            .build()
            .unwrap()
    };
    next().revoke_token().await.unwrap();
    let bodies: Vec<_> = sent(&endpoint).into_iter().map(|(_, body)| body).collect();
    assert_eq!(
        bodies[1..],
        [
            "token=r-2&token_type_hint=refresh_token",
            "token=a-2&token_type_hint=access_token"
        ],
        "those of the store, where this process has none"
    );
    assert!(next().token().await.unwrap_err().is_sign_in_needed());
}

fn discovering(endpoint: &Arc<Endpoint>, issuer: &str) -> TokenManager {
    builder(endpoint, &ManualClock::new(start()))
        .token_url("")
        .issuer(issuer)
        .build()
        .unwrap()
}

#[tokio::test]
async fn endpoints_are_discovered_once_for_all() {
    let endpoint = Endpoint::new([METADATA, Scripted::Token("3600")]);
    let manager = discovering(&endpoint, "https://acme.example");
    for outcome in crowd(&manager, 100).await {
        assert_eq!(text(&outcome.unwrap()), "token-2");
    }
    manager.fetch_token().await.unwrap();
    let metadata = manager.metadata().await.unwrap();
    assert_eq!(metadata.member("x").unwrap()[0], 1);
    let addresses: Vec<_> = sent(&endpoint).into_iter().map(|(to, _)| to).collect();
    assert_eq!(
        addresses,
        [
            "https://acme.example/.well-known/oauth-authorization-server",
            "https://acme.example/found/token",
            "https://acme.example/found/token"
        ]
    );
}

#[tokio::test]
async fn m02_the_older_address_is_tried_and_both_are_named_if_neither_has_metadata() {
    let endpoint = Endpoint::new([UNKNOWN, METADATA]);
    let manager = discovering(&endpoint, "https://acme.example");
    let metadata = manager.metadata().await.unwrap();
    assert_eq!(metadata.issuer(), "https://acme.example");
    let (to, _) = sent(&endpoint).pop().unwrap();
    assert_eq!(to, "https://acme.example/.well-known/openid-configuration");

    let endpoint = Endpoint::new([UNKNOWN]);
    let error = discovering(&endpoint, "https://acme.example").token().await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "metadata endpoint of acme_oauth answered 404: not a JSON object: not found; there are no metadata at \
         https://acme.example/.well-known/oauth-authorization-server or at \
         https://acme.example/.well-known/openid-configuration: check the issuer"
    );
}

#[tokio::test]
async fn metadata_of_another_issuer_and_plain_http_are_errors() {
    let endpoint = Endpoint::new([METADATA]);
    let error = discovering(&endpoint, "https://acme.example/")
        .token()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("another issuer"), "{error}");
    assert_eq!(endpoint.count(), 1, "neither is tried again");

    let plain = r#"{"issuer":"https://acme.example","token_endpoint":"http://acme.example/token"}"#;
    let endpoint = Endpoint::new([Scripted::Response(200, None, plain)]);
    let error = discovering(&endpoint, "https://acme.example")
        .token()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("in the clear"), "{error}");
    assert_eq!(endpoint.count(), 1);
    let error = discovering(&endpoint, "https://acme.example")
        .revoke_token()
        .await;
    assert!(error.is_ok(), "nothing to revoke, nothing to look up");
}

#[tokio::test]
async fn a_failed_discovery_is_shared_and_tried_again_later() {
    let endpoint = Endpoint::new([UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, METADATA]);
    let clock = clock();
    let manager = builder(&endpoint, &clock)
        .token_url("")
        .issuer("https://acme.example");
    let manager = manager.build().unwrap();
    for outcome in crowd(&manager, 50).await {
        assert!(outcome.unwrap_err().is_transient());
    }
    assert_eq!(endpoint.count(), 3, "three attempts, and a pause");
    clock.advance(seconds(5));
    assert!(manager.metadata().await.is_ok());
}

#[tokio::test]
async fn a_server_that_always_names_itself_is_held_to_it() {
    let endpoint = Endpoint::new([METADATA, Scripted::Token("3600")]);
    let manager = builder(&endpoint, &clock())
        .token_url("")
        .grant(Grant::AuthorizationCode)
        .issuer("https://acme.example");
    let manager = manager.build().unwrap();
    let request = manager.start_sign_in().await.unwrap();
    assert!(
        request
            .url()
            .starts_with("https://acme.example/found/authorize?")
    );
    let url = format!("/cb?state={}&code=c", request.state());
    let error = manager.complete_sign_in(&request, &url).await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::IssuerMismatch, "{error}");
    let url = format!("{url}&iss=https%3A%2F%2Facme.example");
    assert!(manager.complete_sign_in(&request, &url).await.is_ok());
}

#[tokio::test]
async fn a_redirect_instead_of_metadata_leads_to_the_older_metadata_url() {
    let elsewhere = Scripted::Response(302, Some(("location", "/login")), "");
    let endpoint = Endpoint::new([elsewhere, METADATA]);
    let manager = discovering(&endpoint, "https://acme.example");
    manager.metadata().await.unwrap();
    let addresses: Vec<_> = sent(&endpoint).into_iter().map(|(to, _)| to).collect();
    assert_eq!(
        addresses,
        [
            "https://acme.example/.well-known/oauth-authorization-server",
            "https://acme.example/.well-known/openid-configuration"
        ]
    );
}

/// Hosts of single-page applications return the page for every path.
#[tokio::test]
async fn a_page_instead_of_metadata_leads_to_the_older_metadata_url() {
    let page = "<!doctype html><html></html>";
    let page = Scripted::Response(200, Some(("content-type", "text/html")), page);
    let endpoint = Endpoint::new([page, METADATA]);
    let manager = discovering(&endpoint, "https://acme.example");
    assert!(manager.metadata().await.is_ok());
    assert_eq!(endpoint.count(), 2);

    let endpoint = Endpoint::new([page, UNKNOWN]);
    let manager = discovering(&endpoint, "https://acme.example");
    let error = manager.metadata().await.unwrap_err();
    assert!(error.to_string().contains("not a JSON object"), "{error}");
}
