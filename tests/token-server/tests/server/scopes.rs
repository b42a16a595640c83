//! Scopes: granted, narrowed or denied (RFC 6749 sections 3.3 and 6).

use super::{CODED, GRANT, check, receive, send, server, token_request};
use credsmith_token_server::TokenServer;

/// A server that grants `read` and `list`.
fn narrow() -> TokenServer {
    let server = server();
    server.set_scopes(Some(&["read", "list"]));
    server.register_user("ann", "pw");
    server
}

#[test]
fn a_scope_is_narrowed_to_the_granted_ones_and_stated() {
    let server = narrow();
    for (asked, granted) in [
        ("&scope=read", "read"),
        ("&scope=write+read+admin", "read"),
        ("&scope=read+list", "read list"),
        ("&scope=read,write,list", "read,list"),
        ("&scope=", "list read"),
        ("", "list read"),
    ] {
        let text = format!("\"scope\":\"{granted}\"");
        check(&server, CODED, &format!("{GRANT}{asked}"), 200, &text);
    }
    server.set_scopes(None);
    let wide = format!("{GRANT}&scope=a+b");
    check(&server, CODED, &wide, 200, "\"scope\":\"a b\"");
    assert!(!token_request(&server, CODED, GRANT).contains("scope"));
}

#[test]
fn a_scope_of_which_nothing_is_granted_is_an_error() {
    let server = narrow();
    let body = format!("{GRANT}&scope=write");
    check(&server, CODED, &body, 400, "invalid_scope");
    server.set_scopes(Some(&[]));
    check(&server, CODED, GRANT, 400, "invalid_scope");
    assert!(server.issued_tokens().is_empty());
}

#[test]
fn a_refresh_grants_no_more_than_the_user_allowed() {
    let server = narrow();
    server.set_rotates(false);
    let password = "grant_type=password&username=ann&password=pw&scope=read+list+write";
    check(&server, CODED, password, 200, "\"scope\":\"read list\"");
    let token = server.valid_refresh_tokens().remove(0);
    let refresh = format!("grant_type=refresh_token&refresh_token={token}");
    let all = "\"scope\":\"read list\"";
    check(&server, CODED, &refresh, 200, all);
    let less = format!("{refresh}&scope=list");
    check(&server, CODED, &less, 200, "\"scope\":\"list\"");
    let more = format!("{refresh}&scope=read+admin");
    check(&server, CODED, &more, 400, "invalid_scope");
    server.set_scopes(Some(&["read"]));
    check(&server, CODED, &refresh, 200, "\"scope\":\"read\"");
}

#[test]
fn the_authorization_endpoint_narrows_too() {
    let server = narrow();
    let authorize = |query: &str| {
        let line = format!("GET /authorize?client_id=id%3A1&{query}");
        let response = receive(send(&server, &line, "", ""));
        let location = response.lines().find(|line| line.starts_with("location: "));
        location.unwrap().to_owned()
    };
    let implicit = authorize("response_type=token&scope=read+write");
    assert!(implicit.ends_with("&scope=read"), "{implicit}");
    let refused = authorize("response_type=code&scope=write");
    assert!(refused.contains("error=invalid_scope"), "{refused}");
    let code = authorize("response_type=code&scope=read+write");
    let code = code.split_once("code=").unwrap().1;
    let exchange = format!("grant_type=authorization_code&code={code}");
    check(&server, CODED, &exchange, 200, "\"scope\":\"read\"");
}
