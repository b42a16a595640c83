//! Introspection (RFC 7662): the result, and the settings it needs.

use std::sync::Arc;

use credsmith_runtime::{
    ClientAuthentication, Grant, SecretString, Token, TokenErrorKind, TokenManager,
    TokenManagerBuilder,
};
use credsmith_token_server::TokenServer;

use crate::support::*;

const ACTIVE: Scripted = Scripted::Response(200, None, r#"{"active":true,"scope":"a b","exp":1}"#);
const INACTIVE: Scripted = Scripted::Response(200, None, r#"{"active":false}"#);

fn token() -> Token {
    let token = Token::new("a/1").with_refresh_token("r-1");
    token.with_expires_at(start() + seconds(3_600))
}

fn introspecting(endpoint: &Arc<Endpoint>) -> TokenManagerBuilder {
    builder(endpoint, &clock())
        .introspection_url("https://acme.example/introspect?x=1")
        .token(token())
}

#[tokio::test]
async fn the_access_token_is_sent_with_client_authentication_and_again_after_a_transient_failure() {
    let endpoint = Endpoint::new([UNAVAILABLE, ACTIVE]);
    let manager = introspecting(&endpoint)
        .client_authentication(ClientAuthentication::ClientSecretPost)
        .build()
        .unwrap();
    let said = manager.introspect_token(&token()).await.unwrap();
    assert!(said.is_active());
    assert_eq!(said.scope(), Some("a b"));
    let requests = endpoint.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert_eq!(request.uri(), "https://acme.example/introspect?x=1");
        assert_eq!(
            request.body(),
            "token=a%2F1&token_type_hint=access_token&client_id=the-id&client_secret=the-secret"
        );
    }
    assert_eq!(manager.statistics().token_requests, 0);
}

#[tokio::test]
async fn an_inactive_token_is_reported_and_kept() {
    let manager = introspecting(&Endpoint::new([INACTIVE])).build().unwrap();
    let said = manager.introspect_token(&token()).await.unwrap();
    assert!(!said.is_active());
    assert_eq!(token_of(&manager).await, "a/1");
}

#[tokio::test]
async fn an_error_response_is_an_error_without_the_token() {
    let refusal = r#"{"error":"invalid_client","error_description":"a/1 of the-secret"}"#;
    let endpoint = Endpoint::new([Scripted::Response(401, None, refusal)]);
    let manager = introspecting(&endpoint).build().unwrap();
    let error = manager.introspect_token(&token()).await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::InvalidClient);
    let said = error.to_string();
    assert!(
        said.starts_with("introspection endpoint of acme_oauth answered 401: invalid_client"),
        "{said}"
    );
    assert!(
        !said.contains("a/1") && !said.contains("the-secret"),
        "{said}"
    );
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn without_an_endpoint_nothing_is_sent() {
    let endpoint = Endpoint::new([ACTIVE]);
    let manager = introspecting(&endpoint)
        .introspection_url("")
        .build()
        .unwrap();
    let error = manager.introspect_token(&token()).await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::Configuration);
    assert_eq!(
        error.to_string(),
        "acme_oauth has no introspection URL: set it, or an issuer whose metadata name it"
    );
    assert_eq!(endpoint.count(), 0);
}

#[tokio::test]
async fn tokens_go_only_over_https() {
    let endpoint = Endpoint::new([ACTIVE]);
    let insecure = "http://acme.example/introspect";
    let error = introspecting(&endpoint).introspection_url(insecure).build();
    let error = error.unwrap_err().to_string();
    assert!(error.contains("introspection URL"), "{error}");
    let allowed = introspecting(&endpoint)
        .introspection_url(insecure)
        .allow_insecure_http(true);
    assert!(allowed.build().is_ok());
    let metadata = Scripted::Response(
        200,
        None,
        r#"{"issuer":"https://acme.example","introspection_endpoint":"http://acme.example/i"}"#,
    );
    let endpoint = Endpoint::new([metadata, ACTIVE]);
    let discovering = introspecting(&endpoint)
        .introspection_url("")
        .issuer("https://acme.example");
    let asked = discovering.build().unwrap();
    let error = asked.introspect_token(&token()).await.unwrap_err();
    assert!(error.to_string().contains("in the clear"), "{error}");
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn a_server_found_by_its_issuer_reports_a_revoked_token_as_inactive() {
    let server = TokenServer::start_blocking();
    server.register_client("the-id", "the-secret");
    let manager = TokenManager::builder("acme_oauth")
        .issuer(server.issuer())
        .client_id("the-id")
        .client_secret(SecretString::from("the-secret"))
        .grant(Grant::ClientCredentials)
        .scope("a b")
        .build()
        .unwrap();
    let token = manager.token().await.unwrap();
    let said = manager.introspect_token(&token).await.unwrap();
    assert!(said.is_active());
    assert_eq!(said.scope(), Some("a b"));
    assert_eq!(said.issuer(), Some(&*server.issuer()));
    let off = said
        .expires_at()
        .unwrap()
        .duration_since(token.expires_at().unwrap());
    assert!(off.unwrap_or_else(|error| error.duration()) < seconds(5));
    server.revoke_all();
    let said = manager.introspect_token(&token).await.unwrap();
    assert!(!said.is_active() && said.scope().is_none());
}
