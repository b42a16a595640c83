//! Seed 004: tokens are fetched by hand, for scopes.

use anyhow::{Context as _, Result, ensure};
use credsmith_runtime::TokenErrorKind;
use credsmith_runtime::bytes::Bytes;
use credsmith_runtime::http::{Request, StatusCode};
use credsmith_token_server::TokenServer;

use super::report::Seed;
use super::{CLIENT_ID, CLIENT_SECRET};
use crate::verizon_edge::{
    ClientCredentialsAuthCredentials, OauthProviderException, OauthScopeEnum, OauthToken,
    VerizonClient,
};

pub(super) async fn run(seed: &mut Seed<'_>) {
    seed.show("nothing behind your back", nothing_fetched).await;
    seed.show("manual fetch", manual_fetch).await;
    seed.show("scopes on the wire", scopes_on_the_wire).await;
    seed.show("copy with a token", copy_with_a_token).await;
    seed.show("stored token restored", stored_token_restored)
        .await;
    seed.show("401 is the caller's", unauthorized).await;
    seed.show("provider exception", provider_exception).await;
    seed.show("scopes enum", async |_: &TokenServer| scopes_enum())
        .await;
}

fn credentials() -> ClientCredentialsAuthCredentials {
    ClientCredentialsAuthCredentials::builder()
        .oauth_client_id(CLIENT_ID)
        .oauth_client_secret(CLIENT_SECRET)
        .oauth_scopes([
            OauthScopeEnum::Discoveryread,
            OauthScopeEnum::Serviceprofileread,
        ])
        .build()
}

fn client(
    server: &TokenServer,
    credentials: ClientCredentialsAuthCredentials,
) -> Result<VerizonClient> {
    let client = VerizonClient::builder()
        .client_credentials_auth_credentials(credentials)
        .oauth_2_token_url(server.token_url())
        .build()?;
    Ok(client)
}

async fn call(server: &TokenServer, client: &VerizonClient) -> Result<StatusCode> {
    let request = Request::get(server.api_url("things")).body(Bytes::new())?;
    Ok(client.execute(request).await?.status())
}

async fn nothing_fetched(server: &TokenServer) -> Result<String> {
    let client = client(server, credentials())?;
    let request = Request::get(server.api_url("things")).body(Bytes::new())?;
    let error = client
        .execute(request)
        .await
        .err()
        .context("it went out without a token")?;
    let cause = error.as_token_error().context("the cause is lost")?;
    ensure!(
        cause.kind() == TokenErrorKind::FetchNeeded,
        "another error: {cause}"
    );
    ensure!(server.token_requests().is_empty(), "a token was fetched");
    Ok(format!("0 token requests; {cause}"))
}

async fn manual_fetch(server: &TokenServer) -> Result<String> {
    let client = client(server, credentials())?;
    let token = client.oauth_2().fetch_token().await?;
    client.oauth_2().set_token(token);
    let status = call(server, &client).await?;
    ensure!(status == StatusCode::OK, "the API answered {status}");
    ensure!(server.token_requests().len() == 1, "not one token request");
    Ok("1 token request, then the call was authorized".to_owned())
}

async fn scopes_on_the_wire(server: &TokenServer) -> Result<String> {
    client(server, credentials())?
        .oauth_2()
        .fetch_token()
        .await?;
    let requests = server.token_requests();
    let scope = requests
        .first()
        .and_then(|request| request.parameter("scope"));
    ensure!(
        scope == Some("discovery:read serviceprofile:read"),
        "{scope:?}"
    );
    Ok(format!("scope={}", scope.unwrap_or_default()))
}

async fn copy_with_a_token(server: &TokenServer) -> Result<String> {
    let client = client(server, credentials())?;
    let token = client.oauth_2().fetch_token().await?;
    let config = client.config();
    let credentials = config
        .client_credentials_auth_credentials()
        .context("they are gone")?;
    let copy = credentials.to_builder().oauth_token(token).build();
    ensure!(
        copy.oauth_client_id() == Some(CLIENT_ID),
        "the copy lost its client id"
    );
    let config = config
        .to_builder()
        .client_credentials_auth_credentials(copy)
        .config();
    let status = call(server, &VerizonClient::new(config)?).await?;
    ensure!(status == StatusCode::OK, "the API answered {status}");
    ensure!(credentials.oauth_token().is_none(), "the original changed");
    Ok("credentials and configuration copied with the token, the copy is authorized".to_owned())
}

async fn stored_token_restored(server: &TokenServer) -> Result<String> {
    let token = client(server, credentials())?
        .oauth_2()
        .fetch_token()
        .await?;
    let stored = serde_json::to_string(&token)?;
    let restored: OauthToken = serde_json::from_str(&stored)?;
    ensure!(restored == token, "the token changed on its way");
    let credentials = ClientCredentialsAuthCredentials::builder()
        .oauth_token(restored)
        .build();
    let status = call(server, &client(server, credentials)?).await?;
    ensure!(status == StatusCode::OK, "the API answered {status}");
    ensure!(
        server.token_requests().len() == 1,
        "a second token was fetched"
    );
    Ok("from JSON, without client id, 0 token requests".to_owned())
}

async fn unauthorized(server: &TokenServer) -> Result<String> {
    let client = client(server, credentials())?;
    let token = client.oauth_2().fetch_token().await?;
    client.oauth_2().set_token(token);
    server.revoke_all();
    let status = call(server, &client).await?;
    ensure!(
        status == StatusCode::UNAUTHORIZED,
        "the API answered {status}"
    );
    ensure!(server.token_requests().len() == 1, "a token was fetched");
    ensure!(
        client.oauth_2().token().await.is_err(),
        "the dead token is still in use"
    );
    Ok("the dead token is dropped, and nothing is fetched".to_owned())
}

async fn provider_exception(server: &TokenServer) -> Result<String> {
    let credentials = ClientCredentialsAuthCredentials::new(CLIENT_ID, "wrong secret");
    let client = client(server, credentials)?;
    let error: OauthProviderException = client
        .oauth_2()
        .fetch_token()
        .await
        .err()
        .context("it was accepted")?;
    ensure!(
        error.error() == Some("invalid_client"),
        "{:?}",
        error.error()
    );
    ensure!(
        error.status() == Some(StatusCode::UNAUTHORIZED),
        "{:?}",
        error.status()
    );
    Ok(error.to_string())
}

fn scopes_enum() -> Result<String> {
    ensure!(
        OauthScopeEnum::ALL.len() == 10,
        "{} scopes",
        OauthScopeEnum::ALL.len()
    );
    for scope in OauthScopeEnum::ALL {
        ensure!(
            scope.to_string().parse::<OauthScopeEnum>()? == *scope,
            "{scope} does not parse"
        );
    }
    let unknown = "discovery:reed"
        .parse::<OauthScopeEnum>()
        .err()
        .context("it was accepted")?;
    Ok(format!("10 scopes, written and parsed; {unknown}"))
}
