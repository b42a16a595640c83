//! The error of an HTTP exchange.

use std::error::Error;
use std::fmt;

use super::{Cause, described};

/// The stage at which an exchange failed. It decides whether the request is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection was made: name resolution, TCP or TLS failed.
    Connect,
    /// The exchange took too long.
    Timeout,
    /// The connection ended before the response was complete.
    Body,
    /// Another failure, which is never retried.
    Other,
}

/// The error of an HTTP exchange without a response.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Box<dyn Error + Send + Sync>,
}

impl TransportError {
    /// Makes an error of `kind`, caused by `source`. The text of `source` becomes part of this error's text, so it
    /// must not contain a secret.
    pub fn new(kind: TransportErrorKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            kind,
            source: source.into(),
        }
    }

    /// Returns the stage at which the exchange failed.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Returns the error of the HTTP client. Its text is part of this error's text.
    pub fn get_ref(&self) -> Option<Cause<'_>> {
        Some(self.source.as_ref())
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            TransportErrorKind::Connect => "could not connect",
            TransportErrorKind::Timeout => "no complete response in time",
            TransportErrorKind::Body => "the connection ended before the response was complete",
            TransportErrorKind::Other => {
                "the request could not be sent or its response not be read"
            }
        };
        write!(f, "{what}: {}", described(self.source.as_ref()))
    }
}

impl Error for TransportError {}
