//! The client against a token server.

use credsmith_token_server::TokenServer;
use paypalserversdk::bytes::Bytes;
use paypalserversdk::http::Request;
use paypalserversdk::{
	ClientCredentialsAuthCredentials, PaypalServersdkClient,
};

#[tokio::test]
async fn requests_are_authorized_with_one_token() {
	let server = TokenServer::start().await;
	server.register_client("id", "secret");
	let client = PaypalServersdkClient::builder()
		.client_credentials_auth_credentials(
			ClientCredentialsAuthCredentials::new("id", "secret"),
		)
		.oauth_2_token_url(server.token_url())
		.build()
		.unwrap();
	for _ in 0..3 {
		let request = Request::get(server.api_url("orders"))
			.body(Bytes::new())
			.unwrap();
		assert_eq!(client.execute(request).await.unwrap().status(), 200);
	}
	assert_eq!(server.token_requests().len(), 1);
}
