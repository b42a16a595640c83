//! The layer for tower and the middleware for reqwest, over the wire.

mod refused;
mod schemes;

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use credsmith_runtime::{
    AuthorizationLayer, AuthorizationMiddleware, SendError, Token, TokenErrorKind, TokenManager,
};
use credsmith_token_server::TokenServer;
use http::header::AUTHORIZATION;
use http::{Request, Response};
use tower::{Layer, Service, ServiceExt, service_fn};

use crate::support::*;

type Seen = Arc<Mutex<Vec<String>>>;

/// An API that accepts one token, and the tokens it has seen.
fn api(
    accepts: &'static str,
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
        let value = request.headers()[AUTHORIZATION]
            .to_str()
            .unwrap()
            .to_owned();
        let status = if value.ends_with(accepts) { 200 } else { 401 };
        list.lock().unwrap().push(value);
        async move { Ok(Response::builder().status(status).body(()).unwrap()) }
    });
    (service, seen)
}

fn request() -> Request<Bytes> {
    Request::post("https://api.acme.example/things")
        .body("payload".into())
        .unwrap()
}

fn with_dead_token(endpoint: &Arc<Endpoint>) -> TokenManager {
    builder(endpoint, &clock())
        .token(Token::new("dead"))
        .build()
        .unwrap()
}

#[tokio::test]
async fn the_layer_authorizes_and_sends_once_more_after_a_401() {
    let endpoint = Endpoint::new([Answer::Token("3600")]);
    let (api, seen) = api("token-1");
    let mut client = AuthorizationLayer::new(with_dead_token(&endpoint)).layer(api);
    for _ in 0..2 {
        let response = client.ready().await.unwrap().call(request()).await.unwrap();
        assert_eq!(response.status(), 200);
    }
    assert_eq!(
        *seen.lock().unwrap(),
        ["Bearer dead", "Bearer token-1", "Bearer token-1"]
    );
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn a_body_that_cannot_be_had_twice_is_sent_once_and_the_token_dropped() {
    let endpoint = Endpoint::new([Answer::Token("3600")]);
    let (api, seen) = api("token-1");
    let layer = AuthorizationLayer::new(with_dead_token(&endpoint));
    let client = layer.replaying(|_: &Bytes| None).layer(api);
    let statuses = [
        client.clone().oneshot(request()).await.unwrap().status(),
        client.oneshot(request()).await.unwrap().status(),
    ];
    assert_eq!(statuses.map(|status| status.as_u16()), [401, 200]);
    assert_eq!(*seen.lock().unwrap(), ["Bearer dead", "Bearer token-1"]);
}

#[tokio::test]
async fn the_layer_passes_on_why_there_is_no_token() {
    let endpoint = Endpoint::new([INVALID_CLIENT]);
    let client = AuthorizationLayer::new(manager(&endpoint, &clock())).layer(api("x").0);
    let error = client.oneshot(request()).await.unwrap_err();
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
    let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
        .with(AuthorizationMiddleware::new(manager))
        .build();
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
