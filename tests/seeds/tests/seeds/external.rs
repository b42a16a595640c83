//! An SDK with a client of its own takes credentials, manager and scopes, and options that no seed
//! has.

use std::time::Duration;

use credsmith_runtime::http::Request;
use credsmith_seeds::acme_external::{
    Environment, OauthScopeWarehouseEnum, WarehouseCredentials, WarehouseManager,
    default_transport, pages,
};
use credsmith_token_server::TokenServer;

#[tokio::test]
async fn the_manager_works_without_a_generated_client() {
    let server = TokenServer::start_blocking();
    server.register_client("id+%", "secret=&");
    server.set_decodes_basic(false);
    server.set_expires_in(None);
    let credentials = WarehouseCredentials::new("id+%", "secret=&");
    assert_eq!(credentials.scopes(), [OauthScopeWarehouseEnum::StockRead]);
    let url = server.token_url();
    let manager = WarehouseManager::new(&credentials, &url, default_transport().unwrap()).unwrap();
    let mut request = Request::get("https://api.acme.example/stock")
        .body(())
        .unwrap();
    manager.authorize(&mut request).await.unwrap();
    let header = request.headers()["authorization"].to_str().unwrap();
    assert_eq!(header, format!("Bearer {}", server.issued_tokens()[0]));
    let requests = server.token_requests();
    assert_eq!(requests[0].parameter("scope"), Some("stock.read"));
    assert_eq!(
        requests[0].parameter("audience"),
        Some("https://api.acme.example")
    );

    let both = credentials
        .to_builder()
        .scopes(OauthScopeWarehouseEnum::ALL.iter().copied());
    let manager = WarehouseManager::new(&both.build(), &url, default_transport().unwrap()).unwrap();
    let token = manager.fetch_token().await.unwrap();
    assert_eq!(
        server.token_requests()[1].parameter("scope"),
        Some("stock.read,stock.write")
    );
    assert!(!manager.is_expired(&token));
}

#[tokio::test]
async fn f08_the_server_is_told_the_name_and_version_of_the_sdk() {
    let server = TokenServer::start_blocking();
    server.register_client("id", "secret");
    let credentials = WarehouseCredentials::new("id", "secret");
    let transport = default_transport().unwrap();
    let manager = WarehouseManager::new(&credentials, &server.token_url(), transport).unwrap();
    manager.fetch_token().await.unwrap();
    let sent = server.token_requests().remove(0).headers;
    let mut sent = sent.into_iter().filter(|(name, _)| name == "user-agent");
    let sdk = concat!("credsmith-seeds/", env!("CARGO_PKG_VERSION"));
    assert_eq!(sent.next().unwrap().1, sdk);
    assert!(sent.next().is_none());
}

#[test]
fn environments_have_their_urls_and_their_default() {
    assert_eq!(Environment::default(), Environment::Sandbox);
    let url = WarehouseManager::token_url(Environment::default());
    assert_eq!(url, "https://sandbox.acme.example/token");
    let url = WarehouseManager::token_url(Environment::Production);
    assert_eq!(url, "https://api.acme.example/token");
}

#[test]
fn nothing_speaks_of_a_client_that_is_not_there() {
    let folder = concat!(env!("SEEDS_DIR"), "/modules/acme-external");
    assert!(!std::path::Path::new(folder).join("client.rs").exists());
    for page in [pages::WAREHOUSE, pages::INDEX] {
        assert!(!page.contains("AcmeClient"), "{page}");
        assert!(!page.contains("client.execute"), "{page}");
    }
    assert!(pages::WAREHOUSE.contains("600 seconds are assumed"));
    let skew = WarehouseCredentials::builder()
        .oauth_clock_skew(Duration::from_secs(1))
        .build();
    assert_eq!(skew.oauth_clock_skew(), Some(Duration::from_secs(1)));
}
