//! What published SDKs and other generators get wrong, and must be impossible here. The numbers are
//! those of the project's list of such defects; those of the token engine are tested with the engine.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, SystemTime};

use credsmith_runtime::TokenErrorKind;
use credsmith_runtime::bytes::Bytes;
use credsmith_runtime::http::{Request, StatusCode};
use credsmith_seeds::{acme_external, multiauthsample, paypal, verizon_edge, verizon_thingspace};
use credsmith_token_server::TokenServer;
use verizon_edge::{ClientCredentialsAuthCredentials, OauthScopeEnum};
use verizon_thingspace::{OauthToken, ThingspaceOauth1Credentials, VerizonClient};

/// All pages, by their specs and file names.
const PAGES: [(&str, &str, &str); 10] = [
    ("acme-external", "index.md", acme_external::pages::INDEX),
    (
        "acme-external",
        "warehouse.md",
        acme_external::pages::WAREHOUSE,
    ),
    ("multiauthsample", "index.md", multiauthsample::pages::INDEX),
    (
        "multiauthsample",
        "o_auth_ccg.md",
        multiauthsample::pages::O_AUTH_CCG,
    ),
    ("paypal", "index.md", paypal::pages::INDEX),
    ("paypal", "o_auth_2.md", paypal::pages::O_AUTH_2),
    ("verizon-edge", "index.md", verizon_edge::pages::INDEX),
    ("verizon-edge", "oauth_2.md", verizon_edge::pages::OAUTH_2),
    (
        "verizon-thingspace",
        "index.md",
        verizon_thingspace::pages::INDEX,
    ),
    (
        "verizon-thingspace",
        "thingspace_oauth_1.md",
        verizon_thingspace::pages::THINGSPACE_OAUTH_1,
    ),
];

fn client_of(server: &TokenServer, credentials: ThingspaceOauth1Credentials) -> VerizonClient {
    VerizonClient::builder()
        .thingspace_oauth_1_credentials(credentials)
        .thingspace_oauth_1_token_url(server.token_url())
        .build()
        .unwrap()
}

async fn call(server: &TokenServer, client: &VerizonClient) -> StatusCode {
    let request = Request::get(server.api_url("things"))
        .body(Bytes::new())
        .unwrap();
    client.execute(request).await.unwrap().status()
}

#[test]
fn peer_defect_08_a_copy_takes_zero_and_empty_values() {
    let credentials = ThingspaceOauth1Credentials::builder()
        .oauth_client_id("id")
        .oauth_clock_skew(Duration::from_secs(5))
        .build();
    let copy = credentials
        .to_builder()
        .oauth_clock_skew(Duration::ZERO)
        .oauth_client_id("");
    let copy = copy.build();
    assert_eq!(copy.oauth_clock_skew(), Some(Duration::ZERO));
    assert_eq!(copy.oauth_client_id(), Some(""));

    let credentials = ClientCredentialsAuthCredentials::builder()
        .oauth_scopes([OauthScopeEnum::Read])
        .build();
    assert_eq!(
        credentials
            .to_builder()
            .oauth_scopes([])
            .build()
            .oauth_scopes(),
        []
    );
    assert_eq!(
        credentials.oauth_scopes(),
        [OauthScopeEnum::Read],
        "the original changed"
    );
}

#[test]
fn peer_defect_09_every_option_that_a_page_names_is_a_setter() {
    for (seed, name, page) in PAGES.iter().filter(|(_, name, _)| *name != "index.md") {
        let module = Path::new(env!("SEEDS_DIR")).join("modules").join(seed);
        let module = std::fs::read_to_string(module.join(name.replace(".md", ".rs"))).unwrap();
        let (_, builder) = module
            .split_once("Builder {\n    /// The credentials.")
            .unwrap();
        let (_, table) = page
            .split_once("| Name | Type | Description | Getter |")
            .unwrap();
        let rows = table
            .lines()
            .skip(2)
            .take_while(|line| line.starts_with('|'));
        let getters: Vec<_> = rows.map(|row| row.rsplit('`').nth(1).unwrap()).collect();
        assert!(getters.len() >= 4, "{seed}: {getters:?}");
        for getter in getters {
            let setter = format!("pub fn {getter}");
            assert!(builder.contains(&setter), "{seed}: no {setter}");
        }
    }
}

#[tokio::test]
async fn peer_defect_10_the_example_of_a_provider_works() {
    let page = verizon_thingspace::pages::THINGSPACE_OAUTH_1;
    let blocks: Vec<_> = page.split("```rust\n").skip(1).collect();
    let position = blocks.iter().position(|block| {
        block
            .split("```")
            .next()
            .unwrap()
            .contains(".oauth_token_provider(|_last_token")
    });
    // This is the block that is called below.
    assert_eq!(position, Some(7));
    let client = VerizonClient::builder().build().unwrap();
    let outcome = verizon_thingspace::pages::thingspace_oauth_1::block_7::run(client).await;
    outcome.unwrap();

    // The block builds a client of its own; here is its provider once more, at work.
    for stored in [Some(OauthToken::new("stored")), None] {
        let server = TokenServer::start_blocking();
        server.register_client("id", "secret");
        let fetches = usize::from(stored.is_none());
        let credentials = ThingspaceOauth1Credentials::new("id", "secret")
            .to_builder()
            .oauth_token_provider(move |_last_token, auth_manager| {
                let stored = stored.clone();
                async move {
                    match stored {
                        Some(token) => Ok(token),
                        None => auth_manager.fetch_token().await,
                    }
                }
            })
            .build();
        let client = client_of(&server, credentials);
        client.thingspace_oauth_1().token().await.unwrap();
        assert_eq!(server.token_requests().len(), fetches);
    }
}

#[tokio::test]
async fn peer_defect_11_a_stored_token_alone_is_enough() {
    let server = TokenServer::start_blocking();
    server.register_client("id", "secret");
    let token = client_of(&server, ThingspaceOauth1Credentials::new("id", "secret"))
        .thingspace_oauth_1()
        .fetch_token()
        .await
        .unwrap();
    let credentials = ThingspaceOauth1Credentials::builder()
        .oauth_token(token)
        .build();
    let client = client_of(&server, credentials);
    assert_eq!(call(&server, &client).await, StatusCode::OK);
    server.revoke_all();
    let error = client.thingspace_oauth_1().fetch_token().await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::MissingCredentials, "{error}");
    for name in ["oauth_client_id", "oauth_client_secret"] {
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn peer_defect_12_a_stored_expiry_is_absolute() {
    let expiry = SystemTime::UNIX_EPOCH + Duration::from_secs(1_900_000_000);
    let token = OauthToken::new("x").with_expires_at(expiry);
    let stored = serde_json::to_value(&token).unwrap();
    assert_eq!(stored["expires_at"], 1_900_000_000);
    let restored: OauthToken = serde_json::from_value(stored).unwrap();
    assert_eq!(restored.expires_at(), Some(expiry));
    // `example.rs` stores a token under one time zone, and restores it under another.
}

#[test]
fn peer_defect_14_environment_names_begin_with_sdk_and_scheme() {
    let prefixes = [
        ("multiauthsample", "MULTIAUTHSAMPLE_O_AUTH_CCG_"),
        ("paypal", "PAYPAL_SERVERSDK_OAUTH_2_"),
        ("verizon-edge", "VERIZON_OAUTH_2_"),
        ("verizon-thingspace", "VERIZON_THINGSPACE_OAUTH_1_"),
    ];
    let mut seen = BTreeSet::new();
    for (seed, prefix) in prefixes {
        let (_, _, page) = PAGES
            .iter()
            .find(|page| page.0 == seed && page.1 != "index.md")
            .unwrap();
        let (_, table) = page.split_once("| Variable | Holds |").unwrap();
        let rows = table
            .lines()
            .skip(2)
            .take_while(|line| line.starts_with('|'));
        let names: Vec<_> = rows.map(|row| row.split('`').nth(1).unwrap()).collect();
        assert!(names.len() >= 3, "{seed}: {names:?}");
        for name in names {
            assert!(name.starts_with(prefix), "{name}");
            assert!(seen.insert(name), "two SDKs read {name}");
        }
    }
}

#[tokio::test]
async fn peer_defect_15_nothing_prints_a_secret() {
    let server = TokenServer::start_blocking();
    server.register_client("id", "hush-hush");
    let credentials = ThingspaceOauth1Credentials::new("id", "hush-hush")
        .to_builder()
        .oauth_token(OauthToken::new("a-stored-token"))
        .build();
    let client = client_of(&server, credentials.clone());
    let token = client.thingspace_oauth_1().fetch_token().await.unwrap();
    client.thingspace_oauth_1().set_token(token.clone());
    let printed = [
        format!("{credentials:?}"),
        format!("{:?}", credentials.to_builder()),
        format!("{client:#?}"),
        format!("{:?}", client.config()),
        format!("{:?}", client.config().to_builder()),
        format!("{:?}", client.thingspace_oauth_1()),
        format!("{token:?}"),
    ];
    let mut secrets = server.issued_tokens();
    secrets.extend(["hush-hush".to_owned(), "a-stored-token".to_owned()]);
    assert_eq!(secrets.len(), 3);
    for text in printed {
        for secret in &secrets {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[tokio::test]
async fn peer_defect_20_and_21_the_manager_works_and_is_wired_into_the_client() {
    let server = TokenServer::start_blocking();
    server.register_client("id", "secret");
    let credentials = ClientCredentialsAuthCredentials::builder()
        .oauth_client_id("id")
        .oauth_client_secret("secret")
        .oauth_scopes([OauthScopeEnum::Read, OauthScopeEnum::Write])
        .build();
    let client = verizon_edge::VerizonClient::builder()
        .client_credentials_auth_credentials(credentials)
        .oauth_2_token_url(server.token_url())
        .build()
        .unwrap();
    let token = client.oauth_2().fetch_token().await.unwrap();
    client.oauth_2().set_token(token);
    let request = Request::get(server.api_url("things"))
        .body(Bytes::new())
        .unwrap();
    client.execute(request).await.unwrap();
    assert_eq!(
        server.token_requests()[0].parameter("scope"),
        Some("read write")
    );
    let sent = server.api_requests();
    assert_eq!(
        sent[0].bearer_token(),
        Some(server.issued_tokens()[0].as_str())
    );
}

#[test]
fn peer_defect_23_every_link_resolves() {
    let mut links = 0;
    for (seed, name, page) in PAGES {
        let headings = page.lines().filter(|line| line.starts_with("##"));
        let anchors: BTreeSet<_> = headings.map(anchor).collect();
        let prose: String = page.split("```").step_by(2).collect();
        for target in prose
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            links += 1;
            if let Some(anchor) = target.strip_prefix('#') {
                assert!(
                    anchors.contains(anchor),
                    "{seed}/{name}: #{anchor} of {anchors:?}"
                );
            } else {
                let pages = Path::new(env!("SEEDS_DIR")).join("pages").join(seed);
                assert!(
                    pages.join(target).is_file(),
                    "{seed}/{name}: no page {target}"
                );
            }
        }
    }
    assert!(links >= 12, "only {links} links were found");
}

/// The anchor that a heading gets: small letters, spaces to dashes, all else but letters, digits,
/// dashes and underscores gone.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}
