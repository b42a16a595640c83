//! How the layer and the middleware handle a 401 of the API.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use credsmith_runtime::{AuthorizationLayer, Token};
use credsmith_token_server::{Reply, TokenServer};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{Extensions, Request, Response};
use reqwest_middleware::{ClientWithMiddleware, Middleware, Next};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::{Layer, ServiceExt, service_fn};

use super::{URL, api, client, request, server, values, with_revoked_token};
use crate::support::*;

/// The time limit for work that may hang.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// A client whose one connection is free again when the body of the response before is gone.
#[tokio::test]
async fn the_layer_drops_the_401_before_it_sends_again() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let connection = Arc::new(Semaphore::new(1));
    let api = service_fn(move |request: Request<Bytes>| {
        let connection = Arc::clone(&connection);
        async move {
            let body: OwnedSemaphorePermit = connection.acquire_owned().await.unwrap();
            let is_good = request.headers()[AUTHORIZATION] == "Bearer token-1";
            let status = if is_good { 200 } else { 401 };
            Ok::<_, Infallible>(Response::builder().status(status).body(body).unwrap())
        }
    });
    let client = AuthorizationLayer::new(with_revoked_token(&endpoint)).layer(api);
    let response = tokio::time::timeout(PATIENCE, client.oneshot(request(URL)));
    let response = response.await.expect("it waits for itself").unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn the_layer_returns_the_401_if_the_same_token_is_issued_again() {
    let same = r#"{"access_token":"same","expires_in":3600}"#;
    let endpoint = Endpoint::new([Scripted::Response(200, None, same)]);
    let manager = manager(&endpoint, &clock());
    let (api, seen) = api(&[401]);
    let client = AuthorizationLayer::new(manager).layer(api);
    let response = client.oneshot(request(URL)).await.unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(values(&seen, "authorization"), ["Bearer same"]);
}

#[tokio::test]
async fn a_dropped_call_of_the_layer_costs_no_second_fetch() {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let clock = credsmith_runtime::ManualClock::new(start());
    let (api, seen) = api(&[200]);
    let client = AuthorizationLayer::new(manager(&endpoint, &clock)).layer(api);
    let first = client.clone().oneshot(request(URL));
    let first = tokio::time::timeout(std::time::Duration::from_millis(20), first);
    assert!(first.await.is_err());
    endpoint.open();
    client.oneshot(request(URL)).await.unwrap();
    assert_eq!(values(&seen, "authorization"), ["Bearer token-1"]);
    assert_eq!(endpoint.count(), 1);
}

async fn status(client: &ClientWithMiddleware, url: String) -> u16 {
    let response = tokio::time::timeout(PATIENCE, client.get(url).send()).await;
    let response = response.expect("it waits for itself").unwrap();
    response.status().as_u16()
}

/// Allows one response at a time.
struct OneByOne(Arc<Semaphore>);

#[async_trait::async_trait]
impl Middleware for OneByOne {
    async fn handle(
        &self,
        request: reqwest::Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        let permit = Arc::clone(&self.0).acquire_owned().await.unwrap();
        let mut response = next.run(request, extensions).await?;
        response.extensions_mut().insert(Arc::new(permit));
        Ok(response)
    }
}

#[tokio::test]
async fn the_middleware_drops_the_401_before_it_sends_again() {
    let (server, manager) = server();
    manager.set_token(Token::new("dead"));
    let one_by_one = OneByOne(Arc::new(Semaphore::new(1)));
    let client = client(manager.clone()).with(one_by_one).build();
    assert_eq!(status(&client, server.api_url("x")).await, 200);
}

#[tokio::test]
async fn the_middleware_returns_the_401_if_the_same_token_is_issued_again() {
    let server = TokenServer::start_blocking();
    let challenge = "Bearer error=\"insufficient_user_authentication\"";
    server.enqueue_api(Reply::status(401).with_header("www-authenticate", challenge));
    let same = r#"{"access_token":"same","expires_in":3600}"#;
    let endpoint = Endpoint::new([Scripted::Response(200, None, same)]);
    let client = client(manager(&endpoint, &clock())).build();
    let response = client.get(server.api_url("x")).send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()[WWW_AUTHENTICATE], challenge);
    assert_eq!(server.api_requests().len(), 1);
}

/// Only the API that the token was sent to can invalidate it.
#[tokio::test]
async fn a_401_of_another_host_after_a_redirect_keeps_the_token() {
    let (server, manager) = server();
    let elsewhere = TokenServer::start_blocking();
    let client = client(manager.clone()).build();
    for _ in 0..3 {
        let redirect = Reply::status(302).with_header("location", elsewhere.api_url("download"));
        server.enqueue_api(redirect);
        assert_eq!(status(&client, server.api_url("x")).await, 401);
    }
    let seen = elsewhere.api_requests();
    assert_eq!(seen.len(), 3, "nothing is sent again");
    assert!(seen.iter().all(|request| request.bearer_token().is_none()));
    assert_eq!(manager.statistics().invalidations, 0);
    assert_eq!(server.token_requests().len(), 1);
}

#[tokio::test]
async fn a_401_after_a_redirect_of_the_api_to_itself_is_one_of_the_api() {
    let (server, manager) = server();
    manager.set_token(Token::new("dead"));
    let client = client(manager.clone()).build();
    let redirect = Reply::status(302).with_header("location", server.api_url("y"));
    server.enqueue_api(redirect);
    assert_eq!(status(&client, server.api_url("x")).await, 200);
    assert_eq!(manager.statistics().invalidations, 1);
}
