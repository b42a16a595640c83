//! Uses every combination.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod hashes;
mod simple;

#[tokio::test(flavor = "multi_thread")]
async fn every_combination_works() {
    let combinations = credsmith_matrix::all();
    assert_eq!(combinations.len(), 96 + 42);
    let mut failed = Vec::new();
    for (title, outcome) in combinations {
        if let Err(error) = outcome.await {
            failed.push(format!("{title}: {error:#}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// With several schemes in one client, requests use the first that has credentials.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_scheme_with_credentials_is_used() {
    use credsmith_matrix::several::{RequestCredentials, SeveralClient, VariablesCredentials};
    use credsmith_runtime::bytes::Bytes;
    use credsmith_runtime::http::Request;
    use credsmith_token_server::TokenServer;

    let server = TokenServer::start_blocking();
    server.register_client("third", "its secret");
    let builder = SeveralClient::builder()
        .variables_credentials(VariablesCredentials::new("third", "its secret"))
        .variables_token_url(server.token_url());
    let request = || {
        Request::get(server.api_url("x"))
            .body(Bytes::new())
            .unwrap()
    };
    let client = builder.clone().build().unwrap();
    assert_eq!(client.execute(request()).await.unwrap().status(), 200);
    assert!(client.variables().current_token().is_some());

    // The second one fetches nothing by itself, so with credentials for it there is no token.
    let client = builder
        .request_credentials(RequestCredentials::new("second", "x"))
        .build();
    let error = client.unwrap().execute(request()).await.unwrap_err();
    assert_eq!(
        error.as_token_error().unwrap().kind(),
        credsmith_runtime::TokenErrorKind::FetchNeeded,
        "{error}"
    );
    assert_eq!(server.token_requests().len(), 1);
}
