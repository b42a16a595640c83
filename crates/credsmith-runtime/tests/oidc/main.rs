//! Interoperability with a real authorization server, `oidc-provider` from npm.
//!
//! The server is started on a free port of loopback, and ends with the test. Its packages are
//! installed by the first run, with `npm ci`. Without node, npm or the network the test is skipped
//! and says so; where `CI` is `true` that is a failure.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, which the allowance for tests does not cover"
)]

mod browser;
mod sign_in;

use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use credsmith_runtime::{
    ClientAuthentication, ExposeSecret, ReqwestTransport, SecretString, SigningKey, Token,
    TokenErrorKind, TokenManager, TokenManagerBuilder, Transport,
};
use credsmith_token_server::keys::{P256, RSA};
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};

/// An id and a secret that nothing but exact form-encoding carries, in each place they can stand.
const ID: &str = "an:id%with+signs=";
const SECRET: &str = "s:3%cr+et=&/?0123456789abcdefghijkl";

/// A running server; it stops when this is dropped.
struct Server {
    process: Child,
    /// Kept open: a process that writes to a closed pipe ends.
    _output: Lines<BufReader<ChildStdout>>,
    issuer: String,
}

impl Server {
    fn start() -> Result<Self, String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oidc");
        install(&folder)?;
        let mut process = Command::new("node")
            .arg("server.mjs")
            .arg(clients().to_string())
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("node does not start: {error}"))?;
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let issuer = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.strip_prefix("issuer=")?.to_owned()));
        let Some(issuer) = issuer else {
            let _ = process.wait();
            return Err("the server ended before it said where it listens".to_owned());
        };
        Ok(Self {
            process,
            _output: lines,
            issuer,
        })
    }

    fn manager(&self, client_id: &str, way: ClientAuthentication) -> TokenManagerBuilder {
        TokenManager::builder("oidc")
            .token_url(format!("{}/token", self.issuer))
            .client_id(client_id)
            .client_authentication(way)
    }

    /// Posts a token to one of the endpoints beside the token endpoint, and returns the response.
    async fn post(&self, path: &str, token: &Token) -> Bytes {
        let encode =
            |text: &str| -> String { form_urlencoded::byte_serialize(text.as_bytes()).collect() };
        let pair = format!("{}:{}", encode(ID), encode(SECRET));
        let request = Request::post(format!("{}{path}", self.issuer))
            .header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(pair)))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(format!("token={}", encode(token.access_token().expose_secret())).into())
            .unwrap();
        let response = ReqwestTransport::new()
            .unwrap()
            .send(request)
            .await
            .unwrap();
        assert_eq!(response.status(), 200, "{path}: {:?}", response.body());
        response.into_body()
    }

    async fn introspected(&self, token: &Token) -> Value {
        serde_json::from_slice(&self.post("/token/introspection", token).await).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn clients() -> Value {
    json!([
        {
            "client_id": ID,
            "client_secret": SECRET,
            "token_endpoint_auth_method": "client_secret_basic",
            "scope": "read",
        },
        {
            "client_id": format!("{ID}post"),
            "client_secret": SECRET,
            "token_endpoint_auth_method": "client_secret_post",
        },
        {
            "client_id": "secret-jwt",
            "client_secret": SECRET,
            "token_endpoint_auth_method": "client_secret_jwt",
        },
        {
            "client_id": "rsa",
            "private_key": RSA,
            "token_endpoint_auth_method": "private_key_jwt",
        },
        {
            "client_id": "p256",
            "private_key": P256,
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "ES256",
        },
        {
            "client_id": "web",
            "client_secret": SECRET,
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "redirect_uris": [browser::REDIRECT_URI],
        },
        {
            "client_id": "tv",
            "private_key": P256,
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "ES256",
            "grant_types": ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
        },
    ])
}

/// Installs the server's packages, unless they are there.
fn install(folder: &Path) -> Result<(), String> {
    let installed: PathBuf = folder.join("node_modules/oidc-provider/package.json");
    if installed.exists() {
        return Ok(());
    }
    let run = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(folder)
        .output()
        .map_err(|error| format!("npm does not start: {error}"))?;
    if run.status.success() {
        Ok(())
    } else {
        Err(format!("npm ci: {}", String::from_utf8_lossy(&run.stderr)))
    }
}

/// A server of one test's own; without one the test is skipped, and says so.
#[expect(
    clippy::print_stdout,
    reason = "the only way for a test to say that it was skipped"
)]
fn server() -> Option<Server> {
    // Two tests that install at the same time would be in each other's way.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    match Server::start() {
        Ok(server) => Some(server),
        Err(problem) if std::env::var("CI").is_ok_and(|value| value == "true") => {
            panic!("no server to test against: {problem}");
        }
        Err(problem) => {
            println!("SKIPPED: no server to test against: {problem}");
            None
        }
    }
}

#[tokio::test]
async fn every_client_authentication_is_accepted() {
    let Some(server) = server() else {
        return;
    };
    basic_with_scopes_introspection_and_revocation(&server).await;
    post(&server).await;
    assertions(&server).await;
    refusals(&server).await;
}

async fn basic_with_scopes_introspection_and_revocation(server: &Server) {
    let manager = server
        .manager(ID, ClientAuthentication::ClientSecretBasic)
        .client_secret(SECRET.into())
        .scope("read")
        .parameter("resource", "https://api.acme.example/")
        .build()
        .unwrap();
    let token = manager.token().await.unwrap();
    assert_eq!(token.scope(), Some("read"));
    assert!(token.expires_at().is_some());
    let seen = server.introspected(&token).await;
    assert_eq!(seen["active"], true, "{seen}");
    assert_eq!(seen["client_id"], ID, "{seen}");
    assert_eq!(seen["scope"], "read", "{seen}");
    assert_eq!(seen["aud"], "https://api.acme.example/", "{seen}");

    server.post("/token/revocation", &token).await;
    assert_eq!(server.introspected(&token).await["active"], false);
    manager.invalidate(&token);
    let renewed = manager.token().await.unwrap();
    assert_eq!(server.introspected(&renewed).await["active"], true);
}

async fn post(server: &Server) {
    let manager = server
        .manager(&format!("{ID}post"), ClientAuthentication::ClientSecretPost)
        .client_secret(SECRET.into());
    manager.build().unwrap().token().await.unwrap();
}

async fn assertions(server: &Server) {
    let ways = [
        server
            .manager("secret-jwt", ClientAuthentication::ClientSecretJwt)
            .client_secret(SECRET.into()),
        server
            .manager("rsa", ClientAuthentication::PrivateKeyJwt)
            .signing_key(SigningKey::rs256_from_pem(&RSA.into()).unwrap()),
        server
            .manager("p256", ClientAuthentication::PrivateKeyJwt)
            .signing_key(SigningKey::es256_from_pem(&P256.into()).unwrap()),
    ];
    for way in ways {
        let manager = way.assertion_audience(&server.issuer).build().unwrap();
        // The server takes no assertion twice.
        for _ in 0..2 {
            manager.fetch_token().await.unwrap();
        }
    }
}

async fn refusals(server: &Server) {
    let wrong = server
        .manager(ID, ClientAuthentication::ClientSecretBasic)
        .client_secret(SecretString::from("wrong"));
    let error = wrong.build().unwrap().token().await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::InvalidClient, "{error}");
    assert_eq!(error.status().unwrap(), 401);

    let other_key = server
        .manager("p256", ClientAuthentication::PrivateKeyJwt)
        .signing_key(SigningKey::rs256_from_pem(&RSA.into()).unwrap())
        .transport(Arc::new(ReqwestTransport::new().unwrap()));
    let error = other_key.build().unwrap().token().await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::InvalidClient, "{error}");

    let scope = server
        .manager(ID, ClientAuthentication::ClientSecretBasic)
        .client_secret(SECRET.into())
        .parameter("resource", "https://api.acme.example/")
        .scope("write");
    let error = scope.build().unwrap().token().await.unwrap_err();
    assert_eq!(error.error(), Some("invalid_scope"), "{error}");
}
