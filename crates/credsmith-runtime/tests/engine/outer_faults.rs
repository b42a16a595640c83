//! What servers really answer, and where credentials may go: one test for each fault that was found.

use std::error::Error;
use std::sync::Arc;

use credsmith_runtime::{Grant, Token, TokenManagerBuilder};

use crate::support::*;

/// A manager of a grant with a user, whose token has expired and can be refreshed.
fn expired(endpoint: &Arc<Endpoint>) -> TokenManagerBuilder {
    let token = Token::new("a-1").with_refresh_token("r-1");
    builder(endpoint, &clock())
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .token(token.with_expires_at(start()))
}

fn answer(status: u16, body: &'static str) -> Arc<Endpoint> {
    Endpoint::new([Answer::Response(status, None, body)])
}

#[tokio::test]
async fn fault_f01_a_refused_refresh_token_asks_the_user_and_is_not_sent_again() {
    for (status, body, words) in [
        (
            200,
            r#"{"error":"bad_refresh_token"}"#,
            "answered 200: bad_refresh_token",
        ),
        (
            200,
            r#"{"ok":false,"error":"token_revoked"}"#,
            "answered 200: token_revoked",
        ),
        (
            400,
            r#"{"error":"interaction_required","error_description":"AADSTS50076"}"#,
            "answered 400: interaction_required: AADSTS50076",
        ),
        (403, r#"{"error":"no_session"}"#, "answered 403: no_session"),
        (400, "", "answered 400: the body is empty"),
        (
            400,
            r#"{"message":"gone"}"#,
            "answered 400: no error code, but the members message",
        ),
    ] {
        let endpoint = answer(status, body);
        let builder = expired(&endpoint).refresh_token_error_code("no_session");
        let manager = builder.build().unwrap();
        let error = manager.token().await.unwrap_err();
        assert!(error.is_user_authorization_needed(), "{error}");
        let cause = error.source().unwrap().to_string();
        assert!(cause.ends_with(words), "{cause}");
        let again = manager.fetch_token().await.unwrap_err();
        assert!(again.is_user_authorization_needed(), "{again}");
        assert_eq!(endpoint.count(), 1, "{body}");
    }
}

#[tokio::test]
async fn fault_f01_a_401_without_a_code_asks_the_user_and_keeps_the_refresh_token() {
    let endpoint = answer(401, "");
    let manager = expired(&endpoint).build().unwrap();
    let error = manager.token().await.unwrap_err();
    assert!(error.is_user_authorization_needed() && error.is_invalid_client());
    assert!(
        error
            .to_string()
            .contains("the refresh token or the client"),
        "{error}"
    );
    assert!(error.source().unwrap().to_string().contains("answered 401"));
    endpoint.then([Answer::Token("3600")]);
    let token = manager.fetch_token().await.unwrap();
    assert_eq!(
        text(&token),
        "token-2",
        "refreshed with the refresh token that was kept"
    );
}

#[tokio::test]
async fn fault_f01_other_refusals_keep_the_refresh_token_and_ask_nobody() {
    for (status, body) in [
        (401, r#"{"error":"invalid_client"}"#),
        (400, "<html>Bad request</html>"),
        (429, "{}"),
        (503, ""),
    ] {
        let endpoint = answer(status, body);
        let manager = expired(&endpoint).build().unwrap();
        let error = manager.token().await.unwrap_err();
        assert!(!error.is_user_authorization_needed(), "{error}");
        endpoint.then([Answer::Token("3600")]);
        assert_eq!(text(&manager.fetch_token().await.unwrap()), "token-2");
    }
}

#[tokio::test]
async fn fault_f06_a_users_token_with_a_lifetime_of_zero_is_used() {
    let endpoint = Endpoint::new([Answer::Token("0")]);
    let manager = expired(&endpoint).build().unwrap();
    for _ in 0..3 {
        assert_eq!(token_of(&manager).await, "token-1");
    }
    let token = manager.token().await.unwrap();
    assert_eq!((token.expires_at(), endpoint.count()), (None, 1));
}

#[tokio::test]
async fn fault_f06_a_lifetime_of_zero_is_for_one_use_unless_tokens_never_expire() {
    let endpoint = Endpoint::new([Answer::Token("0")]);
    let manager = builder(&endpoint, &clock()).build().unwrap();
    assert_eq!(token_of(&manager).await, "token-1");
    assert_eq!(token_of(&manager).await, "token-2");
    let builder = builder(&endpoint, &clock()).default_lifetime(None);
    let endless = builder.build().unwrap();
    assert_eq!(token_of(&endless).await, "token-3");
    assert_eq!(token_of(&endless).await, "token-3");
}

#[test]
fn error_codes_that_say_something_else_are_no_codes_of_refresh_tokens() {
    for code in ["", "invalid_client", "temporarily_unavailable"] {
        let builder = expired(&answer(200, "")).refresh_token_error_code(code);
        assert!(builder.build().is_err(), "{code}");
    }
}
