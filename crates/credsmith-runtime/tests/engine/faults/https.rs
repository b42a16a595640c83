//! Credentials go over https only, loopback excepted (F07): whichever scheme they are of, and however a
//! request is sent.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use credsmith_runtime::{
    ApiKeys, AuthorizationLayer, AuthorizationMiddleware, BasicAuth, BearerAuth, BoxError,
    CustomAuth, Requirement, SecretString, SecurityGroup, SendErrorKind, SignRequest, Token,
    TokenManager, TokenProvider, send_authorized, send_secured,
};
use credsmith_token_server::TokenServer;
use http::{Request, Response};
use tower::{Layer, ServiceExt, service_fn};

use super::text_of_chain;
use crate::support::*;

const ACCEPTED: Scripted = Scripted::Response(200, None, "");

/// Other machines, and names that only look like this one.
const ELSEWHERE: [&str; 8] = [
    "http://api.acme.example/things",
    "HTTP://api.acme.example/things",
    "http://api.acme.example:8080/things?x=1",
    "http://10.0.0.1/things",
    "http://localhost.acme.example/things",
    "http://127.0.0.1.acme.example/things",
    "http://127.0.0.1@acme.example/things",
    "http://[2001:db8::1]/things",
];

const ALLOWED: [&str; 6] = [
    "https://api.acme.example/things",
    "http://localhost/things",
    "http://localhost:8080/things",
    "http://127.0.0.1:8080/things",
    "http://127.8.9.10/things",
    "http://[::1]:8080/things",
];

fn to(url: &str) -> Request<Bytes> {
    Request::get(url).body(Bytes::new()).unwrap()
}

struct Signer;

impl SignRequest for Signer {
    fn sign(&self, request: &mut Request<Bytes>) -> Result<(), BoxError> {
        request.headers_mut().insert("x-signature", 1.into());
        Ok(())
    }
}

fn secret() -> SecretString {
    SecretString::from("k-1")
}

fn basic() -> BasicAuth {
    BasicAuth::new("basicAuth", Some("u"), Some(&secret())).unwrap()
}

fn bearer() -> BearerAuth {
    BearerAuth::new("bearerAuth", Some(&secret())).unwrap()
}

fn keys(place: usize) -> ApiKeys {
    let (keys, key) = (ApiKeys::builder("apiKey"), secret());
    let keys = match place {
        0 => keys.header("x-api-key", "", Some(&key)),
        1 => keys.query("key", "", Some(&key)),
        _ => keys.cookie("key", "", Some(&key)),
    };
    keys.unwrap().build().unwrap()
}

fn custom() -> CustomAuth {
    CustomAuth::new("hmac", Some(Arc::new(Signer)))
}

/// Schemes whose credentials need not be fetched.
fn fixed() -> Vec<Requirement> {
    vec![
        needs(&basic(), "basic"),
        needs(&bearer(), "bearer"),
        needs(&keys(0), "header"),
        needs(&keys(1), "query"),
        needs(&keys(2), "cookie"),
        needs(&custom(), "hmac"),
    ]
}

#[track_caller]
fn assert_requires_https(error: &(dyn std::error::Error + 'static), what: &str) {
    let words = text_of_chain(error);
    assert!(words.contains("https"), "{what}: {words}");
}

#[tokio::test]
async fn fault_f07_no_scheme_is_sent_in_the_clear() {
    for scheme in fixed() {
        for url in ELSEWHERE {
            let api = Endpoint::new([ACCEPTED]);
            let outcome = send_secured(&api, &SecurityGroup::new(&[&[&scheme]]), to(url)).await;
            let error = outcome.expect_err(url);
            assert_requires_https(&error, url);
            assert_eq!(error.kind(), SendErrorKind::InsecureUrl);
            assert_eq!(api.count(), 0, "{url}");
        }
    }
}

#[tokio::test]
async fn fault_f07_no_scheme_is_put_on_a_request_in_the_clear() {
    for url in ELSEWHERE {
        let mut request = to(url);
        for error in [
            basic().authorize(&mut request).expect_err(url),
            bearer().authorize(&mut request).expect_err(url),
            keys(0).authorize(&mut request).expect_err(url),
            keys(1).authorize(&mut request).expect_err(url),
            keys(2).authorize(&mut request).expect_err(url),
            custom().sign(&mut request).expect_err(url),
        ] {
            assert_requires_https(&error, url);
        }
        assert!(request.headers().is_empty());
        assert_eq!(request.uri(), to(url).uri());
    }
}

/// A manager whose provider and endpoint count their calls.
fn manager_without_token(endpoint: &Arc<Endpoint>) -> TokenManager {
    builder(endpoint, &clock())
        .token_provider(TokenProvider::new(|_, _| None::<Token>))
        .build()
        .unwrap()
}

#[track_caller]
fn assert_no_calls(manager: &TokenManager, endpoint: &Endpoint) {
    assert_eq!(endpoint.count(), 0, "a token was fetched");
    assert_eq!(manager.statistics().provider_calls, 0);
}

#[tokio::test]
async fn fault_f07_no_token_is_requested_for_a_request_over_plain_http() {
    for url in ELSEWHERE {
        let (endpoint, api) = (
            Endpoint::new([Scripted::Token("3600")]),
            Endpoint::new([ACCEPTED]),
        );
        let manager = manager_without_token(&endpoint);
        let outcome = send_authorized(&api, &manager, to(url)).await;
        assert_requires_https(&outcome.expect_err(url), url);
        let outcome = send_secured(&api, &manager.clone().into(), to(url)).await;
        assert_requires_https(&outcome.expect_err(url), url);
        let mut request = to(url);
        let outcome = manager.authorize(&mut request).await;
        assert_requires_https(&outcome.expect_err(url), url);
        assert!(request.headers().is_empty());
        assert_eq!(api.count(), 0);
        assert_no_calls(&manager, &endpoint);
    }
}

#[tokio::test]
async fn fault_f07_no_token_that_is_there_is_sent_in_the_clear() {
    for url in ELSEWHERE {
        let (endpoint, api) = (Endpoint::new([UNAVAILABLE]), Endpoint::new([ACCEPTED]));
        let manager = builder(&endpoint, &clock()).token(Token::new("a-1"));
        let manager = manager.build().unwrap();
        let outcome = send_authorized(&api, &manager, to(url)).await;
        assert_requires_https(&outcome.expect_err(url), url);
        assert_eq!(api.count(), 0);
        let mut request = to(url);
        assert!(manager.authorize(&mut request).await.is_err());
        assert!(request.headers().is_empty());
    }
}

/// One of them is enough, whichever comes first.
#[tokio::test]
async fn fault_f07_a_combination_is_checked_before_a_token_is_requested() {
    let url = ELSEWHERE[0];
    let (endpoint, api) = (
        Endpoint::new([Scripted::Token("3600")]),
        Endpoint::new([ACCEPTED]),
    );
    let clock = clock();
    let insecure = builder(&endpoint, &clock).allow_insecure_http(true);
    let insecure = insecure.build().unwrap();
    for scheme in fixed() {
        for all in [
            [needs(&insecure, "oauth"), scheme.clone()],
            [scheme.clone(), needs(&insecure, "oauth")],
        ] {
            let outcome = send_secured(&api, &group(&[&all]), to(url)).await;
            assert_requires_https(&outcome.expect_err(url), &format!("{scheme:?}"));
        }
    }
    assert_eq!((endpoint.count(), api.count()), (0, 0));
}

#[tokio::test]
async fn fault_f07_the_layer_sends_nothing_in_the_clear() {
    let sent = Arc::new(AtomicUsize::new(0));
    for url in ELSEWHERE {
        let endpoint = Endpoint::new([Scripted::Token("3600")]);
        let manager = manager_without_token(&endpoint);
        let counter = Arc::clone(&sent);
        let api = service_fn(move |_: Request<Bytes>| {
            counter.fetch_add(1, Ordering::SeqCst);
            async { Ok::<_, Infallible>(Response::new(())) }
        });
        let client = AuthorizationLayer::new(manager.clone()).layer(api);
        let error = client.oneshot(to(url)).await.expect_err(url);
        assert_requires_https(&*error, url);
        assert_no_calls(&manager, &endpoint);
    }
    assert_eq!(sent.load(Ordering::SeqCst), 0);
}

/// A client for which `api.acme.example` is this server.
fn client_of(
    server: &TokenServer,
    manager: TokenManager,
) -> reqwest_middleware::ClientWithMiddleware {
    let here = SocketAddr::new([127, 0, 0, 1].into(), server.address().port());
    let client = reqwest::Client::builder()
        .no_proxy()
        .resolve("api.acme.example", here)
        .build()
        .unwrap();
    reqwest_middleware::ClientBuilder::new(client)
        .with(AuthorizationMiddleware::new(manager))
        .build()
}

#[tokio::test]
async fn fault_f07_the_middleware_sends_nothing_in_the_clear() {
    let server = TokenServer::start_blocking();
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = manager_without_token(&endpoint);
    let client = client_of(&server, manager.clone());
    let port = server.address().port();
    let url = format!("http://api.acme.example:{port}/api/things");
    let outcome = client.get(&url).send().await;
    assert_requires_https(&outcome.expect_err(&url), &url);
    assert!(server.api_requests().is_empty());
    assert_no_calls(&manager, &endpoint);
}

#[tokio::test]
async fn fault_f07_https_and_loopback_are_allowed() {
    let mut schemes = fixed();
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    schemes.push(needs(&manager(&endpoint, &clock()), "oauth"));
    for scheme in schemes {
        for url in ALLOWED {
            let api = Endpoint::new([ACCEPTED]);
            let outcome = send_secured(&api, &SecurityGroup::new(&[&[&scheme]]), to(url)).await;
            assert!(outcome.is_ok(), "{url}: {outcome:?}");
            assert_eq!(api.count(), 1);
        }
    }
}

#[tokio::test]
async fn fault_f07_a_manager_that_may_sends_in_the_clear() {
    for url in ELSEWHERE {
        let (endpoint, api) = (
            Endpoint::new([Scripted::Token("3600")]),
            Endpoint::new([ACCEPTED]),
        );
        let manager = builder(&endpoint, &clock()).allow_insecure_http(true);
        let manager = manager.build().unwrap();
        assert!(send_authorized(&api, &manager, to(url)).await.is_ok());
        let mut request = to(url);
        assert!(manager.authorize(&mut request).await.is_ok());
        assert_eq!(api.count(), 1);
    }
}

#[tokio::test]
async fn fault_f07_a_request_without_credentials_may_go_to_any_url() {
    for url in ELSEWHERE {
        let api = Endpoint::new([ACCEPTED]);
        assert!(send_secured(&api, &group(&[&[]]), to(url)).await.is_ok());
        assert_eq!(api.count(), 1);
    }
}
