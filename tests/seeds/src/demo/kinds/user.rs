//! Grants in which a user takes part.

use anyhow::{Context as _, Result, ensure};
use credsmith_runtime::TokenErrorKind;
use credsmith_token_server::TokenServer;

use super::{CLIENT_ID, CLIENT_SECRET, Seed, accepted, builder, request};
use crate::everything::{
    DeviceCredentials, EverythingClient, OldWebsiteCredentials, SignInCredentials,
};

const REDIRECT_URI: &str = "https://app.example/callback";

pub(super) async fn run(seed: &mut Seed<'_>) {
    seed.show("authorization code", authorization_code).await;
    seed.show("refresh with rotation", rotation).await;
    seed.show("forged callback", forged_callback).await;
    seed.show("user says no", denied).await;
    seed.show("device code", device_code).await;
    seed.show("implicit, retired", implicit).await;
    seed.show("revocation", revocation).await;
}

fn client(server: &TokenServer) -> Result<EverythingClient> {
    let credentials = SignInCredentials::new(CLIENT_ID, CLIENT_SECRET, REDIRECT_URI);
    Ok(builder(server).sign_in_credentials(credentials).build()?)
}

/// What a browser does with a URL: where the server sends it.
pub(super) async fn visit(url: &str) -> Result<String> {
    let url = url.to_owned();
    tokio::task::spawn_blocking(move || location(&url)).await?
}

fn location(url: &str) -> Result<String> {
    use std::io::{Read as _, Write as _};

    let rest = url.strip_prefix("http://").context("no http URL")?;
    let (address, target) = rest.split_once('/').context("no path")?;
    let mut stream = std::net::TcpStream::connect(address)?;
    write!(
        stream,
        "GET /{target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let mut lines = answer.lines().filter_map(|line| line.split_once(": "));
    let found = lines.find(|(name, _)| name.eq_ignore_ascii_case("location"));
    Ok(found
        .context("the server sends the browser nowhere")?
        .1
        .to_owned())
}

async fn authorization_code(server: &TokenServer) -> Result<String> {
    let client = client(server)?;
    let request_to_user = client.sign_in().start_sign_in().await?;
    let callback = visit(request_to_user.url()).await?;
    client
        .sign_in()
        .complete_sign_in(&request_to_user, &callback)
        .await?;
    accepted(client.execute(request(server)?).await?.status())?;
    let exchange = &server.token_requests()[0];
    ensure!(
        exchange.parameter("code_verifier").is_some(),
        "without PKCE"
    );
    Ok("endpoints from the issuer, S256 and state, code exchanged, call authorized".to_owned())
}

async fn rotation(server: &TokenServer) -> Result<String> {
    let client = client(server)?;
    let pending = client.sign_in().start_sign_in().await?;
    let callback = visit(pending.url()).await?;
    let first = client
        .sign_in()
        .complete_sign_in(&pending, &callback)
        .await?;
    server.revoke_all();
    accepted(client.execute(request(server)?).await?.status())?;
    let second = client.sign_in().token().await?;
    let kept = |token: &crate::everything::OAuthToken| {
        use credsmith_runtime::ExposeSecret as _;
        token
            .refresh_token()
            .map(|secret| secret.expose_secret().to_owned())
    };
    ensure!(kept(&first) != kept(&second), "the refresh token stayed");
    ensure!(
        server.valid_refresh_tokens().iter().collect::<Vec<_>>()
            == kept(&second).iter().collect::<Vec<_>>(),
        "another refresh token is kept than the server takes"
    );
    Ok("401, one refresh, the new refresh token is the one that is kept".to_owned())
}

async fn forged_callback(server: &TokenServer) -> Result<String> {
    let client = client(server)?;
    let pending = client.sign_in().start_sign_in().await?;
    let forged = format!("{REDIRECT_URI}?code=forged&state=guessed");
    let outcome = client.sign_in().complete_sign_in(&pending, &forged).await;
    let error = outcome.err().context("it was accepted")?;
    ensure!(
        error.kind() == TokenErrorKind::StateMismatch,
        "another error: {error}"
    );
    ensure!(server.token_requests().is_empty(), "its code went out");
    Ok(format!("0 token requests; {error}"))
}

async fn denied(server: &TokenServer) -> Result<String> {
    server.set_user_consents(false);
    let client = client(server)?;
    let pending = client.sign_in().start_sign_in().await?;
    let callback = visit(pending.url()).await?;
    let outcome = client.sign_in().complete_sign_in(&pending, &callback).await;
    let error = outcome.err().context("it was accepted")?;
    ensure!(
        error.kind() == TokenErrorKind::AccessDenied,
        "another error: {error}"
    );
    let needed = client
        .execute(request(server)?)
        .await
        .err()
        .context("it went out")?;
    let cause = needed.as_token_error().context("the cause is lost")?;
    ensure!(cause.is_sign_in_needed(), "another error: {cause}");
    Ok(error.to_string())
}

async fn device_code(server: &TokenServer) -> Result<String> {
    server.register_public_client("tv");
    server.set_device_interval(1);
    let client = builder(server)
        .device_credentials(DeviceCredentials::new("tv"))
        .build()?;
    let codes = client.device().start_device_sign_in().await?;
    ensure!(
        server.decide_for_device(codes.user_code(), true),
        "the code is not known"
    );
    client.device().complete_device_sign_in(&codes).await?;
    accepted(client.execute_devices(request(server)?).await?.status())?;
    Ok(format!(
        "code shown, entered, polled for {} time",
        server.token_requests().len()
    ))
}

async fn implicit(server: &TokenServer) -> Result<String> {
    server.register_public_client("page");
    let credentials = OldWebsiteCredentials::new("page", REDIRECT_URI);
    let client = builder(server)
        .old_website_credentials(credentials)
        .build()?;
    let pending = client.old_website().start_sign_in().await?;
    let callback = visit(pending.url()).await?;
    client
        .old_website()
        .complete_sign_in(&pending, &callback)
        .await?;
    accepted(client.execute_website(request(server)?).await?.status())?;
    ensure!(
        server.token_requests().is_empty(),
        "the token endpoint was asked"
    );
    Ok("the token came in the callback's fragment".to_owned())
}

async fn revocation(server: &TokenServer) -> Result<String> {
    let client = client(server)?;
    let pending = client.sign_in().start_sign_in().await?;
    let callback = visit(pending.url()).await?;
    client
        .sign_in()
        .complete_sign_in(&pending, &callback)
        .await?;
    client.sign_in().revoke_token().await?;
    ensure!(
        client.sign_in().current_token().is_none(),
        "the token is still there"
    );
    ensure!(
        server.valid_refresh_tokens().is_empty(),
        "the refresh token still works"
    );
    let valid = server
        .issued_tokens()
        .iter()
        .filter(|token| server.is_valid(token))
        .count();
    ensure!(valid == 0, "{valid} access tokens still work");
    Ok("refresh token and access token are over, here and there".to_owned())
}
