//! The manual flow: no token is requested without a call of the application.

use credsmith_runtime::{Token, TokenErrorKind, TokenFetch, TokenProvider};

use crate::support::*;

#[tokio::test]
async fn no_token_is_requested_and_the_error_has_a_hint() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let clock = clock();
    let provider =
        TokenProvider::new(|_, _| -> Option<Token> { panic!("not asked in the manual flow") });
    let manager = builder(&endpoint, &clock)
        .token_fetch(TokenFetch::Manual)
        .token_provider(provider)
        .build()
        .unwrap();
    let error = manager.token().await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::FetchNeeded);
    assert_eq!(
        error.to_string(),
        "there is no token for acme_oauth: call fetch_token() and hand the token in"
    );
    assert_eq!(
        manager.authorization().await.unwrap_err().kind(),
        TokenErrorKind::FetchNeeded
    );
    assert!(manager.try_authorization().is_none());
    assert_eq!(endpoint.count(), 0);

    let token = manager.fetch_token().await.unwrap();
    assert!(manager.token().await.is_err(), "fetching installs nothing");
    manager.set_token(token);
    assert_eq!(token_of(&manager).await, "token-1");
    clock.advance(seconds(3_500));
    assert_eq!(
        token_of(&manager).await,
        "token-1",
        "and nothing is refreshed ahead"
    );
    clock.advance(seconds(100));
    let error = manager.token().await.unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the token of acme_oauth has expired"),
        "{error}"
    );
    assert_eq!(endpoint.count(), 1);
}
