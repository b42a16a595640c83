//! The error of authorized requests.

use std::error::Error;
use std::fmt;

use super::{SendErrorKind, TokenError, TokenErrorKind, TransportError, described};
use crate::BoxError;

/// The error of an authorized request without a response: there are no credentials or no token for it, it cannot be
/// signed, or it did not reach the API.
#[derive(Debug)]
pub struct SendError {
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Token(TokenError),
    Transport(TransportError),
    /// Credentials are missing. Holds the whole text.
    Missing(String),
    /// The request would send credentials in the clear. Holds the whole text.
    InsecureUrl(String),
    /// The request cannot carry the credentials of a scheme. Holds the whole text.
    Unfit(String),
    Signing {
        scheme: &'static str,
        source: BoxError,
    },
}

impl SendError {
    /// Makes the error for missing credentials. `what` names them and says what to set.
    pub(crate) fn missing(what: impl Into<String>) -> Self {
        Self {
            cause: Cause::Missing(what.into()),
        }
    }

    /// Makes the error for a request that would send credentials in the clear. `what` names the host.
    pub(crate) fn insecure_url(what: impl Into<String>) -> Self {
        Self {
            cause: Cause::InsecureUrl(what.into()),
        }
    }

    /// Makes the error for a request that cannot carry the credentials of a scheme.
    pub(crate) fn unfit(what: impl Into<String>) -> Self {
        Self {
            cause: Cause::Unfit(what.into()),
        }
    }

    pub(crate) fn signing(scheme: &'static str, source: BoxError) -> Self {
        Self {
            cause: Cause::Signing { scheme, source },
        }
    }

    /// Returns the error of the application's code or of the HTTP client, if that is the cause. Its text is part of
    /// this error's text.
    pub fn get_ref(&self) -> Option<super::Cause<'_>> {
        match &self.cause {
            Cause::Token(error) => error.get_ref(),
            Cause::Transport(error) => error.get_ref(),
            Cause::Signing { source, .. } => Some(source.as_ref()),
            Cause::Missing(_) | Cause::InsecureUrl(_) | Cause::Unfit(_) => None,
        }
    }

    /// Returns the error of the token, if the request failed because of it.
    pub fn as_token_error(&self) -> Option<&TokenError> {
        match &self.cause {
            Cause::Token(error) => Some(error),
            _ => None,
        }
    }

    /// Returns the kind of the error.
    pub fn kind(&self) -> SendErrorKind {
        match &self.cause {
            Cause::Token(error) => match error.kind() {
                TokenErrorKind::MissingCredentials => SendErrorKind::MissingCredentials,
                TokenErrorKind::InsecureUrl => SendErrorKind::InsecureUrl,
                _ => SendErrorKind::Token,
            },
            Cause::Transport(_) => SendErrorKind::Transport,
            Cause::Missing(_) => SendErrorKind::MissingCredentials,
            Cause::InsecureUrl(_) => SendErrorKind::InsecureUrl,
            Cause::Unfit(_) => SendErrorKind::InvalidRequest,
            Cause::Signing { .. } => SendErrorKind::Signing,
        }
    }
}

impl From<TokenError> for SendError {
    fn from(error: TokenError) -> Self {
        Self {
            cause: Cause::Token(error),
        }
    }
}

impl From<TransportError> for SendError {
    fn from(error: TransportError) -> Self {
        Self {
            cause: Cause::Transport(error),
        }
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Token(error) => write!(f, "no token for the request: {error}"),
            Cause::Transport(error) => write!(f, "the request failed: {error}"),
            Cause::Missing(what) | Cause::InsecureUrl(what) | Cause::Unfit(what) => {
                f.write_str(what)
            }
            Cause::Signing { scheme, source } => {
                let cause = described(source.as_ref());
                write!(f, "the request could not be signed for {scheme}: {cause}")
            }
        }
    }
}

impl Error for SendError {}
