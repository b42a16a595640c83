//! `credsmith token`, against a token server.

use std::process::{Command, Output};

use credsmith_token_server::TokenServer;

use crate::support::{repository, stderr, stdout};

fn token(server: &TokenServer, secret: Option<&str>, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credsmith"));
    command
        .args(["token", "specs/verizon-edge.yaml"])
        .args(more);
    command
        .args(["--token-url", &server.token_url()])
        .current_dir(repository());
    command.env("VERIZON_OAUTH_2_OAUTH_CLIENT_ID", "cli");
    command.env("VERIZON_OAUTH_2_OAUTH_SCOPES", "discovery:read read");
    if let Some(secret) = secret {
        command.env("VERIZON_OAUTH_2_OAUTH_CLIENT_SECRET", secret);
    }
    command.output().unwrap()
}

fn server() -> TokenServer {
    let server = TokenServer::start_blocking();
    server.register_client("cli", "hush-hush");
    server
}

#[test]
fn what_came_back_is_told_with_the_token_masked() {
    let server = server();
    let output = token(&server, Some("hush-hush"), &["oAuth2"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("type     Bearer\n"), "{text}");
    assert!(text.contains("expires  in "), "{text}");
    assert!(text.contains("scopes   discovery:read read\n"), "{text}");
    let secrets = [server.issued_tokens(), vec!["hush-hush".to_owned()]].concat();
    for secret in secrets {
        assert!(
            !text.contains(&secret) && !stderr(&output).contains(&secret),
            "{text}"
        );
    }
    assert_eq!(
        server.token_requests()[0].parameter("scope"),
        Some("discovery:read read")
    );
}

#[test]
fn raw_goes_to_a_pipe_alone() {
    let server = server();
    let output = token(&server, Some("hush-hush"), &["oAuth2", "--raw"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stdout(&output).trim_end(), server.issued_tokens()[0]);
}

#[test]
fn the_servers_refusal_is_told_in_its_words() {
    let server = server();
    let output = token(&server, Some("a wrong one"), &["oAuth2"]);
    assert_eq!(output.status.code(), Some(1));
    let words = stderr(&output);
    assert!(words.contains("answered 401: invalid_client"), "{words}");
    assert!(!words.contains("a wrong one"), "{words}");
    assert_eq!(stdout(&output), "");
}

#[test]
fn what_is_missing_is_named() {
    let server = server();
    let output = token(&server, None, &["oAuth2"]);
    assert_eq!(output.status.code(), Some(2));
    let words = stderr(&output);
    assert!(
        words.contains("VERIZON_OAUTH_2_OAUTH_CLIENT_SECRET"),
        "{words}"
    );
    assert_eq!(server.token_requests().len(), 0);
}

#[test]
fn an_unknown_scheme_is_told_with_the_one_that_was_meant() {
    let output = token(&server(), Some("hush-hush"), &["oauth2"]);
    assert_eq!(output.status.code(), Some(2));
    let words = stderr(&output);
    assert!(
        words.contains("no scheme `oauth2`; did you mean `oAuth2`?"),
        "{words}"
    );
}
