//! The server over plain sockets, so that nothing of a client library shows.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, which the allowance for tests does not cover"
)]

mod assertions;
mod errors;
mod scopes;
mod security;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credsmith_token_server::{Reply, TokenServer};

fn server() -> TokenServer {
    let server = TokenServer::start_blocking();
    server.register_client("id:1", "s +");
    server
}

fn send(server: &TokenServer, line: &str, headers: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

fn receive(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

fn token_request(server: &TokenServer, credentials: Option<&str>, body: &str) -> String {
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let basic =
        credentials.map(|pair| format!("authorization: Basic {}\r\n", STANDARD.encode(pair)));
    let headers = format!("{form}{}", basic.unwrap_or_default());
    receive(send(server, "POST /token", &headers, body))
}

/// Requests a token, and expects a status and a text in the response.
fn check(server: &TokenServer, credentials: Option<&str>, body: &str, status: u16, text: &str) {
    let response = token_request(server, credentials, body);
    assert!(
        response.starts_with(&format!("HTTP/1.1 {status} ")),
        "{body}: {response}"
    );
    assert!(response.contains(text), "{body}: {response}");
}

const GRANT: &str = "grant_type=client_credentials";
const CODED: Option<&str> = Some("id%3A1:s+%2B");

#[test]
fn the_grant_is_checked_strictly() {
    let server = server();
    let post = format!("{GRANT}&client_id=id%3A1&client_secret=s+%2B");
    check(&server, CODED, GRANT, 200, "\"access_token\":\"access-1-");
    check(&server, None, &post, 200, "\"access_token\":\"access-2-");
    check(
        &server,
        CODED,
        &format!("{GRANT}&scope=read"),
        200,
        "\"scope\":\"read\"",
    );
    check(&server, CODED, &post, 400, "invalid_request");
    check(
        &server,
        CODED,
        "grant_type=magic",
        400,
        "unsupported_grant_type",
    );
    check(&server, CODED, "", 400, "invalid_request");
    check(
        &server,
        CODED,
        &format!("{GRANT}&{GRANT}"),
        400,
        "occurs twice",
    );
    check(
        &server,
        CODED,
        &format!("{GRANT}&resource=a&resource=b"),
        200,
        "access-4-",
    );
    check(&server, Some("id:1:s +"), GRANT, 400, "invalid_request");
    check(
        &server,
        Some("id%3A1:wrong"),
        GRANT,
        401,
        "www-authenticate: Basic",
    );
    check(&server, None, GRANT, 401, "invalid_client");
    let as_json = receive(send(
        &server,
        "POST /token",
        "content-type: application/json\r\n",
        "{}",
    ));
    assert!(as_json.starts_with("HTTP/1.1 400 "), "{as_json}");
    assert!(receive(send(&server, "GET /token", "", "")).starts_with("HTTP/1.1 405 "));
    assert_eq!(server.token_requests().len(), 13);
    assert_eq!(server.issued_tokens().len(), 4);
}

#[test]
fn json_requests_are_accepted_only_if_configured() {
    let server = server();
    let json = "content-type: application/json; charset=utf-8\r\n";
    let basic = format!(
        "authorization: Basic {}\r\n",
        STANDARD.encode(CODED.unwrap())
    );
    let ask = |path: &str, headers: &str, body: &str| {
        receive(send(&server, &format!("POST {path}"), headers, body))
    };
    let with_basic = format!("{json}{basic}");
    let plain = r#"{"grant_type":"client_credentials"}"#;
    assert!(ask("/token", &with_basic, plain).contains("not form-encoded"));
    server.set_takes_json(true);
    check(&server, CODED, GRANT, 400, "not a JSON object of strings");
    let response = ask("/token", &with_basic, plain);
    assert!(
        response.contains("\"access_token\":\"access-1-"),
        "{response}"
    );
    let post = r#"{"grant_type":"client_credentials","client_id":"id:1","client_secret":"s +"}"#;
    let response = ask("/token", json, post);
    assert!(
        response.contains("\"access_token\":\"access-2-"),
        "{response}"
    );
    let request = server.token_requests().pop().unwrap();
    assert_eq!(request.parameter("client_id"), Some("id:1"));
    for body in [
        "",
        "[]",
        r#"{"grant_type":1}"#,
        r#"{"grant_type":"client_credentials","scope":["a"]}"#,
    ] {
        let response = ask("/token", &with_basic, body);
        assert!(
            response.contains("not a JSON object of strings"),
            "{body}: {response}"
        );
    }
    let response = ask("/revoke", &with_basic, r#"{"token":"x"}"#);
    assert!(response.contains("not form-encoded"), "{response}");
}

#[test]
fn the_api_accepts_valid_tokens_only() {
    let server = server();
    token_request(&server, CODED, GRANT);
    let token = server.issued_tokens().remove(0);
    let call = |token: &str| {
        let header = format!("authorization: Bearer {token}\r\n");
        receive(send(&server, "POST /api/things?x=1", &header, "payload"))
    };
    let response = call(&token);
    assert!(
        response.starts_with("HTTP/1.1 200 ") && response.contains("\"body\":\"payload\""),
        "{response}"
    );
    assert!(call("other").starts_with("HTTP/1.1 401 "));
    server.revoke(&token);
    assert!(call(&token).starts_with("HTTP/1.1 401 "));
    let record = &server.api_requests()[0];
    assert_eq!(
        (record.path.as_str(), record.query.as_deref()),
        ("/api/things", Some("x=1"))
    );
    assert_eq!(record.bearer_token(), Some(token.as_str()));
    server.set_expires_in(0);
    token_request(&server, CODED, GRANT);
    assert!(!server.is_valid(&server.issued_tokens()[1]));
}

#[test]
fn scripts_are_carried_out_in_order() {
    let server = server();
    server.enqueue(Reply::status(503).with_header("retry-after", "7"));
    server.enqueue(Reply::json(200, r#"{"access_token":"{access_token}"}"#));
    server.enqueue(Reply::ordinary().with_delay(Duration::from_millis(40)));
    check(&server, None, "", 503, "retry-after: 7");
    check(&server, None, "", 200, "{\"access_token\":\"access-1-");
    let begun = Instant::now();
    check(&server, CODED, GRANT, 200, "access-2-");
    assert!(begun.elapsed() >= Duration::from_millis(40));
}

#[test]
fn connections_break_by_script() {
    let server = server();
    server.enqueue(Reply::reset());
    let mut stream = send(&server, "POST /token", "", "");
    let error = stream.read_to_string(&mut String::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);

    server.enqueue(Reply::json(200, "0123456789").truncated(4));
    let response = receive(send(&server, "POST /token", "", ""));
    assert!(
        response.contains("content-length: 10\r\n") && response.ends_with("\r\n\r\n0123"),
        "{response}"
    );

    server.enqueue(Reply::json(200, "0123456789").dripped(Duration::from_millis(2)));
    let response = receive(send(&server, "POST /token", "", ""));
    assert!(response.ends_with("0123456789"), "{response}");
}

#[test]
fn a_thousand_connections_at_once_are_served() {
    let server = server();
    server.set_latency(Duration::from_millis(50));
    let headers = format!(
        "content-type: application/x-www-form-urlencoded\r\nauthorization: Basic {}\r\n",
        STANDARD.encode(CODED.unwrap())
    );
    let streams: Vec<_> = (0..1_000)
        .map(|_| send(&server, "POST /token", &headers, GRANT))
        .collect();
    for stream in streams {
        assert!(receive(stream).starts_with("HTTP/1.1 200 "));
    }
    assert_eq!(server.issued_tokens().len(), 1_000);
}

#[test]
fn dropping_the_server_frees_its_port() {
    let server = server();
    let address = server.address();
    drop(server);
    let begun = Instant::now();
    while TcpStream::connect(address).is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(5), "still listening");
        std::thread::sleep(Duration::from_millis(2));
    }
}
