//! The kinds of errors of authorized requests.

/// The kinds of [`SendError`](crate::SendError).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SendErrorKind {
    /// Credentials are missing. Nothing was sent. The message names what to set.
    MissingCredentials,
    /// No token could be obtained. [`as_token_error`](crate::SendError::as_token_error) returns the reason.
    Token,
    /// The request could not be sent, or there was no complete response.
    Transport,
    /// The request would send credentials over plain http to another machine. Nothing was sent. The message names the
    /// host, and what to do.
    InsecureUrl,
    /// A [`SignRequest`](crate::SignRequest) failed; [`get_ref`](crate::SendError::get_ref) returns its error.
    Signing,
    /// The request cannot carry what a scheme has to set; the message says why.
    InvalidRequest,
}
