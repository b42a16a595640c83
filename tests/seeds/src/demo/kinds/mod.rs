//! Every kind of scheme, with the client of `specs/everything.yaml`.

mod combined;
mod json;
mod plain;
mod service;
mod user;

use anyhow::{Result, ensure};
use credsmith_runtime::bytes::Bytes;
use credsmith_runtime::http::{Request, StatusCode};
use credsmith_token_server::{Credential, TokenServer};

use super::report::Seed;
use super::{CLIENT_ID, CLIENT_SECRET};
use crate::everything::{EverythingClient, EverythingClientBuilder};

/// What schemes of this part keep secret, besides what the server issues.
pub(super) const SECRETS: [&str; 6] = [
    "p4ssw0rd/of the demo's user",
    "a subject's token, to be exchanged",
    "b4sic/p4ssword+of the demo",
    "bearer-t0ken-of-the-demo",
    "k3y&of=the demo",
    "s1gning+secret/of the demo",
];
const PASSWORD: &str = SECRETS[0];
const SUBJECT_TOKEN: &str = SECRETS[1];
const BASIC_PASSWORD: &str = SECRETS[2];
const BEARER_TOKEN: &str = SECRETS[3];
const API_KEY: &str = SECRETS[4];
const SIGNING_SECRET: &str = SECRETS[5];

pub(super) async fn run(seed: &mut Seed<'_>) {
    user::run(seed).await;
    json::run(seed).await;
    service::run(seed).await;
    plain::run(seed).await;
    combined::run(seed).await;
}

/// The client with all endpoints at the server.
fn builder(server: &TokenServer) -> EverythingClientBuilder {
    EverythingClient::builder()
        .service_token_url(server.token_url())
        .sign_in_issuer(server.issuer())
        .website_authorization_url(server.authorization_url())
        .website_token_url(server.token_url())
        .device_device_authorization_url(server.device_authorization_url())
        .device_token_url(server.token_url())
        .device_revocation_url(server.revocation_url())
        .old_website_authorization_url(server.authorization_url())
        .old_login_token_url(server.token_url())
        .robot_token_url(server.token_url())
        .exchange_token_url(server.token_url())
}

/// API keys and a user, as the API asks for them together.
fn api_keys() -> Vec<Credential> {
    vec![
        Credential::header("X-Api-Key", format!("Key {API_KEY}")),
        Credential::query("api-key-version", API_KEY),
        Credential::cookie("TOTP-OTP", "123456"),
        Credential::basic("grace", BASIC_PASSWORD),
    ]
}

fn request(server: &TokenServer) -> Result<Request<Bytes>> {
    Ok(Request::get(server.api_url("things")).body(Bytes::new())?)
}

fn accepted(status: StatusCode) -> Result<()> {
    ensure!(status == StatusCode::OK, "the API answered {status}");
    Ok(())
}
