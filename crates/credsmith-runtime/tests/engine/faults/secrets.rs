//! Errors contain no part of a secret (E01), however the server encodes it and wherever a text is truncated.

use std::fmt::Write as _;
use std::sync::Arc;

use credsmith_runtime::{
    Grant, ManualClock, PasswordGrant, SecretString, SubjectToken, TokenError, TokenExchange,
    TokenManager, TokenManagerBuilder,
};

use super::{leaked, text_of_chain};
use crate::sign_out::{expired, user};
use crate::support::*;

/// No four characters of it in a row occur in any message, in whatever spelling.
const SECRET: &str = "Qx7 Zw~9/Kj\"\u{e9}+Vb";

fn percent_encoded(text: &str, unreserved: &[u8]) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || unreserved.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").unwrap();
        }
        encoded
    })
}

/// The same with the hexadecimal digits of its escapes in lower case.
fn in_lower_case(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |lower, part| {
        let (digits, rest) = part.split_at(2);
        format!("{lower}%{}{rest}", digits.to_ascii_lowercase())
    })
}

fn json_escaped(text: &str, hex: fn(u32) -> String) -> String {
    text.chars().fold(String::new(), |mut escaped, c| {
        if c.is_ascii_alphanumeric() || c == ' ' {
            escaped.push(c);
        } else {
            escaped.push_str(&hex(u32::from(c)));
        }
        escaped
    })
}

/// Forms in which a server may repeat the secret.
fn spellings() -> Vec<String> {
    let form: String = form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let uri = percent_encoded(SECRET, b"-._~");
    let path = percent_encoded(SECRET, b"-._~!$&'()*+,;=:@/");
    let quoted = serde_json::to_string(SECRET).unwrap();
    vec![
        SECRET.to_owned(),
        in_lower_case(&form),
        form,
        in_lower_case(&uri),
        uri,
        in_lower_case(&path),
        path,
        percent_encoded(SECRET, b""),
        quoted.trim_matches('"').to_owned(),
        quoted.trim_matches('"').replace('/', r"\/"),
        json_escaped(SECRET, |c| format!("\\u{c:04x}")),
        json_escaped(SECRET, |c| format!("\\u{c:04X}")),
    ]
}

/// Four characters of `spelling` in a row that `shown` holds.
fn part_of(spelling: &str, shown: &str) -> Option<String> {
    let characters: Vec<char> = spelling.chars().collect();
    let mut parts = characters.windows(4).map(|part| part.iter().collect());
    parts.find(|part: &String| shown.contains(part.as_str()))
}

#[track_caller]
fn assert_hidden(spelling: &str, where_it_is: &str, error: &TokenError) {
    let shown = text_of_chain(error);
    let part = part_of(spelling, &shown);
    assert_eq!(part, None, "of {spelling}, {where_it_is}: {shown}");
}

/// The error of a fetch if the response repeats the client secret.
async fn error_of(answer: Scripted) -> TokenError {
    let manager = bare(&Endpoint::new([answer]), &clock())
        .client_id("the-id")
        .client_secret(SecretString::from(SECRET));
    manager.build().unwrap().fetch_token().await.unwrap_err()
}

fn page(status: u16, body: String) -> Scripted {
    Scripted::Response(status, None, leaked(body))
}

#[tokio::test]
async fn fault_e01_no_cut_of_a_page_leaves_a_part_of_a_secret() {
    for spelling in spellings() {
        for cut in 0..=spelling.len() {
            let body = format!("{}{spelling}", " ".repeat(2_000 - cut));
            let error = error_of(page(400, body)).await;
            assert_hidden(&spelling, &format!("cut after {cut}"), &error);
        }
    }
}

#[tokio::test]
async fn fault_e01_truncation_leaves_no_part_of_a_secret() {
    for spelling in spellings() {
        for before in (180..=205).chain(0..2) {
            let body = format!("{}{spelling} end", "n ".repeat(before / 2));
            let error = error_of(page(502, body)).await;
            assert_hidden(&spelling, &format!("after {before} characters"), &error);
        }
    }
}

#[tokio::test]
async fn fault_e01_no_member_shows_a_part_of_a_secret() {
    for spelling in spellings() {
        for before in (280..=300).chain(80..=100).chain([0, 1]) {
            let text = format!("{}{spelling}", "n".repeat(before));
            for body in [
                serde_json::json!({"error": text}),
                serde_json::json!({"error": "invalid_request", "error_description": text}),
                serde_json::json!({"error": "invalid_request", "error_uri": text}),
                serde_json::json!({(text.clone()): 1}),
            ] {
                let error = error_of(page(400, body.to_string())).await;
                assert_hidden(&spelling, &body.to_string(), &error);
            }
        }
    }
}

#[tokio::test]
async fn fault_e01_no_redirect_shows_a_part_of_a_secret() {
    for spelling in spellings() {
        let is_visible = spelling.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_visible || spelling.contains(['"', '\\']) {
            continue; // No URL.
        }
        for target in [
            format!("https://acme.example/error/{spelling}"),
            format!("/error/{spelling}/again"),
        ] {
            let location = ("location", leaked(target.clone()));
            let error = error_of(Scripted::Response(302, Some(location), "")).await;
            assert_hidden(&spelling, &target, &error);
        }
    }
}

fn granted(endpoint: &Arc<Endpoint>, grant: Grant) -> TokenManagerBuilder {
    builder(endpoint, &clock()).grant(grant)
}

/// Managers that send [`SECRET`] as something else than a client secret.
fn senders(endpoint: &Arc<Endpoint>) -> Vec<(&'static str, TokenManager)> {
    let password = Grant::Password(PasswordGrant::new("me", SECRET.into()));
    let subject = SubjectToken::from(SecretString::from(SECRET));
    let exchange = Grant::TokenExchange(TokenExchange::new(subject));
    let refreshing = user(endpoint, &ManualClock::new(start())).token(expired("a-1", SECRET));
    [
        ("refresh token", refreshing),
        ("password", granted(endpoint, password)),
        ("subject token", granted(endpoint, exchange)),
    ]
    .map(|(what, builder)| (what, builder.build().unwrap()))
    .into()
}

#[tokio::test]
async fn fault_e01_nothing_else_that_is_secret_shows_either() {
    for spelling in spellings() {
        for cut in [1, 3, 8, spelling.len()] {
            let body = format!("{}{spelling}", " ".repeat(2_000 - cut));
            let endpoint = Endpoint::new([page(403, body)]);
            for (what, manager) in senders(&endpoint) {
                let error = manager.fetch_token().await.unwrap_err();
                assert_hidden(&spelling, what, &error);
            }
        }
    }
}

#[tokio::test]
async fn fault_e01_a_code_does_not_show_either() {
    for spelling in spellings() {
        for body in [
            format!("{}{spelling}", " ".repeat(1_990)),
            format!("no such code: {spelling}"),
        ] {
            let endpoint = Endpoint::new([page(400, body)]);
            let manager = user(&endpoint, &clock()).build().unwrap();
            let request = manager.start_sign_in().await.unwrap();
            let code = percent_encoded(SECRET, b"");
            let url = format!(
                "https://app.example/cb?state={}&code={code}",
                request.state()
            );
            let outcome = manager.complete_sign_in(&request, &url).await;
            assert_hidden(&spelling, "code", &outcome.unwrap_err());
        }
    }
}
