//! The error of token requests.
//!
//! Thousands of waiting callers may get the same error, so it is a shared pointer. Callers match on its kind; the
//! reason itself is private.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use super::reason::{ErrorResponse, PERMANENT, Reason};
use super::{Cause, TokenErrorKind};
use crate::sign_in::CallbackError;

/// The error of a call that cannot obtain a token. All callers of one refresh get the same error. Clones are cheap.
#[derive(Clone)]
pub struct TokenError {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    scheme: &'static str,
    /// The number of the engine that returned it.
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

    /// Marks the error as one of this engine. Only the engine that made the error may call this.
    pub(crate) fn of_engine(mut self, engine: u64) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.engine = Some(engine);
        }
        self
    }

    /// Returns the number of the engine that returned the error.
    pub(crate) fn engine(&self) -> Option<u64> {
        self.inner.engine
    }

    /// Returns the name of the scheme.
    pub fn scheme(&self) -> &str {
        self.inner.scheme
    }

    /// Returns the error of the application's code, its store or the HTTP client, if that is the cause. Its text is
    /// part of this error's text.
    pub fn get_ref(&self) -> Option<Cause<'_>> {
        match &self.inner.reason {
            Reason::Provider(error) | Reason::UserSignIn(error) | Reason::SubjectToken(error) => {
                Some(error.as_ref())
            }
            Reason::Transport(_, error) => error.get_ref(),
            Reason::Store(error) => error.get_ref(),
            _ => None,
        }
    }

    /// Returns the kind of the error, for callers that react to it.
    ///
    /// ```
    /// use credsmith_runtime::{TokenError, TokenErrorKind};
    ///
    /// fn advice(error: &TokenError) -> &'static str {
    ///     match error.kind() {
    ///         TokenErrorKind::InvalidClient => "check the client id and secret",
    ///         TokenErrorKind::SignInNeeded => "sign in again",
    ///         _ if error.is_transient() => "try again later",
    ///         _ => "log the error",
    ///     }
    /// }
    /// ```
    pub fn kind(&self) -> TokenErrorKind {
        self.inner.reason.kind()
    }

    /// Returns whether trying again later may help. This is the case after connection failures, time-outs and
    /// incomplete responses, after the errors `temporarily_unavailable` and `server_error`, after the statuses 408,
    /// 429 and 5xx except 501 and 505, and if a token store fails or another process holds its lease. It is not the
    /// case after errors such as `invalid_client`, whatever the status.
    pub fn is_transient(&self) -> bool {
        use super::TransportErrorKind::{Body, Connect, Timeout};
        match &self.inner.reason {
            Reason::Transport(_, error) => matches!(error.kind(), Connect | Timeout | Body),
            Reason::ErrorResponse(_, error_response) => error_response.is_transient(),
            Reason::Store(_) | Reason::LeaseHeld => true,
            _ => false,
        }
    }

    /// Returns whether no part of the request has reached the server, because no connection was made.
    pub(crate) fn is_unsent(&self) -> bool {
        use super::TransportErrorKind::Connect;
        matches!(&self.inner.reason, Reason::Transport(_, error) if error.kind() == Connect)
    }

    /// Returns whether the user has to sign in: [`TokenErrorKind::SignInNeeded`].
    pub fn is_sign_in_needed(&self) -> bool {
        self.kind() == TokenErrorKind::SignInNeeded
    }

    /// Returns whether the user has not entered the code of a device yet.
    pub(crate) fn is_pending(&self) -> bool {
        self.error() == Some("authorization_pending")
    }

    /// Returns whether the server asked for a longer polling interval.
    pub(crate) fn is_too_fast(&self) -> bool {
        self.error() == Some("slow_down")
    }

    fn as_callback_error(&self) -> Option<&CallbackError> {
        match &self.inner.reason {
            Reason::Callback(error) => Some(error),
            _ => None,
        }
    }

    /// Returns the server's error code (RFC 6749 sections 4.1.2.1 and 5.2).
    pub fn error(&self) -> Option<&str> {
        match self.as_callback_error() {
            Some(callback) => callback.error(),
            None => self.error_response()?.error.as_deref(),
        }
    }

    /// Returns the server's description of the error, on one line and of limited length.
    pub fn error_description(&self) -> Option<&str> {
        match self.as_callback_error() {
            Some(callback) => callback.error_description(),
            None => self.error_response()?.description.as_deref(),
        }
    }

    /// Returns the URL of the server's page about the error.
    pub fn error_uri(&self) -> Option<&str> {
        match self.as_callback_error() {
            Some(callback) => callback.error_uri(),
            None => self.error_response()?.uri.as_deref(),
        }
    }

    /// Returns the HTTP status of the server's response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        Some(self.error_response()?.status)
    }

    /// Returns the time to wait that the server asked for (`Retry-After`), at most about a century.
    pub fn retry_after(&self) -> Option<Duration> {
        self.error_response()?.retry_after
    }

    /// Returns whether the server will never accept these credentials or this request.
    pub(crate) fn is_permanent(&self) -> bool {
        self.error().is_some_and(|code| PERMANENT.contains(&code))
    }

    /// Returns whether nothing was sent, so that no pause is needed.
    pub(crate) fn is_local(&self) -> bool {
        match &self.inner.reason {
            Reason::MissingCredentials(_) | Reason::Manual { .. } | Reason::Reentrant => true,
            Reason::User(needed) => needed.refused.is_none() && !needed.asked,
            _ => false,
        }
    }

    fn error_response(&self) -> Option<&ErrorResponse> {
        match &self.inner.reason {
            Reason::ErrorResponse(_, error_response) => Some(error_response),
            Reason::User(needed) => needed.refused.as_ref()?.error_response(),
            Reason::NoMetadata { cause, .. } => cause.error_response(),
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
