//! Either/or of schemes, and what they need together.

use anyhow::{Context as _, Result, ensure};
use credsmith_runtime::SendErrorKind;
use credsmith_token_server::{Credential, TokenServer};

use super::{API_KEY, BEARER_TOKEN, CLIENT_ID, CLIENT_SECRET, Seed};
use super::{accepted, api_keys, builder, request};
use crate::everything::{AccessTokenCredentials, ApiKeyCredentials, SignInCredentials};

pub(super) async fn run(seed: &mut Seed<'_>) {
    seed.show("first that is configured", first_configured)
        .await;
    seed.show("missing combination", missing).await;
    seed.show("no credentials needed", nothing_needed).await;
}

/// A key without the password that goes with it is no alternative; nothing is asked to find out.
async fn first_configured(server: &TokenServer) -> Result<String> {
    server.set_security([api_keys(), vec![Credential::bearer(BEARER_TOKEN)]]);
    let client = builder(server)
        .api_key_credentials(ApiKeyCredentials::new(API_KEY, API_KEY, "123456"))
        .access_token_credentials(AccessTokenCredentials::new(BEARER_TOKEN))
        .build()?;
    accepted(client.execute(request(server)?).await?.status())?;
    let asked = server.token_requests().len() + server.endpoint_requests().len();
    ensure!(asked == 0, "{asked} requests to choose");
    Ok("API key without its password left aside, 0 requests to choose".to_owned())
}

async fn missing(server: &TokenServer) -> Result<String> {
    let client = builder(server).build()?;
    let error = client
        .execute(request(server)?)
        .await
        .err()
        .context("it went out")?;
    ensure!(
        error.kind() == SendErrorKind::MissingCredentials,
        "another error: {error}"
    );
    ensure!(server.api_requests().is_empty(), "it went out");
    Ok(error.to_string())
}

async fn nothing_needed(server: &TokenServer) -> Result<String> {
    let credentials = SignInCredentials::new(CLIENT_ID, CLIENT_SECRET, "https://app.example/");
    let client = builder(server).sign_in_credentials(credentials).build()?;
    server.set_security([[]]);
    accepted(client.execute_health(request(server)?).await?.status())?;
    Ok("a group with nothing in its list sends as it is".to_owned())
}
