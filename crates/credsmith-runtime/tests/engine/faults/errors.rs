//! The text of errors: one sentence with its cause, which the chain does not repeat (F02, F03, M03, N03).

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use credsmith_runtime::{
    BoxError, CustomAuth, ReqwestTransport, SendError, SendErrorKind, SignRequest, Token,
    TokenErrorKind, TokenManager, TokenProvider, TransportErrorKind, UserSignIn, send_authorized,
    send_secured,
};
use http::Request;

use crate::sign_out::user;
use crate::support::*;

/// An error of the application, with a cause.
#[derive(Debug)]
struct VaultError(std::io::Error);

impl VaultError {
    fn new() -> Self {
        Self(std::io::Error::other("vault.acme.example is sealed"))
    }
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot read the token")
    }
}

impl Error for VaultError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

/// Checks the sentence, and that a report of the chain has nothing to add.
#[track_caller]
fn check(error: &dyn Error, sentence: &str) {
    assert_eq!(error.to_string(), sentence);
    assert!(error.source().is_none(), "{:?}", error.source());
}

fn request(url: &str) -> Request<Bytes> {
    Request::get(url).body(Bytes::new()).unwrap()
}

async fn sent(manager: &TokenManager) -> SendError {
    let api = Endpoint::new([Scripted::Token("1")]);
    let request = request("https://api.acme.example/things");
    let outcome = send_authorized(api.as_ref(), manager, request).await;
    outcome.unwrap_err()
}

#[tokio::test]
async fn f02_n03_an_error_contains_the_servers_error_response() {
    let answer = Scripted::Response(
        400,
        None,
        r#"{"errors":[{"code":"expired","message":"The key has expired"}]}"#,
    );
    let manager = manager(&Endpoint::new([answer]), &clock());
    let error = manager.token().await.unwrap_err();
    assert_eq!(error.error(), Some("expired"));
    assert_eq!(error.error_description(), Some("The key has expired"));
    let sentence = "token endpoint of acme_oauth answered 400: expired: The key has expired";
    check(&error, sentence);
    let error = sent(&manager).await;
    check(&error, &format!("no token for the request: {sentence}"));
}

#[tokio::test]
async fn f03_n03_so_does_one_with_status_200() {
    let answer = Scripted::Response(200, None, r#"{"errcode":40029,"errmsg":"invalid code"}"#);
    let error = sent(&manager(&Endpoint::new([answer]), &clock())).await;
    assert_eq!(error.as_token_error().unwrap().error(), Some("40029"));
    check(
        &error,
        "no token for the request: token endpoint of acme_oauth answered 200: 40029: invalid code",
    );
}

#[tokio::test]
async fn m03_a_denial_is_mentioned_once() {
    let manager = user(&Endpoint::new([Scripted::Token("1")]), &clock());
    let manager = manager.build().unwrap();
    let request = manager.start_sign_in().await.unwrap();
    let callback = format!(
        "/cb?state={}&error=access_denied&error_description=The+user+said+no",
        request.state()
    );
    let error = manager.complete_sign_in(&request, &callback).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::AccessDenied, "{error}");
    check(
        &error,
        "the user's sign-in of acme_oauth: the authorization server answered access_denied: \
         The user said no",
    );
}

#[tokio::test]
async fn m03_a_rejected_refresh_token_is_mentioned_once() {
    let answer = Scripted::Response(400, None, r#"{"error":"invalid_grant"}"#);
    let token = Token::new("a-1").with_refresh_token("r-1");
    let manager = user(&Endpoint::new([answer]), &clock()).token(token.with_expires_at(start()));
    let error = manager.build().unwrap().token().await.unwrap_err();
    let said = error.to_string();
    let wanted = "acme_oauth needs the user to sign in: the server no longer accepts the refresh token (token endpoint of \
                  acme_oauth answered 400: invalid_grant); ";
    assert!(said.starts_with(wanted), "{said}");
    assert!(error.source().is_none() && error.error() == Some("invalid_grant"));
}

#[tokio::test]
async fn n03_an_error_of_the_application_is_part_of_the_sentence() {
    let endpoint = Endpoint::new([Scripted::Token("1")]);
    let provider = TokenProvider::new(|_, _| async { Err::<Token, _>(VaultError::new()) });
    let manager = builder(&endpoint, &clock()).token_provider(provider);
    let error = manager.build().unwrap().token().await.unwrap_err();
    let sentence = "the token provider of acme_oauth failed: cannot read the token: vault.acme.example is sealed";
    check(&error, sentence);
    assert!(error.get_ref().unwrap().is::<VaultError>());

    let hook = UserSignIn::new(|_: TokenManager| async { Err::<Token, _>(VaultError::new()) });
    let manager = user(&endpoint, &clock()).user_sign_in(hook);
    let error = manager.build().unwrap().token().await.unwrap_err();
    let sentence = "the user sign-in of acme_oauth failed: cannot read the token: vault.acme.example is sealed";
    check(&error, sentence);
    assert!(error.get_ref().unwrap().is::<VaultError>());
}

#[tokio::test]
async fn n03_a_failed_connection_is_part_of_the_sentence() {
    let endpoint = Endpoint::new([Scripted::Failure(TransportErrorKind::Connect)]);
    let manager = manager(&endpoint, &clock());
    let error = manager.token().await.unwrap_err();
    let sentence = "no response from the token endpoint of acme_oauth: could not connect: scripted";
    check(&error, sentence);
    let error = sent(&manager).await;
    check(&error, &format!("no token for the request: {sentence}"));

    let transport = ReqwestTransport::new().unwrap();
    let unknown = request("http://127.0.0.1:9/");
    let error = send_secured(&transport, &group(&[&[]]), unknown)
        .await
        .unwrap_err();
    let said = error.to_string();
    let beginning = "the request failed: could not connect: ";
    assert!(
        said.starts_with(beginning) && said.contains("refused"),
        "{said}"
    );
    assert!(error.kind() == SendErrorKind::Transport && error.source().is_none());
    assert!(error.get_ref().unwrap().is::<reqwest::Error>());
}

struct Sealed;

impl SignRequest for Sealed {
    fn sign(&self, _: &mut Request<Bytes>) -> Result<(), BoxError> {
        Err(VaultError::new().into())
    }
}

#[tokio::test]
async fn n03_a_failed_signature_is_part_of_the_sentence() {
    let signer: Arc<dyn SignRequest> = Arc::new(Sealed);
    let custom = CustomAuth::new("hmac", Some(signer));
    let api = Endpoint::new([Scripted::Token("1")]);
    let request = request("https://api.acme.example/");
    let error = send_secured(api.as_ref(), &custom.into(), request).await;
    let error = error.unwrap_err();
    check(
        &error,
        "the request could not be signed for hmac: cannot read the token: vault.acme.example is sealed",
    );
    assert!(error.get_ref().unwrap().is::<VaultError>());
}

#[tokio::test]
async fn n03_missing_credentials_are_named() {
    let manager = bare(&Endpoint::new([Scripted::Token("1")]), &clock());
    let error = sent(&manager.build().unwrap()).await;
    assert_eq!(error.kind(), SendErrorKind::MissingCredentials);
    check(
        &error,
        "no token for the request: acme_oauth needs a new token, but oauth_client_id and oauth_client_secret are \
         not set",
    );
}
