//! Grants that need no user.

use anyhow::{Result, ensure};
use credsmith_token_server::{TokenServer, keys};

use super::{CLIENT_ID, CLIENT_SECRET, PASSWORD, SUBJECT_TOKEN, Seed, accepted, builder, request};
use crate::everything::{ExchangeCredentials, OldLoginCredentials, RobotCredentials};

pub(super) async fn run(seed: &mut Seed<'_>) {
    seed.show("password, retired", password).await;
    seed.show("JWT bearer", jwt_bearer).await;
    seed.show("token exchange", token_exchange).await;
}

async fn password(server: &TokenServer) -> Result<String> {
    server.set_decodes_basic(false);
    server.register_client("login", CLIENT_SECRET);
    server.register_user("ada", PASSWORD);
    let credentials = OldLoginCredentials::new("login", CLIENT_SECRET, "ada", PASSWORD);
    let client = builder(server).old_login_credentials(credentials).build()?;
    accepted(client.execute_website(request(server)?).await?.status())?;
    server.revoke_all();
    accepted(client.execute_website(request(server)?).await?.status())?;
    let grants: Vec<_> = server
        .token_requests()
        .iter()
        .filter_map(|request| request.parameter("grant_type").map(str::to_owned))
        .collect();
    ensure!(grants == ["password", "refresh_token"], "{grants:?}");
    Ok("the password once, then the refresh token".to_owned())
}

async fn jwt_bearer(server: &TokenServer) -> Result<String> {
    server.register_assertion_issuer("robot@everything.example");
    server.set_assertion_audience("https://api.everything.example");
    let credentials = RobotCredentials::new(keys::RSA, "robot@everything.example");
    let client = builder(server).robot_credentials(credentials).build()?;
    accepted(client.execute_robots(request(server)?).await?.status())?;
    let sent = &server.token_requests()[0];
    ensure!(
        sent.parameter("assertion").is_some(),
        "without an assertion"
    );
    ensure!(
        sent.parameter("client_id").is_none(),
        "a client id went along"
    );
    Ok("assertion signed with RS256, call authorized".to_owned())
}

async fn token_exchange(server: &TokenServer) -> Result<String> {
    server.register_subject_token(SUBJECT_TOKEN);
    let credentials = ExchangeCredentials::new(CLIENT_ID, CLIENT_SECRET, SUBJECT_TOKEN);
    let client = builder(server).exchange_credentials(credentials).build()?;
    accepted(client.execute_robots(request(server)?).await?.status())?;
    Ok("client_secret_jwt, another server's token exchanged, call authorized".to_owned())
}
