//! The kinds of token errors.

use http::StatusCode;

use super::TransportErrorKind;
use super::reason::{Endpoint, ErrorResponse, Reason};
use crate::sign_in::CallbackError;

/// The kinds of [`TokenError`](crate::TokenError).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenErrorKind {
    /// Credentials are missing that a token request needs: client id, client secret, user name or key. The text of
    /// the error names them.
    MissingCredentials,
    /// The application requests tokens itself ([`TokenFetch::Manual`](crate::TokenFetch::Manual)), and has not set a
    /// valid one.
    FetchNeeded,
    /// The user has to sign in: there is no token, and no refresh token that the server accepts. The text of the
    /// error names the method that starts the sign-in, and includes the server's response to the last refresh token,
    /// if there was one.
    SignInNeeded,
    /// The user or the server denied access: `access_denied`.
    AccessDenied,
    /// The user did not enter the code of a device in time: `expired_token`. Start again with a new code.
    ExpiredDeviceCode,
    /// The callback URL belongs to another authorization request: see [`CallbackError::is_state_mismatch`].
    StateMismatch,
    /// The callback URL comes from another issuer: see [`CallbackError::is_issuer_mismatch`].
    IssuerMismatch,
    /// The server does not know the client, or its secret or key is wrong: `invalid_client`, or a 401 without an error
    /// code.
    InvalidClient,
    /// The server does not accept the refresh token, the code, the assertion or the user's password:
    /// `invalid_grant`.
    InvalidGrant,
    /// The server sent another error, or a response that cannot be used. [`error`](crate::TokenError::error) and
    /// [`status`](crate::TokenError::status) return its details.
    ErrorResponse,
    /// The server did not respond in time.
    Timeout,
    /// The server cannot be reached, or the connection was lost.
    Transport,
    /// The request would send the token over plain http to another machine. Nothing was requested or sent: see
    /// [`allow_insecure_http`](crate::TokenManagerBuilder::allow_insecure_http).
    InsecureUrl,
    /// The configuration or the server's metadata do not fit the call: an endpoint is not known, the metadata cannot
    /// be used, or the call or the authorization request belongs to another manager.
    Configuration,
    /// The application's token provider failed or panicked, or it waited for its own manager.
    /// [`get_ref`](crate::TokenError::get_ref) returns its error.
    ProviderFailed,
    /// The application's source of subject tokens failed or panicked. [`get_ref`](crate::TokenError::get_ref) returns
    /// its error.
    SubjectTokenFailed,
    /// The application's user sign-in failed or panicked. [`get_ref`](crate::TokenError::get_ref) returns its
    /// error.
    SignInFailed,
    /// The token store failed, or another process holds its lease, so that no refresh token was sent.
    StoreFailed,
    /// Any other error. Its text describes it.
    Other,
}

impl Reason {
    pub(super) fn kind(&self) -> TokenErrorKind {
        match self {
            Reason::MissingCredentials(_) => TokenErrorKind::MissingCredentials,
            Reason::Manual { .. } => TokenErrorKind::FetchNeeded,
            Reason::User(_) => TokenErrorKind::SignInNeeded,
            Reason::Callback(error) => callback_kind(error),
            Reason::DeviceCodeExpired => TokenErrorKind::ExpiredDeviceCode,
            Reason::ErrorResponse(endpoint, error_response) => {
                error_response_kind(*endpoint, error_response)
            }
            Reason::Transport(_, error) if error.kind() == TransportErrorKind::Timeout => {
                TokenErrorKind::Timeout
            }
            Reason::Transport(..) => TokenErrorKind::Transport,
            Reason::InsecureUrl(_) => TokenErrorKind::InsecureUrl,
            Reason::OtherGrant { .. }
            | Reason::ForeignRequest
            | Reason::NoEndpoint(_)
            | Reason::NoMetadata { .. }
            | Reason::BadEndpoint(_) => TokenErrorKind::Configuration,
            Reason::Provider(_) | Reason::ProviderPanicked | Reason::Reentrant => {
                TokenErrorKind::ProviderFailed
            }
            Reason::SubjectToken(_) | Reason::SubjectTokenPanicked => {
                TokenErrorKind::SubjectTokenFailed
            }
            Reason::UserSignIn(_) | Reason::UserSignInPanicked => TokenErrorKind::SignInFailed,
            Reason::Store(_) | Reason::LeaseHeld => TokenErrorKind::StoreFailed,
            Reason::NoRandomness | Reason::Unusable(_) | Reason::NotSigned | Reason::Panicked => {
                TokenErrorKind::Other
            }
        }
    }
}

fn callback_kind(error: &CallbackError) -> TokenErrorKind {
    if error.is_state_mismatch() {
        TokenErrorKind::StateMismatch
    } else if error.is_issuer_mismatch() {
        TokenErrorKind::IssuerMismatch
    } else if error.is_denied() {
        TokenErrorKind::AccessDenied
    } else {
        TokenErrorKind::ErrorResponse
    }
}

fn error_response_kind(endpoint: Endpoint, error_response: &ErrorResponse) -> TokenErrorKind {
    // A failed request for metadata is not about the client.
    let sends_client = endpoint != Endpoint::Metadata;
    match error_response.error.as_deref() {
        Some("access_denied") => TokenErrorKind::AccessDenied,
        Some("expired_token") => TokenErrorKind::ExpiredDeviceCode,
        Some("invalid_client") => TokenErrorKind::InvalidClient,
        Some("invalid_grant") => TokenErrorKind::InvalidGrant,
        None if sends_client && error_response.status == StatusCode::UNAUTHORIZED => {
            TokenErrorKind::InvalidClient
        }
        _ => TokenErrorKind::ErrorResponse,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{TokenError, TransportError};

    fn refused(endpoint: Endpoint, status: u16, error: Option<&str>) -> TokenErrorKind {
        let error_response = ErrorResponse {
            status: StatusCode::from_u16(status).unwrap(),
            error: error.map(str::to_owned),
            ..ErrorResponse::default()
        };
        TokenError::new("oauth", Reason::ErrorResponse(endpoint, error_response)).kind()
    }

    #[test]
    fn the_servers_code_decides_about_the_kind() {
        for (status, error, kind) in [
            (400, Some("invalid_grant"), TokenErrorKind::InvalidGrant),
            (400, Some("invalid_client"), TokenErrorKind::InvalidClient),
            (401, None, TokenErrorKind::InvalidClient),
            (401, Some("invalid_scope"), TokenErrorKind::ErrorResponse),
            (400, Some("access_denied"), TokenErrorKind::AccessDenied),
            (
                400,
                Some("expired_token"),
                TokenErrorKind::ExpiredDeviceCode,
            ),
            (503, None, TokenErrorKind::ErrorResponse),
        ] {
            assert_eq!(refused(Endpoint::Token, status, error), kind, "{error:?}");
        }
        let metadata = refused(Endpoint::Metadata, 401, None);
        assert_eq!(metadata, TokenErrorKind::ErrorResponse);
    }

    #[test]
    fn a_timeout_differs_from_other_failures_of_the_transport() {
        for (transport, kind) in [
            (TransportErrorKind::Timeout, TokenErrorKind::Timeout),
            (TransportErrorKind::Connect, TokenErrorKind::Transport),
            (TransportErrorKind::Body, TokenErrorKind::Transport),
        ] {
            let error = TransportError::new(transport, "gone");
            let reason = Reason::Transport(Endpoint::Token, error);
            assert_eq!(reason.kind(), kind);
        }
    }
}
