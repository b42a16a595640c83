//! A server that wants its token requests in JSON, with the client of `specs/notion.yaml`.

use anyhow::{Context as _, Result, ensure};
use credsmith_token_server::TokenServer;

use super::user::visit;
use super::{CLIENT_ID, CLIENT_SECRET, Seed, accepted, request};
use crate::notion::{NotionClient, PublicIntegrationCredentials};

pub(super) async fn run(seed: &mut Seed<'_>) {
    seed.show("token requests in JSON", token_requests).await;
}

async fn token_requests(server: &TokenServer) -> Result<String> {
    server.set_takes_json(true);
    let credentials =
        PublicIntegrationCredentials::new(CLIENT_ID, CLIENT_SECRET, "https://app.example/callback");
    let client = NotionClient::builder()
        .public_integration_authorization_url(server.authorization_url())
        .public_integration_token_url(server.token_url())
        .public_integration_credentials(credentials)
        .build()?;
    let pending = client.public_integration().start_sign_in().await?;
    let callback = visit(pending.url()).await?;
    client
        .public_integration()
        .complete_sign_in(&pending, &callback)
        .await?;
    accepted(client.execute(request(server)?).await?.status())?;
    server.revoke_all();
    accepted(client.execute(request(server)?).await?.status())?;
    let requests = server.token_requests();
    let first = requests.first().context("no token request")?;
    let body = String::from_utf8_lossy(&first.body);
    ensure!(
        body.starts_with(r#"{"grant_type":"authorization_code","code":""#),
        "another body"
    );
    ensure!(
        first.parameter("client_id").is_none(),
        "the client is named twice"
    );
    ensure!(
        requests
            .iter()
            .all(|request| request.header("notion-version") == Some("2025-09-03")),
        "no version in the headers"
    );
    let grants: Vec<_> = requests
        .iter()
        .filter_map(|request| request.parameter("grant_type"))
        .collect();
    ensure!(
        grants == ["authorization_code", "refresh_token"],
        "{grants:?}"
    );
    Ok("Basic beside an object; code exchanged, token renewed after a 401".to_owned())
}
