//! Schemes without tokens to fetch.

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credsmith_runtime::http::Request;
use credsmith_token_server::{RecordedRequest, Reply, TokenServer};

use super::{API_KEY, BASIC_PASSWORD, BEARER_TOKEN, SIGNING_SECRET, Seed, accepted, builder};
use crate::everything::{
    AccessTokenCredentials, ApiKeyCredentials, EverythingClientBuilder, HttpBasicCredentials,
    SignatureCredentials,
};

pub(super) async fn run(seed: &mut Seed<'_>) {
    seed.show("bearer", bearer).await;
    seed.show("API keys and basic", api_keys_and_basic).await;
    seed.show("custom signing", custom_signing).await;
}

/// One call, as the API saw it.
async fn seen(
    server: &TokenServer,
    client: EverythingClientBuilder,
    is_device: bool,
) -> Result<RecordedRequest> {
    server.enqueue_api(Reply::status(200));
    let client = client.build()?;
    let url = server.api_url("things?page=2");
    let request = Request::get(url)
        .header("cookie", "theme=dark")
        .body("".into())?;
    let response = if is_device {
        client.execute_devices(request).await?
    } else {
        client.execute(request).await?
    };
    accepted(response.status())?;
    server.api_requests().pop().context("nothing arrived")
}

async fn bearer(server: &TokenServer) -> Result<String> {
    let credentials = AccessTokenCredentials::new(BEARER_TOKEN);
    let request = seen(
        server,
        builder(server).access_token_credentials(credentials),
        false,
    )
    .await?;
    ensure!(
        request.bearer_token() == Some(BEARER_TOKEN),
        "another token"
    );
    Ok("in the header `Authorization`, as it is".to_owned())
}

async fn api_keys_and_basic(server: &TokenServer) -> Result<String> {
    let client = builder(server)
        .api_key_credentials(ApiKeyCredentials::new(API_KEY, API_KEY, "123456"))
        .http_basic_credentials(HttpBasicCredentials::new("grace", BASIC_PASSWORD));
    let request = seen(server, client, false).await?;
    let basic = STANDARD.encode(format!("grace:{BASIC_PASSWORD}"));
    let header = |name| request.header(name).unwrap_or_default();
    ensure!(
        header("authorization") == format!("Basic {basic}"),
        "another user"
    );
    ensure!(
        header("x-api-key") == format!("Key {API_KEY}"),
        "another key"
    );
    ensure!(
        header("cookie") == "theme=dark; TOTP-OTP=123456",
        "{}",
        header("cookie")
    );
    let in_query = request.query_parameter("api-key-version");
    ensure!(
        in_query.as_deref() == Some(API_KEY),
        "another key in the query"
    );
    ensure!(
        request.query_parameter("page").as_deref() == Some("2"),
        "the query is lost"
    );
    Ok("header, query and cookie together with Basic, beside what was there".to_owned())
}

async fn custom_signing(server: &TokenServer) -> Result<String> {
    let client = builder(server)
        .access_token_credentials(AccessTokenCredentials::new(BEARER_TOKEN))
        .signature_credentials(SignatureCredentials::new("app", SIGNING_SECRET));
    let request = seen(server, client, true).await?;
    let signature = request.header("x-signature").context("no signature")?;
    ensure!(signature.starts_with("app:"), "{signature}");
    ensure!(
        request.bearer_token() == Some(BEARER_TOKEN),
        "the token is missing"
    );
    Ok("the SDK's own signature, beside a token".to_owned())
}
