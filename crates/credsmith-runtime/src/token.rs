//! Tokens with an absolute expiry, so that they can be stored and restored.
//!
//! The JSON form uses the member names of RFC 6749 section 5.1, plus `expires_at` in whole seconds
//! since the Unix epoch, in UTC. `expires_in` is neither written nor read, since it has no meaning later.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::{ExposeSecret, SecretString};
use serde::de::Error as _;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::text::MASK;

/// Members with a dedicated getter. The others are in [`Token::extra`].
const KNOWN_MEMBERS: [&str; 6] = [
    "access_token",
    "token_type",
    "expires_in",
    "expires_at",
    "refresh_token",
    "scope",
];

/// The token type that is assumed if the server names none (RFC 6750).
const BEARER: &str = "Bearer";

/// An access token, as RFC 6749 section 5.1 describes it.
///
/// `Debug` shows neither tokens nor the values of additional members.
///
/// ```
/// use credsmith_runtime::Token;
///
/// let stored = r#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"Bearer","expires_at":1767225600}"#;
/// let token: Token = serde_json::from_str(stored)?;
/// assert_eq!(serde_json::to_string(&token)?, stored);
/// assert!(!format!("{token:?}").contains("2YotnFZFEjr1zCsicMWpAA"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
#[expect(
    clippy::struct_field_names,
    reason = "the members of RFC 6749 section 5.1"
)]
pub struct Token {
    access_token: SecretString,
    token_type: Option<String>,
    expires_at: Option<SystemTime>,
    refresh_token: Option<SecretString>,
    scope: Option<String>,
    extra: Map<String, Value>,
    /// The lifetime in the server's response, if known. It is not part of the stored form.
    lifetime: Option<Duration>,
}

impl Token {
    /// Makes a bearer token without expiry.
    pub fn new(access_token: impl Into<SecretString>) -> Self {
        Self {
            access_token: access_token.into(),
            token_type: None,
            expires_at: None,
            refresh_token: None,
            scope: None,
            extra: Map::new(),
            lifetime: None,
        }
    }

    /// Sets the time of expiry, in UTC.
    #[must_use]
    pub fn with_expires_at(mut self, expires_at: SystemTime) -> Self {
        self.expires_at = Some(expires_at);
        self.lifetime = None;
        self
    }

    /// Sets the expiry to `expires_in` from now, by the clock of the machine.
    #[must_use]
    pub fn with_expires_in(self, expires_in: Duration) -> Self {
        self.with_lifetime_from(crate::clock::wall_now(), expires_in)
    }

    /// Sets the refresh token. An empty text removes it.
    #[must_use]
    pub fn with_refresh_token(mut self, refresh_token: impl Into<SecretString>) -> Self {
        let refresh_token = refresh_token.into();
        self.refresh_token =
            Some(refresh_token).filter(|refresh_token| !refresh_token.expose_secret().is_empty());
        self
    }

    /// Sets the scope: values separated by spaces.
    #[must_use]
    pub fn with_scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// Sets the token type. An empty text stands for `Bearer`.
    #[must_use]
    pub fn with_token_type(mut self, token_type: impl Into<String>) -> Self {
        self.token_type = Some(token_type.into()).filter(|token_type| !token_type.is_empty());
        self
    }

    /// Returns the token as a bearer token if its type is one of `aliases`.
    pub(crate) fn with_bearer_aliases(mut self, aliases: &[String]) -> Self {
        self.token_type.take_if(|named| {
            aliases
                .iter()
                .any(|alias| alias.eq_ignore_ascii_case(named))
        });
        self
    }

    /// Sets a lifetime that begins at `begun`. If no clock can represent its end, the token has no expiry.
    pub(crate) fn with_lifetime_from(mut self, begun: SystemTime, lifetime: Duration) -> Self {
        self.expires_at = begun.checked_add(lifetime);
        self.lifetime = Some(lifetime);
        self
    }

    /// Sets the lifetime of a token with a known expiry.
    pub(crate) fn with_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    pub(crate) fn with_access_token(mut self, access_token: SecretString) -> Self {
        self.access_token = access_token;
        self
    }

    /// Returns the token without its refresh token, if that is `refresh_token`.
    pub(crate) fn without_refresh_token(mut self, refresh_token: &SecretString) -> Self {
        self.refresh_token
            .take_if(|known| known.expose_secret() == refresh_token.expose_secret());
        self
    }

    /// Returns the token of a refresh response, completed with values that the response did not repeat: the refresh
    /// token that was sent, the scope (RFC 6749 section 6) and other members of the token before it.
    pub(crate) fn continuing(mut self, before: Option<&Self>, sent: &SecretString) -> Self {
        self.refresh_token.get_or_insert_with(|| sent.clone());
        if let Some(before) = before {
            self.scope = self.scope.or_else(|| before.scope.clone());
            for (name, value) in before.other_members() {
                self.extra.entry(name).or_insert_with(|| value.clone());
            }
        }
        self
    }

    pub(crate) fn with_extra(mut self, extra: Map<String, Value>) -> Self {
        self.extra = extra;
        self
    }

    /// Returns the access token.
    pub fn access_token(&self) -> &SecretString {
        &self.access_token
    }

    /// Returns the token type. It is `Bearer` if the server named none, or wrote it in another case.
    pub fn token_type(&self) -> &str {
        match self.token_type.as_deref() {
            None => BEARER,
            Some(named) if named.eq_ignore_ascii_case(BEARER) => BEARER,
            Some(named) => named,
        }
    }

    /// Returns the time of expiry, in UTC, or `None` if it is not known.
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at
    }

    /// Returns the granted scope as the server wrote it, or `None` if the response has none, which means that the
    /// requested scope was granted (RFC 6749 section 5.1).
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// Returns the individual values of [`scope`](Self::scope).
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope
            .as_deref()
            .unwrap_or_default()
            .split_ascii_whitespace()
    }

    /// Returns the refresh token, if there is one.
    pub fn refresh_token(&self) -> Option<&SecretString> {
        self.refresh_token.as_ref()
    }

    /// Returns the members of the token response that have no dedicated getter.
    pub fn extra(&self) -> &Map<String, Value> {
        &self.extra
    }

    pub(crate) fn is_bearer(&self) -> bool {
        self.token_type() == BEARER
    }

    pub(crate) fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }

    pub(crate) fn has_same_access_token(&self, other: &Self) -> bool {
        self.access_token.expose_secret() == other.access_token.expose_secret()
    }

    /// Returns the secrets of the token, which must not appear in a text.
    pub(crate) fn secrets(&self) -> Vec<Cow<'static, str>> {
        let access_token = self.access_token.expose_secret();
        let secrets = self
            .exposed_refresh_token()
            .into_iter()
            .chain([access_token]);
        secrets
            .map(|secret| Cow::Owned(secret.to_owned()))
            .collect()
    }

    fn exposed_refresh_token(&self) -> Option<&str> {
        self.refresh_token.as_ref().map(ExposeSecret::expose_secret)
    }

    fn other_members(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.extra
            .iter()
            .filter(|(name, _)| !KNOWN_MEMBERS.contains(&name.as_str()))
    }
}

/// Tokens are equal if their stored forms are equal: the expiry is compared in whole seconds.
impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.has_same_access_token(other)
            && self.token_type() == other.token_type()
            && self.expires_at.map(unix_seconds) == other.expires_at.map(unix_seconds)
            && self.exposed_refresh_token() == other.exposed_refresh_token()
            && self.scope == other.scope
            && self.other_members().eq(other.other_members())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("access_token", &MASK)
            .field("token_type", &self.token_type())
            .field("expires_at", &self.expires_at.map(unix_seconds))
            .field("refresh_token", &self.refresh_token.as_ref().map(|_| MASK))
            .field("scope", &self.scope)
            .field("extra", &self.extra.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("access_token", self.access_token.expose_secret())?;
        map.serialize_entry("token_type", self.token_type())?;
        if let Some(expires_at) = self.expires_at {
            map.serialize_entry("expires_at", &unix_seconds(expires_at))?;
        }
        if let Some(refresh_token) = &self.refresh_token {
            map.serialize_entry("refresh_token", refresh_token.expose_secret())?;
        }
        if let Some(scope) = &self.scope {
            map.serialize_entry("scope", scope)?;
        }
        for (name, value) in self.other_members() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = Map::deserialize(deserializer)?;
        let access_token = match members.remove("access_token") {
            Some(Value::String(text)) if !text.is_empty() => text,
            Some(_) => {
                return Err(D::Error::custom(
                    "`access_token` is not a string with a value",
                ));
            }
            None => return Err(D::Error::missing_field("access_token")),
        };
        let mut token = Self::new(access_token);
        token.token_type = text_member(&mut members, "token_type")?.filter(|text| !text.is_empty());
        token.scope = text_member(&mut members, "scope")?;
        token.refresh_token = text_member(&mut members, "refresh_token")?
            .filter(|text| !text.is_empty())
            .map(SecretString::from);
        token.expires_at = members
            .remove("expires_at")
            .map_or(Ok(None), |value| moment::<D::Error>(&value))?;
        members.remove("expires_in");
        token.extra = members;
        Ok(token)
    }
}

/// Reads a member that is a string, absent or null. The error does not show the value.
fn text_member<E: serde::de::Error>(
    members: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<String>, E> {
    match members.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(E::custom(format_args!("`{name}` is not a string"))),
    }
}

fn moment<E: serde::de::Error>(value: &Value) -> Result<Option<SystemTime>, E> {
    let refuse = || E::custom("`expires_at` is not a number of seconds since the Unix epoch");
    if value.is_null() {
        return Ok(None);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast from float to integer saturates"
    )]
    let seconds = value
        .as_i64()
        .or_else(|| value.as_f64().map(|float| float as i64))
        .ok_or_else(refuse)?;
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let moment = if seconds < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    };
    // A time that no clock can represent is so far ahead that the token never expires, or long past.
    Ok(if seconds < 0 {
        Some(moment.unwrap_or(UNIX_EPOCH))
    } else {
        moment
    })
}

/// Whole seconds since the Unix epoch, rounded towards the past.
fn unix_seconds(moment: SystemTime) -> i64 {
    match moment.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(before) => {
            let before = before.duration();
            let seconds = i64::try_from(before.as_secs()).unwrap_or(i64::MAX - 1);
            -seconds - i64::from(before.subsec_nanos() > 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_through_json_with_unknown_members() {
        let mut extra = Map::new();
        extra.insert("id_token".into(), Value::from("x.y.z"));
        extra.insert("expires_at".into(), Value::from(1));
        let token = Token::new("a")
            .with_expires_at(UNIX_EPOCH + Duration::from_millis(5_500))
            .with_refresh_token("r")
            .with_scope("one two")
            .with_extra(extra);
        let json = serde_json::to_string(&token).unwrap();
        assert_eq!(
            json,
            r#"{"access_token":"a","token_type":"Bearer","expires_at":5,"refresh_token":"r","scope":"one two","id_token":"x.y.z"}"#
        );
        let back: Token = serde_json::from_str(&json).unwrap();
        assert_eq!(back, token);
        assert_eq!(back.scopes().collect::<Vec<_>>(), ["one", "two"]);
    }

    #[test]
    fn what_is_empty_is_restored_as_it_was() {
        for (token, stored) in [
            (Token::new("a").with_scope(""), r#","scope":"""#),
            (Token::new("a").with_token_type(""), ""),
        ] {
            let json = serde_json::to_string(&token).unwrap();
            let wanted = format!(r#"{{"access_token":"a","token_type":"Bearer"{stored}}}"#);
            assert_eq!(json, wanted);
            assert_eq!(serde_json::from_str::<Token>(&json).unwrap(), token);
        }
        let empty = r#"{"access_token":"a","token_type":"","refresh_token":""}"#;
        let empty: Token = serde_json::from_str(empty).unwrap();
        assert_eq!(empty, Token::new("a"));
    }

    #[test]
    fn debug_shows_no_secret_and_no_value_of_unknown_members() {
        let mut extra = Map::new();
        extra.insert("id_token".into(), Value::from("hidden-3"));
        let token = Token::new("hidden-1")
            .with_refresh_token("hidden-2")
            .with_extra(extra);
        let shown = format!("{token:?}");
        assert!(!shown.contains("hidden"), "{shown}");
        assert!(shown.contains("id_token"), "{shown}");
    }

    #[test]
    fn stored_expiry_may_be_anything_a_number_can_be() {
        for (stored, expected) in [
            ("1.5", Some(UNIX_EPOCH + Duration::from_secs(1))),
            ("-1", UNIX_EPOCH.checked_sub(Duration::from_secs(1))),
            (
                "9223372036854775807",
                UNIX_EPOCH.checked_add(Duration::from_secs(i64::MAX as u64)),
            ),
            ("null", None),
        ] {
            let json = format!(r#"{{"access_token":"a","expires_at":{stored}}}"#);
            let token: Token = serde_json::from_str(&json).unwrap();
            assert_eq!(token.expires_at(), expected, "{stored}");
        }
    }

    #[test]
    fn restoring_refuses_invalid_tokens_without_showing_them() {
        for json in [
            r#"{"access_token":""}"#,
            r#"{"access_token":7}"#,
            r#"{"access_token":"ok","scope":["hidden"]}"#,
        ] {
            let error = serde_json::from_str::<Token>(json).unwrap_err().to_string();
            assert!(!error.contains("hidden"), "{error}");
        }
    }
}
