//! The seeds whose tokens are fetched by themselves. They differ in their names only, so the
//! demonstrations are written once, and compiled for each.

macro_rules! automatic {
    (
        $seed:ident in $sdk:ident: $client:ident, $credentials:ident, $token:ident;
        $parameter:ident, $token_url:ident, $accessor:ident;
        $client_id:ident, $client_secret:ident, $stored:ident, $provider:ident, $on_update:ident,
        $skew:ident
    ) => {
        pub(in crate::demo) mod $seed {
            use std::sync::{Arc, Mutex};
            use std::time::{Duration, SystemTime};

            use anyhow::{Context as _, Result, ensure};
            use credsmith_runtime::ExposeSecret as _;
            use credsmith_runtime::bytes::Bytes;
            use credsmith_runtime::http::{Request, StatusCode};
            use credsmith_token_server::TokenServer;

            use crate::demo::report::Seed;
            use crate::demo::{CLIENT_ID, CLIENT_SECRET};
            use crate::$sdk::{$client, $credentials, $token};

            pub(in crate::demo) async fn run(seed: &mut Seed<'_>) {
                seed.show("automatic fetch", automatic_fetch).await;
                seed.show("update callback", update_callback).await;
                seed.show("token provider", token_provider).await;
                seed.show("stale stored token", stale_stored_token).await;
                seed.show("stored token restored", stored_token_restored)
                    .await;
                seed.show("manual fetch", manual_fetch).await;
                seed.show("clock skew", clock_skew).await;
                seed.show("401 recovered", unauthorized_recovered).await;
                seed.show("wrong secret", wrong_secret).await;
            }

            fn credentials() -> $credentials {
                $credentials::new(CLIENT_ID, CLIENT_SECRET)
            }

            fn client(server: &TokenServer, credentials: $credentials) -> Result<$client> {
                let client = $client::builder()
                    .$parameter(credentials)
                    .$token_url(server.token_url())
                    .build()?;
                Ok(client)
            }

            async fn call(server: &TokenServer, client: &$client) -> Result<()> {
                let request = Request::get(server.api_url("things")).body(Bytes::new())?;
                let status = client.execute(request).await?.status();
                ensure!(status == StatusCode::OK, "the API answered {status}");
                Ok(())
            }

            fn text(token: &$token) -> String {
                token.access_token().expose_secret().to_owned()
            }

            async fn automatic_fetch(server: &TokenServer) -> Result<String> {
                server.set_latency(Duration::from_millis(50));
                let client = client(server, credentials())?;
                let calls: Vec<_> = (0..10)
                    .map(|_| {
                        let request = Request::get(server.api_url("things")).body(Bytes::new());
                        let client = client.clone();
                        tokio::spawn(async move { anyhow::Ok(client.execute(request?).await?) })
                    })
                    .collect();
                for call in calls {
                    let status = call.await??.status();
                    ensure!(status == StatusCode::OK, "the API answered {status}");
                }
                let (fetched, called) =
                    (server.token_requests().len(), server.api_requests().len());
                ensure!(fetched == 1, "{fetched} token requests for ten calls");
                ensure!(called == 10, "{called} calls arrived");
                Ok(format!("{called} calls at once, {fetched} token request"))
            }

            async fn update_callback(server: &TokenServer) -> Result<String> {
                let updates = Arc::new(Mutex::new(Vec::new()));
                let seen = Arc::clone(&updates);
                let credentials = credentials()
                    .to_builder()
                    .$on_update(move |token| {
                        seen.lock()
                            .map(|mut seen| seen.push(token))
                            .map_err(|e| e.to_string())
                    })
                    .build();
                let client = client(server, credentials)?;
                call(server, &client).await?;
                call(server, &client).await?;
                let updates = updates.lock().map_err(|e| anyhow::anyhow!("{e}"))?;
                let updates: Vec<_> = updates.iter().map(text).collect();
                ensure!(
                    updates == server.issued_tokens(),
                    "it was called with other tokens"
                );
                ensure!(updates.len() == 1, "it was called {} times", updates.len());
                Ok("2 calls, 1 token, the callback ran once with it".to_owned())
            }

            async fn token_provider(server: &TokenServer) -> Result<String> {
                let stored = client(server, credentials())?
                    .$accessor()
                    .fetch_token()
                    .await?;
                server.clear_requests();
                let credentials = credentials()
                    .to_builder()
                    .$provider(move |_, _| {
                        let stored = stored.clone();
                        async move { Some(stored) }
                    })
                    .build();
                let client = client(server, credentials)?;
                call(server, &client).await?;
                let fetched = server.token_requests().len();
                ensure!(fetched == 0, "{fetched} token requests beside the provider");
                Ok("the provider's token was used, 0 token requests".to_owned())
            }

            async fn stale_stored_token(server: &TokenServer) -> Result<String> {
                let asked = Arc::new(Mutex::new(0));
                let updates = Arc::new(Mutex::new(Vec::new()));
                let (count, seen) = (Arc::clone(&asked), Arc::clone(&updates));
                let credentials = credentials()
                    .to_builder()
                    .$provider(move |_, _| {
                        if let Ok(mut count) = count.lock() {
                            *count += 1;
                        }
                        let long_ago = std::time::UNIX_EPOCH + Duration::from_secs(1_000_000);
                        $token::new("stale").with_expires_at(long_ago)
                    })
                    .$on_update(move |token| {
                        if let Ok(mut seen) = seen.lock() {
                            seen.push(text(&token));
                        }
                    })
                    .build();
                let client = client(server, credentials)?;
                call(server, &client).await?;
                let asked = *asked.lock().map_err(|e| anyhow::anyhow!("{e}"))?;
                let updates = updates.lock().map_err(|e| anyhow::anyhow!("{e}"))?.clone();
                ensure!(asked == 1, "the provider was asked {asked} times");
                ensure!(
                    updates == server.issued_tokens(),
                    "the callback saw other tokens"
                );
                ensure!(
                    updates.len() == 1,
                    "the callback ran {} times",
                    updates.len()
                );
                Ok(
                    "the provider's stale token counted as none, 1 fetched and announced"
                        .to_owned(),
                )
            }

            async fn stored_token_restored(server: &TokenServer) -> Result<String> {
                let token = client(server, credentials())?
                    .$accessor()
                    .fetch_token()
                    .await?;
                let stored = serde_json::to_string(&token)?;
                server.clear_requests();
                let restored: $token = serde_json::from_str(&stored)?;
                ensure!(restored == token, "the token changed on its way");
                let credentials = $credentials::builder().$stored(restored).build();
                ensure!(
                    credentials.$client_id().is_none() && credentials.$client_secret().is_none()
                );
                let client = client(server, credentials)?;
                call(server, &client).await?;
                ensure!(server.token_requests().is_empty(), "a token was fetched");
                server.revoke_all();
                let request = Request::get(server.api_url("things")).body(Bytes::new())?;
                let error = client.execute(request).await.err();
                let error = error.context("a dead token was renewed without a client id")?;
                let text = format!("{:#}", anyhow::Error::from(error));
                ensure!(
                    text.contains(stringify!($client_id)),
                    "what is missing is not named: {text}"
                );
                Ok(format!("used without client id; when it died: {text}"))
            }

            async fn manual_fetch(server: &TokenServer) -> Result<String> {
                let client = client(server, credentials())?;
                let token = client.$accessor().fetch_token().await?;
                ensure!(
                    client.$accessor().current_token().is_none(),
                    "it was installed"
                );
                client.$accessor().set_token(token.clone());
                call(server, &client).await?;
                let fetched = server.token_requests().len();
                ensure!(fetched == 1, "{fetched} token requests");
                Ok("fetched for the caller alone, then installed by hand".to_owned())
            }

            async fn clock_skew(server: &TokenServer) -> Result<String> {
                let credentials = credentials()
                    .to_builder()
                    .$skew(Duration::from_mins(1))
                    .build();
                ensure!(
                    credentials.$skew() == Some(Duration::from_mins(1)),
                    "it is not as set"
                );
                let client = client(server, credentials)?;
                let manager = client.$accessor();
                let token = |seconds| {
                    $token::new("x")
                        .with_expires_at(SystemTime::now() + Duration::from_secs(seconds))
                };
                ensure!(manager.is_expired(&token(30)), "30 s left, and not expired");
                ensure!(!manager.is_expired(&token(90)), "90 s left, and expired");
                Ok("skew 60 s: expired with 30 s left, not with 90 s".to_owned())
            }

            async fn unauthorized_recovered(server: &TokenServer) -> Result<String> {
                let client = client(server, credentials())?;
                call(server, &client).await?;
                server.revoke_all();
                call(server, &client).await?;
                let (fetched, called) =
                    (server.token_requests().len(), server.api_requests().len());
                ensure!(fetched == 2, "{fetched} token requests");
                ensure!(called == 3, "{called} calls arrived");
                Ok("token revoked, 1 more token request, the call repeated once".to_owned())
            }

            async fn wrong_secret(server: &TokenServer) -> Result<String> {
                let credentials = $credentials::new(CLIENT_ID, "wrong secret");
                let client = client(server, credentials)?;
                let request = Request::get(server.api_url("things")).body(Bytes::new())?;
                let error = client
                    .execute(request)
                    .await
                    .err()
                    .context("it was accepted")?;
                let cause = error.as_token_error().context("the cause is lost")?;
                ensure!(
                    cause.kind() == credsmith_runtime::TokenErrorKind::InvalidClient,
                    "it is no invalid_client"
                );
                ensure!(
                    cause.status() == Some(StatusCode::UNAUTHORIZED),
                    "the status is lost"
                );
                ensure!(
                    server.api_requests().is_empty(),
                    "a request went out without a token"
                );
                Ok(format!("{:#}", anyhow::Error::from(error)))
            }
        }
    };
}

automatic! {
    thingspace in verizon_thingspace: VerizonClient, ThingspaceOauth1Credentials, OauthToken;
    thingspace_oauth_1_credentials, thingspace_oauth_1_token_url, thingspace_oauth_1;
    oauth_client_id, oauth_client_secret, oauth_token, oauth_token_provider,
    oauth_on_token_update, oauth_clock_skew
}

automatic! {
    multiauthsample in multiauthsample: MultiauthsampleClient, OAuthCCGCredentials, OAuthToken;
    o_auth_ccg_credentials, o_auth_ccg_token_url, o_auth_ccg;
    o_auth_client_id, o_auth_client_secret, o_auth_token, o_auth_token_provider,
    o_auth_on_token_update, o_auth_clock_skew
}

automatic! {
    paypal in paypal: PaypalServersdkClient, ClientCredentialsAuthCredentials, OAuthToken;
    client_credentials_auth_credentials, oauth_2_token_url, oauth_2;
    o_auth_client_id, o_auth_client_secret, o_auth_token, o_auth_token_provider,
    o_auth_on_token_update, o_auth_clock_skew
}
