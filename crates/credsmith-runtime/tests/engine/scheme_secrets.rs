//! Keys, passwords and tokens of all schemes are searched for in everything that can be printed: `Debug`,
//! errors with their sources, and the events of this crate and its transport at the finest level.

use std::error::Error;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use credsmith_runtime::{
    ApiKeys, Applied, Authorizer, BasicAuth, BearerAuth, BoxError, CustomAuth, Requirement,
    ReqwestTransport, SecretString, SendErrorKind, SignRequest, TokenManager, Transport,
    send_secured,
};
use credsmith_token_server::{Reply, TokenServer};
use http::Request;

use crate::secrets::Log;
use crate::support::{group, needs};

const PASSWORD: &str = "veiled p\u{e4}ss/word";
const BEARER: &str = "veiled-bearer";
const HEADER: &str = "veiled-header";
const QUERY: &str = "veiled query+key/";
const COOKIE: &str = "veiled-cookie";
const SIGNATURE: &str = "veiled-signature";

/// All forms in which a secret could show.
fn forms() -> Vec<String> {
    let all = [PASSWORD, BEARER, HEADER, QUERY, COOKIE, SIGNATURE];
    let mut forms = vec![
        "veiled".to_owned(),
        STANDARD.encode(format!("user:{PASSWORD}")),
    ];
    forms.extend(all.map(|secret| STANDARD.encode(secret)));
    forms
}

fn check(what: &str) {
    for form in forms() {
        assert!(!what.contains(&form), "`{form}` in {what}");
    }
}

fn check_error(error: &(dyn Error + 'static)) {
    check(&format!("{error:?} {error:#?}"));
    let mut next = Some(error);
    while let Some(error) = next {
        check(&error.to_string());
        next = error.source();
    }
}

struct Signer(String);

impl SignRequest for Signer {
    fn sign(&self, request: &mut Request<Bytes>) -> Result<(), BoxError> {
        request.headers_mut().insert("x-signature", self.0.parse()?);
        Ok(())
    }
}

struct Schemes {
    basic: BasicAuth,
    bearer: BearerAuth,
    keys: ApiKeys,
    custom: CustomAuth,
}

impl Schemes {
    fn new() -> Self {
        let secret = |text: &str| SecretString::from(text);
        let keys = ApiKeys::builder("apiKey")
            .header("x-api-key", "Token ", Some(&secret(HEADER)))
            .and_then(|builder| builder.query("key", "", Some(&secret(QUERY))))
            .and_then(|builder| builder.cookie("key", "", Some(&secret(COOKIE))));
        let keys = keys.unwrap();
        check(&format!("{keys:?} {keys:#?}"));
        let signer = Arc::new(Signer(SIGNATURE.to_owned()));
        Self {
            basic: BasicAuth::new("basicAuth", Some("user"), Some(&secret(PASSWORD))).unwrap(),
            bearer: BearerAuth::new("bearerAuth", Some(&secret(BEARER))).unwrap(),
            keys: keys.build().unwrap(),
            custom: CustomAuth::new("hmac", Some(signer)),
        }
    }

    fn all(&self) -> [Requirement; 4] {
        [
            needs(&self.basic, "credentials"),
            needs(&self.bearer, "credentials"),
            needs(&self.keys, "credentials"),
            needs(&self.custom, "credentials"),
        ]
    }

    /// All that can go together.
    fn combined(&self) -> [Requirement; 3] {
        let [basic, _, keys, custom] = self.all();
        [basic, keys, custom]
    }
}

#[tokio::test]
async fn peer_defect_15_and_32_schemes_show_no_secret() {
    let schemes = Schemes::new();
    for requirement in schemes.all() {
        check(&format!("{requirement:?} {requirement:#?}"));
    }
    let authorizers: [&dyn Authorizer; 4] = [
        &schemes.basic,
        &schemes.bearer,
        &schemes.keys,
        &schemes.custom,
    ];
    for authorizer in authorizers {
        let mut request = Request::get("https://api.acme.example/things")
            .body(Bytes::new())
            .unwrap();
        let applied = authorizer.apply(&mut request).await.unwrap();
        check(&format!("{applied:?} {:?}", Applied::default()));
        if !authorizer.signs() {
            // A signer marks its own headers as sensitive.
            check(&format!("{:?}", request.headers()));
        }
    }
}

#[test]
fn configuration_errors_show_no_secret() {
    let secret = |text: &str| SecretString::from(format!("{text}\r\n;"));
    check_error(&BasicAuth::new("s", Some("veiled:"), Some(&secret(PASSWORD))).unwrap_err());
    check_error(&BasicAuth::new("s", Some("user"), Some(&secret(PASSWORD))).unwrap_err());
    check_error(&BearerAuth::new("s", Some(&secret(BEARER))).unwrap_err());
    let builder = || ApiKeys::builder("s");
    check_error(
        &builder()
            .header("k", "", Some(&secret(HEADER)))
            .unwrap_err(),
    );
    check_error(
        &builder()
            .cookie("k", "", Some(&secret(COOKIE)))
            .unwrap_err(),
    );
}

/// The errors of `transport` for requests that have a key in every place.
async fn check_errors_of(transport: &dyn Transport) {
    let server = TokenServer::start_blocking();
    let schemes = Schemes::new();
    for (url, reply) in [
        (server.api_url("reset"), Some(Reply::reset())),
        (server.api_url("torn"), Some(Reply::ordinary().truncated(3))),
        ("http://127.0.0.1:1/things".to_owned(), None),
        ("http://veiled:veiled@127.0.0.1:1/things".to_owned(), None),
        ("/things?veiled".to_owned(), None),
    ] {
        if let Some(reply) = reply {
            server.enqueue_api(reply);
        }
        let request = Request::get(&url).body(Bytes::new()).unwrap();
        let error = send_secured(transport, &group(&[&schemes.combined()]), request).await;
        let error = error.unwrap_err();
        let is_secure = url.starts_with("http");
        assert_eq!(
            error.kind() == SendErrorKind::Transport,
            is_secure,
            "{url}: {error:?}"
        );
        assert_eq!(
            error.kind() == SendErrorKind::InsecureUrl,
            !is_secure,
            "{url}: {error:?}"
        );
        check_error(&error);
    }
    let long = Request::get(format!("http://127.0.0.1:1/{}", "x".repeat(65_500)));
    let long = long.body(Bytes::new()).unwrap();
    let error = send_secured(transport, &group(&[&schemes.combined()]), long).await;
    check_error(&error.unwrap_err());
}

#[tokio::test]
async fn errors_of_requests_show_no_secret() {
    check_errors_of(&ReqwestTransport::new().unwrap()).await;
}

#[cfg(feature = "blocking")]
#[test]
fn errors_and_events_of_the_blocking_transport_show_no_secret() {
    use credsmith_runtime::{UreqTransport, blocking::block_on};
    let log = Log::of_the_process();
    block_on(check_errors_of(&UreqTransport::new()));
    let log = log.text();
    check(&log);
    assert!(log.contains("ureq"), "the transport was not heard:\n{log}");
}

#[tokio::test]
async fn events_show_no_secret() {
    let log = Log::of_the_process();
    let server = TokenServer::start_blocking();
    server.register_client("the-id", "veiled-secret");
    let manager = TokenManager::builder("acme_oauth")
        .token_url(server.token_url())
        .client_id("the-id")
        .client_secret("veiled-secret".into())
        .build()
        .unwrap();
    let schemes = Schemes::new();
    let [basic, bearer, keys, custom] = schemes.all();
    let oauth = needs(&manager, "credentials");
    let transport = ReqwestTransport::new().unwrap();
    for combination in [
        [oauth, keys.clone(), custom.clone()],
        [basic, keys.clone(), custom.clone()],
        [bearer, keys, custom],
    ] {
        for path in ["things", "things?veiled=veiled"] {
            // Two tokens, then the script's word.
            server.enqueue_api(Reply::status(401));
            server.enqueue_api(Reply::status(401).with_header("www-authenticate", "Bearer"));
            let request = Request::get(server.api_url(path))
                .body(Bytes::new())
                .unwrap();
            let response = send_secured(&transport, &group(&[&combination]), request).await;
            assert_eq!(response.unwrap().status(), 401);
            server.clear_replies();
        }
    }
    check_errors_of(&transport).await;
    let log = log.text();
    check(&log);
    for name in ["acme_oauth", "basicAuth", "bearerAuth", "apiKey", "hmac"] {
        let event = format!("scheme chosen scheme=\"{name}\"");
        assert!(log.contains(&event), "`{event}` is not in the log:\n{log}");
    }
    for token in server.issued_tokens() {
        assert!(!log.contains(&token), "{token} in {log}");
    }
}
