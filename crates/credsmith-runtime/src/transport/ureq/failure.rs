//! The classification of the agent's failures.

use std::io;

use crate::error::{TransportError, TransportErrorKind};

/// The progress of a request when it failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// No byte of its body was read: the server cannot have acted on it.
    Unsent,
    Sent,
    /// The request has no body to measure the progress by.
    Unknown,
}

/// Converts an error. The address is left out, since its query may contain a key.
pub(super) fn classified(error: ureq::Error, progress: Progress) -> TransportError {
    let kind = match &error {
        ureq::Error::BadUri(_) | ureq::Error::RequireHttpsOnly(_) => {
            return TransportError::new(TransportErrorKind::Other, "the agent refuses the URL");
        }
        ureq::Error::Timeout(_) => TransportErrorKind::Timeout,
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::Tls(_) => TransportErrorKind::Connect,
        ureq::Error::Io(error) => io_kind(error, progress),
        ureq::Error::Protocol(_) => TransportErrorKind::Body,
        _ => TransportErrorKind::Other,
    };
    TransportError::new(kind, error)
}

/// A response that broke off.
pub(super) fn torn(error: io::Error) -> TransportError {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref());
    let kind = match cause {
        Some(ureq::Error::Timeout(_)) => TransportErrorKind::Timeout,
        _ => io_kind(&error, Progress::Sent),
    };
    TransportError::new(kind, error)
}

/// Returns the kind of an IO error. The system reports the same error, such as an unreachable host, while connecting
/// and on an open connection, so the progress of the request is considered first.
fn io_kind(error: &io::Error, progress: Progress) -> TransportErrorKind {
    let is_connect = match progress {
        Progress::Unsent => true,
        Progress::Sent => false,
        Progress::Unknown => is_like_connect(error),
    };
    match error.kind() {
        io::ErrorKind::TimedOut => TransportErrorKind::Timeout,
        _ if is_connect => TransportErrorKind::Connect,
        _ => TransportErrorKind::Body,
    }
}

/// Returns whether the error occurs while connecting. TLS reports invalid data for a certificate that is not valid,
/// and for a peer that uses another protocol.
fn is_like_connect(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::NetworkDown
            | io::ErrorKind::AddrNotAvailable
            | io::ErrorKind::InvalidData
    ) || is_lookup(error)
}

/// Returns whether a host name could not be resolved. On Unix, the standard library has neither a kind nor a code for
/// this, only a text. On Windows these are the codes from `WSAHOST_NOT_FOUND` on.
fn is_lookup(error: &io::Error) -> bool {
    match error.raw_os_error() {
        Some(code) => cfg!(windows) && (11_001..=11_004).contains(&code),
        None => error
            .to_string()
            .starts_with("failed to lookup address information"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(error: io::ErrorKind, progress: Progress) -> TransportErrorKind {
        classified(ureq::Error::Io(error.into()), progress).kind()
    }

    #[test]
    fn a_host_that_cannot_be_reached_any_more_may_have_the_request() {
        for lost in [
            io::ErrorKind::HostUnreachable,
            io::ErrorKind::NetworkUnreachable,
            io::ErrorKind::NetworkDown,
        ] {
            assert_eq!(kind_of(lost, Progress::Unsent), TransportErrorKind::Connect);
            assert_eq!(
                kind_of(lost, Progress::Unknown),
                TransportErrorKind::Connect
            );
            assert_eq!(kind_of(lost, Progress::Sent), TransportErrorKind::Body);
            assert_eq!(torn(lost.into()).kind(), TransportErrorKind::Body);
        }
    }

    #[test]
    fn what_ends_before_the_body_was_taken_has_not_reached_the_server() {
        for lost in [io::ErrorKind::UnexpectedEof, io::ErrorKind::ConnectionReset] {
            assert_eq!(kind_of(lost, Progress::Unsent), TransportErrorKind::Connect);
            assert_eq!(kind_of(lost, Progress::Unknown), TransportErrorKind::Body);
            assert_eq!(kind_of(lost, Progress::Sent), TransportErrorKind::Body);
        }
    }
}
