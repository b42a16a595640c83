//! Habits of public APIs that no standard has: their specs say so, and the modules do it.

use std::collections::BTreeMap;
use std::ffi::OsString;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credsmith_runtime::bytes::Bytes;
use credsmith_runtime::http::Request;
use credsmith_runtime::{SendErrorKind, Token};
use credsmith_seeds::{everything, github, notion, slack, stripe};
use credsmith_token_server::{Reply, TokenServer};

const KEY: &str = "k3y-of-an-account";

/// The `Authorization` header of a request with these credentials.
fn header(credentials: &stripe::BasicCredentials) -> String {
    let manager = stripe::BasicManager::new(credentials).unwrap();
    let mut request = Request::get("https://api.example.com/things")
        .body(())
        .unwrap();
    manager.authorize(&mut request).unwrap();
    let value = &request.headers()["authorization"];
    assert!(value.is_sensitive());
    value.to_str().unwrap().to_owned()
}

fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

#[test]
fn a_key_is_the_user_name_and_the_password_empty() {
    let credentials = stripe::BasicCredentials::new(KEY);
    assert_eq!(header(&credentials), basic(&format!("{KEY}:")));
    let with_password = credentials.to_builder().password("extra").build();
    assert_eq!(header(&with_password), basic(&format!("{KEY}:extra")));
}

#[test]
fn a_password_alone_is_not_enough() {
    let credentials = stripe::BasicCredentials::builder()
        .password("extra")
        .build();
    let manager = stripe::BasicManager::new(&credentials).unwrap();
    let error = manager.authorize(&mut Request::new(())).unwrap_err();
    assert_eq!(error.kind(), SendErrorKind::MissingCredentials);
    assert!(error.to_string().contains("user name"), "{error}");
}

#[test]
fn a_secret_user_name_is_never_shown() {
    let credentials = stripe::BasicCredentials::new(KEY);
    let manager = stripe::BasicManager::new(&credentials).unwrap();
    let client = stripe::StripeClient::builder()
        .basic_credentials(credentials.clone())
        .build()
        .unwrap();
    let encoded = STANDARD.encode(format!("{KEY}:"));
    for shown in [
        format!("{credentials:?}"),
        format!("{:?}", credentials.to_builder()),
        format!("{manager:?}"),
        format!("{client:?}"),
    ] {
        assert!(!shown.contains(KEY) && !shown.contains(&encoded), "{shown}");
    }
    // The key with a colon in it is refused without being shown.
    let error = stripe::BasicManager::new(&stripe::BasicCredentials::new("k3y:k3y")).unwrap_err();
    assert!(!error.to_string().contains("k3y"), "{error}");
}

#[test]
fn the_environment_is_asked_for_the_key_alone() {
    let read = |values: &[(&str, &str)]| {
        let values: BTreeMap<_, _> = values.iter().copied().collect();
        stripe::BasicCredentials::from_variables(|name| values.get(name).map(OsString::from))
    };
    let credentials = read(&[("STRIPE_BASIC_API_KEY", KEY)]).unwrap();
    assert_eq!(header(&credentials), basic(&format!("{KEY}:")));
    let error = read(&[]).unwrap_err();
    let missing: Vec<_> = error.names().collect();
    assert_eq!(missing, ["STRIPE_BASIC_API_KEY"]);
}

/// Signs in at a server that answers with a token of this type, and calls the API with it.
async fn sign_in(token_type: &str) -> Result<String, slack::OauthProviderException> {
    let server = TokenServer::start().await;
    let body = format!(r#"{{"ok":true,"access_token":"a-bot","token_type":"{token_type}"}}"#);
    server.enqueue(Reply::json(200, body));
    server.enqueue_api(Reply::status(200));
    let credentials = slack::BotCredentials::new("id", "hush", "https://app.example/callback");
    let client = slack::SlackClient::builder()
        .bot_authorization_url(server.authorization_url())
        .bot_token_url(server.token_url())
        .bot_credentials(credentials)
        .build()
        .unwrap();
    let request = client.bot().start_sign_in().await?;
    let callback = format!(
        "https://app.example/callback?code=c&state={}",
        request.state()
    );
    client.bot().complete_sign_in(&request, &callback).await?;
    let call = Request::get(server.api_url("things")).body(Bytes::new());
    client.execute(call.unwrap()).await.unwrap();
    let sent = server.api_requests().pop().unwrap();
    Ok(sent.bearer_token().unwrap().to_owned())
}

#[tokio::test]
async fn a_token_type_of_the_servers_own_is_sent_as_bearer() {
    for token_type in ["bot", "Bot", "bearer"] {
        assert_eq!(sign_in(token_type).await.unwrap(), "a-bot");
    }
    let error = sign_in("robot").await.unwrap_err();
    assert!(error.to_string().contains("type Bearer"), "{error}");
    let page = slack::pages::BOT;
    assert!(page.contains("names the type of its tokens `bot`; they are sent as bearer tokens"));
    let page = everything::pages::EXCHANGE;
    assert!(page.contains("`exchanged` or `urn:everything:token`; they"));
}

/// A generated module, as text.
macro_rules! module {
    ($path:literal) => {
        include_str!(concat!(env!("SEEDS_DIR"), "/modules/", $path, ".rs"))
    };
}

#[test]
fn tokens_without_expiry_are_used_until_they_are_refused() {
    for (module, page) in [
        (module!("github/web_flow"), github::pages::WEB_FLOW),
        (module!("github/device_flow"), github::pages::DEVICE_FLOW),
        (
            module!("notion/public_integration"),
            notion::pages::PUBLIC_INTEGRATION,
        ),
        (module!("slack/bot"), slack::pages::BOT),
        (
            module!("everything/old_website"),
            everything::pages::OLD_WEBSITE,
        ),
    ] {
        assert!(module.contains(".default_lifetime(None)"));
        assert!(page.contains("it is used until the API answers 401"));
    }
    let page = everything::pages::DEVICE;
    assert!(page.contains("86400 seconds are assumed"));
}

/// Which generated modules send JSON; that Notion's works is a line of the demonstration.
#[test]
fn token_requests_are_json_where_the_spec_says_so() {
    const CALL: &str = ".token_request_format(TokenRequestFormat::Json)";
    const SENTENCE: &str = "Token requests are JSON, as this server wants them";
    for (module, page, is_json) in [
        (
            module!("notion/public_integration"),
            notion::pages::PUBLIC_INTEGRATION,
            true,
        ),
        (
            module!("everything/website"),
            everything::pages::WEBSITE,
            true,
        ),
        (
            module!("everything/sign_in"),
            everything::pages::SIGN_IN,
            false,
        ),
        (
            module!("everything/old_website"),
            everything::pages::OLD_WEBSITE,
            false,
        ),
        (module!("slack/bot"), slack::pages::BOT, false),
    ] {
        assert_eq!(module.contains(CALL), is_json);
        assert_eq!(module.contains("TokenRequestFormat"), is_json);
        assert_eq!(page.contains(SENTENCE), is_json);
    }
}

/// Which generated modules send header fields of their own to endpoints, and pages that say so.
#[test]
fn endpoints_are_sent_the_headers_that_the_spec_names() {
    for (module, page, header) in [
        (
            module!("notion/public_integration"),
            notion::pages::PUBLIC_INTEGRATION,
            Some(("Notion-Version", "2025-09-03")),
        ),
        (
            module!("everything/service"),
            everything::pages::SERVICE,
            Some(("Everything-Version", "2025-09-03")),
        ),
        (module!("slack/bot"), slack::pages::BOT, None),
    ] {
        let calls = module.matches(".endpoint_header(").count();
        assert_eq!(calls, usize::from(header.is_some()));
        assert_eq!(page.contains("endpoints carry `"), header.is_some());
        if let Some((name, value)) = header {
            assert!(module.contains(&format!(".endpoint_header({name:?}, {value:?})")));
            assert!(page.contains(&format!("carry `{name}: {value}`, as it asks for")));
        }
    }
}

#[tokio::test]
async fn a_server_that_takes_json_alone_is_sent_no_form() {
    let server = TokenServer::start().await;
    server.register_client("id", "hush");
    server.set_takes_json(true);
    let stored = Token::new("a-token").with_refresh_token("refreshed-never");
    let credentials =
        notion::PublicIntegrationCredentials::new("id", "hush", "https://app.example/callback")
            .to_builder()
            .oauth_token(stored)
            .build();
    let client = notion::NotionClient::builder()
        .public_integration_token_url(server.token_url())
        .public_integration_credentials(credentials)
        .build()
        .unwrap();
    let error = client.public_integration().fetch_token().await.unwrap_err();
    // The server got as far as the refresh token, which it does not know.
    assert_eq!(error.error(), Some("invalid_grant"));
    let request = server.token_requests().pop().unwrap();
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(
        request.body,
        br#"{"grant_type":"refresh_token","refresh_token":"refreshed-never"}"#
    );
}

#[tokio::test]
async fn a_refused_token_without_expiry_is_dropped() {
    let server = TokenServer::start().await;
    server.enqueue_api(Reply::status(200));
    server.enqueue_api(Reply::status(401));
    let credentials = github::WebFlowCredentials::new("id", "hush", "https://app.example/callback")
        .to_builder()
        .oauth_token(Token::new("a-token").with_refresh_token("refreshed-never"))
        .build();
    let client = github::GitHubClient::builder()
        .web_flow_authorization_url(server.authorization_url())
        .web_flow_token_url(server.token_url())
        .web_flow_credentials(credentials)
        .build()
        .unwrap();
    let call = || Request::get(server.api_url("things")).body(Bytes::new());
    client.execute(call().unwrap()).await.unwrap();
    assert!(client.web_flow().current_token().is_some());
    assert_eq!(server.token_requests().len(), 0);
    // The server knows no such refresh token, so that only the user can help.
    server.register_client("id", "hush");
    let error = client.execute(call().unwrap()).await.unwrap_err();
    let error = error.as_token_error().unwrap();
    assert!(error.is_sign_in_needed(), "{error}");
    assert_eq!(server.token_requests().len(), 1);
}
