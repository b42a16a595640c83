//! Tests of the formats in which servers report errors.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::Response;

use crate::error::ErrorResponse;
use crate::protocol::response::{self, Issued, TokenRules};

const NOW: SystemTime = UNIX_EPOCH;

fn read(status: u16, body: &str) -> Result<Issued, ErrorResponse> {
    let response = Response::builder().status(status);
    let response = response.body(Bytes::from(body.to_owned())).unwrap();
    response::read(
        &response,
        NOW,
        NOW,
        TokenRules::default(),
        &["s3cret".into()],
    )
}

/// Checks code and description, and that the text of the error has nothing else.
#[track_caller]
fn check(status: u16, body: &str, code: Option<&str>, words: Option<&str>) {
    let error_response = read(status, body).unwrap_err();
    let said = (
        error_response.error.as_deref(),
        error_response.description.as_deref(),
    );
    assert_eq!(said, (code, words), "{body}");
    let parts = [Some("answered"), code, words];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    let message = parts.join(": ");
    let message = message.replacen("answered", &format!("answered {status}"), 1);
    assert_eq!(error_response.to_string(), message, "{body}");
}

/// A body, its code and its words.
const SHAPES: &[(&str, &str, &str)] = &[
    // Lists of errors, as X, Square and JSON:API send them.
    (r#"{"errors":[{"code":99,"message":"m"}]}"#, "99", "m"),
    (
        r#"{"errors":[{"category":"AUTHENTICATION_ERROR","code":"UNAUTHORIZED","detail":"m"}]}"#,
        "UNAUTHORIZED",
        "m",
    ),
    (
        r#"{"errors":[{"status":"400","code":"x","title":"m","detail":"d"}]}"#,
        "x",
        "m: d",
    ),
    // Google, whose number is the status.
    (
        r#"{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT"}}"#,
        "INVALID_ARGUMENT",
        "m",
    ),
    // Microsoft Graph, Meta, Anthropic, VK.
    (
        r#"{"error":{"code":"InvalidAuthenticationToken","message":"m","innerError":{"date":"d"}}}"#,
        "InvalidAuthenticationToken",
        "m",
    ),
    (
        r#"{"error":{"message":"m","type":"OAuthException","code":190,"error_subcode":463}}"#,
        "190",
        "m",
    ),
    (
        r#"{"type":"error","error":{"type":"authentication_error","message":"m"}}"#,
        "authentication_error",
        "m",
    ),
    (r#"{"error":{"error_code":5,"error_msg":"m"}}"#, "5", "m"),
    // Okta, Salesforce, LinkedIn, DingTalk, Feishu, Baidu, QQ.
    (
        r#"{"errorCode":"E0000011","errorSummary":"m","errorLink":"E0000011","errorCauses":[]}"#,
        "E0000011",
        "m",
    ),
    (
        r#"[{"message":"m","errorCode":"INVALID_SESSION_ID"}]"#,
        "INVALID_SESSION_ID",
        "m",
    ),
    (
        r#"{"serviceErrorCode":100,"message":"m","status":400}"#,
        "100",
        "m",
    ),
    (
        r#"{"code":"invalidClientId","message":"m","requestid":"r"}"#,
        "invalidClientId",
        "m",
    ),
    (r#"{"code":99991663,"msg":"m"}"#, "99991663", "m"),
    (r#"{"error_code":110,"error_msg":"m"}"#, "110", "m"),
    (r#"{"error":100016,"error_description":"m"}"#, "100016", "m"),
    // AWS, Apigee twice, Intuit, Alibaba, Instagram, PayPal, HubSpot.
    (
        r#"{"__type":"NotAuthorizedException","message":"m"}"#,
        "NotAuthorizedException",
        "m",
    ),
    (
        r#"{"Error":{"Code":"InvalidClientTokenId","Message":"m","Type":"Sender"}}"#,
        "InvalidClientTokenId",
        "m",
    ),
    (
        r#"{"fault":{"faultstring":"m","detail":{"errorcode":"oauth.v2.InvalidApiKey"}}}"#,
        "oauth.v2.InvalidApiKey",
        "m",
    ),
    (
        r#"{"ErrorCode":"invalid_client","Error":"m"}"#,
        "invalid_client",
        "m",
    ),
    (
        r#"{"fault":{"error":[{"message":"m","code":"3200"}],"type":"AUTHENTICATION"}}"#,
        "3200",
        "m",
    ),
    (
        r#"{"error_response":{"code":29,"msg":"m","sub_code":"isv.x"}}"#,
        "29",
        "m",
    ),
    (
        r#"{"meta":{"error_type":"OAuthException","code":400,"error_message":"m"}}"#,
        "OAuthException",
        "m",
    ),
    (
        r#"{"name":"AUTHENTICATION_FAILURE","message":"m","links":[]}"#,
        "AUTHENTICATION_FAILURE",
        "m",
    ),
    (
        r#"{"status":"BAD_AUTH_CODE","message":"m"}"#,
        "BAD_AUTH_CODE",
        "m",
    ),
    // An OAuth code beside another description, and a status that is not a code.
    (
        r#"{"error":"invalid_request","reason":"m"}"#,
        "invalid_request",
        "m",
    ),
    (
        r#"{"statusCode":400,"error":"Bad Request","message":"m","errorCode":"x"}"#,
        "x",
        "m",
    ),
    (
        r#"{"type":"https://acme.example/e/1","title":"t","detail":"m","status":400}"#,
        "https://acme.example/e/1",
        "t: m",
    ),
    (r#"{"type":"urn:acme:x","title":"m"}"#, "urn:acme:x", "m"),
];

#[test]
fn f02_codes_and_messages_are_read_from_the_formats_of_servers() {
    for (body, code, words) in SHAPES {
        check(400, body, Some(code), Some(words));
    }
}

#[test]
fn f02_messages_without_a_code_are_shown() {
    for (body, words) in [
        (r#"{"message":"m"}"#, "m"),
        (r#"{"Message":"m"}"#, "m"),
        (r#"{"error":{"message":"m"}}"#, "m"),
        (r#"{"error":true,"message":"m"}"#, "m"),
        (r#"{"status":"error","message":"m"}"#, "m"),
        (r#"{"status":400,"code":"400","message":"m"}"#, "m"),
        (
            r#"{"error":"Bad Request","message":"","status":400}"#,
            "Bad Request",
        ),
        (
            r#"{"statusCode":400,"error":"Bad Request","message":["a","b"]}"#,
            "a; b",
        ),
        (r#"{"errors":["a","b"]}"#, "a; b"),
        (r#"{"errors":"m"}"#, "m"),
        (r#"{"detail":"m"}"#, "m"),
        (
            r#"{"type":"about:blank","title":"Bad Request","detail":"m"}"#,
            "Bad Request: m",
        ),
        (
            r#"{"type":"https://tools.ietf.org/html/rfc7231#section-6.5.1","title":"m","errors":{"scope":["x"]}}"#,
            "m",
        ),
    ] {
        check(400, body, None, Some(words));
    }
    check(
        400,
        r#"{"message":"invalid_grant"}"#,
        Some("invalid_grant"),
        None,
    );
}

#[test]
fn f02_secrets_are_masked_before_anything_is_cut() {
    for length in 280..310 {
        let words = "x ".repeat(length / 2);
        let body = format!(r#"{{"errors":[{{"code":7,"message":"{words}s3cret"}}]}}"#);
        let shown = read(400, &body).unwrap_err().to_string();
        assert!(!shown.contains("s3c"), "{shown}");
    }
    let body = r#"{"errorCode":"no s3cret","errorSummary":"a\r\nb s3%63ret","moreInfo":"https://a.example/s3cret"}"#;
    let error_response = read(400, body).unwrap_err();
    assert_eq!(
        error_response.to_string(),
        "answered 400: no [redacted]: a b [redacted]"
    );
    let uri = error_response.uri.as_deref();
    assert_eq!(uri, Some("https://a.example/[redacted]"));
    let long = format!(r#"{{"code":"{0}","msg":"{0}"}}"#, "x".repeat(5_000));
    assert!(read(400, &long).unwrap_err().to_string().len() < 500);
}

#[test]
fn f02_errors_nested_without_end_are_read_in_bounds() {
    for (open, close) in [(r#"{"error":"#, "}"), (r#"{"errors":["#, "]}")] {
        let body = format!("{}1{}", open.repeat(100), close.repeat(100));
        let shown = read(400, &body).unwrap_err().to_string();
        assert!(shown.contains("the members error"), "{shown}");
    }
}

#[test]
fn f03_an_error_under_a_success_status_is_that_error() {
    for (body, code, words) in [
        (
            r#"{"errcode":40029,"errmsg":"invalid code"}"#,
            Some("40029"),
            Some("invalid code"),
        ),
        (r#"{"errcode":-1}"#, Some("-1"), None),
        (
            r#"{"ok":false,"error":"invalid_code"}"#,
            Some("invalid_code"),
            None,
        ),
        (r#"{"success":false,"message":"m"}"#, None, Some("m")),
        (r#"{"status":"error","message":"m"}"#, None, Some("m")),
        (
            r#"{"code":20003,"msg":"m","data":{}}"#,
            Some("20003"),
            Some("m"),
        ),
        (
            r#"{"access_token":"","errorCode":"x","errorMessage":"m"}"#,
            Some("x"),
            Some("m"),
        ),
        (
            r#"{"errors":[{"code":"x","message":"m"}]}"#,
            Some("x"),
            Some("m"),
        ),
        (r#"[{"errorCode":"x","message":"m"}]"#, Some("x"), Some("m")),
    ] {
        check(200, body, code, words);
    }
}

#[test]
fn f03_a_good_token_response_is_not_taken_for_an_error() {
    for body in [
        r#"{"access_token":"a","errcode":0,"errmsg":"ok"}"#,
        r#"{"access_token":"a","errcode":40029,"errmsg":"m"}"#,
        r#"{"access_token":"a","code":0,"msg":"success"}"#,
        r#"{"access_token":"a","code":"success","message":"Welcome"}"#,
        r#"{"access_token":"a","code":200,"message":"OK"}"#,
        r#"{"access_token":"a","ok":true,"error":""}"#,
        r#"{"access_token":"a","error":false}"#,
        r#"{"access_token":"a","error":0,"error_description":""}"#,
        r#"{"access_token":"a","errors":[],"error":{}}"#,
        r#"{"access_token":"a","error":"none","status":"ok"}"#,
        r#"{"access_token":"a","type":"Bearer","name":"Ada","detail":"d"}"#,
    ] {
        assert!(read(200, body).is_ok(), "{body}");
    }
}

#[test]
fn f03_a_response_without_a_token_and_without_an_error_shows_nothing() {
    for body in [
        r#"{"code":"hidden"}"#,
        r#"{"code":0,"msg":"success","data":{"code":"hidden"}}"#,
        r#"{"type":"hidden","message":"hidden"}"#,
        r#"{"status":"ok","name":"hidden","message":"hidden"}"#,
        r#"{"ok":false}"#,
    ] {
        let error_response = read(200, body).unwrap_err();
        let shown = format!("{error_response} {error_response:?}");
        assert!(!shown.contains("hidden"), "{shown}");
        assert!(
            shown.contains("no") && error_response.error.is_none(),
            "{shown}"
        );
    }
}
