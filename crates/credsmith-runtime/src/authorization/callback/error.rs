//! Why a callback brings no code and no token.

use std::error::Error;
use std::fmt;

use crate::protocol::issuer;

/// A callback URL that brings no code and no token.
///
/// Nothing of it is shown but the issuer, and what the server says of an error, on one line and bounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackError {
    problem: Problem,
}

/// What is wrong with a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// The state is that of another request.
    State,
    NoState(Given),
    Issuer {
        expected: String,
        named: Option<String>,
    },
    Repeated(&'static str),
    Missing(&'static str),
    Unusable(&'static str),
    Server {
        error: String,
        description: Option<String>,
        uri: Option<String>,
    },
}

/// How much of a callback URL was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    Nothing,
    NoParameters,
    Parameters,
}

impl CallbackError {
    /// The callback does not belong to this authorization request: its `state` is another one, or
    /// absent (RFC 6749 section 10.12). Somebody may be attacking; do not go on with it. An error without a
    /// `state` is the server's error: servers leave it out there.
    pub fn is_state_mismatch(&self) -> bool {
        matches!(self.problem, Problem::State | Problem::NoState(_))
    }

    /// The response names another issuer, or none where the server always names itself (RFC 9207
    /// section 2.4).
    pub fn is_issuer_mismatch(&self) -> bool {
        matches!(self.problem, Problem::Issuer { .. })
    }

    /// The user or the server said no: `access_denied`.
    pub fn is_denied(&self) -> bool {
        self.error() == Some("access_denied")
    }

    /// The server's error code (RFC 6749 section 4.1.2.1).
    pub fn error(&self) -> Option<&str> {
        match &self.problem {
            Problem::Server { error, .. } => Some(error),
            _ => None,
        }
    }

    /// The server's description of the error: for people, on one line, bounded.
    pub fn error_description(&self) -> Option<&str> {
        match &self.problem {
            Problem::Server { description, .. } => description.as_deref(),
            _ => None,
        }
    }

    /// The server's page about the error.
    pub fn error_uri(&self) -> Option<&str> {
        match &self.problem {
            Problem::Server { uri, .. } => uri.as_deref(),
            _ => None,
        }
    }

    pub(crate) fn unusable(what: &'static str) -> Self {
        Self {
            problem: Problem::Unusable(what),
        }
    }

    pub(crate) fn missing(name: &'static str) -> Self {
        Self {
            problem: Problem::Missing(name),
        }
    }
}

impl From<Problem> for CallbackError {
    fn from(problem: Problem) -> Self {
        Self { problem }
    }
}

impl fmt::Display for CallbackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::State => f.write_str(
                "the callback has another `state` than the authorization request it should answer: start anew",
            ),
            Problem::NoState(given) => {
                let what = match given {
                    Given::Nothing => "is empty",
                    Given::NoParameters => "has no parameters",
                    Given::Parameters => "has no `state`",
                };
                write!(
                    f,
                    "the callback URL {what}: pass the whole URL that the browser was sent to, not a part of it"
                )
            }
            Problem::Issuer {
                expected,
                named: Some(named),
            } => {
                let hint = issuer::hint(expected, named);
                write!(
                    f,
                    "the callback comes from the issuer {named}, but the authorization request went to {expected}: start anew{hint}"
                )
            }
            Problem::Issuer {
                expected,
                named: None,
            } => write!(
                f,
                "the callback does not name its issuer, as {expected} always does: start anew"
            ),
            Problem::Repeated(name) => write!(f, "the callback has the parameter `{name}` twice"),
            Problem::Missing(name) => write!(f, "the callback has no `{name}` and no `error`"),
            Problem::Unusable(what) => f.write_str(what),
            Problem::Server {
                error, description, ..
            } => {
                write!(f, "the authorization server answered {error}")?;
                match description {
                    Some(description) => write!(f, ": {description}"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl Error for CallbackError {}
