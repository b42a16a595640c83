//! The user's sign-in in a browser: the request, the callback, and what follows from it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use credsmith_runtime::{
    ClientAuthentication, ExposeSecret, Grant, SignInRequest, Token, TokenErrorKind, TokenFetch,
    TokenManager, TokenManagerBuilder, TokenUpdateCallback, TransportErrorKind, UserSignIn,
};
use sha2::{Digest, Sha256};

use crate::support::*;

const TOKEN: Scripted = Scripted::Response(
    200,
    None,
    r#"{"access_token":"a-1","token_type":"bearer","refresh_token":"r-1","expires_in":3600}"#,
);

fn app(endpoint: &Arc<Endpoint>) -> TokenManagerBuilder {
    builder(endpoint, &clock())
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize?tenant=1")
        .redirect_uri("https://app.example/cb")
        .scope("a b")
        .authorization_parameter("access_type", "offline")
}

fn parameters(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

fn parameter(text: &str, name: &str) -> String {
    let pairs = parameters(text);
    let mut found = pairs.iter().filter(|(other, _)| other == name);
    let value = found.next().map_or("", |(_, value)| value).to_owned();
    assert!(found.next().is_none(), "{name} twice");
    value
}

fn query(request: &SignInRequest) -> &str {
    request.url().split_once('?').unwrap().1
}

fn callback(request: &SignInRequest, rest: &str) -> String {
    format!("https://app.example/cb?state={}&{rest}", request.state())
}

fn body(endpoint: &Endpoint, index: usize) -> String {
    String::from_utf8(endpoint.requests()[index].body().to_vec()).unwrap()
}

#[tokio::test]
async fn the_code_is_exchanged_with_the_verifier_of_its_challenge() {
    let endpoint = Endpoint::new([TOKEN]);
    let told = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&told);
    let manager = app(&endpoint)
        .on_token_update(TokenUpdateCallback::new(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
        }))
        .build()
        .unwrap();
    let request = manager.start_sign_in().await.unwrap();
    let names: Vec<_> = parameters(query(&request))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        names,
        [
            "tenant",
            "response_type",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "code_challenge",
            "code_challenge_method",
            "access_type"
        ]
    );
    assert_eq!(endpoint.count(), 0, "nothing is sent for it");

    // The web application keeps the request in the session meanwhile.
    let session = serde_json::to_string(&request).unwrap();
    let request: SignInRequest = serde_json::from_str(&session).unwrap();
    let url = callback(&request, "code=c%2F1");
    let token = manager.complete_sign_in(&request, &url).await.unwrap();
    let form = body(&endpoint, 0);
    let verifier = parameter(&form, "code_verifier");
    assert_eq!(
        form,
        format!(
            "grant_type=authorization_code&code=c%2F1&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&code_verifier={verifier}"
        )
    );
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    assert_eq!(parameter(query(&request), "code_challenge"), challenge);
    assert_eq!(text(&token), "a-1");
    assert_eq!(token_of(&manager).await, "a-1");
    assert_eq!(manager.current_token().unwrap(), token);
    assert_eq!(told.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_sign_in_with_a_custom_parameter_is_completed_like_any_other() {
    let endpoint = Endpoint::new([TOKEN]);
    let manager = app(&endpoint).build().unwrap();
    let request = manager.start_sign_in().await.unwrap();
    let request = request.with_parameter("login_hint", "kim & co").unwrap();
    assert_eq!(parameter(query(&request), "login_hint"), "kim & co");
    let url = callback(&request, "code=c-1");
    let outcome = manager.complete_sign_in(&request, &url).await;
    assert_eq!(text(&outcome.unwrap()), "a-1");
    assert!(!body(&endpoint, 0).contains("login_hint"));
}

#[tokio::test]
async fn a_public_client_sends_its_id_and_pkce_can_be_switched_off() {
    let endpoint = Endpoint::new([TOKEN]);
    let manager = app(&endpoint)
        .client_authentication(ClientAuthentication::None)
        .pkce(false)
        .redirect_uri("")
        .build()
        .unwrap();
    let request = manager.start_sign_in().await.unwrap();
    assert!(
        !request.url().contains("code_challenge"),
        "{}",
        request.url()
    );
    let url = callback(&request, "code=c");
    manager.complete_sign_in(&request, &url).await.unwrap();
    assert_eq!(
        body(&endpoint, 0),
        "grant_type=authorization_code&code=c&client_id=the-id"
    );
}

#[tokio::test]
async fn no_two_requests_share_state_or_verifier() {
    let manager = app(&Endpoint::new([TOKEN])).build().unwrap();
    let one = manager.start_sign_in().await.unwrap();
    let other = manager.start_sign_in().await.unwrap();
    assert_ne!(one.state(), other.state());
    let challenge = |request| parameter(query(request), "code_challenge");
    assert_ne!(challenge(&one), challenge(&other));
    let url = callback(&other, "code=c");
    let error = manager.complete_sign_in(&one, &url).await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::StateMismatch, "{error}");
}

#[tokio::test]
async fn unrelated_callbacks_lead_to_no_token_request() {
    let metadata = Scripted::Response(200, None, r#"{"issuer":"https://acme.example"}"#);
    let endpoint = Endpoint::new([metadata, TOKEN]);
    let manager = app(&endpoint)
        .issuer("https://acme.example")
        .build()
        .unwrap();
    let request = manager.start_sign_in().await.unwrap();
    let refused = async |url: &str| {
        let outcome = manager.complete_sign_in(&request, url).await;
        outcome.unwrap_err()
    };
    let error = refused("https://app.example/cb?state=other&code=c").await;
    assert_eq!(error.kind(), TokenErrorKind::StateMismatch, "{error}");
    let error = refused("https://app.example/cb?error=access_denied&state=other").await;
    assert_eq!(error.kind(), TokenErrorKind::StateMismatch, "{error}");
    let error = refused(&callback(&request, "code=c&iss=https://evil.example")).await;
    assert_eq!(error.kind(), TokenErrorKind::IssuerMismatch, "{error}");
    let said =
        "error=access_denied&error_description=The%20user%20said%0Ano&iss=https://acme.example";
    let error = refused(&callback(&request, said)).await;
    assert_eq!(error.kind(), TokenErrorKind::AccessDenied, "{error}");
    assert_eq!(error.error_description(), Some("The user said no"));
    let error = refused(&callback(&request, "code=")).await;
    assert!(
        error.to_string().ends_with("no `code` and no `error`"),
        "{error}"
    );
    assert_eq!(endpoint.count(), 1, "the metadata");
    let right = callback(&request, "code=c&iss=https://acme.example");
    assert!(manager.complete_sign_in(&request, &right).await.is_ok());
}

#[tokio::test]
async fn a_request_is_completed_by_a_manager_of_its_server_and_client_alone() {
    let endpoint = Endpoint::new([TOKEN]);
    let request = app(&endpoint).build().unwrap();
    let request = request.start_sign_in().await.unwrap();
    let callback = callback(&request, "code=c");
    let others = [
        app(&endpoint).client_id("another-id"),
        app(&endpoint).authorization_url("https://evil.example/authorize?tenant=1"),
        app(&endpoint).authorization_url("https://acme.example/authorize?tenant=12"),
        app(&endpoint).issuer("https://acme.example"),
    ];
    for other in others {
        let other = other.build().unwrap();
        let outcome = other.complete_sign_in(&request, &callback);
        let error = outcome.await.unwrap_err().to_string();
        assert!(error.contains("another server or client"), "{error}");
        assert_eq!(endpoint.count(), 0);
    }
    let restored = app(&endpoint).build().unwrap();
    let outcome = restored.complete_sign_in(&request, &callback);
    assert_eq!(text(&outcome.await.unwrap()), "a-1");
}

#[tokio::test]
async fn a_code_request_ignores_a_token_in_the_callback() {
    let endpoint = Endpoint::new([TOKEN]);
    let manager = app(&endpoint).build().unwrap();
    let request = manager.start_sign_in().await.unwrap();
    let mut session = serde_json::to_value(&request).unwrap();
    session["implicit"] = true.into();
    let changed: SignInRequest = serde_json::from_value(session).unwrap();
    let url = callback(&request, "access_token=from-somebody-else");
    let outcome = manager.complete_sign_in(&changed, &url).await;
    let error = outcome.unwrap_err().to_string();
    assert!(error.contains("does not belong to the grant"), "{error}");
    assert!(manager.current_token().is_none());
}

#[tokio::test]
async fn a_code_is_not_sent_again_once_it_may_have_arrived() {
    for (failure, requests) in [
        (TransportErrorKind::Body, 1),
        (TransportErrorKind::Timeout, 1),
        (TransportErrorKind::Connect, 2),
    ] {
        let endpoint = Endpoint::new([Scripted::Failure(failure), TOKEN]);
        let manager = app(&endpoint).build().unwrap();
        let request = manager.start_sign_in().await.unwrap();
        let url = callback(&request, "code=c");
        let outcome = manager.complete_sign_in(&request, &url).await;
        assert_eq!(outcome.is_ok(), requests == 2, "{failure:?}");
        assert_eq!(endpoint.count(), requests, "{failure:?}");
    }
}

#[tokio::test]
async fn the_exchange_outlives_its_caller() {
    let endpoint = Endpoint::closed([TOKEN]);
    let manager = builder(&endpoint, &credsmith_runtime::ManualClock::new(start()))
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .build()
        .unwrap();
    let request = manager.start_sign_in().await.unwrap();
    let url = callback(&request, "code=c");
    let caller = tokio::spawn({
        let (manager, request) = (manager.clone(), request.clone());
        async move { manager.complete_sign_in(&request, &url).await }
    });
    run_until_idle().await;
    caller.abort();
    endpoint.open();
    run_until_idle().await;
    assert_eq!(token_of(&manager).await, "a-1");
}

#[tokio::test]
async fn the_hook_signs_in_inside_the_refresh() {
    let endpoint = Endpoint::new([TOKEN]);
    let told = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&told);
    let hook = UserSignIn::new(|manager: TokenManager| async move {
        assert_eq!(
            manager.token().await.unwrap_err().kind(),
            TokenErrorKind::ProviderFailed,
            "no deadlock"
        );
        let request = manager.start_sign_in().await?;
        let url = callback(&request, "code=c");
        manager.complete_sign_in(&request, &url).await
    });
    let manager = app(&endpoint)
        .user_sign_in(hook)
        .on_token_update(TokenUpdateCallback::new(move |token: Token| {
            record.lock().unwrap().push(text(&token));
        }))
        .build()
        .unwrap();
    assert!(manager.is_configured());
    for outcome in crowd(&manager, 50).await {
        assert_eq!(text(&outcome.unwrap()), "a-1");
    }
    assert_eq!(*told.lock().unwrap(), ["a-1"], "called back once");
    assert_eq!(endpoint.count(), 1);
    assert_eq!(token_of(&manager).await, "a-1");
    let refresh_token = manager.current_token().unwrap();
    let refresh_token = refresh_token.refresh_token().unwrap();
    assert_eq!(refresh_token.expose_secret(), "r-1");
}

#[tokio::test]
async fn without_a_user_the_error_names_the_method_to_call() {
    let endpoint = Endpoint::new([TOKEN]);
    let error = app(&endpoint).build().unwrap().token().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "acme_oauth needs the user to sign in: there is no token, and no refresh token; send the user to the URL of \
         start_sign_in(), and hand the callback to complete_sign_in()"
    );
    let manual = app(&endpoint)
        .token_fetch(TokenFetch::Manual)
        .build()
        .unwrap();
    let error = manual.token().await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::FetchNeeded, "{error}");
    assert!(error.to_string().contains("start_sign_in()"), "{error}");
    let request = manual.start_sign_in().await.unwrap();
    let url = callback(&request, "code=c");
    manual.complete_sign_in(&request, &url).await.unwrap();
    assert_eq!(token_of(&manual).await, "a-1");
    let other = manager(&endpoint, &clock());
    let error = other.start_sign_in().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "start_sign_in() does not belong to the grant of acme_oauth"
    );
    assert!(other.start_device_sign_in().await.is_err());
}

#[tokio::test]
async fn the_implicit_grant_takes_the_token_from_the_fragment() {
    let endpoint = Endpoint::new([TOKEN]);
    let clock = clock();
    let manager = bare(&endpoint, &clock)
        .token_url("")
        .grant(Grant::Implicit)
        .authorization_url("https://acme.example/authorize")
        .client_id("the-id")
        .build()
        .unwrap();
    let request = manager.start_sign_in().await.unwrap();
    assert!(
        request
            .url()
            .contains("?response_type=token&client_id=the-id&")
    );
    let fragment = format!(
        "https://app.example/cb#access_token=a-1&token_type=bearer&expires_in=60&refresh_token=r&state={}",
        request.state()
    );
    let token = manager.complete_sign_in(&request, &fragment).await.unwrap();
    assert_eq!(token.expires_at(), Some(start() + seconds(60)));
    assert!(token.refresh_token().is_none() && token.extra().is_empty());
    assert_eq!(token_of(&manager).await, "a-1");
    clock.advance(seconds(60));
    let error = manager.token().await.unwrap_err();
    assert!(error.is_sign_in_needed(), "{error}");
    for (fragment, said) in [
        ("access_token=a&token_type=mac", "not of the type Bearer"),
        ("token_type=bearer", "no `access_token` and no `error`"),
        (
            "access_token=a&access_token=b&token_type=bearer",
            "`access_token` twice",
        ),
    ] {
        let url = format!(
            "https://app.example/cb#{fragment}&state={}",
            request.state()
        );
        let error = manager.complete_sign_in(&request, &url).await.unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
    assert_eq!(endpoint.count(), 0);
}

#[test]
fn building_a_manager_checks_the_settings_of_its_grant() {
    let endpoint = Endpoint::new([TOKEN]);
    let refused = |builder: TokenManagerBuilder| builder.build().unwrap_err().to_string();
    for (builder, said) in [
        (
            app(&endpoint).authorization_url(""),
            "there is no authorization URL",
        ),
        (
            app(&endpoint).authorization_url("http://acme.example/a"),
            "in the clear",
        ),
        (app(&endpoint).redirect_uri("/cb"), "not an absolute URI"),
        (
            app(&endpoint).redirect_uri("https://app.example/#cb"),
            "a fragment",
        ),
        (
            app(&endpoint).authorization_parameter("state", "x"),
            "`state` itself",
        ),
        (
            app(&endpoint).grant(Grant::DeviceCode),
            "there is no device authorization URL",
        ),
        (app(&endpoint).token_url(""), "there is no token URL"),
        (
            app(&endpoint).issuer("https://acme.example/?x=1"),
            "a query",
        ),
    ] {
        let error = refused(builder);
        assert!(error.contains(said), "{error}");
    }
    assert!(
        app(&endpoint)
            .redirect_uri("com.example.app:/cb")
            .build()
            .is_ok()
    );
    let discovered = app(&endpoint).token_url("").authorization_url("");
    assert!(discovered.issuer("https://acme.example").build().is_ok());
}
