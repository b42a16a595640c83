//! Basic, bearer, API keys and custom signing, without and with a server.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use credsmith_runtime::{
    ApiKeys, Authorizer, BasicAuth, BearerAuth, BoxError, ConfigError, CustomAuth,
    ReqwestTransport, SecretString, SendErrorKind, SignRequest, Transport, send_secured,
};
use credsmith_token_server::{RecordedRequest, Reply, TokenServer};
use http::header::{AUTHORIZATION, COOKIE};
use http::{Method, Request};

use crate::support::{group, needs};

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn basic(username: &str, password: &str) -> Result<BasicAuth, ConfigError> {
    BasicAuth::new("basicAuth", Some(username), Some(&secret(password)))
}

fn bearer(token: &str) -> Result<BearerAuth, ConfigError> {
    BearerAuth::new("bearerAuth", Some(&secret(token)))
}

/// Returns the request that a server gets when only `authorizer` authorizes it.
async fn seen_over(
    transport: &dyn Transport,
    server: &TokenServer,
    authorizer: &(impl Authorizer + Clone + 'static),
) -> RecordedRequest {
    server.enqueue_api(Reply::status(204));
    let request = Request::post(server.api_url("things?page=2&q=a%20b+c"))
        .header(COOKIE, "session=1")
        .body(Bytes::from("payload"))
        .unwrap();
    let response = send_secured(transport, &authorizer.clone().into(), request)
        .await
        .unwrap();
    assert_eq!(response.status(), 204);
    server.api_requests().pop().unwrap()
}

async fn seen(authorizer: &(impl Authorizer + Clone + 'static)) -> RecordedRequest {
    let server = TokenServer::start_blocking();
    let transport = ReqwestTransport::new().unwrap();
    seen_over(&transport, &server, authorizer).await
}

/// The header value that `authorizer` sets.
async fn authorization(authorizer: &dyn Authorizer) -> String {
    let mut request = Request::get("https://api.acme.example/things")
        .body(Bytes::new())
        .unwrap();
    authorizer.apply(&mut request).await.unwrap();
    let value = &request.headers()[AUTHORIZATION];
    assert!(value.is_sensitive());
    value.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn basic_is_utf_8_and_not_form_encoded() {
    // The second is the example of RFC 7617 section 2.1.
    for (username, password, expected) in [
        (
            "Aladdin",
            "open sesame",
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        ),
        ("test", "123\u{a3}", "Basic dGVzdDoxMjPCow=="),
        ("a b", "p:q&%+", "Basic YSBiOnA6cSYlKw=="),
        ("sk_test_1", "", "Basic c2tfdGVzdF8xOg=="),
    ] {
        let basic = basic(username, password).unwrap();
        assert_eq!(authorization(&basic).await, expected);
    }
    let request = seen(&basic("test", "123\u{a3}").unwrap()).await;
    assert_eq!(
        request.header("authorization"),
        Some("Basic dGVzdDoxMjPCow==")
    );
    assert_eq!(request.body, b"payload");
}

#[test]
fn basic_rejects_credentials_that_no_server_could_read() {
    for (username, password, problem) in [
        ("a:b", "p", "the user name contains a colon"),
        ("a\n", "p", "the user name contains a control character"),
        ("a", "p\u{7f}", "the password contains a control character"),
    ] {
        let error = basic(username, password).unwrap_err();
        let expected = format!("basicAuth is not configured correctly: {problem}");
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn a_bearer_token_is_sent_as_it_is() {
    let request = seen(&bearer("mF_9.B5f-4.1JqM/+~==").unwrap()).await;
    let expected = Some("Bearer mF_9.B5f-4.1JqM/+~==");
    assert_eq!(request.header("authorization"), expected);
    for token in ["", "a b", "a\r\nx: y", "ä"] {
        let error = bearer(token).unwrap_err().to_string();
        assert!(
            error.starts_with("bearerAuth is not configured correctly: "),
            "{error}"
        );
    }
}

fn several_keys() -> ApiKeys {
    let builder = ApiKeys::builder("apiKey")
        .header("X-Api-Key", "Token ", Some(&secret("k 1")))
        .and_then(|builder| builder.header("TOTP-OTP", "", Some(&secret("123456"))))
        .and_then(|builder| builder.query("api-key", "", Some(&secret("a+b &=#\u{fc}/"))))
        .and_then(|builder| builder.cookie("key", "v1-", Some(&secret("c=1"))));
    builder.unwrap().build().unwrap()
}

#[tokio::test]
async fn several_keys_are_added_to_existing_parameters() {
    let request = seen(&several_keys()).await;
    assert_eq!(request.header("x-api-key"), Some("Token k 1"));
    assert_eq!(request.header("totp-otp"), Some("123456"));
    assert_eq!(request.header("cookie"), Some("session=1; key=v1-c=1"));
    let query = request.query.unwrap();
    assert_eq!(query, "page=2&q=a%20b+c&api-key=a%2Bb%20%26%3D%23%C3%BC%2F");
    let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    assert_eq!(pairs[2].1, "a+b &=#\u{fc}/");
}

#[cfg(feature = "blocking")]
#[test]
fn the_blocking_transport_sends_the_same() {
    use credsmith_runtime::{UreqTransport, blocking::block_on};
    let server = TokenServer::start_blocking();
    let keys = several_keys();
    let request = block_on(seen_over(&UreqTransport::new(), &server, &keys));
    assert_eq!(request.header("x-api-key"), Some("Token k 1"));
    assert_eq!(request.header("cookie"), Some("session=1; key=v1-c=1"));
    let query = "page=2&q=a%20b+c&api-key=a%2Bb%20%26%3D%23%C3%BC%2F";
    assert_eq!(request.query.as_deref(), Some(query));
}

#[test]
fn keys_authorize_a_request_twice_as_once() {
    let mut request = Request::get("https://api.acme.example/?api-key=old")
        .header(COOKIE, "key=old; a=1")
        .body(())
        .unwrap();
    let keys = several_keys();
    keys.authorize(&mut request).unwrap();
    let once = request.uri().clone();
    keys.authorize(&mut request).unwrap();
    assert_eq!(request.uri(), &once);
    assert_eq!(once.query(), Some("api-key=a%2Bb%20%26%3D%23%C3%BC%2F"));
    assert_eq!(request.headers()[COOKIE], "a=1; key=v1-c=1");
    for name in ["x-api-key", "totp-otp", "cookie"] {
        assert_eq!(request.headers().get_all(name).iter().count(), 1);
        assert!(request.headers()[name].is_sensitive(), "{name}");
    }
}

#[test]
fn keys_reject_names_and_values_that_are_invalid_at_their_location() {
    let builder = || ApiKeys::builder("apiKey");
    let sound = secret("v");
    for (built, problem) in [
        (
            builder().header("X Key", "", Some(&sound)),
            "`X Key` is not a valid name of a header or a cookie",
        ),
        (
            builder().cookie("a;b", "", Some(&sound)),
            "`a;b` is not a valid name of a header or a cookie",
        ),
        (
            builder().query("k", "", Some(&secret(""))),
            "the value of `k` is empty",
        ),
        (
            builder().header("X-Key", "", Some(&secret("hidden\r\nx: y"))),
            "the value of `X-Key` contains characters that are not allowed there",
        ),
        (
            builder().header("X-Key", "", Some(&secret("hidden "))),
            "the value of `X-Key` contains characters that are not allowed there",
        ),
        (
            builder().cookie("key", "", Some(&secret("hidden;x"))),
            "the value of `key` contains characters that are not allowed there",
        ),
        (builder().build().map(|_| builder()), "it has no keys"),
    ] {
        let expected = format!("apiKey is not configured correctly: {problem}");
        assert_eq!(built.unwrap_err().to_string(), expected);
    }
}

#[test]
fn a_key_that_makes_the_url_too_long_is_an_error() {
    let key = secret(&"k".repeat(70_000));
    let keys = ApiKeys::builder("apiKey")
        .query("key", "", Some(&key))
        .unwrap();
    let mut request = Request::get("https://api.acme.example/").body(()).unwrap();
    let error = keys.build().unwrap().authorize(&mut request).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the query parameter `key` of apiKey does not fit the request"
    );
    assert_eq!(request.uri(), "https://api.acme.example/");
}

#[test]
fn schemes_without_credentials_name_the_missing_parameter() {
    let mut request = Request::new(());
    let password = secret("p");
    for (username, password, missing) in [
        (None, None, "user name and password are not set"),
        (Some("u"), None, "the password is not set"),
        (None, Some(&password), "the user name is not set"),
    ] {
        let basic = BasicAuth::new("basicAuth", username, password).unwrap();
        assert!(!basic.is_configured());
        let error = basic.authorize(&mut request).unwrap_err();
        assert_eq!(error.kind(), SendErrorKind::MissingCredentials);
        assert_eq!(
            error.to_string(),
            format!("no credentials for basicAuth: {missing}")
        );
    }
    let bearer = BearerAuth::new("bearerAuth", None).unwrap();
    let error = bearer.authorize(&mut request).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no credentials for bearerAuth: the access token is not set"
    );
    let keys = ApiKeys::builder("apiKey")
        .header("X-Api-Key", "", Some(&secret("v")))
        .and_then(|builder| builder.query("api-key", "", None))
        .and_then(|builder| builder.cookie("key", "", None));
    let keys = keys.unwrap().build().unwrap();
    assert!(!keys.is_configured());
    let error = keys.authorize(&mut request).unwrap_err();
    assert_eq!(error.kind(), SendErrorKind::MissingCredentials);
    assert_eq!(
        error.to_string(),
        "no credentials for apiKey: `api-key` and `key` are not set"
    );
    let custom = CustomAuth::new("hmac", None);
    let error = custom.sign(&mut Request::new(Bytes::new())).unwrap_err();
    assert_eq!(error.to_string(), "no credentials for hmac are set");
    assert_eq!(error.kind(), SendErrorKind::MissingCredentials);
    assert!(!custom.is_configured());
    assert!(request.headers().is_empty(), "half a scheme is not sent");
}

/// Signs by noting what there is to sign, and refuses to sign deletions.
#[derive(Default)]
struct Signer(Mutex<Vec<String>>);

impl SignRequest for Signer {
    fn sign(&self, request: &mut Request<Bytes>) -> Result<(), BoxError> {
        if request.method() == Method::DELETE {
            return Err("the notary is out".into());
        }
        let body = String::from_utf8(request.body().to_vec())?;
        let kind = request.headers()["content-type"].to_str()?;
        let line = format!("{} {} {kind} {body}", request.method(), request.uri());
        self.0.lock().unwrap().push(line);
        request
            .headers_mut()
            .insert("x-signature", "signed".parse()?);
        Ok(())
    }
}

#[tokio::test]
async fn signing_sees_method_url_headers_and_body() {
    let notary = Arc::new(Signer::default());
    let signer: Arc<dyn SignRequest> = Arc::<Signer>::clone(&notary);
    let custom = CustomAuth::new("hmac", Some(signer));
    let mut request = Request::put("https://api.acme.example/things?x=1")
        .header("content-type", "text/plain")
        .body(Bytes::from("payload"))
        .unwrap();
    custom.sign(&mut request).unwrap();
    assert_eq!(request.headers()["x-signature"], "signed");
    assert_eq!(
        *notary.0.lock().unwrap(),
        ["PUT https://api.acme.example/things?x=1 text/plain payload"]
    );
    *request.method_mut() = Method::DELETE;
    let error = custom.sign(&mut request).unwrap_err();
    assert_eq!(error.kind(), SendErrorKind::Signing);
    assert_eq!(
        error.to_string(),
        "the request could not be signed for hmac: the notary is out"
    );
    assert_eq!(error.get_ref().unwrap().to_string(), "the notary is out");
}

#[tokio::test]
async fn no_key_follows_a_redirect() {
    let server = TokenServer::start_blocking();
    let elsewhere = TokenServer::start_blocking();
    let transport = ReqwestTransport::new().unwrap();
    for status in [301, 302, 303, 307, 308] {
        let reply = Reply::status(status).with_header("location", elsewhere.api_url("stolen"));
        server.enqueue_api(reply);
        let request = Request::get(server.api_url("things"))
            .body(Bytes::new())
            .unwrap();
        let keys = several_keys();
        let response = send_secured(&transport, &keys.into(), request).await;
        assert_eq!(
            response.unwrap().status(),
            status,
            "the response is the caller's"
        );
    }
    assert_eq!(server.api_requests().len(), 5);
    assert!(elsewhere.api_requests().is_empty());
}

/// Notes the URL of what it signs.
struct UrlNotary(Mutex<String>);

impl SignRequest for UrlNotary {
    fn sign(&self, request: &mut Request<Bytes>) -> Result<(), BoxError> {
        *self.0.lock().unwrap() = request.uri().to_string();
        Ok(())
    }
}

#[tokio::test]
async fn the_url_that_is_signed_is_the_one_that_is_sent() {
    let server = TokenServer::start_blocking();
    let transports: Vec<Box<dyn Transport>> = vec![
        Box::new(ReqwestTransport::new().unwrap()),
        #[cfg(feature = "blocking")]
        Box::new(credsmith_runtime::UreqTransport::new()),
    ];
    let notary = Arc::new(UrlNotary(Mutex::default()));
    let signer: Arc<dyn SignRequest> = Arc::<UrlNotary>::clone(&notary);
    let (custom, keys) = (CustomAuth::new("hmac", Some(signer)), several_keys());
    let all = group(&[&[needs(&custom, "hmac"), needs(&keys, "keys")]]);
    let path = "a%2Fb/c%20d/it's;x=1,2/~!$&()*+:@?q=a%27b+c%2B&x=(1)*,;:@/?!$~";
    for transport in transports {
        server.enqueue_api(Reply::status(204));
        let request = Request::get(server.api_url(path)).body(Bytes::new());
        let response = send_secured(&*transport, &all, request.unwrap()).await;
        assert_eq!(response.unwrap().status(), 204);
        let sent = server.api_requests().pop().unwrap();
        let sent = format!(
            "http://{}{}?{}",
            server.address(),
            sent.path,
            sent.query.unwrap()
        );
        assert_eq!(sent, *notary.0.lock().unwrap());
    }
}
