//! Responses of servers (F01, F04, F06), and the client's errors and requests (E15, E19).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use credsmith_runtime::{
    ClientAuthentication, ExposeSecret, Grant, ManualClock, PasswordGrant, SigningKey, Token,
    TokenErrorKind, TokenManager, TokenManagerBuilder, UserSignIn,
};
use credsmith_token_server::keys::P256;

use crate::sign_out::{bodies, expired, shown, signing_in, spawn_token, user};
use crate::support::*;
use crate::test_store::TestStore;

const fn json(status: u16, body: &'static str) -> Scripted {
    Scripted::Response(status, Some(("content-type", "application/json")), body)
}

/// Error responses that end a refresh token.
const DEAD: [Scripted; 12] = [
    json(400, r#"{"error":"invalid_grant"}"#),
    json(
        200,
        r#"{"error":"bad_refresh_token","error_description":"The refresh token passed is incorrect or expired."}"#,
    ),
    json(200, r#"{"ok":false,"error":"token_revoked"}"#),
    json(
        400,
        r#"{"error":"interaction_required","error_description":"AADSTS50079: the user must enroll","error_codes":[50079]}"#,
    ),
    json(400, ""),
    json(400, "  \n"),
    json(400, r#"{"message":"The refresh token has expired"}"#),
    json(400, "{}"),
    json(
        400,
        r#"{"error":{"code":"invalid_grant","message":"gone"}}"#,
    ),
    json(
        200,
        r#"{"errorCode":"invalid_grant","errorMessage":"gone"}"#,
    ),
    json(400, r#"{"error":{"message":"gone"}}"#),
    json(
        400,
        r#"{"status":400,"error":"Bad Request","message":"gone"}"#,
    ),
];

/// It may be the client that is meant: the user is asked, and the refresh token stays in the store.
const UNCLEAR: [Scripted; 3] = [
    json(401, ""),
    json(401, "{}"),
    json(401, r#"{"message":"unauthorized"}"#),
];

const PAGE: &str = "<html><body><h1>Blocked by the gateway</h1></body></html>";

/// Says nothing about the refresh token.
const ELSEWHERE: [Scripted; 13] = [
    INVALID_CLIENT,
    json(400, r#"{"error":"invalid_client"}"#),
    Scripted::Response(400, Some(("content-type", "text/html")), PAGE),
    Scripted::Response(401, Some(("content-type", "text/html")), PAGE),
    Scripted::Response(403, Some(("content-type", "text/html")), PAGE),
    Scripted::Response(502, Some(("content-type", "text/html")), PAGE),
    json(429, r#"{"error":"too_many_requests"}"#),
    json(500, r#"{"error":"server_error"}"#),
    UNAVAILABLE,
    json(400, r#"{"errors":[{"code":"rate_limited"}]}"#),
    json(400, r#"{"errorCode":"E0000047","errorSummary":"later"}"#),
    json(
        400,
        r#"{"type":"https://acme.example/errors/later","title":"later"}"#,
    ),
    json(200, r#"{"errcode":45011,"errmsg":"later"}"#),
];

/// A signed-in user whose refresh gets this response.
struct RejectedRefresh {
    endpoint: Arc<Endpoint>,
    clock: ManualClock,
    store: TestStore,
    manager: TokenManager,
    answer: Scripted,
}

impl RejectedRefresh {
    async fn new(answer: Scripted) -> Self {
        let (endpoint, clock) = (Endpoint::new([answer]), clock());
        let store = TestStore::default();
        let storing = user(&endpoint, &clock).store(Arc::new(store.clone()));
        let manager = storing.build().unwrap();
        manager.set_token(expired("a-1", "r-1"));
        run_until_idle().await;
        Self {
            endpoint,
            clock,
            store,
            manager,
            answer,
        }
    }

    fn scripted(&self) -> String {
        match self.answer {
            Scripted::Response(status, _, body) => format!("{status} {body}"),
            _ => String::new(),
        }
    }

    /// Returns how often another process with the same store sends r-1.
    async fn sent_by_the_next(&self) -> usize {
        let before = self.endpoint.count();
        let next = user(&self.endpoint, &self.clock).store(Arc::new(self.store.clone()));
        let outcome = next.build().unwrap().token().await;
        assert!(outcome.is_err());
        self.endpoint.count() - before
    }
}

#[tokio::test]
async fn fault_f01_an_invalid_refresh_token_is_removed_and_the_user_asked() {
    for answer in DEAD {
        let case = RejectedRefresh::new(answer).await;
        for _ in 0..3 {
            let error = case.manager.token().await.unwrap_err();
            assert!(error.is_sign_in_needed(), "{}", case.scripted());
            case.clock.advance(seconds(600));
        }
        assert_eq!(case.endpoint.count(), 1, "{}", case.scripted());
        assert_eq!(case.sent_by_the_next().await, 0, "{}", case.scripted());
    }
}

#[tokio::test]
async fn fault_f01_fetch_token_returns_the_same_error() {
    for answer in DEAD {
        let case = RejectedRefresh::new(answer).await;
        for _ in 0..2 {
            let error = case.manager.fetch_token().await.unwrap_err();
            assert!(error.is_sign_in_needed(), "{}", case.scripted());
        }
        assert_eq!(case.endpoint.count(), 1, "{}", case.scripted());
    }
}

#[tokio::test]
async fn fault_f01_the_hook_of_the_user_is_called() {
    for answer in DEAD.into_iter().chain(UNCLEAR) {
        let endpoint = Endpoint::new([answer]);
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        let hook = UserSignIn::new(move |_: TokenManager| {
            counter.fetch_add(1, Ordering::SeqCst);
            Token::new("from-the-user")
        });
        let manager = user(&endpoint, &clock())
            .token(expired("a-1", "r-1"))
            .user_sign_in(hook)
            .build()
            .unwrap();
        let token = manager.token().await.map(|token| text(&token));
        assert_eq!(token.unwrap(), "from-the-user");
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        assert_eq!(endpoint.count(), 1);
    }
}

#[tokio::test]
async fn fault_f01_a_grant_without_a_user_runs_again() {
    for answer in DEAD {
        let endpoint = Endpoint::new([answer, Scripted::Token("3600")]);
        let grant = Grant::Password(PasswordGrant::new("kim", "pw".into()));
        let manager = builder(&endpoint, &clock())
            .grant(grant)
            .token(expired("a-1", "r-1"))
            .build()
            .unwrap();
        assert_eq!(token_of(&manager).await, "token-2");
        let sent = bodies(&endpoint);
        assert!(sent[1].starts_with("grant_type=password&"), "{sent:?}");
    }
}

#[tokio::test]
async fn fault_f01_a_401_without_a_code_asks_the_user_and_keeps_the_stored_token() {
    for answer in UNCLEAR {
        let case = RejectedRefresh::new(answer).await;
        let error = case.manager.token().await.unwrap_err();
        assert!(error.is_sign_in_needed(), "{}", case.scripted());
        run_until_idle().await;
        assert_eq!(case.store.removed(), 0, "{}", case.scripted());
        assert_eq!(case.sent_by_the_next().await, 1, "{}", case.scripted());
    }
}

#[tokio::test]
async fn fault_f01_errors_unrelated_to_the_refresh_token_keep_it_and_do_not_ask_the_user() {
    for answer in ELSEWHERE {
        let case = RejectedRefresh::new(answer).await;
        let error = case.manager.token().await.unwrap_err();
        assert!(!error.is_sign_in_needed(), "{}", case.scripted());
        run_until_idle().await;
        assert_eq!(case.store.removed(), 0, "{}", case.scripted());
        case.clock.advance(seconds(600));
        case.endpoint.then([crate::sign_out::REFRESHED]);
        assert_eq!(token_of(&case.manager).await, "a-2", "{}", case.scripted());
        let last = bodies(&case.endpoint).pop().unwrap();
        assert!(last.ends_with("refresh_token=r-1"), "{last}");
    }
}

const CONTENT_TYPES: [Option<(&str, &str)>; 4] = [
    Some(("content-type", "application/x-www-form-urlencoded")),
    Some((
        "content-type",
        "application/x-www-form-urlencoded; charset=utf-8",
    )),
    Some(("content-type", "text/plain;charset=UTF-8")),
    None,
];

#[tokio::test]
async fn fault_f04_a_form_with_a_token_is_read() {
    const BODY: &str = "access_token=a%2F2&token_type=bearer&expires_in=3600&refresh_token=r-2&scope=read%2Cwrite+x&team=1";
    for content_type in CONTENT_TYPES {
        let endpoint = Endpoint::new([Scripted::Response(200, content_type, BODY)]);
        let clock = ManualClock::new(start());
        let manager = user(&endpoint, &clock).token(expired("a-1", "r-1"));
        let token = manager.build().unwrap().token().await.unwrap();
        assert_eq!(text(&token), "a/2");
        assert_eq!(token.expires_at(), Some(start() + seconds(3_600)));
        assert_eq!(token.refresh_token().unwrap().expose_secret(), "r-2");
        assert_eq!(token.scope(), Some("read,write x"));
        assert_eq!(token.extra()["team"], "1");
    }
}

#[tokio::test]
async fn fault_f04_a_form_with_nothing_but_a_token_is_read() {
    for body in ["access_token=a-1", "access_token=a-1&token_type=Bearer\n"] {
        for content_type in CONTENT_TYPES {
            let endpoint = Endpoint::new([Scripted::Response(200, content_type, body)]);
            assert_eq!(token_of(&manager(&endpoint, &clock())).await, "a-1");
        }
    }
}

#[tokio::test]
async fn fault_f04_a_form_with_an_error_is_read() {
    const BODY: &str = "error=bad_verification_code&error_description=The+code+passed+is+incorrect+or+expired.&error_uri=https%3A%2F%2Facme.example%2Fdocs";
    for status in [200, 400] {
        for content_type in CONTENT_TYPES {
            let endpoint = Endpoint::new([Scripted::Response(status, content_type, BODY)]);
            let error = manager(&endpoint, &clock()).token().await.unwrap_err();
            assert_eq!(error.error(), Some("bad_verification_code"));
            let description = "The code passed is incorrect or expired.";
            assert_eq!(error.error_description(), Some(description));
            assert_eq!(error.error_uri(), Some("https://acme.example/docs"));
        }
    }
}

/// Rules for JSON hold for forms.
#[tokio::test]
async fn fault_f04_a_form_without_a_token_is_an_error() {
    for body in [
        "access_token=a-1&access_token=a-2",
        "access_token=a-1&scope=x&scope=y",
        "access_token=",
        "access_token=a%0A1",
        "access_token=a-1&token_type=mac",
        "access_token=a-1&error=invalid_request",
        "token=a-1",
        "<p>access_token=a-1</p>",
    ] {
        let endpoint = Endpoint::new([Scripted::Response(200, CONTENT_TYPES[0], body)]);
        let outcome = manager(&endpoint, &clock()).token().await;
        assert!(outcome.is_err(), "{body}");
    }
    let endpoint = Endpoint::new([Scripted::Response(
        403,
        CONTENT_TYPES[0],
        "access_token=a-1",
    )]);
    assert!(manager(&endpoint, &clock()).token().await.is_err());
}

/// As some servers say that a token does not expire.
const ZEROS: [&str; 4] = ["0", "-1", r#""0""#, "0.0"];

fn of_zero(zero: &str, rest: &str) -> Scripted {
    let body = format!(r#"{{"access_token":"a-1","expires_in":{zero}{rest}}}"#);
    Scripted::Response(200, None, super::leaked(body))
}

#[track_caller]
fn assert_unknown(token: &Token) {
    assert_eq!(text(token), "a-1");
    assert_eq!(token.expires_at(), None);
}

#[tokio::test]
async fn fault_f06_the_token_of_a_sign_in_that_expires_in_zero_is_used() {
    for zero in ZEROS {
        let (endpoint, clock) = (Endpoint::new([of_zero(zero, "")]), clock());
        let manager = user(&endpoint, &clock).build().unwrap();
        assert_unknown(&signing_in(&manager).await.await.unwrap());
        for _ in 0..3 {
            assert_unknown(&manager.token().await.unwrap());
            assert_eq!(manager.authorization().await.unwrap(), "Bearer a-1");
            clock.advance(seconds(1_000));
        }
        assert_eq!(endpoint.count(), 1);
    }
}

#[tokio::test]
async fn fault_f06_so_is_the_token_of_a_refresh() {
    for zero in ZEROS {
        let answer = of_zero(zero, r#","refresh_token":"r-2""#);
        let (endpoint, clock) = (Endpoint::new([answer]), clock());
        let manager = user(&endpoint, &clock).token(expired("a-0", "r-1"));
        let manager = manager.build().unwrap();
        for _ in 0..3 {
            assert_unknown(&manager.token().await.unwrap());
            clock.advance(seconds(600));
        }
        assert_eq!(endpoint.count(), 1);
        clock.advance(seconds(3_600));
        manager.token().await.unwrap();
        assert_eq!(endpoint.count(), 2, "an hour is assumed");
        assert!(bodies(&endpoint)[1].ends_with("refresh_token=r-2"));
    }
}

#[tokio::test]
async fn fault_f06_so_is_the_token_of_a_device() {
    const CODES: Scripted = Scripted::Response(
        200,
        None,
        r#"{"device_code":"d","user_code":"u","verification_uri":"https://acme.example/device","expires_in":60}"#,
    );
    let (endpoint, clock) = (Endpoint::new([CODES, of_zero("0", "")]), clock());
    let manager = builder(&endpoint, &clock)
        .grant(Grant::DeviceCode)
        .device_authorization_url("https://acme.example/device_authorization")
        .build()
        .unwrap();
    let codes = manager.start_device_sign_in().await.unwrap();
    let token = manager.complete_device_sign_in(&codes).await.unwrap();
    assert_unknown(&token);
    assert_eq!(token_of(&manager).await, "a-1");
}

#[tokio::test]
async fn fault_f06_so_is_the_token_of_an_implicit_grant() {
    let endpoint = Endpoint::new([UNAVAILABLE]);
    let manager = user(&endpoint, &clock()).grant(Grant::Implicit);
    let manager = manager.build().unwrap();
    let request = manager.start_sign_in().await.unwrap();
    let url = format!(
        "https://app.example/cb#access_token=a-1&token_type=bearer&expires_in=0&state={}",
        request.state()
    );
    let token = manager.complete_sign_in(&request, &url).await;
    assert_unknown(&token.unwrap());
    assert_eq!(token_of(&manager).await, "a-1");
}

#[tokio::test]
async fn fault_f06_the_token_of_a_client_that_expires_in_zero_is_used_once() {
    let endpoint = Endpoint::closed([Scripted::Token("0")]);
    let clock = ManualClock::new(start());
    let manager = manager(&endpoint, &clock);
    let waiting = [(); 10].map(|()| spawn_token(&manager));
    run_until_idle().await;
    endpoint.open();
    for waiter in waiting {
        assert_eq!(text(&waiter.await.unwrap().unwrap()), "token-1", "shared");
    }
    let next = spawn_token(&manager);
    // There may be a pause before the next request.
    super::pass(&clock, seconds(10)).await;
    assert_eq!(text(&next.await.unwrap().unwrap()), "token-2");
}

const ISSUER: &str = "https://acme.example";
const METADATA: Scripted = Scripted::Response(
    200,
    None,
    r#"{"issuer":"https://acme.example","token_endpoint":"https://acme.example/token",
        "authorization_endpoint":"https://acme.example/authorize",
        "device_authorization_endpoint":"https://acme.example/device",
        "revocation_endpoint":"https://acme.example/revoke",
        "authorization_response_iss_parameter_supported":true}"#,
);
const METADATA_WITHOUT_ISS: Scripted = Scripted::Response(
    200,
    None,
    r#"{"issuer":"https://acme.example","token_endpoint":"https://acme.example/token",
        "authorization_endpoint":"https://acme.example/authorize"}"#,
);

/// Managers of one server, which differ in the endpoints that are set.
fn configured(endpoint: &Arc<Endpoint>) -> [TokenManagerBuilder; 4] {
    let of = |token_url: &str, authorization_url: &str| {
        builder(endpoint, &clock())
            .grant(Grant::AuthorizationCode)
            .issuer(ISSUER)
            .token_url(token_url)
            .authorization_url(authorization_url)
    };
    let (token_url, authorization_url) = (
        "https://acme.example/token",
        "https://acme.example/authorize",
    );
    [
        of("", ""),
        of("", authorization_url),
        of(token_url, authorization_url),
        of(token_url, ""),
    ]
}

/// Completes a sign-in with a callback that ends with `rest`.
async fn callback(
    manager: &TokenManager,
    rest: &str,
) -> Result<Token, credsmith_runtime::TokenError> {
    let request = manager.start_sign_in().await.unwrap();
    let is_implicit = request.url().contains("response_type=token");
    let answer = if is_implicit {
        "#access_token=a-1&token_type=bearer"
    } else {
        "?code=c"
    };
    let url = format!(
        "https://app.example/cb{answer}&state={}{rest}",
        request.state()
    );
    manager.complete_sign_in(&request, &url).await
}

async fn assert_iss_is_required(builder: TokenManagerBuilder) {
    let manager = builder.build().unwrap();
    for sign_in in 1..=3 {
        let outcome = callback(&manager, "").await;
        let error = outcome.expect_err(&format!("sign-in {sign_in}"));
        assert_eq!(
            error.kind(),
            TokenErrorKind::IssuerMismatch,
            "{sign_in}: {error}"
        );
        assert_eq!(shown(&manager), None);
    }
    let evil = callback(&manager, "&iss=https%3A%2F%2Fevil.example").await;
    assert_eq!(evil.unwrap_err().kind(), TokenErrorKind::IssuerMismatch);
    let outcome = callback(&manager, "&iss=https%3A%2F%2Facme.example").await;
    assert!(outcome.is_ok(), "{outcome:?}");
}

#[tokio::test]
async fn fault_e15_iss_is_required_from_the_first_sign_in_on() {
    for index in 0..4 {
        let endpoint = Endpoint::new([METADATA, Scripted::Token("3600")]);
        let builder = configured(&endpoint).into_iter().nth(index).unwrap();
        assert_iss_is_required(builder).await;
        assert_eq!(endpoint.count(), 2, "metadata once, and one exchange");
    }
}

#[tokio::test]
async fn fault_e15_it_is_required_of_the_implicit_grant() {
    let endpoint = Endpoint::new([METADATA]);
    let [_, _, both, _] = configured(&endpoint);
    assert_iss_is_required(both.grant(Grant::Implicit)).await;
}

#[tokio::test]
async fn fault_e15_it_is_required_inside_of_a_hook() {
    for index in 1..3 {
        let endpoint = Endpoint::new([METADATA, Scripted::Token("3600")]);
        let hook =
            UserSignIn::new(|manager: TokenManager| async move { callback(&manager, "").await });
        let builder = configured(&endpoint).into_iter().nth(index).unwrap();
        let manager = builder.user_sign_in(hook).build().unwrap();
        let outcome = manager.token().await;
        assert_eq!(outcome.unwrap_err().kind(), TokenErrorKind::IssuerMismatch);
    }
}

#[tokio::test]
async fn fault_e15_a_server_that_does_not_promise_iss_is_not_held_to_it() {
    for index in [0, 3] {
        let endpoint = Endpoint::new([METADATA_WITHOUT_ISS, Scripted::Token("3600")]);
        let builder = configured(&endpoint).into_iter().nth(index).unwrap();
        let manager = builder.build().unwrap();
        assert!(callback(&manager, "").await.is_ok());
    }
}

#[tokio::test]
async fn fault_e15_whichever_endpoints_are_set_with_its_issuer() {
    for index in 1..3 {
        let endpoint = Endpoint::new([METADATA_WITHOUT_ISS, Scripted::Token("3600")]);
        let builder = configured(&endpoint).into_iter().nth(index).unwrap();
        let manager = builder.build().unwrap();
        let request = manager.start_sign_in().await.unwrap();
        assert_eq!(endpoint.count(), 1, "read before the first sign-in");
        let url = format!("https://app.example/cb?code=c&state={}", request.state());
        let outcome = manager.complete_sign_in(&request, &url).await;
        assert_eq!(text(&outcome.unwrap()), "token-2");
    }
}

const SIGNED: [ClientAuthentication; 2] = [
    ClientAuthentication::PrivateKeyJwt,
    ClientAuthentication::ClientSecretJwt,
];

fn signing(endpoint: &Arc<Endpoint>, way: ClientAuthentication) -> TokenManagerBuilder {
    builder(endpoint, &clock())
        .client_authentication(way)
        .signing_key(SigningKey::es256_from_pem(&P256.into()).unwrap())
}

/// The audiences of all client assertions that were sent.
fn audiences(endpoint: &Endpoint) -> Vec<serde_json::Value> {
    let audience = |body: String| {
        let mut form = form_urlencoded::parse(body.as_bytes());
        let (_, assertion) = form.find(|(name, _)| name == "client_assertion")?;
        let payload = assertion.split('.').nth(1)?.to_owned();
        let payload = URL_SAFE_NO_PAD.decode(payload).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&payload).unwrap();
        Some(claims["aud"].clone())
    };
    bodies(endpoint).into_iter().filter_map(audience).collect()
}

#[tokio::test]
async fn fault_e19_assertions_are_for_the_issuer() {
    for way in SIGNED {
        let endpoint = Endpoint::new([UNAVAILABLE, Scripted::Token("3600")]);
        let manager = signing(&endpoint, way).issuer(ISSUER).build().unwrap();
        manager.token().await.unwrap();
        assert_eq!(
            audiences(&endpoint),
            [ISSUER, ISSUER],
            "and retries as well"
        );
    }
}

#[tokio::test]
async fn fault_e19_they_are_so_for_a_token_url_that_was_discovered() {
    for way in SIGNED {
        let endpoint = Endpoint::new([METADATA, Scripted::Token("3600")]);
        let manager = signing(&endpoint, way).issuer(ISSUER).token_url("");
        manager.build().unwrap().token().await.unwrap();
        assert_eq!(audiences(&endpoint), [ISSUER]);
    }
}

#[tokio::test]
async fn fault_e19_they_are_so_at_other_endpoints() {
    const OK: Scripted = Scripted::Response(200, None, "");
    for way in SIGNED {
        let endpoint = Endpoint::new([OK]);
        let manager = signing(&endpoint, way)
            .issuer(ISSUER)
            .revocation_url("https://acme.example/revoke")
            .token(expired("a-1", "r-1"));
        manager.build().unwrap().revoke_token().await.unwrap();
        let all = audiences(&endpoint);
        assert!(
            !all.is_empty() && all.iter().all(|to| to == ISSUER),
            "{all:?}"
        );
    }
}

#[tokio::test]
async fn fault_e19_a_configured_audience_takes_precedence_and_the_token_url_is_the_fallback() {
    for way in SIGNED {
        let endpoint = Endpoint::new([Scripted::Token("3600")]);
        let manager = signing(&endpoint, way).issuer(ISSUER);
        let manager = manager.assertion_audience("urn:acme").build().unwrap();
        manager.token().await.unwrap();
        let manager = signing(&endpoint, way).build().unwrap();
        manager.token().await.unwrap();
        let expected = ["urn:acme", "https://acme.example/token"];
        assert_eq!(audiences(&endpoint), expected);
    }
}
