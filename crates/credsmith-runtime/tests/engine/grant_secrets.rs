//! The secrets of the grants: codes, verifiers, states, refresh tokens, device codes, passwords,
//! assertions, subject tokens. Each is sought in `Debug`, in errors with their sources, and in the
//! events of this crate, while the server repeats whatever it was sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use credsmith_runtime::{
    BoxFuture, ClientAuthentication, Grant, PasswordGrant, SecretString, SubjectToken, Token,
    TokenError, TokenExchange, TokenManager, TokenManagerBuilder, TokenRequestFormat, Transport,
    TransportError, UserSignIn,
};
use http::{Request, Response};

use crate::secrets::{Log, check_error};
use crate::support::*;

/// Parameters of requests that only the server may see.
const SECRET_PARAMETERS: [&str; 10] = [
    "client_secret",
    "password",
    "code",
    "code_verifier",
    "refresh_token",
    "device_code",
    "assertion",
    "client_assertion",
    "subject_token",
    "token",
];

/// An endpoint that repeats the request in its error: verbatim, decoded, and escaped in another way.
#[derive(Default)]
struct Echo {
    secrets_sent: Mutex<Vec<String>>,
}

impl Transport for Echo {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        if request.method() == http::Method::GET {
            let metadata = Response::new(r#"{"issuer":"https://acme.example"}"#.into());
            return Box::pin(async move { Ok(metadata) });
        }
        let sent = String::from_utf8(request.body().to_vec()).unwrap();
        let values = if request.headers()["content-type"] == "application/json" {
            of_json(&sent)
        } else {
            of_form(&sent)
        };
        let body = serde_json::json!({
            "error": "invalid_request",
            "error_description": format!("I got {} in {sent}", values.join(" ")),
        });
        self.secrets_sent.lock().unwrap().extend(values);
        let response = Response::builder()
            .status(400)
            .body(body.to_string().into());
        Box::pin(async move { Ok(response.unwrap()) })
    }
}

/// The secrets in a form, encoded and decoded.
fn of_form(sent: &str) -> Vec<String> {
    let secret = sent.split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        SECRET_PARAMETERS.contains(&name)
    });
    let values = secret.flat_map(|pair| {
        let (_, encoded) = pair.split_once('=').unwrap();
        let mut decoded = form_urlencoded::parse(pair.as_bytes());
        [encoded.to_owned(), decoded.next().unwrap().1.into_owned()]
    });
    values.collect()
}

/// The secrets in a JSON object: decoded, as it came, and as servers write JSON that keep to ASCII and
/// escape slashes.
fn of_json(sent: &str) -> Vec<String> {
    let members: BTreeMap<String, String> = serde_json::from_str(sent).unwrap();
    let mut members: Vec<_> = members.into_iter().collect();
    members.retain(|(name, _)| SECRET_PARAMETERS.contains(&name.as_str()));
    let values = members.into_iter().flat_map(|(name, value)| {
        let (_, came) = sent.split_once(&format!("\"{name}\":\"")).unwrap();
        let came = came.split("\",\"").next().unwrap();
        let came = came.strip_suffix("\"}").unwrap_or(came).to_owned();
        let quoted = ascii(&serde_json::Value::from(value.as_str()).to_string());
        let escaped = quoted[1..quoted.len() - 1].replace('/', "\\/");
        [value, came, escaped]
    });
    values.collect()
}

fn ascii(text: &str) -> String {
    let escaped = text.encode_utf16().map(|unit| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
        _ => format!("\\u{unit:04x}"),
    });
    escaped.collect()
}

impl Echo {
    /// Looks for everything that was sent in `text`, and for a few things that were not.
    fn assert_absent_from(&self, text: &str) {
        for secret in self.secrets_sent.lock().unwrap().iter() {
            assert!(!text.contains(secret.as_str()), "`{secret}` in {text}");
        }
        assert!(!text.contains("hidden"), "{text}");
    }

    fn check(&self, error: &TokenError) {
        check_error(error);
        let text = error.to_string();
        self.assert_absent_from(&text);
        self.assert_absent_from(&format!("{error:?}"));
        let said = std::error::Error::source(error).map(ToString::to_string);
        assert!(
            text.contains("[redacted]") || said.is_some(),
            "the server was not secrets_sent: {text}"
        );
    }

    fn builder(self: &Arc<Self>, grant: Grant) -> TokenManagerBuilder {
        let transport: Arc<dyn Transport> = Arc::<Self>::clone(self);
        let builder = TokenManager::builder("acme_oauth")
            .token_url("https://acme.example/token?key=hidden-key")
            .authorization_url("https://acme.example/authorize?key=hidden-key")
            .device_authorization_url("https://acme.example/device?key=hidden-key")
            .revocation_url("https://acme.example/revoke?key=hidden-key")
            .introspection_url("https://acme.example/introspect?key=hidden-key")
            .redirect_uri("https://app.example/cb")
            .client_id("the-id")
            .client_secret(SecretString::from("hidden \"&\\\n secret/ü\u{1d11e}"))
            .client_authentication(ClientAuthentication::ClientSecretPost)
            .authorization_parameter("api_key", "hidden-parameter")
            .grant(grant)
            .clock(Arc::new(clock()))
            .transport(transport);
        self.assert_absent_from(&format!("{builder:?} {builder:#?}"));
        builder
    }
}

fn expired() -> Token {
    Token::new("hidden-access")
        .with_refresh_token(SecretString::from("hidden/refresh token"))
        .with_expires_at(start())
}

#[cfg(feature = "jwt")]
fn signed(echo: &Arc<Echo>) -> Vec<TokenManagerBuilder> {
    use credsmith_runtime::{JwtBearer, SigningKey};
    let key = SigningKey::from_pem(&credsmith_token_server::keys::P256.into()).unwrap();
    let grant = JwtBearer::new("me").signing_key(key);
    vec![echo.builder(Grant::JwtBearer(grant))]
}

#[cfg(not(feature = "jwt"))]
fn signed(_: &Arc<Echo>) -> Vec<TokenManagerBuilder> {
    Vec::new()
}

/// Managers whose token requests hold something secret.
fn managers(echo: &Arc<Echo>) -> Vec<TokenManagerBuilder> {
    let password = PasswordGrant::new("me", "hidden pass&word\\\"".into());
    let subject = SubjectToken::from_fn(|| "hidden subject".to_owned());
    let mut managers = vec![
        echo.builder(Grant::AuthorizationCode).token(expired()),
        echo.builder(Grant::Password(password)),
        echo.builder(Grant::TokenExchange(TokenExchange::new("hidden+subject"))),
        echo.builder(Grant::TokenExchange(TokenExchange::new(subject))),
    ];
    managers.extend(signed(echo));
    managers
}

#[tokio::test]
async fn peer_defect_32_secrets_in_token_requests_do_not_appear_anywhere() {
    let log = Log::of_the_process();
    let echo = Arc::new(Echo::default());
    for format in [TokenRequestFormat::Form, TokenRequestFormat::Json] {
        for manager in managers(&echo) {
            let manager = manager.token_request_format(format).build().unwrap();
            echo.check(&manager.token().await.unwrap_err());
            echo.check(&manager.fetch_token().await.unwrap_err());
            echo.assert_absent_from(&format!("{manager:?} {manager:#?}"));
        }
    }
    assert!(
        echo.secrets_sent
            .lock()
            .unwrap()
            .contains(&r"hidden\/refresh token".to_owned()),
        "no JSON was repeated"
    );
    let leaving = echo.builder(Grant::AuthorizationCode).token(expired());
    let leaving = leaving.build().unwrap();
    echo.check(&leaving.revoke_token().await.unwrap_err());
    assert!(echo.secrets_sent.lock().unwrap().len() > 60);
    let log = log.text();
    echo.assert_absent_from(&log);
    assert!(
        log.contains("request about a token"),
        "the sweep proves little"
    );
}

#[tokio::test]
async fn an_introspection_shows_neither_token_nor_client_secret() {
    let log = Log::of_the_process();
    let echo = Arc::new(Echo::default());
    for authentication in [
        ClientAuthentication::ClientSecretBasic,
        ClientAuthentication::ClientSecretBasicRaw,
        ClientAuthentication::ClientSecretPost,
    ] {
        let builder = echo.builder(Grant::ClientCredentials);
        let builder = builder.client_authentication(authentication);
        let manager = builder.build().unwrap();
        let token = Token::new("hidden/introspected token");
        echo.check(&manager.introspect_token(&token).await.unwrap_err());
        echo.assert_absent_from(&format!("{manager:?} {manager:#?} {token:?} {token:#?}"));
    }
    let expected = ["hidden%2Fintrospected+token", "hidden/introspected token"];
    let secrets_sent = echo.secrets_sent.lock().unwrap().clone();
    for token in expected {
        assert!(
            secrets_sent.iter().any(|secret| secret == token),
            "{secrets_sent:?}"
        );
    }
    assert_eq!(secrets_sent.len(), 8, "three tokens and one client secret");
    let log = log.text();
    echo.assert_absent_from(&log);
    assert!(
        log.contains("https://acme.example/introspect"),
        "the introspections are not in the log"
    );
}

#[tokio::test]
async fn the_result_of_an_introspection_does_not_show_the_token() {
    let log = Log::of_the_process();
    let active = Scripted::Response(
        200,
        None,
        r#"{"active":true,"token":"hidden-token","jti":"hidden-token","sub":"hidden-user","username":"hidden-user"}"#,
    );
    let manager = builder(&Endpoint::new([active]), &clock())
        .introspection_url("https://acme.example/introspect")
        .build()
        .unwrap();
    let token = Token::new("hidden-token");
    let introspection = manager.introspect_token(&token).await.unwrap();
    crate::secrets::check(&format!("{introspection:?} {introspection:#?}"));
    crate::secrets::check(&log.text());
}

#[tokio::test]
async fn a_sign_in_shows_neither_state_nor_verifier_nor_code() {
    let log = Log::of_the_process();
    let echo = Arc::new(Echo::default());
    let manager = echo.builder(Grant::AuthorizationCode).build().unwrap();
    let request = manager.start_sign_in().await.unwrap();
    let state = request.state();
    let url = |rest: &str| format!("https://app.example/cb?state={state}&{rest}");
    let error = manager
        .complete_sign_in(&request, &url("code=hidden%2Fcode"))
        .await
        .unwrap_err();
    echo.check(&error);
    assert_eq!(
        echo.secrets_sent.lock().unwrap().len(),
        6,
        "secret, code and verifier"
    );
    for wrong in [
        "https://app.example/cb?state=hidden-state&code=hidden-code".to_owned(),
        url("iss=https://hidden.example&code=hidden-code"),
        url("code=hidden-1&code=hidden-2"),
        url("access_token=hidden"),
    ] {
        let request = if wrong.contains("iss=") {
            let strict = echo.builder(Grant::AuthorizationCode);
            let strict = strict.issuer("https://acme.example").build().unwrap();
            strict.start_sign_in().await.unwrap()
        } else {
            request.clone()
        };
        let wrong = wrong.replace(state, request.state());
        let error = manager
            .complete_sign_in(&request, &wrong)
            .await
            .unwrap_err();
        check_error(&error);
        echo.assert_absent_from(&format!("{error} {error:?}"));
        assert!(!error.to_string().contains(request.state()));
    }
    let shown = format!("{request:?} {request:#?}");
    assert!(
        !shown.contains(state) && !shown.contains("hidden"),
        "{shown}"
    );
    let log = log.text();
    echo.assert_absent_from(&log);
    assert!(!log.contains(state));
}

#[tokio::test]
async fn a_sign_in_in_json_shows_neither_verifier_nor_code() {
    let echo = Arc::new(Echo::default());
    let manager = echo
        .builder(Grant::AuthorizationCode)
        .token_request_format(TokenRequestFormat::Json);
    let manager = manager.build().unwrap();
    let request = manager.start_sign_in().await.unwrap();
    let url = format!(
        "https://app.example/cb?state={}&code=hidden%2F%22code%5C",
        request.state()
    );
    let outcome = manager.complete_sign_in(&request, &url).await;
    echo.check(&outcome.unwrap_err());
    assert_eq!(
        echo.secrets_sent.lock().unwrap().len(),
        9,
        "secret, code and verifier"
    );
}

#[tokio::test]
async fn device_codes_and_hooks_show_nothing() {
    let log = Log::of_the_process();
    let codes = Scripted::Response(
        200,
        None,
        r#"{"device_code":"hidden-device","user_code":"hidden-user","verification_uri":"https://acme.example/device",
            "expires_in":60,"interval":1}"#,
    );
    let echo = Scripted::Response(
        400,
        None,
        r#"{"error":"invalid_grant","error_description":"no hidden-device here"}"#,
    );
    let endpoint = Endpoint::new([codes, echo]);
    let captured = "hidden".to_owned();
    let hook = UserSignIn::new(move |_: TokenManager| Token::new(captured.clone()));
    crate::secrets::check(&format!("{hook:?}"));
    let manager = builder(&endpoint, &clock())
        .grant(Grant::DeviceCode)
        .device_authorization_url("https://acme.example/device")
        .user_sign_in(hook)
        .build()
        .unwrap();
    let codes = manager.start_device_sign_in().await.unwrap();
    crate::secrets::check(&format!("{codes:?} {codes:#?}"));
    let error = manager.complete_device_sign_in(&codes).await.unwrap_err();
    check_error(&error);
    assert!(error.to_string().contains("no [redacted] here"), "{error}");
    crate::secrets::check(&log.text());
}
