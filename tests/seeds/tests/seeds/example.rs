//! The complete example of every page runs, against a token server, as it is printed.

use std::path::Path;
use std::process::{Command, Output};

use credsmith_token_server::TokenServer;

/// Runs the example of a spec in `folder`, with credentials and a time zone in the environment.
fn run(
    spec: &str,
    prefix: [&str; 2],
    folder: &Path,
    server: &TokenServer,
    secret: &str,
    zone: &str,
) -> Output {
    let variable = |field: &str| format!("{}{}{field}", prefix[0], prefix[1]);
    Command::new(env!("CARGO_BIN_EXE_example"))
        .arg(spec)
        .current_dir(folder)
        .env("SEEDS_TOKEN_URL", server.token_url())
        .env("TZ", zone)
        .env(variable("CLIENT_ID"), "example")
        .env(variable("CLIENT_SECRET"), secret)
        .output()
        .unwrap()
}

#[track_caller]
fn check(spec: &str, prefix: [&str; 2], module: &str) {
    let folder = tempfile::tempdir().unwrap();
    let server = TokenServer::start_blocking();
    server.register_client("example", "its secret");
    for zone in ["America/Los_Angeles", "Pacific/Auckland"] {
        let output = run(spec, prefix, folder.path(), &server, "its secret", zone);
        let words = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(words.starts_with("authorized until Some("), "{words}");
        // The second time, in another time zone, it goes on with the token it stored.
        assert_eq!(server.token_requests().len(), 1);
        assert!(folder.path().join(format!("{module}_token.json")).exists());
    }
    let elsewhere = tempfile::tempdir().unwrap();
    let output = run(
        spec,
        prefix,
        elsewhere.path(),
        &server,
        "a wrong secret",
        "UTC",
    );
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(words.contains("invalid_client"), "{words}");
    assert!(!words.contains("wrong secret"), "{words}");
}

#[test]
fn multiauthsample() {
    check(
        "multiauthsample",
        ["MULTIAUTHSAMPLE_O_AUTH_CCG_", "O_AUTH_"],
        "o_auth_ccg",
    );
}

#[test]
fn paypal() {
    check(
        "paypal",
        ["PAYPAL_SERVERSDK_OAUTH_2_", "O_AUTH_"],
        "o_auth_2",
    );
}

#[test]
fn verizon_edge() {
    check("verizon-edge", ["VERIZON_OAUTH_2_", "OAUTH_"], "oauth_2");
}

#[test]
fn verizon_thingspace() {
    check(
        "verizon-thingspace",
        ["VERIZON_THINGSPACE_OAUTH_1_", "OAUTH_"],
        "thingspace_oauth_1",
    );
}
