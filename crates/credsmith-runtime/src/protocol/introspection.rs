//! The response of an introspection endpoint (RFC 7662 section 2.2).

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value};

use super::endpoint_response::{self, Expected};
use crate::error::ErrorResponse;

/// Members that decide about a token. They must not be repeated.
const SINGLE: [&str; 13] = [
    "active",
    "error",
    "scope",
    "client_id",
    "username",
    "token_type",
    "exp",
    "iat",
    "nbf",
    "sub",
    "aud",
    "iss",
    "jti",
];

/// The server's statement about a token (RFC 7662 section 2.2): see
/// [`TokenManager::introspect_token`](crate::TokenManager::introspect_token). Clones are cheap.
///
/// Only [`is_active`](Self::is_active) is always there. Servers say little or nothing else about a token that is not
/// active.
#[derive(Clone)]
pub struct TokenIntrospection {
    is_active: bool,
    members: Arc<Map<String, Value>>,
}

impl TokenIntrospection {
    /// Returns whether the token can be used: the server has issued it, and it has neither expired nor been revoked
    /// (`active`).
    pub fn is_active(&self) -> bool {
        self.is_active
    }

    /// Returns the scopes of the token, separated by spaces (`scope`).
    pub fn scope(&self) -> Option<&str> {
        self.text("scope")
    }

    /// Returns the client that has requested the token (`client_id`).
    pub fn client_id(&self) -> Option<&str> {
        self.text("client_id")
    }

    /// Returns the user who has allowed access, in a form for people (`username`).
    pub fn username(&self) -> Option<&str> {
        self.text("username")
    }

    /// Returns the type of the token, usually `Bearer` (`token_type`).
    pub fn token_type(&self) -> Option<&str> {
        self.text("token_type")
    }

    /// Returns when the token expires (`exp`).
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.time("exp")
    }

    /// Returns when the token was issued (`iat`).
    pub fn issued_at(&self) -> Option<SystemTime> {
        self.time("iat")
    }

    /// Returns the time before which the token must not be used (`nbf`).
    pub fn not_before(&self) -> Option<SystemTime> {
        self.time("nbf")
    }

    /// Returns the subject of the token, usually an identifier of the user (`sub`).
    pub fn subject(&self) -> Option<&str> {
        self.text("sub")
    }

    /// Returns the audience of the token: a single one, several, or none (`aud`).
    pub fn audience(&self) -> impl Iterator<Item = &str> {
        let audience = match self.member("aud") {
            Some(Value::Array(several)) => several.as_slice(),
            Some(single) => std::slice::from_ref(single),
            None => &[],
        };
        audience.iter().filter_map(Value::as_str)
    }

    /// Returns the issuer of the token (`iss`).
    pub fn issuer(&self) -> Option<&str> {
        self.text("iss")
    }

    /// Returns the identifier of the token (`jti`).
    pub fn token_id(&self) -> Option<&str> {
        self.text("jti")
    }

    /// Returns the member called `name`, as the server wrote it.
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.member(name)?.as_str()
    }

    /// Returns a time in seconds since the Unix epoch, given as a number or as a string.
    fn time(&self, name: &str) -> Option<SystemTime> {
        let seconds = match self.member(name)? {
            Value::String(text) => text.trim().parse().ok()?,
            value => value.as_f64()?,
        };
        let since = Duration::try_from_secs_f64(seconds).ok()?;
        UNIX_EPOCH.checked_add(since)
    }
}

/// Leaves out the user's identity and members that this type does not know.
impl fmt::Debug for TokenIntrospection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenIntrospection")
            .field("is_active", &self.is_active)
            .field("scope", &self.scope())
            .field("client_id", &self.client_id())
            .field("token_type", &self.token_type())
            .field("expires_at", &self.expires_at())
            .finish_non_exhaustive()
    }
}

/// Reads the response. `secrets` are masked in an error.
pub(crate) fn read(
    response: &Response<Bytes>,
    now: SystemTime,
    secrets: &[Cow<'_, str>],
) -> Result<TokenIntrospection, ErrorResponse> {
    let expected = Expected {
        wanted: "active",
        single: &SINGLE,
    };
    endpoint_response::read(response, expected, now, secrets, |members| {
        let members = members.others(&[]);
        match members.get("active") {
            Some(&Value::Bool(is_active)) => Ok(TokenIntrospection {
                is_active,
                members: Arc::new(members),
            }),
            Some(_) => Err("`active` is neither true nor false"),
            None => Err("the response has no `active`"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<TokenIntrospection, ErrorResponse> {
        let response = Response::new(Bytes::from(body.to_owned()));
        super::read(&response, UNIX_EPOCH, &[])
    }

    fn at(seconds: f64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs_f64(seconds)
    }

    #[test]
    fn all_members_are_read() {
        let said = read(
            r#"{"active":true,"scope":"read write","client_id":"c","username":"kim","token_type":"Bearer",
                "exp":1767225600,"iat":"1767222000","nbf":0.5,"sub":"u-1","aud":["a","b"],"iss":"https://a.example",
                "jti":"t-1","org":{"id":7}}"#,
        )
        .unwrap();
        assert!(said.is_active());
        let texts = [said.scope(), said.client_id(), said.username()];
        assert_eq!(texts, [Some("read write"), Some("c"), Some("kim")]);
        let texts = [said.subject(), said.issuer(), said.token_id()];
        assert_eq!(texts, [Some("u-1"), Some("https://a.example"), Some("t-1")]);
        assert_eq!(said.token_type(), Some("Bearer"));
        assert_eq!(said.expires_at(), Some(at(1_767_225_600.0)));
        assert_eq!(said.issued_at(), Some(at(1_767_222_000.0)));
        assert_eq!(said.not_before(), Some(at(0.5)));
        assert_eq!(said.audience().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(said.member("org").unwrap()["id"], 7);
        let shown = format!("{said:?}");
        assert!(!shown.contains("kim") && !shown.contains("u-1"), "{shown}");
    }

    #[test]
    fn an_inactive_token_needs_no_other_member() {
        let said = read(r#"{"active":false}"#).unwrap();
        assert!(!said.is_active() && said.audience().next().is_none());
        assert!(said.scope().is_none() && said.expires_at().is_none());
    }

    #[test]
    fn a_single_audience_is_one_and_a_time_that_is_none_is_left_out() {
        let said = read(r#"{"active":true,"aud":"a","exp":-1,"iat":1e300,"nbf":"soon"}"#).unwrap();
        assert_eq!(said.audience().collect::<Vec<_>>(), ["a"]);
        let times = [said.expires_at(), said.issued_at(), said.not_before()];
        assert_eq!(times, [None; 3]);
    }

    #[test]
    fn a_response_that_does_not_say_whether_the_token_is_active_is_refused() {
        for (body, wanted) in [
            (r#"{"scope":"read"}"#, "the response has no `active`"),
            (r#"{"active":"true"}"#, "`active` is neither true nor false"),
            (
                r#"{"active":false,"active":true}"#,
                "the member `active` occurs twice",
            ),
            (
                r#"{"active":true,"exp":1,"exp":2}"#,
                "the member `exp` occurs twice",
            ),
            (r#"{"error":"invalid_request"}"#, "invalid_request"),
            ("<html>", "not a JSON object"),
        ] {
            let error_response = read(body).unwrap_err().to_string();
            assert!(error_response.contains(wanted), "{body}: {error_response}");
        }
    }
}
