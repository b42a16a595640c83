//! Every scheme and security groups through both adaptors: the same rules as those of `send_secured`.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use credsmith_runtime::{
    ApiKeys, AuthorizationLayer, BasicAuth, BearerAuth, BoxError, CustomAuth, SecretString,
    SecurityGroup, SendError, SendErrorKind, SignRequest, Token,
};
use credsmith_token_server::{RecordedRequest, Reply, TokenServer};
use http::{Request, Response, StatusCode};
use reqwest_middleware::ClientWithMiddleware;
use tower::{Layer, ServiceExt, service_fn};

use super::{URL, api, client, request, server, values, with_revoked_token};
use crate::support::*;

/// Signs with what it sees of the body and the other schemes.
#[derive(Clone)]
struct Signer;

impl SignRequest for Signer {
    fn sign(&self, request: &mut Request<Bytes>) -> Result<(), BoxError> {
        let authorization = request.headers().get("authorization");
        let authorization = authorization.map_or("none", |value| value.to_str().unwrap());
        let body = String::from_utf8_lossy(request.body());
        let signature = format!("{body} for {authorization}");
        request
            .headers_mut()
            .insert("x-signature", signature.parse()?);
        Ok(())
    }
}

struct BodyChanger;

impl SignRequest for BodyChanger {
    fn sign(&self, request: &mut Request<Bytes>) -> Result<(), BoxError> {
        *request.body_mut() = "other".into();
        Ok(())
    }
}

fn secret() -> SecretString {
    SecretString::from("k-1")
}

fn keys(place: &str) -> ApiKeys {
    let (keys, key) = (ApiKeys::builder("apiKey"), secret());
    let keys = match place {
        "header" => keys.header("X-Api-Key", "", Some(&key)),
        "query" => keys.query("key", "", Some(&key)),
        _ => keys.cookie("key", "", Some(&key)),
    };
    keys.unwrap().build().unwrap()
}

fn basic(is_configured: bool) -> BasicAuth {
    let password = is_configured.then(secret);
    BasicAuth::new("basicAuth", Some("u"), password.as_ref()).unwrap()
}

fn custom() -> CustomAuth {
    CustomAuth::new("hmac", Some(Arc::new(Signer)))
}

/// A header and its value, or `query` and what the query becomes.
type Expected = (&'static str, &'static str);

/// Each scheme that has nothing to fetch, and what it sets.
fn fixed() -> Vec<(SecurityGroup, Expected)> {
    let bearer = BearerAuth::new("bearerAuth", Some(&secret())).unwrap();
    vec![
        (basic(true).into(), ("authorization", "Basic dTprLTE=")),
        (bearer.into(), ("authorization", "Bearer k-1")),
        (keys("header").into(), ("x-api-key", "k-1")),
        (keys("query").into(), ("query", "page=2&key=k-1")),
        (keys("cookie").into(), ("cookie", "key=k-1")),
        (custom().into(), ("x-signature", "payload for none")),
    ]
}

fn api_server(statuses: &[u16]) -> TokenServer {
    let server = TokenServer::start_blocking();
    for status in statuses {
        server.enqueue_api(Reply::status(*status));
    }
    server
}

async fn post(client: &ClientWithMiddleware, url: String) -> reqwest_middleware::Result<u16> {
    let response = client.post(url).body("payload").send().await?;
    Ok(response.status().as_u16())
}

#[track_caller]
fn send_error(error: reqwest_middleware::Error) -> SendError {
    match error {
        reqwest_middleware::Error::Middleware(error) => error.downcast().unwrap(),
        error @ reqwest_middleware::Error::Reqwest(_) => panic!("{error}"),
    }
}

#[tokio::test]
async fn n04_the_layer_supports_every_scheme() {
    for (security, (name, value)) in fixed() {
        let (api, seen) = api(&[401]);
        let client = AuthorizationLayer::new(security).layer(api);
        let response = client.oneshot(request(URL)).await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        let seen = seen.lock().unwrap();
        let [(uri, headers)] = seen.as_slice() else {
            panic!("{name}: fixed credentials are not sent twice");
        };
        if name == "query" {
            assert_eq!(uri.query(), Some(value));
        } else {
            assert_eq!(headers[name], value);
        }
    }
}

#[tokio::test]
async fn n04_the_middleware_supports_every_scheme() {
    for (security, (name, value)) in fixed() {
        let server = api_server(&[401]);
        let status = post(&client(security).build(), server.api_url("things?page=2")).await;
        assert_eq!(status.unwrap(), 401);
        let seen = server.api_requests();
        let [request] = seen.as_slice() else {
            panic!("{name}: fixed credentials are not sent twice");
        };
        if name == "query" {
            assert_eq!(request.query_parameter("key").as_deref(), Some("k-1"));
            assert_eq!(request.query_parameter("page").as_deref(), Some("2"));
        } else {
            assert_eq!(request.header(name), Some(value));
        }
    }
}

/// The token and a signature over it, or a key.
fn token_and_signature(manager: &credsmith_runtime::TokenManager) -> SecurityGroup {
    let both = [needs(&custom(), "hmac"), needs(manager, "oauth")];
    group(&[&[needs(&basic(false), "basic")], &both])
}

#[tokio::test]
async fn n04_the_layer_authorizes_a_group_again_after_a_401() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = with_revoked_token(&endpoint);
    let (api, seen) = api(&[401, 200]);
    let client = AuthorizationLayer::new(token_and_signature(&manager)).layer(api);
    let response = client.oneshot(request(URL)).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(
        values(&seen, "x-signature"),
        ["payload for Bearer dead", "payload for Bearer token-1"]
    );
    assert_eq!(endpoint.count(), 1);
    assert_eq!(manager.statistics().invalidations, 1);
}

#[tokio::test]
async fn n04_the_middleware_authorizes_a_group_again_after_a_401() {
    let (server, manager) = server();
    manager.set_token(Token::new("dead"));
    let client = client(token_and_signature(&manager)).build();
    assert_eq!(post(&client, server.api_url("x")).await.unwrap(), 200);
    let signature = |request: &RecordedRequest| request.header("x-signature").unwrap().to_owned();
    let signatures: Vec<_> = server.api_requests().iter().map(signature).collect();
    assert_eq!(signatures[0], "payload for Bearer dead");
    assert_eq!(signatures.len(), 2);
    assert_ne!(signatures[0], signatures[1]);
    assert_eq!(manager.statistics().invalidations, 1);
}

#[tokio::test]
async fn n04_errors_of_the_adaptors_name_the_missing_credentials() {
    let unmet = group(&[&[needs(&basic(false), "basic_auth_credentials")]]);
    let expected = "no credentials for the request: set `basic_auth_credentials`";

    let (api, seen) = api(&[200]);
    let layered = AuthorizationLayer::new(unmet.clone()).layer(api);
    let error = layered.oneshot(request(URL)).await.unwrap_err();
    let error: Box<SendError> = error.downcast().unwrap();
    assert_eq!(error.kind(), SendErrorKind::MissingCredentials);
    assert_eq!(error.to_string(), expected);
    assert!(seen.lock().unwrap().is_empty());

    let server = api_server(&[]);
    let error = send_error(
        post(&client(unmet).build(), server.api_url("x"))
            .await
            .unwrap_err(),
    );
    assert_eq!(error.kind(), SendErrorKind::MissingCredentials);
    assert_eq!(error.to_string(), expected);
    assert!(server.api_requests().is_empty());
}

#[tokio::test]
async fn n04_the_adaptors_send_no_scheme_over_plain_http() {
    let url = "http://api.acme.example/things";
    for (security, _) in fixed() {
        let (api, seen) = api(&[200]);
        let layered = AuthorizationLayer::new(security.clone()).layer(api);
        let error = layered.oneshot(request(url)).await.unwrap_err();
        let error: Box<SendError> = error.downcast().unwrap();
        assert_eq!(error.kind(), SendErrorKind::InsecureUrl, "{error}");
        assert!(seen.lock().unwrap().is_empty());

        let error = post(&client(security).build(), url.to_owned()).await;
        let error = send_error(error.unwrap_err());
        assert_eq!(error.kind(), SendErrorKind::InsecureUrl, "{error}");
    }
}

/// A body whose bytes the layer does not know.
#[derive(Clone)]
struct Opaque;

#[tokio::test]
async fn n04_a_body_that_cannot_be_read_is_not_signed() {
    let expected =
        "the request could not be signed for hmac: its body cannot be read before it is sent";
    let api = service_fn(|_: Request<Opaque>| async { Ok::<_, Infallible>(Response::new(())) });
    let opaque = || Request::get(URL).body(Opaque).unwrap();
    let error = AuthorizationLayer::new(custom()).layer(api);
    let error = error.oneshot(opaque()).await.unwrap_err();
    assert_eq!(error.to_string(), expected);
    // Other schemes need no body.
    let layered = AuthorizationLayer::new(basic(true)).layer(api);
    assert!(layered.oneshot(opaque()).await.is_ok());

    let server = api_server(&[204]);
    let streamed = |security: SecurityGroup| {
        let body = reqwest::Body::wrap(reqwest::Body::from("payload"));
        let request = client(security)
            .build()
            .post(server.api_url("x"))
            .body(body);
        request.send()
    };
    let error = send_error(streamed(custom().into()).await.unwrap_err());
    assert_eq!(error.to_string(), expected);
    assert!(server.api_requests().is_empty());
    let response = streamed(basic(true).into()).await.unwrap();
    assert_eq!(response.status(), 204);
}

#[tokio::test]
async fn n04_a_signer_that_changes_the_body_is_an_error_of_the_adaptors() {
    let changer = CustomAuth::new("hmac", Some(Arc::new(BodyChanger)));
    let (api, seen) = api(&[200]);
    let layered = AuthorizationLayer::new(changer).layer(api);
    let error = layered.oneshot(request(URL)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the request could not be signed for hmac: a scheme cannot change the body here"
    );
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn n04_a_group_authorizes_a_request_for_any_client() {
    for (security, (name, value)) in fixed() {
        let mut request = request(URL);
        security.authorize(&mut request).await.unwrap();
        if name == "query" {
            assert_eq!(request.uri().query(), Some(value));
        } else {
            assert_eq!(request.headers()[name], value);
        }
    }
}
