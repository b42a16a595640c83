//! Unusual responses of servers, and insecure destinations: one test for each fault that was found.

use std::sync::Arc;

use bytes::Bytes;
use credsmith_runtime::{
    ApiKeys, Authorizer, BasicAuth, BearerAuth, BoxError, CustomAuth, Grant, Requirement,
    SecretString, SendErrorKind, SignRequest, Token, TokenErrorKind, TokenManagerBuilder,
    send_authorized, send_secured,
};
use http::Request;

use crate::support::*;

/// A manager of a grant with a user, whose token has expired and can be refreshed.
fn expired(endpoint: &Arc<Endpoint>) -> TokenManagerBuilder {
    let token = Token::new("a-1").with_refresh_token("r-1");
    builder(endpoint, &clock())
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .token(token.with_expires_at(start()))
}

fn endpoint_with(status: u16, body: &'static str) -> Arc<Endpoint> {
    Endpoint::new([Scripted::Response(status, None, body)])
}

#[tokio::test]
async fn fault_f01_after_a_rejected_refresh_token_the_user_is_asked_and_it_is_not_sent_again() {
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
        (400, r#"{"message":"gone"}"#, "answered 400: gone"),
    ] {
        let endpoint = endpoint_with(status, body);
        let builder = expired(&endpoint).refresh_token_error_code("no_session");
        let manager = builder.build().unwrap();
        let error = manager.token().await.unwrap_err();
        assert!(error.is_sign_in_needed(), "{error}");
        let said = error.to_string();
        assert!(said.contains(&format!("{words})")), "{said}");
        let again = manager.fetch_token().await.unwrap_err();
        assert!(again.is_sign_in_needed(), "{again}");
        assert_eq!(endpoint.count(), 1, "{body}");
    }
}

#[tokio::test]
async fn fault_f01_after_a_401_without_a_code_the_user_is_asked_and_the_refresh_token_kept() {
    let endpoint = endpoint_with(401, "");
    let manager = expired(&endpoint).build().unwrap();
    let error = manager.token().await.unwrap_err();
    assert!(error.is_sign_in_needed() && error.status().unwrap() == 401);
    assert!(
        error
            .to_string()
            .contains("the refresh token or the client"),
        "{error}"
    );
    assert!(error.to_string().contains("answered 401"), "{error}");
    endpoint.then([Scripted::Token("3600")]);
    let token = manager.fetch_token().await.unwrap();
    assert_eq!(
        text(&token),
        "token-2",
        "refreshed with the refresh token that was kept"
    );
}

#[tokio::test]
async fn fault_f01_other_error_responses_keep_the_refresh_token_and_do_not_ask_the_user() {
    for (status, body) in [
        (401, r#"{"error":"invalid_client"}"#),
        (400, "<html>Bad request</html>"),
        (429, "{}"),
        (503, ""),
    ] {
        let endpoint = endpoint_with(status, body);
        let manager = expired(&endpoint).build().unwrap();
        let error = manager.token().await.unwrap_err();
        assert!(!error.is_sign_in_needed(), "{error}");
        endpoint.then([Scripted::Token("3600")]);
        assert_eq!(text(&manager.fetch_token().await.unwrap()), "token-2");
    }
}

#[tokio::test]
async fn fault_f06_a_users_token_with_a_lifetime_of_zero_is_used() {
    let endpoint = Endpoint::new([Scripted::Token("0")]);
    let manager = expired(&endpoint).build().unwrap();
    for _ in 0..3 {
        assert_eq!(token_of(&manager).await, "token-1");
    }
    let token = manager.token().await.unwrap();
    assert_eq!((token.expires_at(), endpoint.count()), (None, 1));
}

#[tokio::test]
async fn fault_f06_a_lifetime_of_zero_is_for_one_use_unless_tokens_never_expire() {
    let endpoint = Endpoint::new([Scripted::Token("0")]);
    let manager = builder(&endpoint, &clock()).build().unwrap();
    assert_eq!(token_of(&manager).await, "token-1");
    assert_eq!(token_of(&manager).await, "token-2");
    let builder = builder(&endpoint, &clock()).default_lifetime(None);
    let endless = builder.build().unwrap();
    assert_eq!(token_of(&endless).await, "token-3");
    assert_eq!(token_of(&endless).await, "token-3");
}

#[tokio::test]
async fn fault_e15_an_issuer_that_always_names_itself_is_held_to_it_from_the_first() {
    let metadata = r#"{"issuer":"https://acme.example","authorization_response_iss_parameter_supported":true}"#;
    let endpoint = Endpoint::new([
        Scripted::Response(200, None, metadata),
        Scripted::Token("60"),
    ]);
    let manager = expired(&endpoint).issuer("https://acme.example");
    let manager = manager.build().unwrap();
    for _ in 0..2 {
        let request = manager.start_sign_in().await.unwrap();
        let callback = format!("https://app.example/cb?code=c&state={}", request.state());
        let outcome = manager.complete_sign_in(&request, &callback);
        let error = outcome.await.unwrap_err();
        assert_eq!(error.kind(), TokenErrorKind::IssuerMismatch, "{error}");
    }
    assert_eq!(endpoint.count(), 1, "the metadata, once");
}

#[tokio::test]
async fn fault_e15_without_the_metadata_of_the_issuer_there_is_no_sign_in() {
    let endpoint = endpoint_with(404, "not found");
    let manager = expired(&endpoint).issuer("https://acme.example");
    let error = manager.build().unwrap().start_sign_in().await;
    assert_eq!(error.unwrap_err().status().unwrap(), 404);
}

/// The audience of the client assertion that a manager with these settings sends.
#[cfg(feature = "jwt")]
async fn audience(set: impl Fn(TokenManagerBuilder) -> TokenManagerBuilder) -> serde_json::Value {
    use base64::Engine as _;
    let endpoint = Endpoint::new([Scripted::Token("60")]);
    let way = credsmith_runtime::ClientAuthentication::ClientSecretJwt;
    let builder = builder(&endpoint, &clock()).client_authentication(way);
    set(builder).build().unwrap().token().await.unwrap();
    let body = endpoint.requests()[0].body().clone();
    let mut sent = form_urlencoded::parse(&body);
    let (_, assertion) = sent.find(|(name, _)| name == "client_assertion").unwrap();
    let claims = assertion.split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims);
    let claims: serde_json::Value = serde_json::from_slice(&claims.unwrap()).unwrap();
    claims["aud"].clone()
}

#[cfg(feature = "jwt")]
#[tokio::test]
async fn fault_e19_client_assertions_are_for_the_issuer() {
    let issuer = "https://acme.example";
    assert_eq!(audience(|builder| builder.issuer(issuer)).await, issuer);
    let alone = audience(|builder| builder.token_url("https://acme.example/token?x=1"));
    assert_eq!(alone.await, "https://acme.example/token");
    let set = audience(|builder| builder.issuer(issuer).assertion_audience("other"));
    assert_eq!(set.await, "other");
}

struct Signer;

impl SignRequest for Signer {
    fn sign(&self, request: &mut Request<Bytes>) -> Result<(), BoxError> {
        request.headers_mut().insert("x-signature", 7.into());
        Ok(())
    }
}

/// Every scheme but OAuth, each key in another place.
fn schemes(allow: bool) -> Vec<Arc<dyn Authorizer>> {
    let key = SecretString::from("k-1");
    let header = ApiKeys::builder("header").header("x-key", "", Some(&key));
    let query = ApiKeys::builder("query").query("key", "", Some(&key));
    let cookie = ApiKeys::builder("cookie").cookie("key", "", Some(&key));
    let basic = BasicAuth::new("basic", Some("u"), Some(&key)).unwrap();
    let bearer = BearerAuth::new("bearer", Some(&key)).unwrap();
    let custom = CustomAuth::new("custom", Some(Arc::new(Signer)));
    let mut schemes: Vec<Arc<dyn Authorizer>> = vec![
        Arc::new(basic.allow_insecure_http(allow)),
        Arc::new(bearer.allow_insecure_http(allow)),
        Arc::new(custom.allow_insecure_http(allow)),
    ];
    for keys in [header, query, cookie] {
        let keys = keys.unwrap().build().unwrap();
        schemes.push(Arc::new(keys.allow_insecure_http(allow)));
    }
    schemes
}

fn to(url: &str) -> Request<Bytes> {
    Request::get(url).body(Bytes::new()).unwrap()
}

const INSECURE: [&str; 2] = ["http://api.acme.example/things", "/things"];

#[tokio::test]
async fn fault_f07_no_scheme_sends_credentials_over_plain_http() {
    let api = endpoint_with(200, "");
    for url in INSECURE {
        for authorizer in schemes(false) {
            let mut request = to(url);
            let error = authorizer.apply(&mut request).await.unwrap_err();
            assert_eq!(error.kind(), SendErrorKind::InsecureUrl, "{error}");
            assert!(request.headers().is_empty() && *request.uri() == url);
            let scheme = Requirement {
                authorizer,
                parameter: "credentials",
            };
            let error = send_secured(&*api, &group(&[&[scheme]]), to(url)).await;
            assert_eq!(error.unwrap_err().kind(), SendErrorKind::InsecureUrl);
            assert_eq!(api.count(), 0);
        }
        for authorizer in schemes(true) {
            authorizer.apply(&mut to(url)).await.unwrap();
        }
    }
    for authorizer in schemes(false) {
        for url in ["https://api.acme.example/things", "http://127.0.0.1/things"] {
            authorizer.apply(&mut to(url)).await.unwrap();
        }
    }
}

#[tokio::test]
async fn fault_f07_no_token_is_requested_for_plain_http() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &clock());
    let api = endpoint_with(200, "");
    for url in INSECURE {
        let error = manager.authorize(&mut to(url)).await.unwrap_err();
        assert_eq!(error.kind(), TokenErrorKind::InsecureUrl, "{error}");
        let error = manager.apply(&mut to(url)).await.unwrap_err();
        assert_eq!(error.kind(), SendErrorKind::InsecureUrl, "{error}");
        let error = send_authorized(&*api, &manager, to(url)).await.unwrap_err();
        assert_eq!(error.kind(), SendErrorKind::InsecureUrl, "{error}");
        // A scheme that may go there does not take one along that may not.
        let allowed = BearerAuth::new("bearer", Some(&"t".into())).unwrap();
        let allowed = allowed.allow_insecure_http(true);
        let both = [needs(&allowed, "bearer"), needs(&manager, "oauth")];
        let error = send_secured(&*api, &group(&[&both]), to(url)).await;
        assert_eq!(error.unwrap_err().kind(), SendErrorKind::InsecureUrl);
    }
    let error = manager.authorize(&mut to(INSECURE[0])).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the credentials of acme_oauth are not sent to http://api.acme.example in the clear: use https, or allow \
         insecure http explicitly"
    );
    assert_eq!((endpoint.count(), api.count()), (0, 0));
    let builder = builder(&endpoint, &clock()).allow_insecure_http(true);
    let allowed = builder.build().unwrap();
    allowed.authorize(&mut to(INSECURE[0])).await.unwrap();
}

#[cfg(feature = "tower")]
#[tokio::test]
async fn fault_f07_the_tower_layer_sends_no_token_over_plain_http() {
    use tower::{Layer, ServiceExt, service_fn};
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let api = service_fn(|_: Request<Bytes>| async {
        Ok::<_, BoxError>(http::Response::new(Bytes::new()))
    });
    let layer = credsmith_runtime::AuthorizationLayer::new(manager(&endpoint, &clock()));
    for url in INSECURE {
        let error = layer.layer(api).oneshot(to(url)).await.unwrap_err();
        let error: Box<credsmith_runtime::SendError> = error.downcast().unwrap();
        assert_eq!(error.kind(), SendErrorKind::InsecureUrl, "{error}");
    }
    assert_eq!(endpoint.count(), 0);
}

#[cfg(feature = "reqwest-middleware")]
#[tokio::test]
async fn fault_f07_the_middleware_sends_no_token_over_plain_http() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &clock());
    let middleware = credsmith_runtime::AuthorizationMiddleware::new(manager);
    let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
        .with(middleware)
        .build();
    let error = client.get("http://api.acme.example/").send().await;
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("not sent to http://api.acme.example"),
        "{error}"
    );
    assert_eq!(endpoint.count(), 0);
}

#[test]
fn unrelated_error_codes_cannot_be_refresh_token_error_codes() {
    for code in ["", "invalid_client", "temporarily_unavailable"] {
        let builder = expired(&endpoint_with(200, "")).refresh_token_error_code(code);
        assert!(builder.build().is_err(), "{code}");
    }
}
