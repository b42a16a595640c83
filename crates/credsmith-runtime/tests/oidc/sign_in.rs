//! Users who sign in: authorization code with PKCE, refresh with rotation, device flow, revocation,
//! discovery.

use credsmith_runtime::{
    ClientAuthentication, ExposeSecret, Grant, SigningKey, Token, TokenErrorKind, TokenManager,
    TokenManagerBuilder,
};

use crate::browser::{Browser, REDIRECT_URI};
use crate::{P256, SECRET, Server, server};

/// A manager that finds the endpoints by their issuer.
fn discovering(server: &Server, client_id: &str, grant: Grant) -> TokenManagerBuilder {
    TokenManager::builder("oidc")
        .issuer(&server.issuer)
        .client_id(client_id)
        .scope("openid")
        .grant(grant)
}

fn web(server: &Server) -> TokenManager {
    discovering(server, "web", Grant::AuthorizationCode)
        .client_secret(SECRET.into())
        .redirect_uri(REDIRECT_URI)
        .build()
        .unwrap()
}

fn refresh_token(token: &Token) -> String {
    token.refresh_token().unwrap().expose_secret().to_owned()
}

async fn is_active(server: &Server, token: &Token) -> bool {
    server.introspected(token).await["active"] == true
}

#[tokio::test]
async fn a_code_with_pkce_then_rotation_and_revocation() {
    let Some(server) = server() else {
        return;
    };
    let manager = web(&server);
    let metadata = manager.metadata().await.unwrap();
    assert_eq!(metadata.issuer(), server.issuer);
    assert!(metadata.names_itself_in_responses());

    let request = manager.start_sign_in().await.unwrap();
    let callback = Browser::default().visit(request.url()).await;
    assert!(callback.contains("&iss="), "{callback}");
    let other = manager.start_sign_in().await.unwrap();
    let error = manager.complete_sign_in(&other, &callback).await;
    assert_eq!(error.unwrap_err().kind(), TokenErrorKind::StateMismatch);
    let first = manager.complete_sign_in(&request, &callback).await.unwrap();
    assert!(is_active(&server, &first).await);

    let second = manager.fetch_token().await.unwrap();
    assert_ne!(refresh_token(&second), refresh_token(&first), "rotated");
    assert_eq!(manager.current_token().unwrap(), second);
    manager.invalidate(&second);
    let third = manager.token().await.unwrap();
    assert_ne!(refresh_token(&third), refresh_token(&second));
    assert!(is_active(&server, &third).await);

    manager.revoke_token().await.unwrap();
    assert!(!is_active(&server, &third).await);
    manager.set_token(third);
    let error = manager.fetch_token().await.unwrap_err();
    assert!(error.is_sign_in_needed(), "{error}");
    assert_eq!(error.error(), Some("invalid_grant"), "{error}");
}

#[tokio::test]
async fn a_replayed_refresh_token_ends_the_family_and_the_error_has_a_hint() {
    let Some(server) = server() else {
        return;
    };
    let manager = web(&server);
    let request = manager.start_sign_in().await.unwrap();
    let callback = Browser::default().visit(request.url()).await;
    let first = manager.complete_sign_in(&request, &callback).await.unwrap();
    manager.fetch_token().await.unwrap();
    manager.set_token(first);
    let error = manager.fetch_token().await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::SignInNeeded, "{error}");
    assert_eq!(error.error(), Some("invalid_grant"), "{error}");
    assert!(error.to_string().contains("start_sign_in()"), "{error}");
    let error = manager.complete_sign_in(&request, &callback).await;
    let error = error.unwrap_err();
    assert_eq!(
        error.kind(),
        TokenErrorKind::InvalidGrant,
        "a code is good for one exchange: {error}"
    );
}

#[tokio::test]
async fn a_device_with_a_signed_assertion() {
    let Some(server) = server() else {
        return;
    };
    let manager = discovering(&server, "tv", Grant::DeviceCode)
        .client_authentication(ClientAuthentication::PrivateKeyJwt)
        .signing_key(SigningKey::from_pem(&P256.into()).unwrap())
        .build()
        .unwrap();
    let codes = manager.start_device_sign_in().await.unwrap();
    let polling = tokio::spawn({
        let (manager, codes) = (manager.clone(), codes.clone());
        async move { manager.complete_device_sign_in(&codes).await }
    });
    let url = codes.verification_uri_complete().unwrap();
    let page = Browser::default().visit(url).await;
    let token = polling.await.unwrap().unwrap();
    assert!(is_active(&server, &token).await, "{page}");
    let renewed = manager.fetch_token().await.unwrap();
    assert_ne!(refresh_token(&renewed), refresh_token(&token));
    manager.revoke_token().await.unwrap();
    assert!(!is_active(&server, &renewed).await);
}
