//! Security groups: the schemes that authorize a request, and the effect of a 401.

use std::slice;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use credsmith_runtime::{
    ApiKeys, BasicAuth, BearerAuth, BoxError, CustomAuth, Requirement, SecretString, SendError,
    SendErrorKind, SignRequest, Statistics, Token, TokenErrorKind, TokenFetch, TokenManager,
    TokenProvider, send_secured,
};
use http::header::AUTHORIZATION;
use http::{HeaderMap, Request, Response};

use crate::support::*;

const ACCEPTED: Scripted = Scripted::Response(200, None, "");
const REFUSED: Scripted = Scripted::Response(401, None, "");

fn basic(configured: bool) -> BasicAuth {
    let password = SecretString::from("p");
    let given = configured.then_some(("u", &password));
    let (username, password) = given.unzip();
    BasicAuth::new("basicAuth", username, password).unwrap()
}

fn keys(configured: bool) -> ApiKeys {
    let value = SecretString::from("k-1");
    let builder = ApiKeys::builder("apiKey").header("X-Api-Key", "", configured.then_some(&value));
    builder.unwrap().build().unwrap()
}

fn request() -> Request<Bytes> {
    Request::post("https://api.acme.example/things?x=1")
        .body("payload".into())
        .unwrap()
}

async fn send(
    api: &Endpoint,
    alternatives: &[&[Requirement]],
) -> Result<Response<Bytes>, SendError> {
    send_secured(api, &group(alternatives), request()).await
}

/// The headers of the requests that `api` has got.
fn headers(api: &Endpoint) -> Vec<HeaderMap> {
    let requests = api.requests().into_iter();
    requests.map(|request| request.headers().clone()).collect()
}

fn authorizations(api: &Endpoint) -> Vec<String> {
    let text = |headers: &HeaderMap| headers[AUTHORIZATION].to_str().unwrap().to_owned();
    headers(api).iter().map(text).collect()
}

#[tokio::test]
async fn the_first_alternative_that_is_configured_wins() {
    let bearer = BearerAuth::new("bearerAuth", Some(&"b-1".into())).unwrap();
    for (has_keys, has_basic, expected) in [
        (true, true, (Some("k-1"), Some("Basic dTpw"))),
        (true, false, (None, Some("Bearer b-1"))),
        (false, true, (None, Some("Bearer b-1"))),
    ] {
        let (keys, basic) = (keys(has_keys), basic(has_basic));
        let both = [needs(&keys, "keys"), needs(&basic, "basic")];
        let api = Endpoint::new([ACCEPTED]);
        let last = [needs(&bearer, "bearer")];
        send(&api, &[&both, &last, &[]]).await.unwrap();
        let headers = &headers(&api)[0];
        let value = |name: &str| headers.get(name).map(|value| value.to_str().unwrap());
        assert_eq!((value("x-api-key"), value("authorization")), expected);
    }
}

#[tokio::test]
async fn peer_defect_22_either_or_never_sends_both() {
    let (keys, basic) = (keys(true), basic(true));
    for (first, second, absent) in [
        (needs(&keys, "a"), needs(&basic, "b"), "authorization"),
        (needs(&basic, "a"), needs(&keys, "b"), "x-api-key"),
    ] {
        for answer in [ACCEPTED, REFUSED] {
            let api = Endpoint::new([answer]);
            let alternatives = [slice::from_ref(&first), slice::from_ref(&second)];
            send(&api, &alternatives).await.unwrap();
            let headers = headers(&api);
            assert_eq!(
                headers.len(),
                1,
                "a fixed key is not sent again after a 401"
            );
            assert_eq!(headers[0].len(), 1);
            assert!(!headers[0].contains_key(absent));
        }
    }
}

#[tokio::test]
async fn peer_defect_22_two_oauth_schemes_have_separate_tokens() {
    let answers = [
        r#"{"access_token":"of-one"}"#,
        r#"{"access_token":"of-two"}"#,
    ];
    let endpoints = answers.map(|body| Endpoint::new([Scripted::Response(200, None, body)]));
    let one = manager(&endpoints[0], &clock());
    let two = manager(&endpoints[1], &clock());
    let api = Endpoint::new([ACCEPTED]);
    for manager in [&one, &two, &one] {
        send(&api, &[&[needs(manager, "credentials")]])
            .await
            .unwrap();
    }
    assert_eq!(
        authorizations(&api),
        ["Bearer of-one", "Bearer of-two", "Bearer of-one"]
    );
    assert_eq!(endpoints.map(|endpoint| endpoint.count()), [1, 1]);
}

#[tokio::test]
async fn peer_defect_19_choosing_does_no_io() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let configured = builder(&endpoint, &clock())
        .token_provider(TokenProvider::new(|_, _| -> Option<Token> {
            panic!("the provider was asked")
        }))
        .build()
        .unwrap();
    let bare = bare(&endpoint, &clock()).build().unwrap();
    let (keys, absent) = (keys(true), keys(false));
    let api = Endpoint::new([ACCEPTED]);

    // Before what is chosen, beside it, and after it.
    let beside = [needs(&configured, "configured"), needs(&absent, "keys")];
    let after = [needs(&configured, "configured")];
    let chosen = [needs(&keys, "keys")];
    let bare = [needs(&bare, "bare")];
    send(&api, &[&bare, &beside, &chosen, &after])
        .await
        .unwrap();
    assert_eq!(headers(&api)[0]["x-api-key"], "k-1");

    let error = send(&api, &[&bare, &beside]).await.unwrap_err();
    assert_eq!(error.kind(), SendErrorKind::MissingCredentials);
    assert_eq!(api.count(), 1);
    assert_eq!(endpoint.count(), 0);
    assert_eq!(configured.statistics(), Statistics::default());
}

#[tokio::test]
async fn the_error_for_a_missing_combination_names_the_credentials_to_set() {
    let (absent, present, basic) = (keys(false), keys(true), basic(false));
    let oauth = bare(&Endpoint::new([REFUSED]), &clock()).build().unwrap();
    let oauth = [needs(&oauth, "o_auth_2_credentials")];
    let absent = [needs(&absent, "api_key_credentials")];
    let both = [
        needs(&present, "api_key_credentials"),
        needs(&basic, "basic_auth_credentials"),
    ];
    let api = Endpoint::new([ACCEPTED]);
    for (alternatives, expected) in [
        (&[&oauth[..]][..], "set `o_auth_2_credentials`"),
        (
            &[&absent, &oauth],
            "set `api_key_credentials`, or `o_auth_2_credentials`",
        ),
        (
            &[&oauth, &both],
            "set `o_auth_2_credentials`, or `api_key_credentials` and `basic_auth_credentials`",
        ),
    ] {
        let error = send(&api, alternatives).await.unwrap_err();
        assert_eq!(error.kind(), SendErrorKind::MissingCredentials);
        let expected = format!("no credentials for the request: {expected}");
        assert_eq!(error.to_string(), expected);
    }
    assert_eq!(
        send(&api, &[]).await.unwrap_err().kind(),
        SendErrorKind::MissingCredentials
    );
    assert_eq!(api.count(), 0);
}

#[tokio::test]
async fn an_alternative_without_schemes_sends_the_request_as_it_is() {
    let api = Endpoint::new([REFUSED]);
    let basic = basic(false);
    let response = send(&api, &[&[needs(&basic, "basic")], &[]]).await;
    assert_eq!(response.unwrap().status(), 401);
    let requests = api.requests();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].headers().is_empty());
    assert_eq!(requests[0].uri(), request().uri());
}

/// Signs with the number of the signature, and what it saw.
#[derive(Default)]
struct Signer(Mutex<Vec<String>>);

impl SignRequest for Signer {
    fn sign(&self, request: &mut Request<Bytes>) -> Result<(), BoxError> {
        let mut seen = self.0.lock().unwrap();
        let authorization = request.headers()[AUTHORIZATION].to_str()?;
        let body = String::from_utf8_lossy(request.body());
        seen.push(format!("{} {authorization} {body}", request.uri()));
        request
            .headers_mut()
            .append("x-signature", seen.len().into());
        Ok(())
    }
}

#[tokio::test]
async fn a_401_in_a_combination_replaces_the_token_and_all_schemes_are_applied_again() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = builder(&endpoint, &clock())
        .token(Token::new("dead"))
        .build()
        .unwrap();
    let notary = Arc::new(Signer::default());
    let signer: Arc<dyn SignRequest> = Arc::<Signer>::clone(&notary);
    let custom = CustomAuth::new("hmac", Some(signer));
    let key = SecretString::from("k-1");
    let keys = ApiKeys::builder("apiKey")
        .query("key", "", Some(&key))
        .unwrap();
    let keys = keys.build().unwrap();
    // The signature stands first, and is made last nevertheless.
    let all = [
        needs(&custom, "hmac"),
        needs(&manager, "oauth"),
        needs(&keys, "keys"),
    ];
    let api = Endpoint::new([REFUSED, ACCEPTED]);
    let response = send(&api, &[&all]).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(authorizations(&api), ["Bearer dead", "Bearer token-1"]);
    let url = "https://api.acme.example/things?x=1&key=k-1";
    assert_eq!(
        *notary.0.lock().unwrap(),
        [
            format!("{url} Bearer dead payload"),
            format!("{url} Bearer token-1 payload"),
        ]
    );
    for (number, request) in api.requests().iter().enumerate() {
        let signatures: Vec<_> = request.headers().get_all("x-signature").iter().collect();
        assert_eq!(signatures, [&(number + 1).to_string()]);
        assert_eq!(request.uri(), url);
        assert_eq!(request.body(), "payload");
    }
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn the_second_401_of_a_combination_is_the_callers() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &clock());
    let keys = keys(true);
    let api = Endpoint::new([REFUSED]);
    let response = send(&api, &[&[needs(&manager, "oauth"), needs(&keys, "keys")]]).await;
    assert_eq!(response.unwrap().status(), 401);
    assert_eq!(authorizations(&api), ["Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn a_403_changes_nothing() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &clock());
    let api = Endpoint::new([Scripted::Response(403, None, "")]);
    let response = send(&api, &[&[needs(&manager, "oauth")]]).await.unwrap();
    assert_eq!(response.status(), 403);
    assert_eq!((api.count(), endpoint.count()), (1, 1));
    assert!(manager.current_token().is_some());
}

#[tokio::test]
async fn a_token_that_was_set_is_dropped_and_the_caller_gets_the_401() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = builder(&endpoint, &clock())
        .token_fetch(TokenFetch::Manual)
        .token(Token::new("dead"))
        .build()
        .unwrap();
    let keys = keys(true);
    let api = Endpoint::new([REFUSED]);
    let response = send(&api, &[&[needs(&manager, "oauth"), needs(&keys, "keys")]]).await;
    assert_eq!(response.unwrap().status(), 401);
    assert_eq!((api.count(), endpoint.count()), (1, 0));
    assert!(manager.current_token().is_none());
}

#[tokio::test]
async fn a_failed_token_request_does_not_lead_to_the_next_alternative() {
    let endpoint = Endpoint::new([INVALID_CLIENT]);
    let manager = manager(&endpoint, &clock());
    let keys = keys(true);
    let api = Endpoint::new([ACCEPTED]);
    let error = send(
        &api,
        &[&[needs(&manager, "oauth")], &[needs(&keys, "keys")]],
    )
    .await;
    let error = error.unwrap_err();
    assert_eq!(
        error.as_token_error().unwrap().kind(),
        TokenErrorKind::InvalidClient
    );
    assert_eq!(error.kind(), SendErrorKind::Token);
    assert_eq!(api.count(), 0);
}

/// The future of a call moves between threads, and schemes are shared between them.
#[tokio::test]
async fn calls_can_be_spawned() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager: TokenManager = manager(&endpoint, &clock());
    let task = tokio::spawn(async move {
        let api = Endpoint::new([ACCEPTED]);
        let response = send(&api, &[&[needs(&manager, "oauth")]]).await;
        response.unwrap().status()
    });
    assert_eq!(task.await.unwrap(), 200);
}
