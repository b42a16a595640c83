//! Why there is no token.
//!
//! One error may be handed to a thousand waiting callers, so it is a shared pointer. What a caller
//! decides on are the predicates; the reason itself stays private.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use super::TransportError;
use crate::reply::BoxError;

/// Errors that a retry cannot mend (RFC 6749 section 5.2).
const PERMANENT: [&str; 4] = [
    "invalid_client",
    "unauthorized_client",
    "invalid_scope",
    "unsupported_grant_type",
];

/// Errors that servers send for a bad moment (RFC 6749 section 4.1.2.1 defines them elsewhere).
const TRANSIENT: [&str; 2] = ["temporarily_unavailable", "server_error"];

/// No token could be had. Cheap to clone; all callers of one fetch get the same error.
#[derive(Clone)]
pub struct TokenError {
    inner: Arc<Inner>,
}

struct Inner {
    scheme: &'static str,
    reason: Reason,
}

/// Everything that can go wrong on the way to a token.
#[derive(Debug)]
pub(crate) enum Reason {
    /// A fetch is needed, and these credentials are absent.
    MissingCredentials(Vec<&'static str>),
    /// The manual flow: nothing is installed, or it has expired.
    Manual { expired: bool },
    /// The application's token provider failed.
    Provider(BoxError),
    /// The application's token provider panicked; what it said is not kept.
    ProviderPanicked,
    /// A token provider waited for its own manager.
    Reentrant,
    /// A token that is no header value, from a provider or a store.
    Unusable(&'static str),
    /// The client assertion could not be signed.
    NotSigned,
    /// No response from the endpoint.
    Transport(TransportError),
    /// A response that is no token.
    Refused(Refusal),
    /// The refresh panicked outside of provider and callback.
    Panicked,
}

/// What the endpoint answered instead of a token; all texts are already cleaned.
#[derive(Debug, Default)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) error: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) uri: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    /// What is wrong with the response, where the server did not say so itself.
    pub(crate) problem: Option<String>,
}

impl TokenError {
    pub(crate) fn new(scheme: &'static str, reason: Reason) -> Self {
        Self {
            inner: Arc::new(Inner { scheme, reason }),
        }
    }

    /// The scheme that has no token.
    pub fn scheme(&self) -> &str {
        self.inner.scheme
    }

    /// The client is not known or its secret is wrong: `invalid_client`, or a 401 without an error
    /// code.
    pub fn is_invalid_client(&self) -> bool {
        match self.error() {
            Some(code) => code == "invalid_client",
            None => self.status() == Some(StatusCode::UNAUTHORIZED),
        }
    }

    /// Trying again later may help: connection failures, time-outs, torn responses, the statuses
    /// 408, 429 and 5xx but 501 and 505.
    pub fn is_transient(&self) -> bool {
        use super::TransportErrorKind::{Body, Connect, Timeout};
        match &self.inner.reason {
            Reason::Transport(error) => matches!(error.kind(), Connect | Timeout | Body),
            Reason::Refused(refusal) => refusal.is_transient(),
            _ => false,
        }
    }

    /// The endpoint did not answer in time.
    pub fn is_timeout(&self) -> bool {
        matches!(&self.inner.reason, Reason::Transport(error) if error.is_timeout())
    }

    /// A fetch was needed, and client id, client secret or both were never given.
    pub fn is_missing_credentials(&self) -> bool {
        matches!(self.inner.reason, Reason::MissingCredentials(_))
    }

    /// The application's token provider failed; its error is the source.
    pub fn is_provider(&self) -> bool {
        matches!(
            self.inner.reason,
            Reason::Provider(_) | Reason::ProviderPanicked | Reason::Reentrant
        )
    }

    /// The manual flow: no token was handed in, or it has expired.
    pub fn is_manual(&self) -> bool {
        matches!(self.inner.reason, Reason::Manual { .. })
    }

    /// The server's error code (RFC 6749 section 5.2).
    pub fn error(&self) -> Option<&str> {
        self.refusal()?.error.as_deref()
    }

    /// The server's description of the error: for people, on one line, bounded.
    pub fn error_description(&self) -> Option<&str> {
        self.refusal()?.description.as_deref()
    }

    /// The server's page about the error.
    pub fn error_uri(&self) -> Option<&str> {
        self.refusal()?.uri.as_deref()
    }

    /// The status the endpoint answered with.
    pub fn status(&self) -> Option<StatusCode> {
        Some(self.refusal()?.status)
    }

    /// How long the server asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.refusal()?.retry_after
    }

    /// The server has said that these credentials or this request will never do.
    pub(crate) fn is_permanent(&self) -> bool {
        self.error().is_some_and(|code| PERMANENT.contains(&code))
    }

    /// Whether nothing was tried at all, so that there is nothing to spare.
    pub(crate) fn is_local(&self) -> bool {
        matches!(
            self.inner.reason,
            Reason::MissingCredentials(_) | Reason::Manual { .. } | Reason::Reentrant
        )
    }

    fn refusal(&self) -> Option<&Refusal> {
        match &self.inner.reason {
            Reason::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

impl Refusal {
    fn is_transient(&self) -> bool {
        match self.error.as_deref() {
            Some(code) if PERMANENT.contains(&code) => false,
            Some(code) if TRANSIENT.contains(&code) => true,
            _ => is_transient_status(self.status),
        }
    }
}

fn is_transient_status(status: StatusCode) -> bool {
    match status.as_u16() {
        408 | 429 => true,
        501 | 505 => false,
        code => code >= 500,
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.inner.scheme;
        match &self.inner.reason {
            Reason::MissingCredentials(names) => {
                let verb = if names.len() == 1 { "is" } else { "are" };
                write!(
                    f,
                    "{scheme} needs a new token, but {} {verb} not set",
                    names.join(" and ")
                )
            }
            Reason::Manual { expired: true } => {
                write!(
                    f,
                    "the token of {scheme} has expired: call fetch_token() and hand the token in"
                )
            }
            Reason::Manual { expired: false } => {
                write!(
                    f,
                    "there is no token for {scheme}: call fetch_token() and hand the token in"
                )
            }
            Reason::Provider(_) => write!(f, "the token provider of {scheme} failed"),
            Reason::ProviderPanicked => write!(f, "the token provider of {scheme} panicked"),
            Reason::Reentrant => write!(
                f,
                "the token provider of {scheme} waits for its own manager: call fetch_token() in a provider"
            ),
            Reason::Unusable(what) => write!(f, "the token of {scheme} {what}"),
            Reason::NotSigned => write!(f, "the client assertion of {scheme} could not be signed"),
            Reason::Transport(error) => {
                write!(f, "no answer from the token endpoint of {scheme}: {error}")
            }
            Reason::Refused(refusal) => write!(f, "token endpoint of {scheme} {refusal}"),
            Reason::Panicked => write!(f, "the refresh of {scheme} panicked"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "answered {}", self.status.as_u16())?;
        for part in [&self.error, &self.description, &self.problem]
            .into_iter()
            .flatten()
        {
            write!(f, ": {part}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenError")
            .field("scheme", &self.inner.scheme)
            .field("reason", &self.inner.reason)
            .finish()
    }
}

impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.inner.reason {
            Reason::Provider(error) => Some(error.as_ref()),
            Reason::Transport(error) => Some(error),
            _ => None,
        }
    }
}
