//! What generated clients say without credentials, and what they say of themselves to the API.

use credsmith_runtime::SendErrorKind;
use credsmith_runtime::blocking::block_on;
use credsmith_runtime::bytes::Bytes;
use credsmith_runtime::http::Request;
use credsmith_seeds::verizon_thingspace::{ThingspaceOauth1Credentials, VerizonClient, blocking};
use credsmith_token_server::TokenServer;

/// The package that the modules are compiled in.
const SDK: &str = concat!("credsmith-seeds/", env!("CARGO_PKG_VERSION"));

fn request(server: &TokenServer) -> Request<Bytes> {
    let request = Request::get(server.api_url("things"));
    request.body(Bytes::new()).unwrap()
}

/// A server, and the client of an SDK with one OAuth 2.0 scheme.
fn server_and_client() -> (TokenServer, VerizonClient) {
    let server = TokenServer::start_blocking();
    server.register_client("id", "secret");
    let client = VerizonClient::builder()
        .thingspace_oauth_1_credentials(ThingspaceOauth1Credentials::new("id", "secret"))
        .thingspace_oauth_1_token_url(server.token_url());
    let client = client.build().unwrap();
    (server, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn n03_execute_names_what_to_set() {
    let server = TokenServer::start().await;
    let client = VerizonClient::builder().build().unwrap();
    let error = client.execute(request(&server)).await.unwrap_err();
    assert_eq!(error.kind(), SendErrorKind::MissingCredentials);
    assert_eq!(
        error.to_string(),
        "no credentials for the request: set `thingspace_oauth_1_credentials`"
    );
    assert!(server.api_requests().is_empty());
}

fn user_agents(server: &TokenServer) -> Vec<String> {
    let headers = server
        .api_requests()
        .into_iter()
        .flat_map(|sent| sent.headers);
    let named = headers.filter(|(name, _)| name == "user-agent");
    named.map(|(_, value)| value).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn f08_the_api_is_told_the_name_and_version_of_the_sdk() {
    let (server, client) = server_and_client();
    client.execute(request(&server)).await.unwrap();
    assert_eq!(user_agents(&server), [SDK]);
}

#[test]
fn f08_so_it_is_by_the_blocking_client() {
    let (server, client) = server_and_client();
    let config = client.config().clone();
    let client = blocking::VerizonClient::new(config).unwrap();
    client.execute(request(&server)).unwrap();
    assert_eq!(user_agents(&server), [SDK]);
}

#[test]
fn the_blocking_client_returns_its_credentials_for_other_http_clients() {
    let (server, client) = server_and_client();
    let client = blocking::VerizonClient::new(client.config().clone()).unwrap();
    let mut request = request(&server);
    block_on(client.security().authorize(&mut request)).unwrap();
    let header = request.headers()["authorization"].to_str().unwrap();
    assert_eq!(header, format!("Bearer {}", server.issued_tokens()[0]));
    assert!(server.api_requests().is_empty());
}
