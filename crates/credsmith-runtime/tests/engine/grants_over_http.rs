//! Every grant over the wire, against a server that is strict about each.

use std::time::Duration;

use bytes::Bytes;
use credsmith_runtime::{
    Grant, PasswordGrant, ReqwestTransport, SecretString, SignInRequest, TokenErrorKind,
    TokenExchange, TokenManager, TokenManagerBuilder, Transport, send_authorized,
};
use credsmith_token_server::{Reply, TokenServer};
use http::Request;

use crate::support::{crowd, text};

const ID: &str = "an id: with ä";
const SECRET: &str = "s3cr&t +%/=";

fn server() -> TokenServer {
    let server = TokenServer::start_blocking();
    server.register_client(ID, SECRET);
    server
}

/// A manager that finds the endpoints by their issuer.
fn builder(server: &TokenServer, grant: Grant) -> TokenManagerBuilder {
    TokenManager::builder("acme_oauth")
        .issuer(server.issuer())
        .client_id(ID)
        .client_secret(SecretString::from(SECRET))
        .redirect_uri("https://app.example/cb?x=1")
        .scope("a b")
        .grant(grant)
}

/// Opens the URL as a browser does, and returns the URL of the redirect.
async fn browse(request: &SignInRequest) -> String {
    let sent = Request::get(request.url()).body(Bytes::new()).unwrap();
    let response = ReqwestTransport::new().unwrap().send(sent).await.unwrap();
    assert_eq!(response.status(), 302, "{:?}", response.body());
    response.headers()["location"].to_str().unwrap().to_owned()
}

async fn sign_in(manager: &TokenManager) {
    let request = manager.start_sign_in().await.unwrap();
    let callback = browse(&request).await;
    let completed = manager.complete_sign_in(&request, &callback).await;
    completed.unwrap();
}

async fn call(server: &TokenServer, manager: &TokenManager) -> u16 {
    let request = Request::get(server.api_url("things")).body(Bytes::new());
    let transport = ReqwestTransport::new().unwrap();
    let sent = send_authorized(&transport, manager, request.unwrap()).await;
    sent.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_code_a_refresh_after_401_and_the_end() {
    let server = server();
    let manager = builder(&server, Grant::AuthorizationCode).build().unwrap();
    sign_in(&manager).await;
    assert_eq!(manager.current_token().unwrap().scope(), Some("a b"));
    assert_eq!(call(&server, &manager).await, 200);
    server.revoke_all();
    assert_eq!(call(&server, &manager).await, 200, "renewed after the 401");
    assert_eq!(server.valid_refresh_tokens().len(), 1, "rotated");
    let token = text(&manager.current_token().unwrap());
    manager.revoke_token().await.unwrap();
    assert!(!server.is_valid(&token) && server.valid_refresh_tokens().is_empty());
    let error = manager.token().await.unwrap_err();
    assert!(error.is_sign_in_needed(), "{error}");

    server.set_user_consents(false);
    let request = manager.start_sign_in().await.unwrap();
    let callback = browse(&request).await;
    let error = manager.complete_sign_in(&request, &callback).await;
    assert_eq!(error.unwrap_err().kind(), TokenErrorKind::AccessDenied);
}

#[tokio::test]
async fn a_code_is_bound_to_its_verifier_and_good_for_one_exchange() {
    let server = server();
    let manager = builder(&server, Grant::AuthorizationCode).build().unwrap();
    let request = manager.start_sign_in().await.unwrap();
    let callback = browse(&request).await;
    let stolen = manager.start_sign_in().await.unwrap();
    let forged = callback.replace(request.state(), stolen.state());
    let error = manager
        .complete_sign_in(&stolen, &forged)
        .await
        .unwrap_err();
    assert_eq!(error.error_description(), Some("the verifier does not fit"));
    let error = manager.complete_sign_in(&request, &callback).await;
    assert_eq!(error.unwrap_err().kind(), TokenErrorKind::InvalidGrant);
}

#[tokio::test]
async fn a_thousand_tasks_refresh_once_and_a_torn_response_is_not_replayed() {
    let server = server();
    server.set_expires_in(1);
    let manager = builder(&server, Grant::AuthorizationCode).build().unwrap();
    sign_in(&manager).await;
    server.clear_requests();
    server.set_latency(Duration::from_millis(50));
    server.set_expires_in(3_600);
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let outcomes = crowd(&manager, 1_000).await;
    assert!(outcomes.into_iter().all(|outcome| outcome.is_ok()));
    assert_eq!(server.token_requests().len(), 1);

    server.clear_requests();
    server.enqueue(Reply::ordinary().truncated(10));
    manager.invalidate(&manager.token().await.unwrap());
    assert!(manager.token().await.unwrap_err().is_transient());
    assert_eq!(server.token_requests().len(), 1, "nothing is sent twice");
    let error = manager.fetch_token().await.unwrap_err();
    assert!(
        error.is_sign_in_needed() && error.error() == Some("invalid_grant"),
        "the new refresh token was lost on the way: {error}"
    );
}

#[tokio::test]
async fn a_device_gets_its_token_when_the_user_has_consented() {
    let server = server();
    server.set_device_interval(1);
    let manager = builder(&server, Grant::DeviceCode).build().unwrap();
    let codes = manager.start_device_sign_in().await.unwrap();
    let polling = tokio::spawn({
        let (manager, codes) = (manager.clone(), codes.clone());
        async move { manager.complete_device_sign_in(&codes).await }
    });
    while server.token_requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The first poll has arrived; its response comes before the second is due, in a second.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!polling.is_finished(), "the first poll came too early");
    assert!(server.decide_for_device(codes.user_code(), true));
    polling.await.unwrap().unwrap();
    assert_eq!(call(&server, &manager).await, 200);
    assert_eq!(server.token_requests().len(), 2);

    let codes = manager.start_device_sign_in().await.unwrap();
    server.decide_for_device(codes.user_code(), false);
    let error = manager.complete_device_sign_in(&codes).await;
    assert_eq!(error.unwrap_err().kind(), TokenErrorKind::AccessDenied);
}

#[tokio::test]
async fn password_token_exchange_and_implicit() {
    let server = server();
    server.register_user("me", "pass & word");
    server.register_subject_token("from elsewhere");
    let password = PasswordGrant::new("me", "pass & word".into());
    for grant in [
        Grant::Password(password),
        Grant::TokenExchange(TokenExchange::new("from elsewhere")),
    ] {
        let manager = builder(&server, grant).build().unwrap();
        assert_eq!(call(&server, &manager).await, 200);
    }
    let wrong = Grant::Password(PasswordGrant::new("me", "wrong".into()));
    let error = builder(&server, wrong).build().unwrap().token().await;
    assert_eq!(error.unwrap_err().kind(), TokenErrorKind::InvalidGrant);
    let manager = builder(&server, Grant::Implicit).build().unwrap();
    sign_in(&manager).await;
    assert_eq!(call(&server, &manager).await, 200);
    assert!(manager.current_token().unwrap().refresh_token().is_none());
}

#[cfg(feature = "jwt")]
#[tokio::test]
async fn a_signed_assertion_is_a_grant() {
    use credsmith_runtime::{JwtBearer, SigningKey};
    let server = server();
    server.register_assertion_issuer("me");
    let key = SigningKey::from_pem(&credsmith_token_server::keys::P256.into()).unwrap();
    let grant = JwtBearer::new("me").signing_key(key);
    let manager = builder(&server, Grant::JwtBearer(grant)).build().unwrap();
    for _ in 0..2 {
        manager.fetch_token().await.unwrap();
    }
    assert_eq!(call(&server, &manager).await, 200);
}

#[cfg(feature = "store-file")]
mod processes {
    use std::process::{Command, Stdio};
    use std::sync::Arc;

    use credsmith_runtime::FileStore;

    use super::*;

    fn stored(issuer: &str, directory: &std::path::Path) -> TokenManager {
        TokenManager::builder("acme_oauth")
            .issuer(issuer)
            .client_id(ID)
            .client_secret(SecretString::from(SECRET))
            .redirect_uri("https://app.example/cb")
            .grant(Grant::AuthorizationCode)
            .store(Arc::new(FileStore::new(directory).unwrap()))
            .build()
            .unwrap()
    }

    /// One of the processes of the test below, when that test runs it.
    #[tokio::test]
    async fn one_of_many() {
        let (Some(directory), Some(issuer)) = (
            std::env::var_os("ROTATION_DIRECTORY"),
            std::env::var("ROTATION_ISSUER").ok(),
        ) else {
            return;
        };
        let manager = stored(&issuer, directory.as_ref());
        println!("got={}", text(&manager.token().await.unwrap()));
    }

    #[test]
    fn processes_take_turns_with_one_refresh_token() {
        let server = server();
        server.set_expires_in(1);
        let directory = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(sign_in(&stored(&server.issuer(), directory.path())));
        server.clear_requests();
        server.set_expires_in(3_600);
        server.set_latency(Duration::from_millis(300));
        std::thread::sleep(Duration::from_millis(1_100));
        let start = || {
            Command::new(std::env::current_exe().unwrap())
                .args([
                    "--exact",
                    "grants_over_http::processes::one_of_many",
                    "--nocapture",
                ])
                .env("ROTATION_DIRECTORY", directory.path())
                .env("ROTATION_ISSUER", server.issuer())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        };
        let children: Vec<_> = (0..5).map(|_| start()).collect();
        for child in children {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let wanted = format!("got={}", server.issued_tokens()[1]);
            assert!(said.contains(&wanted), "{said}");
        }
        let requests = server.token_requests();
        let grants: Vec<_> = requests
            .iter()
            .map(|sent| sent.parameter("grant_type"))
            .collect();
        assert_eq!(grants, [Some("refresh_token")]);
        assert_eq!(server.valid_refresh_tokens().len(), 1);
    }
}
