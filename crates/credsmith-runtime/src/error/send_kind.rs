//! The kinds of errors of authorized requests.

/// The kinds of [`SendError`](crate::SendError).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SendErrorKind {
    /// Credentials are missing. Nothing was sent. The text of the error names what to set.
    MissingCredentials,
    /// No token could be obtained. [`as_token_error`](crate::SendError::as_token_error) returns the reason.
    Token,
    /// The request could not be sent, or there was no complete response.
    Transport,
    /// The request would send credentials over plain http to another machine. Nothing was sent. The text of the error
    /// names the host and the remedy.
    InsecureUrl,
    /// A [`SignRequest`](crate::SignRequest) failed; [`get_ref`](crate::SendError::get_ref) returns its error.
    Signing,
    /// The request cannot carry the credentials of a scheme. The text of the error says why.
    InvalidRequest,
}
