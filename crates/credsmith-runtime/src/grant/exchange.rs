//! Token exchange (RFC 8693): a token of another server is exchanged for one of this server.

use std::fmt;
use std::future::ready;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use crate::BoxError;
use crate::BoxFuture;
use crate::reply::SubjectTokenReply;

/// The type of most subject tokens (RFC 8693 section 3).
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// The parameters of a token exchange: the token that is exchanged, and the type of the token to request.
#[derive(Clone, Debug)]
pub struct TokenExchange(pub(crate) Box<Parts>);

/// Boxed, since most managers have another grant.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub(crate) subject_token: SubjectToken,
    pub(crate) subject_token_type: String,
    pub(crate) requested_token_type: Option<String>,
}

impl TokenExchange {
    /// Exchanges `subject_token`. It is an access token unless [`subject_token_type`](Self::subject_token_type) says
    /// otherwise.
    pub fn new(subject_token: impl Into<SubjectToken>) -> Self {
        Self(Box::new(Parts {
            subject_token: subject_token.into(),
            subject_token_type: ACCESS_TOKEN.to_owned(),
            requested_token_type: None,
        }))
    }

    /// Sets the type of the subject token, a URI of RFC 8693 section 3.
    #[must_use]
    pub fn subject_token_type(mut self, subject_token_type: impl Into<String>) -> Self {
        self.0.subject_token_type = subject_token_type.into();
        self
    }

    /// Sets the type of token to request. Without it the server decides. In both cases the response must contain a
    /// bearer token.
    #[must_use]
    pub fn requested_token_type(mut self, requested_token_type: impl Into<String>) -> Self {
        self.0.requested_token_type = Some(requested_token_type.into());
        self
    }
}

impl TokenExchange {
    pub(super) fn missing(&self) -> Vec<&'static str> {
        if self.0.subject_token.is_absent {
            vec!["subject_token"]
        } else {
            Vec::new()
        }
    }
}

type Supply = dyn Fn() -> BoxFuture<'static, Result<SecretString, BoxError>> + Send + Sync;

/// The token that is exchanged: a fixed one, or a closure that is called for each exchange, since subject tokens are
/// often short-lived. An empty token, such as the default, counts as absent: a token request then fails with an error
/// that says so.
///
/// The text of the closure's error becomes part of the [`TokenError`](crate::TokenError), so it must not contain a secret.
///
/// `Debug` does not show the token.
#[derive(Clone)]
pub struct SubjectToken {
    supply: Arc<Supply>,
    is_absent: bool,
    is_async: bool,
    fixed: Option<SecretString>,
}

impl SubjectToken {
    /// Calls a closure for the token. [`SubjectTokenReply`] lists the types that it may return. If it panics, the
    /// exchange fails.
    pub fn from_fn<R, K>(supply: impl Fn() -> R + Send + Sync + 'static) -> Self
    where
        R: SubjectTokenReply<K>,
    {
        Self {
            supply: Arc::new(move || supply().into_reply()),
            is_absent: false,
            is_async: R::IS_FUTURE,
            fixed: None,
        }
    }

    pub(crate) fn call(&self) -> BoxFuture<'static, Result<SecretString, BoxError>> {
        (self.supply)()
    }

    pub(crate) fn is_async(&self) -> bool {
        self.is_async
    }

    /// Returns the token, if it is always the same.
    pub(crate) fn fixed(&self) -> Option<&SecretString> {
        self.fixed.as_ref()
    }
}

impl From<SecretString> for SubjectToken {
    fn from(token: SecretString) -> Self {
        Self {
            is_async: false,
            fixed: Some(token.clone()),
            is_absent: token.expose_secret().is_empty(),
            supply: Arc::new(move || Box::pin(ready(Ok(token.clone())))),
        }
    }
}

impl Default for SubjectToken {
    fn default() -> Self {
        SecretString::default().into()
    }
}

impl From<String> for SubjectToken {
    fn from(token: String) -> Self {
        SecretString::from(token).into()
    }
}

impl From<&str> for SubjectToken {
    fn from(token: &str) -> Self {
        SecretString::from(token).into()
    }
}

impl fmt::Debug for SubjectToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubjectToken").finish_non_exhaustive()
    }
}
