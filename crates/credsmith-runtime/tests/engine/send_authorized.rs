//! Requests to an API with `send_authorized`, and a 401.

use std::sync::Arc;

use bytes::Bytes;
use credsmith_runtime::{
    BoxFuture, SendErrorKind, Token, TokenErrorKind, TokenFetch, Transport, TransportError,
    send_authorized,
};
use futures_util::future::join_all;
use http::header::AUTHORIZATION;
use http::{Request, Response};

use crate::support::*;

/// An API that accepts one token and records its requests.
struct Api {
    accepts: &'static str,
    requests: std::sync::Mutex<Vec<Request<Bytes>>>,
}

impl Api {
    fn new(accepts: &'static str) -> Arc<Self> {
        Arc::new(Self {
            accepts,
            requests: std::sync::Mutex::default(),
        })
    }

    fn tokens(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        requests
            .iter()
            .map(|request| {
                request.headers()[AUTHORIZATION]
                    .to_str()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    }
}

impl Transport for Api {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let accepted = request.headers()[AUTHORIZATION] == format!("Bearer {}", self.accepts);
        self.requests.lock().unwrap().push(request);
        let status = if accepted { 200 } else { 401 };
        Box::pin(async move {
            Ok(Response::builder()
                .status(status)
                .body(Bytes::new())
                .unwrap())
        })
    }
}

fn request() -> Request<Bytes> {
    Request::post("https://api.acme.example/things")
        .body("payload".into())
        .unwrap()
}

#[tokio::test]
async fn peer_defect_13_a_401_drops_the_token_and_the_request_is_sent_once_more() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let api = Api::new("token-1");
    let manager = builder(&endpoint, &clock())
        .token(Token::new("dead"))
        .build()
        .unwrap();
    let response = send_authorized(api.as_ref(), &manager, request())
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(api.tokens(), ["Bearer dead", "Bearer token-1"]);
    assert!(
        api.requests
            .lock()
            .unwrap()
            .iter()
            .all(|request| request.body() == "payload")
    );
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn the_second_401_is_the_callers() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let api = Api::new("none");
    let manager = manager(&endpoint, &clock());
    let response = send_authorized(api.as_ref(), &manager, request())
        .await
        .unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(api.tokens(), ["Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn an_api_that_rejects_every_token_does_not_cost_a_token_request_per_request() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let api = Api::new("none");
    let clock = clock();
    let manager = manager(&endpoint, &clock);
    for _ in 0..1_000 {
        let response = send_authorized(api.as_ref(), &manager, request()).await;
        assert_eq!(response.unwrap().status(), 401);
    }
    assert_eq!(endpoint.count(), 4, "the first token, and three refusals");
    assert!(
        api.tokens().len() <= 1_003,
        "nothing is sent again with the same token"
    );
    for _ in 0..3_600 {
        clock.advance(seconds(1));
        send_authorized(api.as_ref(), &manager, request())
            .await
            .unwrap();
    }
    assert!(
        endpoint.count() < 75,
        "{} fetches in an hour",
        endpoint.count()
    );

    clock.advance(seconds(660));
    let before = endpoint.count();
    let accepting: &'static str = format!("token-{}", before + 1).leak();
    let api = Api::new(accepting);
    let response = send_authorized(api.as_ref(), &manager, request());
    assert_eq!(
        response.await.unwrap().status(),
        200,
        "a later refusal is taken at its word"
    );
}

#[tokio::test]
async fn a_hundred_401s_for_one_token_cause_one_refresh() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let api = Api::new("token-1");
    let manager = builder(&endpoint, &clock())
        .token(Token::new("dead"))
        .build()
        .unwrap();
    let all = join_all((0..100).map(|_| send_authorized(api.as_ref(), &manager, request()))).await;
    assert!(
        all.into_iter()
            .all(|response| response.unwrap().status() == 200)
    );
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn peer_defect_36_a_late_401_for_an_old_token_keeps_the_newer_one() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &clock());
    let old = manager.token().await.unwrap();
    manager.invalidate(&old);
    assert!(manager.current_token().is_none());
    assert_eq!(token_of(&manager).await, "token-2");
    manager.invalidate(&old);
    assert_eq!(text(&manager.current_token().unwrap()), "token-2");
    assert_eq!(manager.statistics().invalidations, 1);
}

#[tokio::test]
async fn the_manual_flow_drops_the_token_but_sends_nothing_again() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let api = Api::new("other");
    let manager = builder(&endpoint, &clock())
        .token_fetch(TokenFetch::Manual)
        .token(Token::new("dead"))
        .build()
        .unwrap();
    let response = send_authorized(api.as_ref(), &manager, request())
        .await
        .unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(api.tokens().len(), 1);
    assert_eq!(endpoint.count(), 0);
    let error = send_authorized(api.as_ref(), &manager, request())
        .await
        .unwrap_err();
    assert_eq!(
        error.as_token_error().unwrap().kind(),
        TokenErrorKind::FetchNeeded
    );
    assert_eq!(error.kind(), SendErrorKind::Token);
}

#[tokio::test]
async fn header_values_are_sensitive_and_odd_tokens_are_not_sent() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &clock());
    let mut request = request();
    manager.authorize(&mut request).await.unwrap();
    assert_eq!(request.headers()[AUTHORIZATION], "Bearer token-1");
    assert!(request.headers()[AUTHORIZATION].is_sensitive());
    for odd in [
        Token::new("a\nb"),
        Token::new("a").with_token_type("DPoP"),
        Token::new(""),
    ] {
        manager.set_token(odd);
        assert!(manager.try_authorization().is_none());
        assert!(manager.authorization().await.is_err());
    }
}

#[tokio::test]
async fn an_authorization_header_set_before_is_replaced_once() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let api = Api::new("token-1");
    let mut request = request();
    for before in ["Basic x", "Basic y"] {
        let value = http::HeaderValue::from_static(before);
        request.headers_mut().append(AUTHORIZATION, value);
    }
    send_authorized(api.as_ref(), &manager(&endpoint, &clock()), request)
        .await
        .unwrap();
    let requests = api.requests.lock().unwrap();
    let all: Vec<_> = requests[0]
        .headers()
        .get_all(AUTHORIZATION)
        .iter()
        .collect();
    assert_eq!(all, ["Bearer token-1"]);
}
