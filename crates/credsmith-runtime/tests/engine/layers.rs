//! The layer for tower and the middleware for reqwest, over the wire.

mod schemes;
mod unauthorized;

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use credsmith_runtime::{
    AuthorizationLayer, AuthorizationMiddleware, SecurityGroup, SendError, Token, TokenErrorKind,
    TokenManager,
};
use credsmith_token_server::TokenServer;
use http::{HeaderMap, Request, Response, Uri};
use reqwest_middleware::ClientBuilder;
use tower::{Layer, Service, ServiceExt, service_fn};

use crate::support::*;

/// The URLs and the headers of the requests that reached an API.
type Seen = Arc<Mutex<Vec<(Uri, HeaderMap)>>>;

/// An API that returns one status after the other, the last one again and again.
fn api(
    statuses: &'static [u16],
) -> (
    impl Service<Request<Bytes>, Response = Response<()>, Error = Infallible, Future: Send>
    + Clone
    + Send
    + 'static,
    Seen,
) {
    let seen = Seen::default();
    let list = Arc::clone(&seen);
    let service = service_fn(move |request: Request<Bytes>| {
        assert_eq!(request.body(), "payload");
        let mut list = list.lock().unwrap();
        let status = statuses[list.len().min(statuses.len() - 1)];
        list.push((request.uri().clone(), request.headers().clone()));
        async move { Ok(Response::builder().status(status).body(()).unwrap()) }
    });
    (service, seen)
}

/// The values of a header that each request has.
fn values(seen: &Seen, name: &str) -> Vec<String> {
    let seen = seen.lock().unwrap();
    let values = seen.iter().map(|(_, headers)| headers.get(name).unwrap());
    values
        .map(|value| value.to_str().unwrap().to_owned())
        .collect()
}

const URL: &str = "https://api.acme.example/things?page=2";

fn request(url: &str) -> Request<Bytes> {
    Request::post(url).body("payload".into()).unwrap()
}

/// A client of the crate reqwest-middleware.
fn client(security: impl Into<SecurityGroup>) -> ClientBuilder {
    ClientBuilder::new(reqwest::Client::new()).with(AuthorizationMiddleware::new(security))
}

fn with_revoked_token(endpoint: &Arc<Endpoint>) -> TokenManager {
    builder(endpoint, &clock())
        .token(Token::new("dead"))
        .build()
        .unwrap()
}

#[tokio::test]
async fn the_layer_authorizes_and_sends_once_more_after_a_401() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let (api, seen) = api(&[401, 200]);
    let mut client = AuthorizationLayer::new(with_revoked_token(&endpoint)).layer(api);
    for _ in 0..2 {
        let response = client
            .ready()
            .await
            .unwrap()
            .call(request(URL))
            .await
            .unwrap();
        assert_eq!(response.status(), 200);
    }
    assert_eq!(
        values(&seen, "authorization"),
        ["Bearer dead", "Bearer token-1", "Bearer token-1"]
    );
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn a_body_that_cannot_be_cloned_is_sent_once_and_the_token_is_invalidated() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let (api, seen) = api(&[401, 200]);
    let layer = AuthorizationLayer::new(with_revoked_token(&endpoint));
    let client = layer.replaying(|_: &Bytes| None).layer(api);
    let statuses = [
        client.clone().oneshot(request(URL)).await.unwrap().status(),
        client.oneshot(request(URL)).await.unwrap().status(),
    ];
    assert_eq!(statuses.map(|status| status.as_u16()), [401, 200]);
    assert_eq!(
        values(&seen, "authorization"),
        ["Bearer dead", "Bearer token-1"]
    );
}

#[tokio::test]
async fn the_layer_returns_the_error_of_the_token_request() {
    let endpoint = Endpoint::new([INVALID_CLIENT]);
    let client = AuthorizationLayer::new(manager(&endpoint, &clock())).layer(api(&[200]).0);
    let error = client.oneshot(request(URL)).await.unwrap_err();
    let error = error.downcast_ref::<SendError>().unwrap();
    let error = error.as_token_error().unwrap();
    assert_eq!(error.kind(), TokenErrorKind::InvalidClient);
}

/// A server with an API, and a manager of its tokens.
fn server() -> (TokenServer, TokenManager) {
    let server = TokenServer::start_blocking();
    server.register_client("id", "secret");
    let manager = TokenManager::builder("acme_oauth")
        .token_url(server.token_url())
        .client_id("id")
        .client_secret("secret".into())
        .build()
        .unwrap();
    (server, manager)
}

#[tokio::test]
async fn the_middleware_replaces_a_revoked_token() {
    let (server, manager) = server();
    let client = client(manager).build();
    for expected in [1, 1, 2] {
        if expected == 2 {
            server.revoke_all();
        }
        let response = client
            .post(server.api_url("x"))
            .body("b")
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(server.token_requests().len(), expected);
    }
    server.clear_clients();
    server.revoke_all();
    let error = client.get(server.api_url("x")).send().await.unwrap_err();
    assert!(format!("{error:?}").contains("invalid_client"), "{error:?}");
}
