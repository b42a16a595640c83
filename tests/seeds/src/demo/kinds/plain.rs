//! Schemes without tokens to fetch.

use anyhow::{Context as _, Result, ensure};
use credsmith_runtime::http::Request;
use credsmith_token_server::{Credential, TokenServer};

use super::{API_KEY, BASIC_PASSWORD, BEARER_TOKEN, SIGNING_SECRET, Seed};
use super::{accepted, api_keys, builder, request};
use crate::everything::{
    AccessTokenCredentials, ApiKeyCredentials, HttpBasicCredentials, SignatureCredentials,
};

pub(super) async fn run(seed: &mut Seed<'_>) {
    seed.show("bearer", bearer).await;
    seed.show("API keys and basic", api_keys_and_basic).await;
    seed.show("custom signing", custom_signing).await;
}

async fn bearer(server: &TokenServer) -> Result<String> {
    server.set_security([[Credential::bearer(BEARER_TOKEN)]]);
    let client = builder(server)
        .access_token_credentials(AccessTokenCredentials::new(BEARER_TOKEN))
        .build()?;
    accepted(client.execute(request(server)?).await?.status())?;
    Ok("in the header `Authorization`, as it is".to_owned())
}

async fn api_keys_and_basic(server: &TokenServer) -> Result<String> {
    server.set_security([api_keys()]);
    let client = builder(server)
        .api_key_credentials(ApiKeyCredentials::new(API_KEY, API_KEY, "123456"))
        .http_basic_credentials(HttpBasicCredentials::new("grace", BASIC_PASSWORD))
        .build()?;
    let request = Request::get(server.api_url("things?page=2"))
        .header("cookie", "theme=dark")
        .body("".into())?;
    accepted(client.execute(request).await?.status())?;
    let sent = server.api_requests().pop().context("nothing arrived")?;
    let cookie = sent.header("cookie").unwrap_or_default();
    ensure!(cookie.starts_with("theme=dark; "), "{cookie}");
    ensure!(
        sent.query_parameter("page").as_deref() == Some("2"),
        "the query is lost"
    );
    Ok("header, query and cookie together with Basic, beside what was there".to_owned())
}

async fn custom_signing(server: &TokenServer) -> Result<String> {
    let signature = Credential::custom(|request| {
        let signature = request.header("x-signature");
        signature.is_some_and(|signature| signature.starts_with("app:"))
    });
    server.set_security([[Credential::bearer(BEARER_TOKEN), signature]]);
    let client = builder(server)
        .access_token_credentials(AccessTokenCredentials::new(BEARER_TOKEN))
        .signature_credentials(SignatureCredentials::new("app", SIGNING_SECRET))
        .build()?;
    accepted(client.execute_devices(request(server)?).await?.status())?;
    Ok("the SDK's own signature, beside a token".to_owned())
}
