//! The kinds of errors of authorized requests.

/// What went wrong, as far as a caller reacts to it: see [`SendError::kind`](crate::SendError::kind).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SendErrorKind {
    /// Credentials were never given, or not all that a token takes. Nothing was sent; the message names what to set.
    MissingCredentials,
    /// There is no token for the request: see [`as_token_error`](crate::SendError::as_token_error).
    Token,
    /// The request itself did not get through.
    Transport,
    /// The request would send credentials over plain http to another machine. Nothing was fetched or sent; the message
    /// names the host and the way out.
    InsecureUrl,
    /// A [`SignRequest`](crate::SignRequest) failed; [`get_ref`](crate::SendError::get_ref) returns its error.
    Signing,
    /// The request cannot carry what a scheme has to set; the message says why.
    InvalidRequest,
}
