//! Schemes that fetch nothing, alone and together, as the server sees them.

use std::ffi::OsString;

use credsmith_matrix::simple::{
    AllOptionalCredentials, AuthCredentials, BasicCredentials, BearerCredentials,
    EngineCredentials, OneKeyCredentials, RequestCredentials, SimpleClient, SimpleClientBuilder,
    blocking,
};
use credsmith_runtime::ExposeSecret as _;
use credsmith_runtime::SendErrorKind;
use credsmith_runtime::bytes::Bytes;
use credsmith_runtime::http::Request;
use credsmith_token_server::{RecordedRequest, TokenServer};

fn keys() -> AuthCredentials {
    AuthCredentials::builder()
        .lookup("looked up")
        .totp_otp("12 34")
        .key("k&y")
        .username("é")
        .session("s3ss10n")
        .build()
}

fn signing() -> RequestCredentials {
    RequestCredentials::new("app", "its secret")
}

fn post(server: &TokenServer) -> Request<Bytes> {
    let request = Request::post(server.api_url("things?page=2")).header("cookie", "theme=dark");
    request.body(Bytes::from_static(b"body")).unwrap()
}

/// What the API saw of a request by the default group.
async fn seen(server: &TokenServer, builder: SimpleClientBuilder) -> RecordedRequest {
    let client = builder.build().unwrap();
    client.execute(post(server)).await.unwrap();
    server.api_requests().pop().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_alternative_that_is_complete_is_used_and_nothing_else() {
    let server = TokenServer::start_blocking();
    server.register_client("id", "secret");
    let builder = SimpleClient::builder()
        .bearer_credentials(BearerCredentials::new("personal"))
        .one_key_credentials(OneKeyCredentials::new("0815"));
    let request = seen(&server, builder.clone()).await;
    assert_eq!(request.header("authorization"), Some("Bearer personal"));
    assert_eq!(request.header("x-api-key"), Some("Key 0815"));

    // Signing alone is no alternative; Basic comes before the key and the token.
    let builder = builder
        .request_credentials(signing())
        .basic_credentials(BasicCredentials::new("user", "pässword"));
    let request = seen(&server, builder.clone()).await;
    let basic = request.header("authorization").unwrap();
    assert_eq!(basic, "Basic dXNlcjpww6Rzc3dvcmQ=");
    assert_eq!(request.header("x-api-key"), None);
    assert_eq!(request.header("x-signature"), None);

    let builder = builder
        .engine_credentials(EngineCredentials::new("id", "secret"))
        .engine_token_url(server.token_url());
    let request = seen(&server, builder).await;
    assert!(server.is_valid(request.bearer_token().unwrap()));
    // The signature sees the header of the other scheme.
    let signature = request.header("x-signature");
    assert_eq!(signature, Some("app POST /api/things true 4"));
    assert_eq!(server.token_requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_go_to_their_places() {
    let server = TokenServer::start_blocking();
    let client = SimpleClient::builder()
        .auth_credentials(keys())
        .request_credentials(signing());
    let client = client.build().unwrap();
    client.execute_reports(post(&server)).await.unwrap();
    let request = server.api_requests().pop().unwrap();
    assert_eq!(request.header("lookup"), Some("looked up"));
    assert_eq!(request.query_parameter("page").as_deref(), Some("2"));
    assert_eq!(
        request.query_parameter("TOTP-OTP").as_deref(),
        Some("p 12 34")
    );
    assert_eq!(request.query_parameter("self").as_deref(), Some("k&y"));
    assert_eq!(request.query_parameter("a \"b\" {c}").as_deref(), Some("é"));
    assert_eq!(
        request.header("cookie"),
        Some("theme=dark; session=s3ss10n")
    );
    let mut alone = post(&server);
    client.auth().authorize(&mut alone).unwrap();
    assert_eq!(alone.headers()["lookup"], "looked up");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_needs_nothing_sends_as_is() {
    let server = TokenServer::start_blocking();
    let client = SimpleClient::builder().basic_credentials(BasicCredentials::new("a", "b"));
    let client = client.build().unwrap();
    client.execute_health(post(&server)).await.unwrap();
    let request = server.api_requests().pop().unwrap();
    assert_eq!(request.header("authorization"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_named_and_nothing_is_sent() {
    let server = TokenServer::start_blocking();
    let client = SimpleClient::builder()
        .request_credentials(signing())
        .one_key_credentials(OneKeyCredentials::new("0815"))
        .all_optional_credentials(AllOptionalCredentials::new())
        .build()
        .unwrap();
    let error = client.execute(post(&server)).await.unwrap_err();
    assert_eq!(error.kind(), SendErrorKind::MissingCredentials);
    let text = error.to_string();
    for parameter in [
        "engine_credentials",
        "request_credentials",
        "basic_credentials",
        "one_key_credentials",
        "bearer_credentials",
    ] {
        assert!(text.contains(parameter), "{text}");
    }
    assert!(!text.contains("0815"), "{text}");
    // Where no field is required, one must be set nevertheless.
    let error = client.execute_all_optional(post(&server)).await;
    assert_eq!(error.unwrap_err().kind(), SendErrorKind::MissingCredentials);
    let config = client.config().to_builder();
    let config = config.all_optional_credentials(AllOptionalCredentials::builder().a("x").build());
    let client = config.build().unwrap();
    client.execute_all_optional(post(&server)).await.unwrap();
    let requests = server.api_requests();
    let [request] = requests.as_slice() else {
        panic!("{} requests", requests.len());
    };
    assert_eq!(request.header("x-signature"), Some("signed"));
}

#[test]
fn without_a_runtime_the_groups_are_the_same() {
    let server = TokenServer::start_blocking();
    let config = SimpleClient::builder()
        .auth_credentials(keys())
        .request_credentials(signing())
        .config();
    let client = blocking::SimpleClient::new(config).unwrap();
    client.execute_reports(post(&server)).unwrap();
    let error = client.execute(post(&server)).unwrap_err();
    assert_eq!(error.kind(), SendErrorKind::MissingCredentials, "{error}");
    let request = server.api_requests().pop().unwrap();
    assert_eq!(request.header("lookup"), Some("looked up"));
    let mut request = post(&server);
    client.request().sign(&mut request).unwrap();
    assert_eq!(
        request.headers()["x-signature"],
        "app POST /api/things false 4"
    );
}

#[test]
fn credentials_come_from_the_environment() {
    let read = |present: &'static [&'static str]| {
        move |name: &str| present.contains(&name).then(|| OsString::from(name))
    };
    let all = [
        "SIMPLE_AUTH_LOOKUP",
        "SIMPLE_AUTH_TOTP_OTP",
        "SIMPLE_AUTH_KEY",
        "SIMPLE_AUTH_USERNAME",
        "SIMPLE_AUTH_SESSION",
    ];
    let credentials =
        AuthCredentials::from_variables(|name| all.contains(&name).then(|| OsString::from(name)));
    let credentials = credentials.unwrap();
    let otp = credentials.totp_otp().unwrap().expose_secret();
    assert_eq!(otp, "SIMPLE_AUTH_TOTP_OTP");
    let missing = AuthCredentials::from_variables(read(&["SIMPLE_AUTH_KEY"])).unwrap_err();
    assert_eq!(missing.names().count(), 4);
    // What is optional may be absent, what is not may not.
    let given = &["SIMPLE_REQUEST_NAME", "SIMPLE_REQUEST_SIGN"];
    let credentials = RequestCredentials::from_variables(read(given)).unwrap();
    assert_eq!(credentials.name(), Some("SIMPLE_REQUEST_NAME"));
    assert!(credentials.is_configured().is_none());
    let missing = RequestCredentials::from_variables(read(&["SIMPLE_REQUEST_SIGN"]));
    let missing: Vec<_> = missing.unwrap_err().names().collect();
    assert_eq!(missing, ["SIMPLE_REQUEST_NAME"]);
    let credentials = AllOptionalCredentials::from_variables(|_| None).unwrap();
    assert!(credentials.a().is_none());
    let credentials = BasicCredentials::from_variables(|_| Some("x".into())).unwrap();
    assert_eq!(credentials.username(), Some("x"));
}

#[test]
fn debug_shows_no_secret() {
    let client = SimpleClient::builder()
        .auth_credentials(keys())
        .request_credentials(signing())
        .basic_credentials(BasicCredentials::new("user", "swordfish"))
        .build()
        .unwrap();
    let shown = format!("{client:?} {:?}", keys());
    for secret in [
        "looked up",
        "12 34",
        "k&y",
        "s3ss10n",
        "its secret",
        "swordfish",
    ] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("app"), "{shown}");
}
