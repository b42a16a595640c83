//! The grants that need no user: password, JWT bearer, token exchange.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use credsmith_runtime::{
    ClientAuthentication, Grant, PasswordGrant, SubjectToken, Token, TokenErrorKind, TokenExchange,
    TokenManager, TokenManagerBuilder, TokenProvider,
};

use crate::support::*;

fn body(endpoint: &Endpoint, index: usize) -> String {
    String::from_utf8(endpoint.requests()[index].body().to_vec()).unwrap()
}

fn with(endpoint: &Arc<Endpoint>, grant: Grant) -> TokenManagerBuilder {
    builder(endpoint, &clock()).grant(grant).scope("a b")
}

#[tokio::test]
async fn the_password_grant_runs_again_without_a_refresh_token() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let grant = Grant::Password(PasswordGrant::new("me & you", "p&ss".into()));
    let clock = clock();
    let manager = builder(&endpoint, &clock).grant(grant).scope("a b");
    let manager = manager.build().unwrap();
    assert_eq!(token_of(&manager).await, "token-1");
    assert_eq!(
        body(&endpoint, 0),
        "grant_type=password&username=me+%26+you&password=p%26ss&scope=a+b"
    );
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "token-2");
}

#[tokio::test]
async fn the_password_grant_falls_back_to_the_password() {
    let with_refresh = Scripted::Response(
        200,
        None,
        r#"{"access_token":"a-1","refresh_token":"r-1","expires_in":60}"#,
    );
    let refused = Scripted::Response(400, None, r#"{"error":"invalid_grant"}"#);
    let endpoint = Endpoint::new([with_refresh, refused, Scripted::Token("60")]);
    let clock = clock();
    let grant = Grant::Password(PasswordGrant::new("me", "secret".into()));
    let manager = builder(&endpoint, &clock).grant(grant).build().unwrap();
    assert_eq!(token_of(&manager).await, "a-1");
    clock.advance(seconds(60));
    assert_eq!(token_of(&manager).await, "token-3");
    assert_eq!(
        body(&endpoint, 1),
        "grant_type=refresh_token&refresh_token=r-1"
    );
    assert!(body(&endpoint, 2).starts_with("grant_type=password&"));
}

#[tokio::test]
async fn errors_name_missing_settings() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let grant = Grant::Password(PasswordGrant::new("", "".into()));
    let manager = bare(&endpoint, &clock())
        .grant(grant)
        .field_names(&[
            ("username", "oauth_username"),
            ("password", "oauth_password"),
        ])
        .build()
        .unwrap();
    assert!(!manager.is_configured());
    let error = manager.token().await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::MissingCredentials);
    assert_eq!(
        error.to_string(),
        "acme_oauth needs a new token, but oauth_client_id and oauth_client_secret and oauth_username and \
         oauth_password are not set"
    );
    let empty = TokenExchange::new(SubjectToken::default());
    let bare = bare(&endpoint, &clock()).client_authentication(ClientAuthentication::None);
    let unset = bare.grant(Grant::TokenExchange(empty.clone()));
    assert!(!unset.build().unwrap().is_configured());
    let error = with(&endpoint, Grant::TokenExchange(empty))
        .build()
        .unwrap();
    let error = error.token().await.unwrap_err();
    assert!(
        error.to_string().contains("subject_token is not set"),
        "{error}"
    );
    assert_eq!(endpoint.count(), 0);
}

#[tokio::test]
async fn a_wrong_password_is_not_tried_again_for_a_while() {
    let refused = Scripted::Response(400, None, r#"{"error":"invalid_grant"}"#);
    let endpoint = Endpoint::new([refused]);
    let grant = Grant::Password(PasswordGrant::new("me", "wrong".into()));
    let manager = with(&endpoint, grant).build().unwrap();
    for _ in 0..5 {
        let error = manager.token().await.unwrap_err();
        assert_eq!(error.kind(), TokenErrorKind::InvalidGrant);
    }
    assert_eq!(endpoint.count(), 1, "accounts are locked for less");
}

#[tokio::test]
async fn each_exchange_requests_a_new_subject_token() {
    let endpoint = Endpoint::new([UNAVAILABLE, Scripted::Token("3600")]);
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let subject = SubjectToken::from_fn(move || {
        let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
        async move { format!("subject/{number}") }
    });
    let exchange = TokenExchange::new(subject)
        .subject_token_type("urn:ietf:params:oauth:token-type:jwt")
        .requested_token_type("urn:ietf:params:oauth:token-type:access_token");
    let clock = clock();
    let manager = bare(&endpoint, &clock)
        .grant(Grant::TokenExchange(exchange))
        .client_authentication(ClientAuthentication::None)
        .parameter("audience", "api")
        .build()
        .unwrap();
    assert!(manager.is_configured());
    assert_eq!(token_of(&manager).await, "token-2");
    let form = |number| {
        format!(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=subject%2F{number}\
             &subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt\
             &requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token&audience=api"
        )
    };
    assert_eq!(body(&endpoint, 0), form(1));
    assert_eq!(
        body(&endpoint, 1),
        form(1),
        "a second attempt of the same exchange"
    );
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "token-3");
    assert_eq!(body(&endpoint, 2), form(2));
}

#[tokio::test]
async fn a_failed_subject_token_is_an_error_of_the_exchange() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let failing = SubjectToken::from_fn(|| Err::<String, _>("no such file"));
    let panicking = SubjectToken::from_fn(|| -> String { panic!("scripted") });
    for (subject, said) in [
        (
            failing,
            "the source of the subject token of acme_oauth failed: no such file",
        ),
        (
            panicking,
            "the closure for the subject token of acme_oauth panicked",
        ),
    ] {
        let grant = Grant::TokenExchange(TokenExchange::new(subject));
        let error = with(&endpoint, grant)
            .build()
            .unwrap()
            .token()
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), said);
    }
    assert_eq!(endpoint.count(), 0);
}

#[tokio::test]
async fn a_custom_token_type_for_bearer_has_to_be_configured() {
    let answer = r#"{"ok":true,"access_token":"a-1","token_type":"Bot"}"#;
    let endpoint = Endpoint::new([Scripted::Response(200, None, answer)]);
    let named = builder(&endpoint, &clock()).bearer_token_type("bot");
    let named = named.build().unwrap();
    assert_eq!(named.authorization().await.unwrap(), "Bearer a-1");
    assert_eq!(named.current_token().unwrap().token_type(), "Bearer");
    for other in ["", "bots"] {
        let unnamed = builder(&endpoint, &clock()).bearer_token_type(other);
        let error = unnamed.build().unwrap().token().await.unwrap_err();
        assert!(
            error.to_string().contains("not of the type Bearer"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_custom_token_type_for_bearer_applies_to_tokens_of_every_source() {
    let endpoint = Endpoint::new([UNAVAILABLE]);
    let named = || builder(&endpoint, &clock()).bearer_token_type("N_A");
    let token = Token::new("a-1").with_token_type("n_a");
    let restored = named().token(token.clone()).build().unwrap();
    let handed_in = named().build().unwrap();
    handed_in.set_token(token.clone());
    let provided = token.clone();
    let provider = TokenProvider::new(move |_, _: TokenManager| provided.clone());
    let provided = named().token_provider(provider).build().unwrap();
    for manager in [restored, handed_in, provided] {
        assert_eq!(manager.authorization().await.unwrap(), "Bearer a-1");
        assert_eq!(manager.current_token().unwrap().token_type(), "Bearer");
    }
    assert_eq!(endpoint.count(), 0);
    let unnamed = builder(&endpoint, &clock()).token(token).build().unwrap();
    let error = unnamed.authorization().await.unwrap_err();
    assert!(
        error.to_string().contains("not of the type Bearer"),
        "{error}"
    );
}

#[cfg(feature = "jwt")]
mod jwt {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use credsmith_runtime::{JwtBearer, SigningKey};
    use credsmith_token_server::keys::{P256, RSA};
    use serde_json::{Value, json};

    use super::*;

    fn assertion(endpoint: &Endpoint, index: usize) -> String {
        let body = body(endpoint, index);
        let mut pairs = form_urlencoded::parse(body.as_bytes());
        pairs
            .find(|(name, _)| name == "assertion")
            .unwrap()
            .1
            .into_owned()
    }

    fn part(assertion: &str, index: usize) -> Value {
        let part = assertion.split('.').nth(index).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    fn key(pem: &str) -> SigningKey {
        SigningKey::from_pem(&pem.into()).unwrap()
    }

    #[tokio::test]
    async fn assertions_name_issuer_subject_and_audience() {
        let endpoint = Endpoint::new([UNAVAILABLE, Scripted::Token("3600")]);
        let grant = JwtBearer::new("me").signing_key(key(P256)).key_id("k-1");
        let manager = bare(&endpoint, &clock())
            .grant(Grant::JwtBearer(grant))
            .client_authentication(ClientAuthentication::None)
            .scope("a b")
            .build()
            .unwrap();
        assert!(manager.is_configured());
        assert_eq!(token_of(&manager).await, "token-2");
        let form = body(&endpoint, 0);
        assert!(
            form.starts_with(
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=eyJ"
            ) && form.ends_with("&scope=a+b"),
            "{form}"
        );
        let first = assertion(&endpoint, 0);
        assert_eq!(
            part(&first, 0),
            json!({ "alg": "ES256", "typ": "JWT", "kid": "k-1" })
        );
        let claims = part(&first, 1);
        assert_eq!(
            (&claims["iss"], &claims["sub"]),
            (&json!("me"), &json!("me"))
        );
        assert_eq!(claims["aud"], "https://acme.example/token");
        let lived = claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap();
        assert_eq!(lived, 300);
        assert!(claims.get("scope").is_none());
        let second = part(&assertion(&endpoint, 1), 1);
        assert_ne!(second["jti"], claims["jti"], "fresh for each attempt");
    }

    #[tokio::test]
    async fn the_scope_may_be_a_claim() {
        let endpoint = Endpoint::new([Scripted::Token("3600")]);
        let plain = JwtBearer::new("me")
            .signing_key(key(RSA))
            .audience("https://audience.example")
            .scope_claim(true)
            .lifetime(seconds(1_000_000));
        let delegated = plain.clone().subject("someone");
        for (grant, subject) in [(plain, None), (delegated, Some("someone"))] {
            let manager = with(&endpoint, Grant::JwtBearer(grant));
            manager.build().unwrap().token().await.unwrap();
            let index = endpoint.count() - 1;
            assert!(!body(&endpoint, index).contains("&scope="));
            let claims = part(&assertion(&endpoint, index), 1);
            assert_eq!(claims["scope"], "a b");
            assert_eq!(claims["aud"], "https://audience.example");
            assert_eq!(claims.get("sub").and_then(Value::as_str), subject);
            let lived = claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap();
            assert_eq!(lived, 3_600, "an hour at most");
            assert_eq!(part(&assertion(&endpoint, index), 0)["alg"], "RS256");
        }
    }

    #[tokio::test]
    async fn refresh_tokens_are_ignored_and_missing_parts_named() {
        let answer = r#"{"access_token":"a-1","refresh_token":"r-1","expires_in":60}"#;
        let endpoint = Endpoint::new([Scripted::Response(200, None, answer)]);
        let clock = clock();
        let grant = Grant::JwtBearer(JwtBearer::new("me").signing_key(key(P256)));
        let manager = builder(&endpoint, &clock).grant(grant).build().unwrap();
        token_of(&manager).await;
        clock.advance(seconds(60));
        token_of(&manager).await;
        assert!(body(&endpoint, 1).contains("assertion="));
        let bare = Grant::JwtBearer(JwtBearer::new(""));
        let error = with(&endpoint, bare)
            .build()
            .unwrap()
            .token()
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "acme_oauth needs a new token, but issuer and private_key are not set"
        );
    }

    #[test]
    fn key_kinds_are_distinguished() {
        let algorithm = |pem: &str| format!("{:?}", key(pem));
        assert!(algorithm(RSA).contains("RS256"));
        assert!(algorithm(include_str!("../keys/rsa-pkcs1.pem")).contains("RS256"));
        assert!(algorithm(P256).contains("ES256"));
        let refused = |pem: &str| SigningKey::from_pem(&pem.into()).unwrap_err().to_string();
        let sec1 = refused(include_str!("../keys/p256-sec1.pem"));
        assert!(sec1.contains("openssl pkcs8"), "{sec1}");
        assert!(refused("nonsense").contains("not a private key in PEM"));
    }
}
