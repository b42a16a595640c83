//! The kinds of errors of authorized requests.

/// What went wrong, as far as a caller reacts to it: see [`SendError::kind`](crate::SendError::kind).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SendErrorKind {
    /// Credentials are missing. Nothing was sent. The message names what to set.
    MissingCredentials,
    /// There is no token for the request: see [`as_token_error`](crate::SendError::as_token_error).
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
