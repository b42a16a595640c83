//! The token response (RFC 6749 sections 5.1 and 5.2), and what servers really send.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, Response, StatusCode, Uri};
use secrecy::{ExposeSecret, SecretString};

use super::members::Members;
use super::request::MAX_BODY;
use super::{retry_after, url};
use crate::error::Refusal;
use crate::text;
use crate::token::Token;

/// Members that decide what is sent, and as what: a response that names one twice is refused.
const SECURITY: [&str; 6] = [
    "access_token",
    "token_type",
    "expires_in",
    "refresh_token",
    "scope",
    "error",
];

/// A token, and when the server wants it refreshed.
#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) token: Token,
    pub(crate) refresh_in: Option<Duration>,
}

/// Reads the response to a request that was sent at `sent`, the moment a token's life begins.
/// `secrets` are masked in whatever the server says.
pub(crate) fn read(
    response: &Response<Bytes>,
    sent: SystemTime,
    now: SystemTime,
    secrets: &[Cow<'_, str>],
) -> Result<Issued, Refusal> {
    let status = response.status();
    let mut refusal = Refusal {
        status,
        retry_after: retry_after::read(response.headers(), now),
        ..Refusal::default()
    };
    let outcome = if response.body().len() > MAX_BODY {
        Err("the response is larger than 1 MiB".to_owned())
    } else if status.is_redirection() {
        Err(redirect(response.headers(), secrets))
    } else {
        body(response.body(), status, sent, secrets, &mut refusal)
    };
    outcome.map_err(|problem| {
        refusal.problem = (!problem.is_empty()).then_some(problem);
        refusal
    })
}

fn redirect(headers: &HeaderMap, secrets: &[Cow<'_, str>]) -> String {
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let target = location.and_then(|location| location.parse::<Uri>().ok());
    match target {
        Some(uri) => {
            let target = if uri.authority().is_some() {
                url::shown(&uri)
            } else {
                uri.path().to_owned()
            };
            format!(
                "a redirect to {}, which is not followed",
                text::clean(&target, 200, secrets)
            )
        }
        None => "a redirect, which is not followed".to_owned(),
    }
}

fn body(
    body: &[u8],
    status: StatusCode,
    sent: SystemTime,
    secrets: &[Cow<'_, str>],
    refusal: &mut Refusal,
) -> Result<Issued, String> {
    let Some(members) = Members::parse(body) else {
        return Err(not_an_object(body, status, secrets));
    };
    if let Some(twice) = SECURITY.into_iter().find(|name| members.is_repeated(name)) {
        return Err(format!("the member `{twice}` occurs twice"));
    }
    if members.contains("error") {
        return Err(server_error(&members, secrets, refusal));
    }
    if !status.is_success() {
        let names: Vec<_> = members.names().take(8).collect();
        return Err(format!(
            "no error code, but the members {}",
            text::clean(&names.join(", "), 200, secrets)
        ));
    }
    token(&members, sent).map_err(str::to_owned)
}

fn not_an_object(body: &[u8], status: StatusCode, secrets: &[Cow<'_, str>]) -> String {
    if body.iter().all(u8::is_ascii_whitespace) {
        return "the body is empty".to_owned();
    }
    // Under a success status the body may be a token in some other wrapping: it is not shown.
    match text::excerpt(body, secrets).filter(|_| !status.is_success()) {
        Some(excerpt) => format!("not a JSON object: {excerpt}"),
        None => format!("not a JSON object, {} bytes", body.len()),
    }
}

/// Takes over what the server says; `error` may be an object where servers follow their own rules.
fn server_error(members: &Members, secrets: &[Cow<'_, str>], refusal: &mut Refusal) -> String {
    let field = |name, max| {
        let value = members
            .text(name)
            .map(|value| text::clean(&value, max, secrets));
        value.filter(|value| !value.is_empty())
    };
    refusal.error = field("error", 100);
    refusal.description = field("error_description", 300);
    refusal.uri = field("error_uri", 200);
    if refusal.error.is_none() {
        "the member `error` is not an error code".to_owned()
    } else {
        String::new()
    }
}

fn token(members: &Members, sent: SystemTime) -> Result<Issued, &'static str> {
    let access_token = members.text("access_token").map(SecretString::from);
    let access_token = access_token.ok_or("the response has no `access_token`")?;
    check_access_token(&access_token)?;
    let mut token = Token::new(access_token);
    if let Some(token_type) = members
        .text("token_type")
        .filter(|token_type| !token_type.is_empty())
    {
        token = token.with_token_type(token_type);
    } else if members.contains("token_type") && members.text("token_type").is_none() {
        return Err("the member `token_type` is not a string");
    }
    if !token.is_bearer() {
        return Err("the token is not of the type Bearer");
    }
    if let Some(lifetime) = members.seconds("expires_in") {
        token = token.with_life(sent, lifetime);
    }
    if let Some(refresh_token) = members
        .text("refresh_token")
        .filter(|text| !text.is_empty())
    {
        token = token.with_refresh_token(refresh_token);
    }
    if let Some(scope) = members.words("scope") {
        token = token.with_scope(scope);
    }
    let extra = members.others(&SECURITY);
    let refresh_in = members
        .seconds("refresh_in")
        .filter(|asked| !asked.is_zero());
    Ok(Issued {
        token: token.with_extra(extra),
        refresh_in,
    })
}

/// An access token must not be empty and must fit a header: visible ASCII (RFC 6749 appendix A.12
/// would allow the space as well, RFC 6750 section 2.1 does not).
pub(crate) fn check_access_token(access_token: &SecretString) -> Result<(), &'static str> {
    let access_token = access_token.expose_secret();
    if access_token.is_empty() {
        return Err("the `access_token` is empty");
    }
    let visible = access_token.bytes().all(|byte| byte.is_ascii_graphic());
    if visible {
        Ok(())
    } else {
        Err("the `access_token` holds characters that no header may hold")
    }
}

#[cfg(test)]
#[path = "response_tests.rs"]
mod tests;
