//! Token exchange (RFC 8693): a token that somebody else issued is given for one of this server.

use std::fmt;
use std::future::ready;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use crate::BoxError;
use crate::BoxFuture;
use crate::reply::SubjectTokenReply;

/// The type of most subject tokens (RFC 8693 section 3).
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// What is exchanged, and for what.
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
    /// Exchanges `subject_token`, an access token unless another type is set.
    pub fn new(subject_token: impl Into<SubjectToken>) -> Self {
        Self(Box::new(Parts {
            subject_token: subject_token.into(),
            subject_token_type: ACCESS_TOKEN.to_owned(),
            requested_token_type: None,
        }))
    }

    /// What kind of token the subject token is.
    #[must_use]
    pub fn subject_token_type(mut self, subject_token_type: impl Into<String>) -> Self {
        self.0.subject_token_type = subject_token_type.into();
        self
    }

    /// What kind of token to ask for; without it, the server decides. What comes back must be a
    /// bearer token all the same.
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

/// The token that stands for whoever the new token is for: a fixed one, or a closure that is asked
/// anew for each exchange, since such tokens tend to live shortly. An empty one, as the default is,
/// counts as absent: the error of a fetch then says that it is not set.
///
/// The text of the closure's error becomes a part of the [`TokenError`](crate::TokenError), so it must hold no secret.
///
/// `Debug` shows nothing of it.
#[derive(Clone)]
pub struct SubjectToken {
    supply: Arc<Supply>,
    is_absent: bool,
    is_async: bool,
    fixed: Option<SecretString>,
}

impl SubjectToken {
    /// A closure that supplies the token: see [`SubjectTokenReply`] for what it may return. A panic
    /// in it is an error of that exchange.
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

    /// The token, where it is always the same.
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
