//! Everything that can go wrong on the way to a token, and how it is said.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::{TokenError, TokenErrorKind, TransportError, described};
use crate::BoxError;
use crate::sign_in::CallbackError;

/// Errors that a retry cannot mend (RFC 6749 section 5.2).
pub(super) const PERMANENT: [&str; 5] = [
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "invalid_scope",
    "unsupported_grant_type",
];

/// Errors that servers send for a bad moment (RFC 6749 section 4.1.2.1 defines them elsewhere).
const TRANSIENT: [&str; 2] = ["temporarily_unavailable", "server_error"];

/// Why there is no token.
#[derive(Debug)]
pub(crate) enum Reason {
    /// A fetch is needed, and these credentials are absent.
    MissingCredentials(Vec<&'static str>),
    /// The manual flow: nothing is installed, or it has expired.
    Manual { expired: bool, hint: &'static str },
    /// The application's token provider failed.
    Provider(BoxError),
    /// The application's token provider panicked; what it said is not kept.
    ProviderPanicked,
    /// A token provider or a user sign-in waited for its own manager.
    Reentrant,
    /// Only the user can help.
    User(UserNeeded),
    /// The application's user sign-in failed.
    UserSignIn(BoxError),
    /// The application's user sign-in panicked.
    UserSignInPanicked,
    /// The application's source of subject tokens failed.
    SubjectToken(BoxError),
    /// The application's source of subject tokens panicked.
    SubjectTokenPanicked,
    /// The callback of an authorization request brought neither code nor token.
    Callback(CallbackError),
    /// The user did not enter the code in time.
    DeviceCodeExpired,
    /// What was asked for belongs to another grant.
    OtherGrant { asked: &'static str },
    /// The authorization request was made for another server or client.
    ForeignRequest,
    /// An endpoint that is neither configured nor among the server's metadata.
    NoEndpoint(Endpoint),
    /// Neither of the addresses that belong to the issuer has metadata.
    NoMetadata {
        addresses: [String; 2],
        answer: TokenError,
    },
    /// An address that must not be used, from the server's metadata.
    BadEndpoint(String),
    /// The request would send the token in the clear; the whole text.
    InsecureUrl(String),
    /// The machine has no randomness to give.
    NoRandomness,
    /// A token that is no header value, from a provider or a store.
    Unusable(&'static str),
    /// An assertion could not be signed.
    NotSigned,
    /// No response from an endpoint.
    Transport(Endpoint, TransportError),
    /// A response that is not what was asked for.
    ErrorResponse(Endpoint, ErrorResponse),
    /// The store could not be asked whose turn it is to send a refresh token, or does not hold the latest token.
    Store(crate::store::StoreError),
    /// Another process holds the lease of the store.
    LeaseHeld,
    /// The refresh panicked outside of provider and callback.
    Panicked,
}

/// Why the user is needed.
#[derive(Debug)]
pub(crate) struct UserNeeded {
    /// What the application is to call.
    pub(crate) hint: &'static str,
    /// What the refresh token came to, if there was one.
    pub(crate) refused: Option<TokenError>,
    /// The application's user sign-in was asked, and brought nothing.
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
    /// What the setting of its address is called.
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

/// What an endpoint answered instead of what it was asked for; all texts are already cleaned.
#[derive(Debug, Default)]
pub(crate) struct ErrorResponse {
    pub(crate) status: StatusCode,
    pub(crate) error: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) uri: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    /// The body is empty, or JSON that holds no error code in any shape.
    pub(crate) is_without_code: bool,
    /// What is wrong with the response, where the server did not say so itself.
    pub(crate) problem: Option<String>,
}

impl Reason {
    /// Says what is wrong with `scheme`.
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
                 call fetch_token() in a provider, and complete the authorization in the other"
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
                answer,
            } => write!(
                f,
                "{answer}; there are no metadata at {first} and none at {second}: check the issuer"
            ),
            Reason::BadEndpoint(problem) => {
                write!(f, "the metadata of {scheme} are not usable: {problem}")
            }
            Reason::InsecureUrl(problem) => f.write_str(problem),
            Reason::NoRandomness => {
                write!(f, "there is no randomness for the `state` of {scheme}")
            }
            Reason::Unusable(what) => write!(f, "the token of {scheme} {what}"),
            Reason::NotSigned => write!(f, "the assertion of {scheme} could not be signed"),
            Reason::Transport(endpoint, error) => {
                write!(f, "no answer from the {endpoint} of {scheme}: {error}")
            }
            Reason::ErrorResponse(endpoint, error_response) => {
                write!(f, "{endpoint} of {scheme} {error_response}")
            }
            Reason::Store(error) => match error.get_ref() {
                Some(cause) => {
                    write!(
                        f,
                        "the token store of {scheme} failed: {}",
                        described(cause)
                    )
                }
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
            (_, true) => "the user sign-in brought no token that can be used",
            (Some(error), false) if error.kind() == TokenErrorKind::InvalidClient => {
                "the server refused the refresh token or the client"
            }
            (Some(_), false) => "the server no longer takes the refresh token",
            (None, false) => "there is no token, and no refresh token",
        };
        write!(f, "{scheme} needs its user: {why}")?;
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
