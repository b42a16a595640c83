//! SDKs with other HTTP clients, by what their modules re-export.

use credsmith_seeds::everything::bytes::Bytes;
use credsmith_seeds::everything::http::Request;
use credsmith_seeds::everything::runtime::{
    AuthorizationLayer, AuthorizationMiddleware, ReqwestTransport, reqwest,
};
use credsmith_seeds::everything::{
    AccessTokenCredentials, EverythingClient, SecurityGroup, SignatureCredentials,
};
use credsmith_seeds::verizon_thingspace::{ThingspaceOauth1Credentials, VerizonClient};
use credsmith_seeds::{everything, verizon_thingspace};
use credsmith_token_server::TokenServer;
use tower::{Layer as _, ServiceExt as _};

fn verizon(server: &TokenServer) -> VerizonClient {
    server.register_client("id", "secret");
    VerizonClient::builder()
        .thingspace_oauth_1_credentials(ThingspaceOauth1Credentials::new("id", "secret"))
        .thingspace_oauth_1_token_url(server.token_url())
        .build()
        .unwrap()
}

fn everything() -> EverythingClient {
    EverythingClient::builder()
        .access_token_credentials(AccessTokenCredentials::new("personal"))
        .signature_credentials(SignatureCredentials::new("app", "secret"))
        .build()
        .unwrap()
}

async fn authorized(security: SecurityGroup) -> Request<Bytes> {
    let request = Request::get("https://api.example.com/things").body(Bytes::new());
    let mut request = request.unwrap();
    security.authorize(&mut request).await.unwrap();
    request
}

/// The statuses before and after the server revokes all tokens.
async fn statuses(
    server: &TokenServer,
    client: &reqwest_middleware::ClientWithMiddleware,
) -> [u16; 2] {
    let mut statuses = [0; 2];
    for status in &mut statuses {
        let response = client.get(server.api_url("things")).send().await.unwrap();
        *status = response.status().as_u16();
        server.revoke_all();
    }
    statuses
}

#[tokio::test(flavor = "multi_thread")]
async fn n04_a_client_gives_its_security_to_the_middleware() {
    let server = TokenServer::start().await;
    let security = verizon(&server).security();
    let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
        .with(AuthorizationMiddleware::new(security))
        .build();
    assert_eq!(statuses(&server, &client).await, [200, 200]);
    assert_eq!(server.token_requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn n04_a_manager_alone_goes_into_the_layer() {
    let server = TokenServer::start().await;
    let manager = verizon(&server).thingspace_oauth_1().clone();
    let inner = tower::service_fn(|request: Request<Bytes>| async {
        use everything::Transport as _;
        ReqwestTransport::new()?.send(request).await
    });
    let service = AuthorizationLayer::new(manager).layer(inner);
    let request = Request::get(server.api_url("things")).body(Bytes::new());
    let response = service.oneshot(request.unwrap()).await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn n04_every_group_has_its_security() {
    let client = everything();
    let request = authorized(client.security()).await;
    assert_eq!(request.headers()["authorization"], "Bearer personal");
    assert!(!request.headers().contains_key("x-signature"));
    let request = authorized(client.security_devices()).await;
    assert_eq!(request.headers()["authorization"], "Bearer personal");
    assert!(request.headers().contains_key("x-signature"));
}

#[tokio::test]
async fn n04_a_group_without_credentials_names_what_to_set() {
    let client = verizon_thingspace::VerizonClient::builder().build();
    let mut request = Request::get("https://api.example.com/").body(Bytes::new());
    let error = client.unwrap().security();
    let error = error.authorize(request.as_mut().unwrap()).await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "no credentials for the request: set `thingspace_oauth_1_credentials`"
    );
}

/// The first two numbers of the version that the lock file has of a crate.
fn locked(lock: &str, name: &str) -> Vec<String> {
    let entry = format!("name = \"{name}\"\nversion = \"");
    let versions = lock.split(&entry).skip(1);
    let versions = versions.map(|rest| rest.split('"').next().unwrap());
    let short =
        versions.map(|version| version.splitn(3, '.').take(2).collect::<Vec<_>>().join("."));
    short.collect()
}

#[test]
fn n04_the_page_names_versions_that_fit() {
    let lock = std::path::Path::new(env!("SPECS_DIR")).join("../Cargo.lock");
    let lock = std::fs::read_to_string(lock).unwrap();
    let page = everything::pages::HTTP_CLIENTS;
    for (name, version) in [
        ("tower", "0.5"),
        ("tower-layer", "0.3"),
        ("tower-service", "0.3"),
        ("reqwest-middleware", "0.5"),
        ("reqwest", "0.13"),
        ("tracing-subscriber", "0.3"),
    ] {
        assert!(locked(&lock, name).contains(&version.to_owned()), "{name}");
        let named = page
            .lines()
            .filter(|line| line.contains(&format!("`{name}`")));
        let mut named = named.filter(|line| line.contains(version));
        assert!(named.next().is_some(), "{name} {version}");
    }
}

#[test]
fn n08_the_page_says_how_to_set_what_carries_requests() {
    for page in [
        everything::pages::HTTP_CLIENTS,
        verizon_thingspace::pages::HTTP_CLIENTS,
    ] {
        for said in [
            ".transport(transport)",
            ".proxy(",
            ".connect_timeout(",
            ".timeout(",
            ".identity(",
            "## Logging",
        ] {
            assert!(page.contains(said), "{said}");
        }
    }
}
