//! Why there is no token.
//!
//! One error may be handed to a thousand waiting callers, so it is a shared pointer. What a caller
//! decides on are the predicates; the reason itself stays private.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use super::Cause;
use super::reason::{PERMANENT, Reason, Refusal};
use crate::authorization::CallbackError;

/// No token could be had. Cheap to clone; all callers of one fetch get the same error.
#[derive(Clone)]
pub struct TokenError {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    scheme: &'static str,
    /// The engine that returned it.
    engine: Option<u64>,
    pub(super) reason: Reason,
}

impl TokenError {
    pub(crate) fn new(scheme: &'static str, reason: Reason) -> Self {
        Self {
            inner: Arc::new(Inner {
                scheme,
                engine: None,
                reason,
            }),
        }
    }

    /// The error as one of this engine. Only the one who has made it can say so.
    pub(crate) fn of_engine(mut self, engine: u64) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.engine = Some(engine);
        }
        self
    }

    /// The engine that returned the error.
    pub(crate) fn engine(&self) -> Option<u64> {
        self.inner.engine
    }

    /// The scheme that has no token.
    pub fn scheme(&self) -> &str {
        self.inner.scheme
    }

    /// Returns the error of the application's own code, its store or the HTTP client, if one is the cause. Its text
    /// is a part of this error's.
    pub fn get_ref(&self) -> Option<Cause<'_>> {
        match &self.inner.reason {
            Reason::Provider(error)
            | Reason::UserAuthorization(error)
            | Reason::SubjectToken(error) => Some(error.as_ref()),
            Reason::Transport(_, error) => error.get_ref(),
            Reason::Store(error) => error.get_ref(),
            _ => None,
        }
    }

    /// The client is not known or its secret is wrong: `invalid_client`, or a 401 without an error
    /// code. In answer to a refresh such a 401 may mean the refresh token as well: if the grant has a
    /// user, [`is_user_authorization_needed`](Self::is_user_authorization_needed) holds too.
    pub fn is_invalid_client(&self) -> bool {
        match self.error() {
            Some(code) => code == "invalid_client",
            None => self.status() == Some(StatusCode::UNAUTHORIZED),
        }
    }

    /// Trying again later may help: connection failures, time-outs, torn responses, the errors
    /// `temporarily_unavailable` and `server_error` under whatever status, and the statuses 408, 429 and
    /// 5xx but 501 and 505, unless the error is one that no retry can mend, as `invalid_client`; and a token store that
    /// fails, or whose lease another process holds.
    pub fn is_transient(&self) -> bool {
        use super::TransportErrorKind::{Body, Connect, Timeout};
        match &self.inner.reason {
            Reason::Transport(_, error) => matches!(error.kind(), Connect | Timeout | Body),
            Reason::Refused(_, refusal) => refusal.is_transient(),
            Reason::Store(_) | Reason::LeaseHeld => true,
            _ => false,
        }
    }

    /// Nothing of the request has reached the server: no connection came about.
    pub(crate) fn is_unsent(&self) -> bool {
        use super::TransportErrorKind::Connect;
        matches!(&self.inner.reason, Reason::Transport(_, error) if error.kind() == Connect)
    }

    /// The endpoint did not answer in time.
    pub fn is_timeout(&self) -> bool {
        matches!(&self.inner.reason, Reason::Transport(_, error) if error.is_timeout())
    }

    /// A fetch was needed, and something that it takes was never given: client id, client secret,
    /// user name, a key. The message names what.
    pub fn is_missing_credentials(&self) -> bool {
        matches!(self.inner.reason, Reason::MissingCredentials(_))
    }

    /// The request would send the token over plain http to another machine. Nothing was fetched or sent:
    /// see [`allow_insecure_http`](crate::TokenManagerBuilder::allow_insecure_http).
    pub fn is_insecure_url(&self) -> bool {
        matches!(self.inner.reason, Reason::InsecureUrl(_))
    }

    /// The application's token provider failed; [`get_ref`](Self::get_ref) returns its error.
    pub fn is_provider(&self) -> bool {
        matches!(
            self.inner.reason,
            Reason::Provider(_) | Reason::ProviderPanicked | Reason::Reentrant
        )
    }

    /// The manual flow: no token was handed in, or it has expired.
    pub fn is_manual(&self) -> bool {
        matches!(self.inner.reason, Reason::Manual { .. })
    }

    /// Only the user can help: there is no token, and no refresh token that the server takes. The
    /// message says which method begins the user's authorization, and why the server refused the last
    /// refresh token, if there was one.
    pub fn is_user_authorization_needed(&self) -> bool {
        matches!(self.inner.reason, Reason::User(_))
    }

    /// The application's user authorization failed; [`get_ref`](Self::get_ref) returns its error.
    pub fn is_user_authorization(&self) -> bool {
        matches!(
            self.inner.reason,
            Reason::UserAuthorization(_) | Reason::UserAuthorizationPanicked
        )
    }

    /// The user or the server said no: `access_denied`, in a callback or to a device.
    pub fn is_denied(&self) -> bool {
        self.error() == Some("access_denied")
    }

    /// The user did not enter the code of a device in time: begin anew.
    pub fn is_expired_device_code(&self) -> bool {
        match &self.inner.reason {
            Reason::DeviceCodeExpired => true,
            // Some servers say the same of a refresh token.
            Reason::User(_) => false,
            _ => self.error() == Some("expired_token"),
        }
    }

    /// The user has not entered the code of a device yet.
    pub(crate) fn is_pending(&self) -> bool {
        self.error() == Some("authorization_pending")
    }

    /// The device asks too often.
    pub(crate) fn is_too_fast(&self) -> bool {
        self.error() == Some("slow_down")
    }

    /// The server does not take the refresh token, the code, the assertion or the user's password:
    /// `invalid_grant`.
    pub fn is_invalid_grant(&self) -> bool {
        self.error() == Some("invalid_grant")
    }

    /// The callback does not belong to the authorization request: see
    /// [`CallbackError::is_state_mismatch`].
    pub fn is_state_mismatch(&self) -> bool {
        self.as_callback_error()
            .is_some_and(CallbackError::is_state_mismatch)
    }

    /// The callback names another issuer: see [`CallbackError::is_issuer_mismatch`].
    pub fn is_issuer_mismatch(&self) -> bool {
        self.as_callback_error()
            .is_some_and(CallbackError::is_issuer_mismatch)
    }

    fn as_callback_error(&self) -> Option<&CallbackError> {
        match &self.inner.reason {
            Reason::Callback(error) => Some(error),
            _ => None,
        }
    }

    /// The server's error code (RFC 6749 sections 4.1.2.1 and 5.2).
    pub fn error(&self) -> Option<&str> {
        match self.as_callback_error() {
            Some(callback) => callback.error(),
            None => self.refusal()?.error.as_deref(),
        }
    }

    /// The server's description of the error: for people, on one line, bounded.
    pub fn error_description(&self) -> Option<&str> {
        match self.as_callback_error() {
            Some(callback) => callback.error_description(),
            None => self.refusal()?.description.as_deref(),
        }
    }

    /// The server's page about the error.
    pub fn error_uri(&self) -> Option<&str> {
        match self.as_callback_error() {
            Some(callback) => callback.error_uri(),
            None => self.refusal()?.uri.as_deref(),
        }
    }

    /// The status the endpoint answered with.
    pub fn status(&self) -> Option<StatusCode> {
        Some(self.refusal()?.status)
    }

    /// How long the server asked to wait (`Retry-After`), in seconds or until a date; about a century at
    /// most.
    pub fn retry_after(&self) -> Option<Duration> {
        self.refusal()?.retry_after
    }

    /// The server has said that these credentials or this request will never do.
    pub(crate) fn is_permanent(&self) -> bool {
        self.error().is_some_and(|code| PERMANENT.contains(&code))
    }

    /// Whether nothing was tried at all, so that there is nothing to spare.
    pub(crate) fn is_local(&self) -> bool {
        match &self.inner.reason {
            Reason::MissingCredentials(_) | Reason::Manual { .. } | Reason::Reentrant => true,
            Reason::User(needed) => needed.refused.is_none() && !needed.asked,
            _ => false,
        }
    }

    fn refusal(&self) -> Option<&Refusal> {
        match &self.inner.reason {
            Reason::Refused(_, refusal) => Some(refusal),
            Reason::User(needed) => needed.refused.as_ref()?.refusal(),
            Reason::NoMetadata { answer, .. } => answer.refusal(),
            _ => None,
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.reason.describe(self.inner.scheme, f)
    }
}

impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenError")
            .field("scheme", &self.inner.scheme)
            .field("reason", &self.inner.reason)
            .finish()
    }
}

impl Error for TokenError {}
