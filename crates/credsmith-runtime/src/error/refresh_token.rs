//! The meaning of an error response for the refresh token. RFC 6749 section 5.2 defines one code for this case;
//! servers use more.

use http::StatusCode;

use super::TokenError;
use super::reason::{Endpoint, ErrorResponse, Reason};

/// Codes with which known servers refuse a refresh token, whatever the status.
const REFUSED: [&str; 10] = [
    // RFC 6749 section 5.2.
    "invalid_grant",
    // GitHub:
    // https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens
    "bad_refresh_token",
    // HubSpot, as a `status`:
    // https://integrate.hubspot.com/t/what-to-do-when-you-suddenly-get-bad-refresh-token-when-trying-to-refresh-an-access-token/5490
    "BAD_REFRESH_TOKEN",
    // Slack: https://docs.slack.dev/reference/methods/oauth.v2.access, and its common errors.
    "invalid_refresh_token",
    "token_expired",
    "token_revoked",
    // Microsoft Entra, with the codes of OpenID Connect Core section 3.1.2.6:
    // https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes
    "consent_required",
    "interaction_required",
    "login_required",
    // RFC 8628 section 3.5 defines it for device codes. In the response to a refresh it can only mean the refresh
    // token.
    "expired_token",
];

/// The consequence of a failed refresh for the refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefreshTokenVerdict {
    /// The error says nothing about the refresh token.
    Kept,
    /// The server no longer accepts it.
    Refused,
    /// The server may mean the refresh token or the client: the user is asked to sign in, and the refresh token is
    /// kept.
    AskUserButKeep,
}

/// Returns whether known servers refuse a refresh token with `code`.
pub(crate) fn is_refresh_token_code(code: &str) -> bool {
    REFUSED.contains(&code)
}

impl TokenError {
    /// Returns what this error of a refresh means for the refresh token. `added` are further codes that this server
    /// uses.
    pub(crate) fn refresh_token_verdict(&self, added: &[String]) -> RefreshTokenVerdict {
        match &self.inner.reason {
            Reason::ErrorResponse(Endpoint::Token, error_response) => {
                verdict(error_response, added)
            }
            _ => RefreshTokenVerdict::Kept,
        }
    }
}

fn verdict(error_response: &ErrorResponse, added: &[String]) -> RefreshTokenVerdict {
    let is_refused =
        |code: &str| is_refresh_token_code(code) || added.iter().any(|other| other == code);
    match (error_response.error.as_deref(), error_response.status) {
        (Some(code), _) if is_refused(code) => RefreshTokenVerdict::Refused,
        (None, StatusCode::BAD_REQUEST) if error_response.is_without_code => {
            RefreshTokenVerdict::Refused
        }
        (None, StatusCode::UNAUTHORIZED) if error_response.is_without_code => {
            RefreshTokenVerdict::AskUserButKeep
        }
        _ => RefreshTokenVerdict::Kept,
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use bytes::Bytes;
    use http::Response;

    use super::RefreshTokenVerdict::{AskUserButKeep, Kept, Refused};
    use super::*;
    use crate::error::TransportError;
    use crate::error::TransportErrorKind::{Connect, Timeout};
    use crate::protocol::response::{self, TokenRules};

    fn error(status: u16, body: &str) -> TokenError {
        let response = Response::builder().status(status);
        let response = response.body(Bytes::from(body.to_owned())).unwrap();
        // A secret that is part of a code must not hide it.
        let secrets = ["token".into(), "required".into()];
        let read = response::read(
            &response,
            UNIX_EPOCH,
            UNIX_EPOCH,
            TokenRules::default(),
            &secrets,
        );
        TokenError::new(
            "oauth",
            Reason::ErrorResponse(Endpoint::Token, read.unwrap_err()),
        )
    }

    #[test]
    fn the_known_codes_are_those_of_all_engines() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/conformance/refresh-token-codes.json"
        );
        let file = std::fs::read_to_string(file).unwrap();
        let file: serde_json::Value = serde_json::from_str(&file).unwrap();
        let codes = file["codes"].as_array().unwrap().iter();
        let codes: Vec<_> = codes.map(|code| code.as_str().unwrap()).collect();
        let mut known = REFUSED;
        known.sort_unstable();
        assert_eq!(codes, known);
    }

    #[test]
    fn fault_f01_a_refused_refresh_token_is_recognised() {
        for (status, body, wanted) in [
            (400, r#"{"error":"invalid_grant"}"#, Refused),
            (401, r#"{"error":"invalid_grant"}"#, Refused),
            (503, r#"{"error":"invalid_grant"}"#, Refused),
            (200, r#"{"error":"bad_refresh_token"}"#, Refused),
            (200, r#"{"ok":false,"error":"token_revoked"}"#, Refused),
            (200, r#"{"ok":false,"error":"token_expired"}"#, Refused),
            (
                200,
                r#"{"ok":false,"error":"invalid_refresh_token"}"#,
                Refused,
            ),
            (400, r#"{"error":"interaction_required"}"#, Refused),
            (400, r#"{"error":"login_required"}"#, Refused),
            (400, r#"{"error":"consent_required"}"#, Refused),
            (400, r#"{"error":"expired_token"}"#, Refused),
            (403, r#"{"error":"unknown_session"}"#, Refused),
            (400, "", Refused),
            (400, " \n", Refused),
            (400, "{}", Refused),
            (
                400,
                r#"{"status":"BAD_REFRESH_TOKEN","message":"gone"}"#,
                Refused,
            ),
            (
                400,
                r#"{"status":400,"code":400,"message":"gone"}"#,
                Refused,
            ),
            (400, r#"{"error":{"code":"invalid_grant"}}"#, Refused),
            (400, r#"{"errors":[{"code":"unknown_session"}]}"#, Refused),
            (
                200,
                r#"{"errcode":"unknown_session","errmsg":"gone"}"#,
                Refused,
            ),
            (
                400,
                r#"{"type":"https://acme.example/unknown_session","title":"gone"}"#,
                Kept,
            ),
            (400, r#"{"error":{"message":"gone"}}"#, Refused),
            (400, r#"{"errors":["gone"]}"#, Refused),
            (
                400,
                r#"{"type":"about:blank","title":"Bad Request","detail":"gone"}"#,
                Refused,
            ),
            (
                400,
                r#"{"status":400,"error":"Bad Request","message":"gone"}"#,
                Refused,
            ),
            (401, "", AskUserButKeep),
            (
                401,
                r#"{"status":401,"error":"Unauthorized"}"#,
                AskUserButKeep,
            ),
            (401, r#"{"message":"Unauthorized"}"#, AskUserButKeep),
            (401, r#"{"error":"invalid_client"}"#, Kept),
            (400, r#"{"error":"invalid_client"}"#, Kept),
            (400, r#"{"error":"unauthorized_client"}"#, Kept),
            (400, r#"{"error":"invalid_request"}"#, Kept),
            (400, r#"{"error":{"code":"rate_limited"}}"#, Kept),
            (400, r#"{"errorCode":"E0000047"}"#, Kept),
            (400, r#"{"errors":[{"code":7}]}"#, Kept),
            (400, r#"{"code":40029}"#, Kept),
            (400, "<html>Bad request</html>", Kept),
            (401, "<html>Authorization required</html>", Kept),
            (403, "", Kept),
            (403, "{}", Kept),
            (429, "", Kept),
            (429, "{}", Kept),
            (500, "", Kept),
            (503, "{}", Kept),
            (200, "", Kept),
            (200, "{}", Kept),
            (302, "", Kept),
        ] {
            let added = ["unknown_session".to_owned()];
            let verdict = error(status, body).refresh_token_verdict(&added);
            assert_eq!(verdict, wanted, "{status} {body}");
        }
    }

    #[test]
    fn other_responses_say_nothing_of_the_refresh_token() {
        for kind in [Connect, Timeout] {
            let reason = Reason::Transport(Endpoint::Token, TransportError::new(kind, "gone"));
            let error = TokenError::new("oauth", reason);
            assert_eq!(error.refresh_token_verdict(&[]), Kept);
        }
        let error_response = ErrorResponse {
            status: StatusCode::BAD_REQUEST,
            error: Some("invalid_grant".to_owned()),
            ..ErrorResponse::default()
        };
        let elsewhere = TokenError::new(
            "oauth",
            Reason::ErrorResponse(Endpoint::Metadata, error_response),
        );
        assert_eq!(elsewhere.refresh_token_verdict(&[]), Kept);
    }
}
