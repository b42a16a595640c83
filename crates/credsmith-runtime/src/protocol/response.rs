//! The token response (RFC 6749 sections 5.1 and 5.2), and the variants that servers send in practice.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Response;
use secrecy::{ExposeSecret, SecretString};

use super::endpoint_response::{self, Expected};
use super::members::Members;
use crate::error::ErrorResponse;
use crate::token::Token;

/// Members that decide about the token. A response that repeats one is refused.
const SECURITY: [&str; 6] = [
    "access_token",
    "token_type",
    "expires_in",
    "refresh_token",
    "scope",
    "error",
];

const EXPECTED: Expected<'_> = Expected {
    wanted: "access_token",
    single: &SECURITY,
};

/// A token, and the time after which the server wants it refreshed.
#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) token: Token,
    pub(crate) refresh_in: Option<Duration>,
}

/// Rules for reading a server's tokens.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TokenRules<'a> {
    /// Token types that count as Bearer.
    pub(crate) bearer_token_types: &'a [String],
    /// Whether an `expires_in` of zero or less counts as unknown. This is the case for grants with a user, who would
    /// otherwise be asked again at once, and for servers whose tokens never expire: some of them send zero.
    pub(crate) zero_lifetime_is_unknown: bool,
}

/// Reads the response to a request that was sent at `sent`, when the token's lifetime begins. `secrets` are masked in
/// the texts of the server.
pub(crate) fn read(
    response: &Response<Bytes>,
    sent: SystemTime,
    now: SystemTime,
    rules: TokenRules<'_>,
    secrets: &[Cow<'_, str>],
) -> Result<Issued, ErrorResponse> {
    endpoint_response::read(response, EXPECTED, now, secrets, |members| {
        token(members, sent, rules)
    })
}

/// Reads the token in the parameters of an implicit grant's callback (RFC 6749 section 4.2.2), which
/// arrived at `now`.
pub(crate) fn implicit(
    callback: &[(String, String)],
    now: SystemTime,
    rules: TokenRules<'_>,
) -> Result<Token, &'static str> {
    // This grant has no refresh tokens, and a refresh token in a URL must not be kept.
    let known = callback
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "state" | "iss" | "refresh_token"));
    token(&Members::of_pairs(known), now, rules).map(|issued| issued.token)
}

fn token(
    members: &Members,
    sent: SystemTime,
    rules: TokenRules<'_>,
) -> Result<Issued, &'static str> {
    let access_token = members.text("access_token").map(SecretString::from);
    let access_token = access_token.ok_or("the response has no `access_token`")?;
    check_access_token(&access_token)?;
    let mut token = Token::new(access_token);
    if let Some(token_type) = members
        .text("token_type")
        .filter(|token_type| !token_type.is_empty())
    {
        token = token
            .with_token_type(token_type)
            .with_bearer_aliases(rules.bearer_token_types);
    } else if members.contains("token_type") && members.text("token_type").is_none() {
        return Err("the member `token_type` is not a string");
    }
    if !token.is_bearer() {
        return Err("the token is not of the type Bearer");
    }
    let lifetime = members
        .seconds("expires_in")
        .filter(|lifetime| !(lifetime.is_zero() && rules.zero_lifetime_is_unknown));
    if let Some(lifetime) = lifetime {
        token = token.with_lifetime_from(sent, lifetime);
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

/// Checks that an access token is not empty and fits a header: visible ASCII. RFC 6749 appendix A.12 would also allow
/// the space; RFC 6750 section 2.1 does not.
pub(crate) fn check_access_token(access_token: &SecretString) -> Result<(), &'static str> {
    let access_token = access_token.expose_secret();
    if access_token.is_empty() {
        return Err("the `access_token` is empty");
    }
    let visible = access_token.bytes().all(|byte| byte.is_ascii_graphic());
    if visible {
        Ok(())
    } else {
        Err("the `access_token` contains characters that are not allowed in a header")
    }
}

#[cfg(test)]
#[path = "response_tests.rs"]
mod tests;
