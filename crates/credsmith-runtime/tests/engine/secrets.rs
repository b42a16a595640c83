//! Every secret is searched for in everything that can be printed: `Debug`, errors with their sources,
//! and the events of this crate at the finest level.

use std::error::Error;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use credsmith_runtime::{
    ClientAuthentication, ReqwestTransport, SecretString, Token, TokenManager, TokenProvider,
    TokenUpdateCallback, TransportErrorKind, codegen::Variables, send_authorized,
};
use credsmith_token_server::{Reply, TokenServer};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::support::*;

const SECRET: &str = "cl1ent&s3cret/ü";
const ID: &str = "the-id";
const ENDPOINT_TOKEN: &str = "hidden-access-0123";

/// All forms in which a secret could show.
fn forms() -> Vec<String> {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pairs = [
        format!("{ID}:{SECRET}"),
        format!("{}:{}", encoded(ID), encoded(SECRET)),
    ];
    let mut forms = vec![
        SECRET.to_owned(),
        encoded(SECRET),
        STANDARD.encode(SECRET),
        "hidden".to_owned(),
    ];
    for pair in pairs {
        forms.extend([STANDARD.encode(&pair), URL_SAFE.encode(&pair)]);
    }
    forms
}

pub(crate) fn check(what: &str) {
    for form in forms() {
        assert!(!what.contains(&form), "`{form}` in {what}");
    }
}

pub(crate) fn check_error(error: &(dyn Error + 'static)) {
    check(&format!("{error:?} {error:#?}"));
    let mut next = Some(error);
    while let Some(error) = next {
        check(&error.to_string());
        next = error.source();
    }
}

#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// Everything that is logged in this process from now on, by whatever crate: a subscriber for
    /// one thread would miss events whose callsites other tests have met first.
    pub(crate) fn of_the_process() -> &'static Self {
        static LOG: OnceLock<Log> = OnceLock::new();
        LOG.get_or_init(|| {
            let log = Self::default();
            let writer = log.clone();
            let lines = tracing_subscriber::fmt::layer().with_ansi(false);
            // At its finest level, ureq writes whole URLs: its documentation here says so.
            let levels = Targets::new()
                .with_default(LevelFilter::TRACE)
                .with_target("ureq", LevelFilter::DEBUG);
            let lines = lines.with_writer(move || writer.clone());
            tracing_subscriber::registry()
                .with(levels)
                .with(lines)
                .init();
            log
        })
    }
}

fn secretive(endpoint: &Arc<Endpoint>, authentication: ClientAuthentication) -> TokenManager {
    bare(endpoint, &clock())
        .token_url("https://acme.example/token?key=hidden-key")
        .client_id(ID)
        .client_secret(SecretString::from(SECRET))
        .client_authentication(authentication)
        .clock_skew(seconds(1_000))
        .on_token_update(TokenUpdateCallback::new(|_| Err::<(), _>("refused")))
        .build()
        .unwrap()
}

fn faults() -> Vec<Scripted> {
    let echo = r#"{"error":"invalid_client","error_description":"no cl1ent&s3cret/ü here, nor cl1ent%26s3cret%2F%C3%BC"}"#;
    vec![
        Scripted::Response(
            200,
            None,
            r#"{"access_token":"hidden-access-0123","refresh_token":"hidden-r","id_token":"hidden-i","expires_in":60}"#,
        ),
        Scripted::Response(200, None, r#"{"access_token":"hidden-access-0123","broken"#),
        Scripted::Response(
            200,
            None,
            r#"{"access_token":"hidden-access-0123","token_type":"hidden-type"}"#,
        ),
        Scripted::Response(200, None, "access_token=hidden-access-0123"),
        Scripted::Response(400, None, echo),
        Scripted::Response(401, None, echo),
        Scripted::Response(500, None, "<p>stack trace: password=hidden</p>"),
        Scripted::Response(
            307,
            Some(("location", "https://evil.example/?code=hidden")),
            "",
        ),
        Scripted::Failure(TransportErrorKind::Connect),
        INVALID_CLIENT,
        UNAVAILABLE,
    ]
}

#[tokio::test]
async fn peer_defect_15_and_32_no_secret_shows_anywhere() {
    let log = Log::of_the_process();
    for authentication in [
        ClientAuthentication::ClientSecretBasic,
        ClientAuthentication::ClientSecretBasicRaw,
        ClientAuthentication::ClientSecretPost,
    ] {
        for fault in faults() {
            let endpoint = Endpoint::new([fault]);
            let manager = secretive(&endpoint, authentication);
            match manager.token().await {
                Ok(token) => check(&format!("{token:?} {token:#?}")),
                Err(error) => check_error(&error),
            }
            run_until_idle().await;
            check(&format!(
                "{manager:?} {manager:#?} {:?}",
                manager.statistics()
            ));
            check(&format!("{:?}", endpoint.requests()[0].headers()));
            let _ = manager.fetch_token().await;
        }
    }
    let log = log.text();
    check(&log);
    for event in [
        "token request",
        "token response",
        "update callback failed",
        "the clock skew is longer",
    ] {
        assert!(
            log.contains(event),
            "`{event}` is not in the log, so the sweep proves little:\n{log}"
        );
    }
    assert!(log.contains("https://acme.example/token"));
}

#[tokio::test]
async fn no_secret_shows_in_the_logs_of_the_transport_either() {
    let log = Log::of_the_process();
    let server = TokenServer::start().await;
    server.register_client(ID, SECRET);
    let transport = ReqwestTransport::new().unwrap();
    for way in [
        ClientAuthentication::ClientSecretBasic,
        ClientAuthentication::ClientSecretPost,
    ] {
        let builder = TokenManager::builder("acme_oauth")
            .token_url(server.token_url())
            .client_id(ID);
        let manager = builder
            .client_secret(SecretString::from(SECRET))
            .client_authentication(way)
            .build()
            .unwrap();
        let request = http::Request::get(server.api_url("things"))
            .body(bytes::Bytes::new())
            .unwrap();
        server.enqueue(Reply::status(503));
        let response = send_authorized(&transport, &manager, request)
            .await
            .unwrap();
        assert_eq!(response.status(), 200);
        server.enqueue(Reply::ordinary().truncated(20));
        manager.fetch_token().await.unwrap();
    }
    let log = log.text();
    check(&log);
    assert!(
        log.contains("reqwest") || log.contains("hyper"),
        "the transport was not heard:\n{log}"
    );
    for token in server.issued_tokens() {
        assert!(!log.contains(&token), "{token} in {log}");
    }
}

#[test]
fn builders_providers_and_configuration_errors_show_no_secret() {
    let builder = TokenManager::builder("acme")
        .token_url("ftp://u:hidden@acme.example/?hidden")
        .client_secret(SecretString::from(SECRET))
        .parameter("api_key", "hidden")
        .token(Token::new(ENDPOINT_TOKEN));
    check(&format!("{builder:?}"));
    check_error(&builder.build().unwrap_err());
    let captured = ENDPOINT_TOKEN.to_owned();
    let provider = TokenProvider::<TokenManager>::new(move |_, _| Token::new(captured.clone()));
    check(&format!("{provider:?}"));
}

#[test]
fn environment_errors_show_no_secret() {
    let lookup = |name: &str| (name == "NOT_UTF8").then(|| not_utf8(SECRET));
    let mut variables = Variables::new(&lookup);
    variables.required_secret("NOT_UTF8");
    variables.optional_secret("NOT_UTF8");
    check(&format!("{variables:?}"));
    check_error(&variables.finish().unwrap_err());
}

#[cfg(unix)]
fn not_utf8(text: &str) -> std::ffi::OsString {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec([text.as_bytes(), b"\xff"].concat())
}

#[cfg(not(unix))]
fn not_utf8(_: &str) -> std::ffi::OsString {
    std::ffi::OsString::new()
}

/// An endpoint that repeats the assertion it was sent.
#[cfg(feature = "jwt")]
struct Echo(Mutex<Vec<String>>);

#[cfg(feature = "jwt")]
impl credsmith_runtime::Transport for Echo {
    fn send(
        &self,
        request: http::Request<bytes::Bytes>,
    ) -> credsmith_runtime::BoxFuture<
        '_,
        Result<http::Response<bytes::Bytes>, credsmith_runtime::TransportError>,
    > {
        let form = form_urlencoded::parse(request.body());
        let assertion = form
            .filter(|(name, _)| name == "client_assertion")
            .map(|(_, value)| value.into_owned())
            .next()
            .unwrap();
        let body =
            format!(r#"{{"error":"invalid_client","error_description":"no such {assertion}"}}"#);
        self.0.lock().unwrap().push(assertion);
        let response = http::Response::builder().status(401).body(body.into());
        Box::pin(async move { Ok(response.unwrap()) })
    }
}

#[cfg(feature = "jwt")]
#[tokio::test]
async fn assertions_are_fresh_and_show_nowhere() {
    let log = Log::of_the_process();
    let echo = Arc::new(Echo(Mutex::default()));
    let key =
        credsmith_runtime::SigningKey::es256_from_pem(&credsmith_token_server::keys::P256.into())
            .unwrap();
    check(&format!("{key:?}"));
    for way in [
        ClientAuthentication::PrivateKeyJwt,
        ClientAuthentication::ClientSecretJwt,
    ] {
        let transport: Arc<dyn credsmith_runtime::Transport> = Arc::<Echo>::clone(&echo);
        let builder = TokenManager::builder("acme_oauth")
            .token_url("https://acme.example/token")
            .client_id(ID)
            .client_secret(SecretString::from(SECRET))
            .client_authentication(way)
            .signing_key(key.clone())
            .transport(transport);
        check(&format!("{builder:?}"));
        let manager = builder.build().unwrap();
        for _ in 0..2 {
            let error = manager.fetch_token().await.unwrap_err();
            check_error(&error);
            assert!(error.to_string().contains("no such [redacted]"), "{error}");
        }
    }
    let log = log.text();
    check(&log);
    let assertions = echo.0.lock().unwrap().clone();
    for (index, assertion) in assertions.iter().enumerate() {
        assert!(!log.contains(assertion.as_str()));
        assert!(!assertions[..index].contains(assertion), "sent twice");
    }
    assert_eq!(assertions.len(), 4);
    let unsigned = TokenManager::builder("acme_oauth")
        .token_url("https://acme.example/token")
        .client_id(ID)
        .client_authentication(ClientAuthentication::PrivateKeyJwt)
        .field_names(&[("private_key", "oauth_private_key")]);
    let error = unsigned.build().unwrap().token().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "acme_oauth needs a new token, but oauth_private_key is not set"
    );
}

#[cfg(feature = "store-file")]
#[tokio::test]
async fn stores_show_no_token() {
    use credsmith_runtime::{FileStore, MemoryStore, StoredToken, TokenStore};
    let log = Log::of_the_process();
    let directory = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::new([Scripted::Response(
        200,
        None,
        r#"{"access_token":"hidden-access-0123","expires_in":60}"#,
    )]);
    let store = Arc::new(FileStore::new(directory.path()).unwrap());
    let stores: [Arc<dyn TokenStore>; 2] = [store, Arc::new(MemoryStore::new())];
    for store in stores {
        check(&format!("{store:?}"));
        let manager = builder(&endpoint, &clock()).store(store).build().unwrap();
        manager.token().await.unwrap();
    }
    for file in std::fs::read_dir(directory.path()).unwrap() {
        // Damaged, so that the error of reading it could contain its text.
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace("access_token", "access_tok")).unwrap();
    }
    let damaged = Arc::new(FileStore::new(directory.path()).unwrap());
    let manager = builder(&endpoint, &clock()).store(damaged).build().unwrap();
    manager.token().await.unwrap();
    assert!(manager.statistics().store_failures > 0);
    check(&format!(
        "{:?}",
        StoredToken::new(Token::new(ENDPOINT_TOKEN))
    ));
    check(&log.text());
}
