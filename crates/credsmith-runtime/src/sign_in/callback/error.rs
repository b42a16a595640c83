//! The error of a callback without a code or a token.

use std::error::Error;
use std::fmt;

use crate::protocol::issuer;

/// The error of a callback URL without a code or a token.
///
/// Its text shows only the issuer and the server's error, on one line and of limited length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackError {
    problem: Problem,
}

/// The problem of a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// The `state` is the one of another request.
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

/// The extent of a given callback URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    Nothing,
    NoParameters,
    Parameters,
}

impl CallbackError {
    /// Returns whether the callback belongs to another authorization request: its `state` differs or is missing (RFC
    /// 6749 section 10.12). It may be an attack: do not continue with it. A server's error without a `state` does not
    /// count, since servers often leave it out there.
    pub fn is_state_mismatch(&self) -> bool {
        matches!(self.problem, Problem::State | Problem::NoState(_))
    }

    /// Returns whether the callback names the issuer of another server, or none although the server always names it
    /// (RFC 9207 section 2.4).
    pub fn is_issuer_mismatch(&self) -> bool {
        matches!(self.problem, Problem::Issuer { .. })
    }

    /// Returns whether the user or the server denied access (`access_denied`).
    pub fn is_denied(&self) -> bool {
        self.error() == Some("access_denied")
    }

    /// Returns the server's error code (RFC 6749 section 4.1.2.1).
    pub fn error(&self) -> Option<&str> {
        match &self.problem {
            Problem::Server { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Returns the server's description of the error, on one line and of limited length.
    pub fn error_description(&self) -> Option<&str> {
        match &self.problem {
            Problem::Server { description, .. } => description.as_deref(),
            _ => None,
        }
    }

    /// Returns the URL of the server's page about the error.
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
                "the `state` of the callback is not the one of the authorization request: start again",
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
                    "the callback comes from the issuer {named}, but the authorization request went to {expected}: start again{hint}"
                )
            }
            Problem::Issuer {
                expected,
                named: None,
            } => write!(
                f,
                "the callback does not name its issuer, as {expected} always does: start again"
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
