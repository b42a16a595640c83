//! Token requests in JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use credsmith_runtime::{
    ClientAuthentication, Grant, PasswordGrant, SecretString, SignInRequest, Token, TokenManager,
    TokenManagerBuilder, TokenRequestFormat,
};

use crate::support::*;

const TOKEN: Scripted = Scripted::Response(
    200,
    None,
    r#"{"access_token":"a-1","token_type":"bearer","refresh_token":"r-1","expires_in":3600}"#,
);

fn json(endpoint: &Arc<Endpoint>) -> TokenManagerBuilder {
    builder(endpoint, &clock()).token_request_format(TokenRequestFormat::Json)
}

fn with_browser(endpoint: &Arc<Endpoint>) -> TokenManagerBuilder {
    json(endpoint)
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .revocation_url("https://acme.example/revoke")
        .redirect_uri("https://app.example/cb")
        .pkce(false)
}

async fn sign_in(manager: &TokenManager) -> SignInRequest {
    let request = manager.start_sign_in().await.unwrap();
    let callback = format!(
        "https://app.example/cb?code=c%2F1&state={}",
        request.state()
    );
    let outcome = manager.complete_sign_in(&request, &callback).await;
    outcome.unwrap();
    request
}

/// The media type, the client authentication and the body of a request.
fn sent(endpoint: &Endpoint, index: usize) -> (String, Option<String>, String) {
    let request = &endpoint.requests()[index];
    let header = |name| {
        let value = request.headers().get(name);
        value.map(|value| value.to_str().unwrap().to_owned())
    };
    let body = String::from_utf8(request.body().to_vec()).unwrap();
    (
        header("content-type").unwrap(),
        header("authorization"),
        body,
    )
}

#[track_caller]
fn check_json(endpoint: &Endpoint, index: usize, authorization: Option<&str>, body: &str) {
    let (media_type, header, sent) = sent(endpoint, index);
    assert_eq!(media_type, "application/json");
    assert_eq!(header.as_deref(), authorization);
    assert_eq!(sent, body);
}

/// `the-id:the-secret`.
const BASIC: Option<&str> = Some("Basic dGhlLWlkOnRoZS1zZWNyZXQ=");

#[tokio::test]
async fn a_code_is_exchanged_and_refreshed_with_basic() {
    let endpoint = Endpoint::new([TOKEN]);
    let manager = with_browser(&endpoint).build().unwrap();
    sign_in(&manager).await;
    check_json(
        &endpoint,
        0,
        BASIC,
        r#"{"grant_type":"authorization_code","code":"c/1","redirect_uri":"https://app.example/cb"}"#,
    );
    manager.fetch_token().await.unwrap();
    check_json(
        &endpoint,
        1,
        BASIC,
        r#"{"grant_type":"refresh_token","refresh_token":"r-1"}"#,
    );
}

#[tokio::test]
async fn credentials_in_the_body_are_members() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = json(&endpoint)
        .client_authentication(ClientAuthentication::ClientSecretPost)
        .scope("a b")
        .parameter("resource", "https://api.acme.example/")
        .parameter("empty", "")
        .build()
        .unwrap();
    token_of(&manager).await;
    check_json(
        &endpoint,
        0,
        None,
        r#"{"grant_type":"client_credentials","scope":"a b","client_id":"the-id","client_secret":"the-secret","resource":"https://api.acme.example/"}"#,
    );
}

#[tokio::test]
async fn whatever_a_value_holds_arrives() {
    let hostile = "\"\\/\u{0}\u{1f}\n\t\u{7f}\u{2028}ü𝄞{}&=+%";
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = json(&endpoint)
        .grant(Grant::Password(PasswordGrant::new(hostile, hostile.into())))
        .client_id(hostile)
        .client_secret(SecretString::from(hostile))
        .client_authentication(ClientAuthentication::ClientSecretPost)
        .parameter(hostile, hostile)
        .build()
        .unwrap();
    token_of(&manager).await;
    let (_, _, body) = sent(&endpoint, 0);
    let mut read: BTreeMap<String, String> = serde_json::from_str(&body).unwrap();
    assert_eq!(read.remove("grant_type").unwrap(), "password");
    let names = [
        hostile,
        "client_id",
        "client_secret",
        "password",
        "username",
    ];
    assert!(read.keys().eq(names.iter()), "{body}");
    assert!(read.values().all(|value| value == hostile), "{body}");
}

#[tokio::test]
async fn other_endpoints_are_sent_forms() {
    let endpoint = Endpoint::new([Scripted::Response(200, None, "")]);
    let manager = with_browser(&endpoint).token(Token::new("a-1"));
    manager.build().unwrap().revoke_token().await.unwrap();
    let (media_type, _, body) = sent(&endpoint, 0);
    assert_eq!(media_type, "application/x-www-form-urlencoded");
    assert_eq!(body, "token=a-1&token_type_hint=access_token");

    let codes = r#"{"device_code":"d-1","user_code":"u","verification_uri":"https://a.example","expires_in":60}"#;
    let endpoint = Endpoint::new([Scripted::Response(200, None, codes), TOKEN]);
    let manager = json(&endpoint)
        .grant(Grant::DeviceCode)
        .device_authorization_url("https://acme.example/device")
        .scope("a b")
        .build()
        .unwrap();
    let codes = manager.start_device_sign_in().await.unwrap();
    let outcome = manager.complete_device_sign_in(&codes).await;
    outcome.unwrap();
    let (media_type, _, body) = sent(&endpoint, 0);
    assert_eq!(media_type, "application/x-www-form-urlencoded");
    assert_eq!(body, "scope=a+b");
    check_json(
        &endpoint,
        1,
        BASIC,
        r#"{"grant_type":"urn:ietf:params:oauth:grant-type:device_code","device_code":"d-1"}"#,
    );
}

#[test]
fn a_duplicate_parameter_is_an_error() {
    let endpoint = Endpoint::new([TOKEN]);
    let twice = |builder: TokenManagerBuilder| {
        let builder = builder.parameter("resource", "https://a.example");
        builder.parameter("resource", "https://b.example").build()
    };
    assert!(twice(builder(&endpoint, &clock())).is_ok());
    let error = twice(json(&endpoint)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "acme_oauth is not configured correctly: the parameter `resource` is given twice, which is not possible in JSON"
    );
}
