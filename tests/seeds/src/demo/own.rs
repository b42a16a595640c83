//! What only one of the seeds has.

use anyhow::{Result, ensure};
use credsmith_runtime::bytes::Bytes;
use credsmith_runtime::http::{Request, StatusCode};
use credsmith_token_server::TokenServer;

use super::report::Seed;
use super::{CLIENT_ID, CLIENT_SECRET};
use crate::{paypal, verizon_thingspace};

/// The blocking client.
pub(super) async fn blocking(seed: &mut Seed<'_>) {
    seed.show("blocking client", async |server| {
        let (token_url, api_url) = (server.token_url(), server.api_url("things"));
        let status = tokio::task::spawn_blocking(move || call_blocking(&token_url, &api_url));
        let status = status.await??;
        ensure!(status == StatusCode::OK, "the API answered {status}");
        let fetched = server.token_requests().len();
        ensure!(fetched == 1, "{fetched} token requests");
        Ok("2 calls without an async runtime, 1 token request".to_owned())
    })
    .await;
}

fn call_blocking(token_url: &str, api_url: &str) -> Result<StatusCode> {
    use verizon_thingspace::{ThingspaceOauth1Credentials, VerizonClient, blocking};

    let config = VerizonClient::builder()
        .thingspace_oauth_1_credentials(ThingspaceOauth1Credentials::new(CLIENT_ID, CLIENT_SECRET))
        .thingspace_oauth_1_token_url(token_url)
        .config();
    let client = blocking::VerizonClient::new(config)?;
    client.thingspace_oauth_1().token()?;
    let response = client.execute(Request::get(api_url).body(Bytes::new())?)?;
    Ok(response.status())
}

/// The environments.
pub(super) async fn environments(seed: &mut Seed<'_>) {
    seed.show("environments", async |_: &TokenServer| {
        use paypal::{Environment, PaypalServersdkClient};

        let sandbox = PaypalServersdkClient::builder().build()?;
        let sandbox = sandbox.config().oauth_2_token_url().to_owned();
        ensure!(
            sandbox == "https://api-m.sandbox.paypal.com/v1/oauth2/token",
            "{sandbox}"
        );
        let production = PaypalServersdkClient::builder().environment(Environment::Production);
        let production = production.build()?.config().oauth_2_token_url().to_owned();
        ensure!(
            production == "https://api-m.paypal.com/v1/oauth2/token",
            "{production}"
        );
        Ok("sandbox unless told otherwise; production has its own token URL".to_owned())
    })
    .await;
}
