//! Errors in the shapes that servers write them in.

use credsmith_token_server::{ErrorShape, Reply, TokenServer};

use super::{CODED, GRANT, check, receive, send, server, token_request};

const WRONG: Option<&str> = Some("id%3A1:wrong");

/// Expects this body of an error response with the code 7 and a message, and of one with a code in words.
fn check_shape(shape: ErrorShape, content_type: &str, with_number: &str, in_words: &str) {
    let server = server();
    server.enqueue(Reply::error(400, shape, "7", "no \"luck\""));
    server.enqueue(Reply::error(400, shape, "bad", ""));
    for body in [with_number, in_words] {
        let response = token_request(&server, CODED, GRANT);
        assert!(response.starts_with("HTTP/1.1 400 "), "{response}");
        let header = format!("\r\ncontent-type: {content_type}\r\n");
        assert!(response.contains(&header), "{response}");
        assert_eq!(response.split_once("\r\n\r\n").unwrap().1, body);
    }
}

#[test]
fn an_error_is_scripted_in_the_shape_of_a_server() {
    let json = "application/json";
    for (shape, with_number, in_words) in [
        (
            ErrorShape::OAuth,
            r#"{"error":"7","error_description":"no \"luck\""}"#,
            r#"{"error":"bad"}"#,
        ),
        (
            ErrorShape::Errors,
            r#"{"errors":[{"code":7,"message":"no \"luck\""}]}"#,
            r#"{"errors":[{"code":"bad"}]}"#,
        ),
        (
            ErrorShape::ErrorObject,
            r#"{"error":{"code":7,"message":"no \"luck\""}}"#,
            r#"{"error":{"code":"bad"}}"#,
        ),
        (
            ErrorShape::ErrorSummary,
            r#"{"errorCode":7,"errorSummary":"no \"luck\""}"#,
            r#"{"errorCode":"bad"}"#,
        ),
        (
            ErrorShape::Message,
            r#"{"code":7,"message":"no \"luck\""}"#,
            r#"{"code":"bad"}"#,
        ),
        (
            ErrorShape::Errmsg,
            r#"{"errcode":7,"errmsg":"no \"luck\""}"#,
            r#"{"errcode":"bad"}"#,
        ),
        (
            ErrorShape::Ok,
            r#"{"error":"7","error_description":"no \"luck\"","ok":false}"#,
            r#"{"error":"bad","ok":false}"#,
        ),
    ] {
        check_shape(shape, json, with_number, in_words);
    }
    check_shape(
        ErrorShape::Problem,
        "application/problem+json",
        r#"{"detail":"no \"luck\"","status":400,"title":"7"}"#,
        r#"{"status":400,"title":"bad"}"#,
    );
}

/// Expects the error responses to a wrong secret and to an API request without a token.
fn check_error_responses(shape: ErrorShape, status: u16, of_token: &str, of_api: &str) {
    let server = server();
    server.set_error_shape(shape);
    check(&server, WRONG, GRANT, status, of_token);
    check(&server, WRONG, GRANT, status, "www-authenticate: Basic");
    let response = receive(send(&server, "GET /api/x", "", ""));
    assert!(response.starts_with("HTTP/1.1 401 "), "{response}");
    assert!(response.contains("www-authenticate: Bearer"), "{response}");
    assert!(response.contains(of_api), "{response}");
    check(&server, CODED, GRANT, 200, "\"access_token\":\"access-1-");
}

#[test]
fn a_server_writes_all_error_responses_in_its_shape() {
    check_error_responses(
        ErrorShape::Errors,
        401,
        r#"{"errors":[{"code":"invalid_client","message":"Client authentication failed"}]}"#,
        r#"{"errors":[{"code":"unauthorized","message":"the bearer token is missing"}]}"#,
    );
    check_error_responses(
        ErrorShape::Problem,
        401,
        r#"{"detail":"Client authentication failed","status":401,"title":"invalid_client"}"#,
        "content-type: application/problem+json\r\n",
    );
    check_error_responses(
        ErrorShape::Errmsg,
        200,
        r#"{"errcode":"invalid_client","errmsg":"Client authentication failed"}"#,
        r#""errcode":"unauthorized""#,
    );
    check_error_responses(
        ErrorShape::Ok,
        200,
        r#""error":"invalid_client""#,
        r#""ok":false"#,
    );
}

#[test]
fn other_endpoints_use_the_shape_and_devices_still_wait() {
    let server = TokenServer::start_blocking();
    server.register_public_client("tv");
    server.set_device_interval(0);
    server.set_error_shape(ErrorShape::ErrorObject);
    let post = |path: &str, body: &str| {
        let form = "content-type: application/x-www-form-urlencoded\r\n";
        receive(send(&server, &format!("POST {path}"), form, body))
    };
    let refused = post("/revoke", "client_id=other&token=x");
    assert!(
        refused.contains(r#"{"error":{"code":"invalid_client""#),
        "{refused}"
    );
    let started = post("/device_authorization", "client_id=tv");
    let (_, code) = started.split_once("\"device_code\":\"").unwrap();
    let (code, _) = code.split_once('"').unwrap();
    let poll = format!(
        "grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=tv&device_code={code}"
    );
    let pending = r#""error":"authorization_pending""#;
    check(&server, None, &poll, 400, pending);
    assert!(server.decide_for_device("CODE-1", true));
    check(&server, None, &poll, 200, "access_token");
}
