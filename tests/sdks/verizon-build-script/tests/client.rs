//! The client against a token server.

use credsmith_token_server::TokenServer;
use verizon::bytes::Bytes;
use verizon::http::Request;
use verizon::{ThingspaceOauth1Credentials, VerizonClient};

#[tokio::test]
async fn requests_are_authorized_with_one_token() {
    let server = TokenServer::start().await;
    server.register_client("id", "secret");
    let client = VerizonClient::builder()
        .thingspace_oauth_1_credentials(ThingspaceOauth1Credentials::new("id", "secret"))
        .thingspace_oauth_1_token_url(server.token_url())
        .build()
        .unwrap();
    for _ in 0..3 {
        let request = Request::get(server.api_url("devices")).body(Bytes::new()).unwrap();
        assert_eq!(client.execute(request).await.unwrap().status(), 200);
    }
    assert_eq!(server.token_requests().len(), 1);
}
