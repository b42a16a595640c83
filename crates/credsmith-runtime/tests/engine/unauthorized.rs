//! A 401 of the API if there is no other token for a second attempt.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use credsmith_runtime::{
    Applied, Authorizer, BoxError, BoxFuture, Grant, Requirement, SendError, Token, TokenErrorKind,
    TokenManager, TokenProvider, send_authorized, send_secured,
};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{Request, Response};

use crate::support::*;

const STEP_UP: &str = "Bearer error=\"insufficient_user_authentication\"";

/// The response of an API that requires another authentication of the user.
const UNAUTHORIZED: Scripted =
    Scripted::Response(401, Some(("www-authenticate", STEP_UP)), "step up");

/// A server that issues the same token again.
const SAME: Scripted =
    Scripted::Response(200, None, r#"{"access_token":"same","expires_in":3600}"#);

fn request() -> Request<Bytes> {
    Request::get("https://api.acme.example/things")
        .body(Bytes::new())
        .unwrap()
}

/// Sends a request to an API that always returns 401. Returns the `Authorization` headers and the outcome.
async fn send_to_unauthorized(
    manager: &TokenManager,
) -> (Vec<String>, Result<Response<Bytes>, SendError>) {
    let api = Endpoint::new([UNAUTHORIZED]);
    let outcome = send_authorized(api.as_ref(), manager, request()).await;
    let requests = api.requests();
    let sent = requests.iter().map(|request| {
        let value = request.headers()[AUTHORIZATION].to_str();
        value.unwrap().to_owned()
    });
    (sent.collect(), outcome)
}

fn is_the_apis(response: &Response<Bytes>) -> bool {
    response.status() == 401
        && response.headers()[WWW_AUTHENTICATE] == STEP_UP
        && response.body() == "step up"
}

#[tokio::test]
async fn without_a_way_to_request_a_token_the_error_has_a_hint() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let token = || Token::new("the-only-one");
    let alone = bare(&endpoint, &clock()).token(token());
    let of_a_user = builder(&endpoint, &clock())
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .token(token());
    let provided = bare(&endpoint, &clock())
        .token(token())
        .token_provider(TokenProvider::new(|_, _| async { Ok::<_, BoxError>(None) }));
    for (builder, wanted) in [
        (alone, "oauth_client_id and oauth_client_secret are not set"),
        (of_a_user, "send the user to the URL"),
        (
            provided,
            "oauth_client_id and oauth_client_secret are not set",
        ),
    ] {
        let manager = builder.build().unwrap();
        let (sent, outcome) = send_to_unauthorized(&manager).await;
        assert_eq!(sent, ["Bearer the-only-one"]);
        let error = outcome.unwrap_err();
        let said = error.as_token_error().unwrap().to_string();
        assert!(said.contains(wanted), "{said}");
        assert!(manager.current_token().is_none(), "it is dropped");
    }
    assert_eq!(endpoint.count(), 0);
}

#[tokio::test]
async fn a_failed_request_after_a_401_returns_its_error() {
    let endpoint = Endpoint::new([INVALID_CLIENT]);
    let manager = builder(&endpoint, &clock())
        .token(Token::new("dead"))
        .build()
        .unwrap();
    let (_, outcome) = send_to_unauthorized(&manager).await;
    let error = outcome.unwrap_err();
    assert_eq!(
        error.as_token_error().unwrap().kind(),
        TokenErrorKind::InvalidClient
    );
}

#[tokio::test]
async fn a_token_that_is_issued_again_is_not_sent_once_more() {
    let endpoint = Endpoint::new([SAME]);
    let manager = manager(&endpoint, &clock());
    let (sent, outcome) = send_to_unauthorized(&manager).await;
    assert_eq!(sent, ["Bearer same"]);
    assert!(is_the_apis(&outcome.unwrap()));
    assert_eq!(endpoint.count(), 2, "another one was asked for");
}

/// A scheme of another crate, which does not report the values that it sets.
#[derive(Debug, Default)]
struct Nonces(AtomicUsize);

impl Authorizer for Nonces {
    fn scheme(&self) -> &'static str {
        "nonces"
    }

    fn is_configured(&self) -> bool {
        true
    }

    fn apply<'a>(
        &'a self,
        request: &'a mut Request<Bytes>,
    ) -> BoxFuture<'a, Result<Applied, SendError>> {
        let nonce = self.0.fetch_add(1, Ordering::SeqCst);
        request.headers_mut().insert("nonce", nonce.into());
        Box::pin(async { Ok(Applied::default()) })
    }

    fn refused(&self, _: &Applied) -> bool {
        true
    }
}

#[tokio::test]
async fn a_scheme_that_reports_other_credentials_is_applied_again() {
    let endpoint = Endpoint::new([SAME]);
    let manager = manager(&endpoint, &clock());
    let nonces = Nonces::default();
    let requirements = [
        needs(&manager, "token"),
        Requirement {
            authorizer: Arc::new(nonces),
            parameter: "nonces",
        },
    ];
    let api = Endpoint::new([UNAUTHORIZED, Scripted::Response(200, None, "")]);
    let response = send_secured(api.as_ref(), &group(&[&requirements]), request()).await;
    assert_eq!(response.unwrap().status(), 200);
    let nonces: Vec<_> = api
        .requests()
        .iter()
        .map(|r| r.headers()["nonce"].clone())
        .collect();
    assert_eq!(nonces, ["0", "1"]);
}
