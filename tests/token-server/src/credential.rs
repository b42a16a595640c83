//! Credentials that the API requires, and their location in a request.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::record::RecordedRequest;
use crate::state::State;

/// A credential that the API asks for; see [`TokenServer::set_security`](crate::TokenServer::set_security).
///
/// A request carries it if it is there exactly once, with exactly this value. `Debug` shows no secrets.
#[derive(Clone)]
pub struct Credential(Kind);

#[derive(Clone)]
enum Kind {
    /// The user name, a colon and the password.
    Basic(String),
    Bearer(String),
    /// The scopes that the token needs.
    OAuth2(Vec<String>),
    ApiKey(Slot, String),
    Custom(Check),
}

type Check = Arc<dyn Fn(&RecordedRequest) -> bool + Send + Sync>;

/// The location of a credential in a request.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Slot {
    Header(String),
    Query(String),
    Cookie(String),
}

/// Why a request does not carry a credential.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Missing,
    Repeated,
    Wrong,
    /// The token is valid, but its scope is too narrow.
    Scope,
}

impl Credential {
    /// An access token that this server issued, by whatever grant, and that is still valid.
    pub fn oauth2() -> Self {
        Self(Kind::OAuth2(Vec::new()))
    }

    /// The same, with a token that has all scopes of `scope`, which are separated by spaces. To a valid token
    /// without them the API returns 403 and `insufficient_scope` (RFC 6750 section 3.1). A token that was
    /// issued without a scope has them all.
    pub fn oauth2_with_scope(scope: &str) -> Self {
        let scopes = scope.split_ascii_whitespace().map(str::to_owned);
        Self(Kind::OAuth2(scopes.collect()))
    }

    /// This token, in a `Bearer` header (RFC 6750 section 2.1).
    pub fn bearer(token: impl Into<String>) -> Self {
        Self(Kind::Bearer(token.into()))
    }

    /// A user name and a password in a `Basic` header, in UTF-8 (RFC 7617).
    pub fn basic(username: &str, password: &str) -> Self {
        Self(Kind::Basic(format!("{username}:{password}")))
    }

    /// An API key in the header of this name. The value is the whole one, with its prefix if it has one:
    /// `Key k-1`.
    pub fn header(name: &str, value: impl Into<String>) -> Self {
        let slot = Slot::Header(name.to_ascii_lowercase());
        Self(Kind::ApiKey(slot, value.into()))
    }

    /// An API key in the query parameter of this name; both are compared decoded.
    pub fn query(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self(Kind::ApiKey(Slot::Query(name.into()), value.into()))
    }

    /// An API key in the cookie of this name.
    pub fn cookie(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self(Kind::ApiKey(Slot::Cookie(name.into()), value.into()))
    }

    /// Anything else, such as a signature: `is_carried` says whether a request carries it. It must not call
    /// the server.
    pub fn custom(is_carried: impl Fn(&RecordedRequest) -> bool + Send + Sync + 'static) -> Self {
        Self(Kind::Custom(Arc::new(is_carried)))
    }

    /// Its location; only the author of a custom credential knows it.
    pub(crate) fn slot(&self) -> Option<Slot> {
        match &self.0 {
            Kind::Basic(_) | Kind::Bearer(_) | Kind::OAuth2(_) => Some(Slot::authorization()),
            Kind::ApiKey(slot, _) => Some(slot.clone()),
            Kind::Custom(_) => None,
        }
    }

    pub(crate) fn check(&self, state: &State, request: &RecordedRequest) -> Result<(), Fault> {
        if let Kind::Custom(is_carried) = &self.0 {
            return is_carried(request).then_some(()).ok_or(Fault::Wrong);
        }
        let values = self.slot().map(|slot| slot.values(request));
        match values.unwrap_or_default().as_slice() {
            [] => Err(Fault::Missing),
            [value] => self.check_value(state, value),
            _ => Err(Fault::Repeated),
        }
    }

    fn check_value(&self, state: &State, value: &str) -> Result<(), Fault> {
        let is_right = match &self.0 {
            Kind::Basic(pair) => decoded(after_scheme(value, "basic")?).as_ref() == Some(pair),
            Kind::Bearer(token) => after_scheme(value, "bearer")? == token,
            Kind::OAuth2(scopes) => {
                let token = after_scheme(value, "bearer")?;
                if state.is_valid(token) && !state.has_scopes(token, scopes) {
                    return Err(Fault::Scope);
                }
                state.is_valid(token)
            }
            Kind::ApiKey(_, key) => value == key,
            Kind::Custom(_) => false,
        };
        is_right.then_some(()).ok_or(Fault::Wrong)
    }

    /// The challenge of a 401 that asks for it. API keys have no registered scheme; `ApiKey` is a usual name.
    pub(crate) fn challenge(&self) -> &'static str {
        match &self.0 {
            Kind::Basic(_) => "Basic realm=\"api\", charset=\"UTF-8\"",
            Kind::Bearer(_) | Kind::OAuth2(_) => "Bearer realm=\"api\"",
            Kind::ApiKey(..) => "ApiKey realm=\"api\"",
            Kind::Custom(_) => "Custom realm=\"api\"",
        }
    }

    pub(crate) fn is_bearer(&self) -> bool {
        matches!(self.0, Kind::Bearer(_) | Kind::OAuth2(_))
    }

    pub(crate) fn scopes(&self) -> &[String] {
        match &self.0 {
            Kind::OAuth2(scopes) => scopes,
            _ => &[],
        }
    }
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Basic(_) => f.write_str("the `Basic` header"),
            Kind::Bearer(_) | Kind::OAuth2(_) => f.write_str("the bearer token"),
            Kind::ApiKey(slot, _) => slot.fmt(f),
            Kind::Custom(_) => f.write_str("the custom credential"),
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credential({self})")
    }
}

impl Slot {
    pub(crate) fn authorization() -> Self {
        Self::Header("authorization".to_owned())
    }

    /// The credential in a request, at this location.
    pub(crate) fn values(&self, request: &RecordedRequest) -> Vec<String> {
        match self {
            Self::Header(name) => request.headers_of(name).map(str::to_owned).collect(),
            Self::Query(name) => request.query_parameters_of(name).collect(),
            Self::Cookie(name) => {
                let cookies = request.headers_of("cookie");
                let cookies = cookies.flat_map(|header| header.split(';'));
                let pairs = cookies.filter_map(|cookie| cookie.trim().split_once('='));
                let values = pairs.filter(|(other, _)| other == name);
                values.map(|(_, value)| value.to_owned()).collect()
            }
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(f, "the header `{name}`"),
            Self::Query(name) => write!(f, "the query parameter `{name}`"),
            Self::Cookie(name) => write!(f, "the cookie `{name}`"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "missing",
            Self::Repeated => "sent twice",
            Self::Wrong => "wrong",
            Self::Scope => "too narrow in scope",
        })
    }
}

/// What follows the name of a scheme, which is the same in any case (RFC 9110 section 11.1). Under another
/// scheme the credential is missing.
fn after_scheme<'v>(value: &'v str, scheme: &str) -> Result<&'v str, Fault> {
    match value.split_once(' ') {
        Some((name, rest)) if name.eq_ignore_ascii_case(scheme) => Ok(rest.trim_start_matches(' ')),
        _ => Err(Fault::Missing),
    }
}

fn decoded(pair: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(pair).ok()?).ok()
}
