//! Requirements of the API: every scheme, accepted and rejected.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credsmith_token_server::{Credential, TokenServer};

use super::{CODED, GRANT, receive, send, server, token_request};

/// Calls `/api/…` with header lines separated by `|`.
fn call(server: &TokenServer, path: &str, headers: &str) -> String {
    let mut headers = headers.replace('|', "\r\n");
    if !headers.is_empty() {
        headers.push_str("\r\n");
    }
    receive(send(server, &format!("GET /api/{path}"), &headers, ""))
}

/// Expects a status, and each of the texts in the response.
fn check(server: &TokenServer, path: &str, headers: &str, status: u16, texts: &[&str]) {
    let response = call(server, path, headers);
    let begin = format!("HTTP/1.1 {status} ");
    assert!(response.starts_with(&begin), "{path} {headers}: {response}");
    for text in texts {
        assert!(response.contains(text), "{path} {headers}: {response}");
    }
}

fn basic(pair: &str) -> String {
    format!("authorization: Basic {}", STANDARD.encode(pair))
}

/// A server that asks for this one credential.
fn asking_for(credential: Credential) -> TokenServer {
    let server = server();
    server.set_security([[credential]]);
    server
}

const API_KEY: &str = "www-authenticate: ApiKey realm=\"api\"\r\n";

#[test]
fn a_key_in_a_header_is_taken_once_and_whole() {
    let server = asking_for(Credential::header("X-Api-Key", "Key k-1"));
    check(&server, "", "x-api-key: Key k-1", 200, &[]);
    for (headers, problem) in [
        ("", "the header `x-api-key` is missing"),
        ("x-api-key: k-1", "the header `x-api-key` is wrong"),
        ("x-api-key: key k-1", "is wrong"),
        ("x-api-key: Key k-1|x-api-key: Key k-1", "is sent twice"),
        ("cookie: x-api-key=Key k-1", "is missing"),
    ] {
        check(
            &server,
            "?x-api-key=Key+k-1",
            headers,
            401,
            &[API_KEY, problem],
        );
    }
}

#[test]
fn a_key_in_the_query_is_compared_decoded() {
    let server = asking_for(Credential::query("api key", "a+b &\u{fc}"));
    check(&server, "x?page=2&api%20key=a%2Bb+%26%C3%BC", "", 200, &[]);
    for (query, problem) in [
        ("", "the query parameter `api key` is missing"),
        ("?API+key=a%2Bb+%26%C3%BC", "is missing"),
        ("?api+key=a+b+%26%C3%BC", "is wrong"),
        ("?api+key=a%2Bb+%26%C3%BC&api+key=x", "is sent twice"),
    ] {
        check(&server, query, "api-key: a", 401, &[API_KEY, problem]);
    }
}

#[test]
fn a_key_in_a_cookie_is_found_beside_others() {
    let server = asking_for(Credential::cookie("k", "v1-c=1"));
    check(&server, "", "cookie: theme=dark; k=v1-c=1", 200, &[]);
    for (headers, problem) in [
        ("", "the cookie `k` is missing"),
        ("cookie: K=v1-c=1", "is missing"),
        ("cookie: k=v1", "is wrong"),
        ("cookie: k=v1-c=1; k=v1-c=1", "is sent twice"),
        ("k: v1-c=1", "is missing"),
    ] {
        check(&server, "?k=v1-c%3D1", headers, 401, &[API_KEY, problem]);
    }
}

#[test]
fn basic_is_compared_in_utf_8() {
    let server = asking_for(Credential::basic("test", "12:3\u{a3}"));
    let challenge = "www-authenticate: Basic realm=\"api\", charset=\"UTF-8\"\r\n";
    check(&server, "", &basic("test:12:3\u{a3}"), 200, &[]);
    let lower = basic("test:12:3\u{a3}").replace("Basic", "basic");
    check(&server, "", &lower, 200, &[]);
    for (headers, problem) in [
        (String::new(), "the `Basic` header is missing"),
        (basic("test:"), "the `Basic` header is wrong"),
        (basic("test%3A12"), "is wrong"),
        ("authorization: Basic !".to_owned(), "is wrong"),
        ("authorization: Bearer x".to_owned(), "is missing"),
        (
            format!("{0}|{0}", basic("test:12:3\u{a3}")),
            "is sent twice",
        ),
    ] {
        check(&server, "", &headers, 401, &[challenge, problem]);
    }
}

#[test]
fn a_bearer_token_is_compared_exactly() {
    let server = asking_for(Credential::bearer("t-1"));
    let challenge = "www-authenticate: Bearer realm=\"api\"\r\n";
    let invalid = "www-authenticate: Bearer realm=\"api\", error=\"invalid_token\"\r\n";
    check(&server, "", "authorization: bearer t-1", 200, &[]);
    check(&server, "", "", 401, &[challenge, "unauthorized"]);
    check(&server, "", "authorization: Basic t-1", 401, &[challenge]);
    check(&server, "", "authorization: t-1", 401, &[challenge]);
    check(&server, "", "authorization: Bearer T-1", 401, &[invalid]);
    // A token of the server is another token.
    token_request(&server, CODED, GRANT);
    let issued = format!("authorization: Bearer {}", server.issued_tokens()[0]);
    check(&server, "", &issued, 401, &[invalid]);
}

#[test]
fn a_token_with_too_narrow_a_scope_is_forbidden() {
    let server = asking_for(Credential::oauth2_with_scope("read write"));
    token_request(&server, CODED, &format!("{GRANT}&scope=write+list+read"));
    token_request(&server, CODED, GRANT);
    server.set_scopes(Some(&["read"]));
    token_request(&server, CODED, &format!("{GRANT}&scope=write+read"));
    let issued = server.issued_tokens();
    let header = |number: usize| format!("authorization: Bearer {}", issued[number]);
    check(&server, "", &header(0), 200, &[]);
    check(&server, "", &header(1), 200, &[]);
    let challenge = "www-authenticate: Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"read write\"\r\n";
    check(&server, "", &header(2), 403, &[challenge, "too narrow"]);
    server.revoke_all();
    check(&server, "", &header(2), 401, &["invalid_token"]);
}

#[test]
fn a_custom_credential_is_checked_by_the_test() {
    let server = asking_for(Credential::custom(|request| {
        request.header("x-signature") == Some(&format!("signed {}", request.path))
    }));
    check(
        &server,
        "a",
        "x-signature: signed /api/a|authorization: x",
        200,
        &[],
    );
    let challenge = "www-authenticate: Custom realm=\"api\"\r\n";
    check(
        &server,
        "b",
        "x-signature: signed /api/a",
        401,
        &[challenge],
    );
}

/// Either a user and two keys, or a token, or a key in the query.
fn combined() -> TokenServer {
    let server = server();
    server.set_security([
        vec![
            Credential::basic("u", "p"),
            Credential::header("X-Key", "k-1"),
            Credential::cookie("otp", "123"),
        ],
        vec![Credential::bearer("t-1")],
        vec![Credential::query("q", "k-2")],
    ]);
    server
}

#[test]
fn all_of_one_alternative_is_needed() {
    let server = combined();
    let all = format!("{}|x-key: k-1|cookie: otp=123", basic("u:p"));
    check(&server, "", &all, 200, &[]);
    check(&server, "", "authorization: Bearer t-1", 200, &[]);
    check(&server, "?q=k-2", "", 200, &[]);
    let some = format!("{}|x-key: wrong", basic("u:p"));
    let response = call(&server, "", &some);
    for text in [
        "HTTP/1.1 401 ",
        "www-authenticate: Basic realm=\"api\", charset=\"UTF-8\"\r\nwww-authenticate: ApiKey realm=\"api\"\r\nwww-authenticate: Bearer realm=\"api\"\r\n",
        "the header `x-key` is wrong, the cookie `otp` is missing; or the bearer token is missing",
    ] {
        assert!(response.contains(text), "{response}");
    }
    // Parts of several alternatives do not add up to one.
    check(
        &server,
        "",
        "x-key: k-1|authorization: Bearer t-2",
        401,
        &["invalid_token"],
    );
}

#[test]
fn more_than_one_alternative_is_too_much() {
    let server = combined();
    for (path, headers, problem) in [
        (
            "?q=k-2",
            "authorization: Bearer t-1",
            "the query parameter `q` is not needed",
        ),
        (
            "",
            "authorization: Bearer t-1|x-key: wrong",
            "the header `x-key` is not needed",
        ),
        ("?q=k-2", "cookie: otp=", "the cookie `otp` is not needed"),
        (
            "?q=k-2",
            "authorization: Other x",
            "the header `authorization` is not needed",
        ),
    ] {
        check(&server, path, headers, 400, &["invalid_request", problem]);
    }
    check(&server, "?q=k-2&page=2", "cookie: theme=dark", 200, &[]);
}

#[test]
fn operations_may_need_different_credentials_or_none() {
    let server = server();
    server.set_security([[Credential::header("x-key", "k-1")]]);
    server.set_security_for("/health/", [[]]);
    server.set_security_for("health/details", [[Credential::basic("u", "p")]]);
    server.set_security_for("feed", [vec![], vec![Credential::query("q", "k")]]);
    for (path, headers, status) in [
        ("", "x-key: k-1", 200),
        ("things/health", "", 401),
        ("healthy", "", 401),
        ("health", "", 200),
        ("health/", "", 200),
        ("health/now?x=1", "", 200),
        ("health", "x-key: k-1", 400),
        ("health", "authorization: Bearer x", 400),
        ("health/details/1", "", 401),
        ("health/details/1", &basic("u:p"), 200),
        ("api/health", "", 401),
        ("feed", "", 200),
        ("feed?q=k", "", 200),
        ("feed?q=wrong", "", 401),
    ] {
        check(&server, path, headers, status, &[]);
    }
    let none: [[Credential; 0]; 0] = [];
    server.set_security(none);
    check(&server, "", "", 200, &[]);
}

#[test]
fn neither_debug_nor_an_error_response_contains_a_secret() {
    let server = combined();
    let credential = Credential::basic("u", "s3cret");
    assert_eq!(format!("{credential:?}"), "Credential(the `Basic` header)");
    assert!(!format!("{server:?}").contains("k-1"));
    let response = call(&server, "?q=s3cret", "x-key: s3cret");
    assert!(
        !response.contains("s3cret") && !response.contains("k-1"),
        "{response}"
    );
}
