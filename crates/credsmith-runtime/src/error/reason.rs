//! The reasons for which a token cannot be obtained, and their texts.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::{TokenError, TokenErrorKind, TransportError, described};
use crate::BoxError;
use crate::sign_in::CallbackError;

/// Errors that a retry cannot fix (RFC 6749 section 5.2).
pub(super) const PERMANENT: [&str; 5] = [
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "invalid_scope",
    "unsupported_grant_type",
];

/// Errors that servers send for temporary problems (RFC 6749 section 4.1.2.1 defines them for the authorization
/// endpoint).
const TRANSIENT: [&str; 2] = ["temporarily_unavailable", "server_error"];

/// The reason why there is no token.
#[derive(Debug)]
pub(crate) enum Reason {
    /// A token must be requested, and these credentials are missing.
    MissingCredentials(Vec<&'static str>),
    /// The manual flow: no token is set, or it has expired.
    Manual { expired: bool, hint: &'static str },
    /// The application's token provider failed.
    Provider(BoxError),
    /// The application's token provider panicked. The panic message is not kept.
    ProviderPanicked,
    /// A token provider or a user sign-in waited for its own manager.
    Reentrant,
    /// The user has to sign in.
    User(UserNeeded),
    /// The application's user sign-in failed.
    UserSignIn(BoxError),
    /// The application's user sign-in panicked.
    UserSignInPanicked,
    /// The application's source of subject tokens failed.
    SubjectToken(BoxError),
    /// The application's source of subject tokens panicked.
    SubjectTokenPanicked,
    /// The callback of a sign-in has neither a code nor a token.
    Callback(CallbackError),
    /// The user did not enter the code in time.
    DeviceCodeExpired,
    /// The called method belongs to another grant.
    OtherGrant { asked: &'static str },
    /// The authorization request was made for another server or client.
    ForeignRequest,
    /// An endpoint that is neither configured nor in the server's metadata.
    NoEndpoint(Endpoint),
    /// There is no metadata at either well-known address of the issuer.
    NoMetadata {
        addresses: [String; 2],
        cause: TokenError,
    },
    /// An address in the server's metadata that must not be used.
    BadEndpoint(String),
    /// The request would send the token in the clear. Holds the whole text.
    InsecureUrl(String),
    /// The system returned no random bytes.
    NoRandomness,
    /// A token from a provider or a store that is not a valid header value.
    Unusable(&'static str),
    /// An assertion could not be signed.
    NotSigned,
    /// There was no response from an endpoint.
    Transport(Endpoint, TransportError),
    /// An error response, or a response that cannot be used.
    ErrorResponse(Endpoint, ErrorResponse),
    /// The store could not grant the lease to send a refresh token, or does not hold the latest token.
    Store(crate::store::StoreError),
    /// Another process holds the lease of the store.
    LeaseHeld,
    /// The refresh panicked outside of the provider and the callback.
    Panicked,
}

/// The reason why the user has to sign in.
#[derive(Debug)]
pub(crate) struct UserNeeded {
    /// The call that the application should make.
    pub(crate) hint: &'static str,
    /// The error of the last refresh, if there was a refresh token.
    pub(crate) refused: Option<TokenError>,
    /// Whether the application's user sign-in was called and returned no usable token.
    pub(crate) asked: bool,
}

/// The endpoints of the authorization server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Token,
    Authorization,
    DeviceAuthorization,
    Revocation,
    Introspection,
    Metadata,
}

impl Endpoint {
    /// Returns the name of the setting for its address.
    pub(crate) fn setting(self) -> &'static str {
        match self {
            Self::Token => "token URL",
            Self::Authorization => "authorization URL",
            Self::DeviceAuthorization => "device authorization URL",
            Self::Revocation => "revocation URL",
            Self::Introspection => "introspection URL",
            Self::Metadata => "issuer",
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token => "token endpoint",
            Self::Authorization => "authorization endpoint",
            Self::DeviceAuthorization => "device authorization endpoint",
            Self::Revocation => "revocation endpoint",
            Self::Introspection => "introspection endpoint",
            Self::Metadata => "metadata endpoint",
        })
    }
}

/// An error response of an endpoint, or a response that cannot be used. All texts are cleaned already.
#[derive(Debug, Default)]
pub(crate) struct ErrorResponse {
    pub(crate) status: StatusCode,
    pub(crate) error: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) uri: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    /// The body is empty, or is JSON without an error code in any known form.
    pub(crate) is_without_code: bool,
    /// The problem with the response, if the server did not describe it itself.
    pub(crate) problem: Option<String>,
}

impl Reason {
    /// Writes the error as a sentence about `scheme`.
    pub(super) fn describe(&self, scheme: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::MissingCredentials(names) => {
                let verb = if names.len() == 1 { "is" } else { "are" };
                write!(
                    f,
                    "{scheme} needs a new token, but {} {verb} not set",
                    names.join(" and ")
                )
            }
            Reason::Manual {
                expired: true,
                hint,
            } => write!(f, "the token of {scheme} has expired: {hint}"),
            Reason::Manual {
                expired: false,
                hint,
            } => write!(f, "there is no token for {scheme}: {hint}"),
            Reason::Provider(error) => {
                let cause = described(error.as_ref());
                write!(f, "the token provider of {scheme} failed: {cause}")
            }
            Reason::ProviderPanicked => write!(f, "the token provider of {scheme} panicked"),
            Reason::Reentrant => write!(
                f,
                "the token provider or user sign-in of {scheme} waits for its own manager: \
                 call fetch_token() in a provider, and complete_sign_in() or complete_device_sign_in() in a user sign-in"
            ),
            Reason::User(needed) => needed.describe(scheme, f),
            Reason::UserSignIn(error) => {
                let cause = described(error.as_ref());
                write!(f, "the user sign-in of {scheme} failed: {cause}")
            }
            Reason::UserSignInPanicked => {
                write!(f, "the user sign-in of {scheme} panicked")
            }
            Reason::SubjectToken(error) => {
                let cause = described(error.as_ref());
                write!(
                    f,
                    "the source of the subject token of {scheme} failed: {cause}"
                )
            }
            Reason::SubjectTokenPanicked => {
                write!(f, "the closure for the subject token of {scheme} panicked")
            }
            Reason::Callback(error) => write!(f, "the user's sign-in of {scheme}: {error}"),
            Reason::DeviceCodeExpired => write!(
                f,
                "the user code of {scheme} has expired: call start_device_sign_in() again"
            ),
            Reason::OtherGrant { asked } => {
                write!(f, "{asked} does not belong to the grant of {scheme}")
            }
            Reason::ForeignRequest => write!(
                f,
                "the authorization request was made for another server or client than those of {scheme}: complete it with the manager that made it"
            ),
            Reason::NoEndpoint(endpoint) => write!(
                f,
                "{scheme} has no {}: set it, or an issuer whose metadata name it",
                endpoint.setting()
            ),
            Reason::NoMetadata {
                addresses: [first, second],
                cause,
            } => write!(
                f,
                "{cause}; there are no metadata at {first} or at {second}: check the issuer"
            ),
            Reason::BadEndpoint(problem) => {
                write!(f, "the metadata of {scheme} cannot be used: {problem}")
            }
            Reason::InsecureUrl(problem) => f.write_str(problem),
            Reason::NoRandomness => {
                write!(
                    f,
                    "the system returned no random bytes for the `state` of {scheme}"
                )
            }
            Reason::Unusable(what) => write!(f, "the token of {scheme} {what}"),
            Reason::NotSigned => write!(f, "the assertion of {scheme} could not be signed"),
            Reason::Transport(endpoint, error) => {
                write!(f, "no response from the {endpoint} of {scheme}: {error}")
            }
            Reason::ErrorResponse(endpoint, error_response) => {
                write!(f, "{endpoint} of {scheme} {error_response}")
            }
            Reason::Store(error) => match error.get_ref().map(|cause| described(cause)) {
                Some(cause) => write!(f, "the token store of {scheme} failed: {cause}"),
                None => write!(f, "the token store of {scheme} has granted a later lease"),
            },
            Reason::LeaseHeld => write!(
                f,
                "the refresh token of {scheme} was not sent: another process holds the lease of the token store"
            ),
            Reason::Panicked => write!(f, "the refresh of {scheme} panicked"),
        }
    }
}

impl UserNeeded {
    fn describe(&self, scheme: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match (&self.refused, self.asked) {
            (_, true) => "the user sign-in returned no usable token",
            (Some(error), false) if error.kind() == TokenErrorKind::InvalidClient => {
                "the server refused the refresh token or the client"
            }
            (Some(_), false) => "the server no longer accepts the refresh token",
            (None, false) => "there is no token, and no refresh token",
        };
        write!(f, "{scheme} needs the user to sign in: {why}")?;
        if let Some(error) = &self.refused {
            write!(f, " ({error})")?;
        }
        write!(f, "; {}", self.hint)
    }
}

impl ErrorResponse {
    pub(super) fn is_transient(&self) -> bool {
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

impl fmt::Display for ErrorResponse {
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
