//! The error of a server: in the members of OAuth (RFC 6749 section 5.2), as problem details (RFC 9457), or in one of
//! the formats that servers use instead. The responses of all endpoints are read with the same function.

use std::borrow::Cow;

use http::StatusCode;

use super::members::{self, Members};
use crate::error::is_refresh_token_code;
use crate::text;

/// The code and the description of an error. All texts are cleaned.
#[derive(Debug, Default)]
pub(super) struct ServerError {
    pub(super) code: Option<String>,
    pub(super) description: Option<String>,
    pub(super) uri: Option<String>,
    /// Whether the body definitely reports a failure.
    is_failure: bool,
}

/// Members that hold a code, in this order, after `error` itself.
const CODES: [&str; 5] = ["errorcode", "errcode", "errno", "serviceerrorcode", "code"];

/// Members that hold a code in some formats and something else in others. They are read last, and never with a
/// success status.
const VAGUE_CODES: [&str; 4] = ["errortype", "status", "type", "name"];

/// Members that hold the description, in this order.
const WORDS: [&str; 13] = [
    "errordescription",
    "errormessage",
    "errormsg",
    "errmsg",
    "errorsummary",
    "faultstring",
    "message",
    "msg",
    "description",
    "reason",
    "title",
    "errors",
    "error",
];

/// Members that hold the address of a page about the error.
const URIS: [&str; 5] = [
    "erroruri",
    "errorurl",
    "documentationurl",
    "moreinfo",
    "type",
];

/// Members that hold the error as an object, or as a list of objects.
const NESTED: [&str; 8] = [
    "error",
    "errors",
    "fault",
    "detail",
    "details",
    "meta",
    "errorresponse",
    "odataerror",
];

/// The maximum depth of nested errors.
const MAX_DEPTH: usize = 4;

/// Reads the error in `members`, which came with `status`. `secrets` are masked before any text is truncated.
pub(super) fn read(members: &Members, status: StatusCode, secrets: &[Cow<'_, str>]) -> ServerError {
    let error = ServerError::of(members, status, MAX_DEPTH);
    let clean = |text: Option<String>, max| {
        let text = text.map(|text| text::clean(&text, max, secrets));
        text.filter(|text| !text.is_empty())
    };
    let known = error.code.clone().filter(|code| is_known_code(code));
    ServerError {
        code: known.or_else(|| clean(error.code, 100)),
        description: clean(error.description, 300),
        uri: clean(error.uri, 200),
        is_failure: error.is_failure,
    }
}

/// Returns whether a body with a success status is an error. A body with the `wanted` member is an error only if it
/// has the `error` of OAuth as well.
pub(super) fn is_error(members: &Members, wanted: &str, error: &ServerError) -> bool {
    let is_good = |text: String| is_success(&text);
    let has_error = members.says("error") && !members.scalar("error").is_some_and(is_good);
    has_error || (error.is_failure && !members.says(wanted))
}

/// Returns whether the engine reacts to this error code. It is shown even if a secret is a part of it.
pub(super) fn is_known_code(text: &str) -> bool {
    KNOWN_CODES.contains(&text) || is_refresh_token_code(text)
}

/// RFC 6749 sections 4.1.2.1 and 5.2, RFC 7009 section 2.2.1, RFC 8628 section 3.5, RFC 8693 section 2.2.2.
const KNOWN_CODES: [&str; 15] = [
    "access_denied",
    "authorization_pending",
    "expired_token",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "invalid_target",
    "server_error",
    "slow_down",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "unsupported_token_type",
];

impl ServerError {
    /// Reads one level and the errors nested in it. The texts are not cleaned yet.
    fn of(members: &Members, status: StatusCode, depth: usize) -> Self {
        let named = Named::of(members);
        let nested = named.nested(status, depth);
        let exact = members.scalar("error").filter(|code| is_code(code, status));
        let code = exact
            .or_else(|| named.code(&CODES, status))
            .or(nested.code)
            .or_else(|| named.vague_code(status));
        let words = named.words(code.as_deref(), status).or(nested.description);
        // Some servers put an OAuth code where others put the description.
        let (code, description) = match (code, words) {
            (None, Some(words)) if is_known_code(&words) => (Some(words), None),
            error => error,
        };
        let is_failure = nested.is_failure
            || named.has_failed(status)
            || (code.is_some() && description.is_some());
        Self {
            uri: named.uri().or(nested.uri),
            code,
            description,
            is_failure,
        }
    }
}

/// Members under their names in lower case and without separators: servers write `error_code`, `errorCode` and
/// `ErrorCode`.
struct Named<'m>(Vec<(String, &'m str)>);

impl<'m> Named<'m> {
    fn of(members: &'m Members) -> Self {
        let plain = |name: &str| {
            let letters = name.chars().filter(char::is_ascii_alphanumeric);
            letters.map(|letter| letter.to_ascii_lowercase()).collect()
        };
        Self(
            members
                .pairs()
                .map(|(name, raw)| (plain(name), raw))
                .collect(),
        )
    }

    fn raw(&self, name: &str) -> Option<&'m str> {
        let found = self.0.iter().find(|(other, _)| other == name);
        found.map(|(_, raw)| *raw)
    }

    fn scalar(&self, name: &str) -> Option<String> {
        members::scalar(self.raw(name)?)
    }

    fn code(&self, names: &[&str], status: StatusCode) -> Option<String> {
        let codes = names.iter().filter_map(|name| self.scalar(name));
        codes.into_iter().find(|code| is_code(code, status))
    }

    fn vague_code(&self, status: StatusCode) -> Option<String> {
        let looks_like_one = |code: &String| {
            is_code(code, status)
                && !code.contains(char::is_whitespace)
                && code.contains(|letter: char| letter.is_ascii_alphabetic())
        };
        let codes = VAGUE_CODES.iter().filter_map(|name| self.scalar(name));
        codes
            .into_iter()
            .find(|code| !status.is_success() && looks_like_one(code))
    }

    /// Returns the description, and the details if they differ from it.
    fn words(&self, code: Option<&str>, status: StatusCode) -> Option<String> {
        let is_new = |words: &String| !words.trim().is_empty() && Some(words.as_str()) != code;
        let is_good = |words: &str| status.is_success() && is_success(words);
        let mut words = WORDS
            .iter()
            .filter_map(|name| members::lines(self.raw(name)?));
        let words = words.find(|words| is_new(words) && !is_good(words));
        let detail = self.raw("detail").and_then(members::lines).filter(is_new);
        match (words, detail) {
            (Some(words), Some(detail)) if words != detail => Some(format!("{words}: {detail}")),
            (words, detail) => words.or(detail),
        }
    }

    fn uri(&self) -> Option<String> {
        let uri = |name: &&str| {
            self.scalar(name)
                .filter(|uri| *name == "erroruri" || uri.contains("://"))
        };
        URIS.iter().find_map(uri)
    }

    /// Returns whether a flag reports a failure, or a member is present that only errors have.
    fn has_failed(&self, status: StatusCode) -> bool {
        let is_false = |name| matches!(self.raw(name), Some("false" | "\"false\""));
        let status_of_body = self.scalar("status").unwrap_or_default();
        let named_for_errors = CODES.iter().filter(|name| **name != "code");
        is_false("ok")
            || is_false("success")
            || is_failure(&status_of_body)
            || named_for_errors
                .filter_map(|name| self.scalar(name))
                .any(|code| is_code(&code, status))
    }

    fn nested(&self, status: StatusCode, depth: usize) -> ServerError {
        let Some(depth) = depth.checked_sub(1) else {
            return ServerError::default();
        };
        let inner = NESTED
            .iter()
            .filter_map(|name| Members::first_of(self.raw(name)?));
        let mut errors = inner.map(|inner| ServerError::of(&inner, status, depth));
        errors
            .find(|error| error.code.is_some() || error.description.is_some())
            .unwrap_or_default()
    }
}

/// Returns whether a text is a code: it adds to the status and does not report success.
fn is_code(text: &str, status: StatusCode) -> bool {
    let reason = status.canonical_reason().unwrap_or_default();
    let is_the_status = text.parse() == Ok(status.as_u16()) || text.eq_ignore_ascii_case(reason);
    !is_the_status && !is_success(text) && !is_failure(text) && !is_type_of_status(text)
}

/// Returns whether a text reports success or is empty.
fn is_success(text: &str) -> bool {
    let text = text.trim();
    text.bytes().all(|byte| byte == b'0')
        || ["ok", "success", "succeeded", "successful", "false", "none"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
}

/// Returns whether a text reports a failure without details.
fn is_failure(text: &str) -> bool {
    ["error", "fail", "failed", "failure", "true"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}

/// Returns whether the type of problem details only repeats the status (RFC 9457 section 4.2.1) or links to its
/// definition.
fn is_type_of_status(text: &str) -> bool {
    text == "about:blank"
        || ["rfc7231", "rfc7235", "rfc9110", "httpstatus"]
            .iter()
            .any(|place| text.contains("://") && text.contains(place))
}

#[cfg(test)]
#[path = "server_error_tests.rs"]
mod tests;
