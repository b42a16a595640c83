//! Why an HTTP exchange brought no response.

use std::error::Error;
use std::fmt;

use super::{Cause, described};

/// The stage at which an exchange failed; it decides whether another attempt is worthwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection came about: name resolution, TCP or TLS.
    Connect,
    /// The time allowed for the exchange ran out.
    Timeout,
    /// The connection ended before the response was complete.
    Body,
    /// Anything else; never retried.
    Other,
}

/// An HTTP exchange that brought no response.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Box<dyn Error + Send + Sync>,
}

impl TransportError {
    /// An error of `kind`, caused by `source`, whose text becomes a part of this error's. It must hold no secret.
    pub fn new(kind: TransportErrorKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            kind,
            source: source.into(),
        }
    }

    /// The stage at which the exchange failed.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Returns the error of the HTTP client. Its text is a part of this error's.
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
