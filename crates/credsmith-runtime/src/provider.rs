//! The hooks that an application can set: the token provider, the user sign-in and the update callback.
//!
//! The first two run within the refresh that all callers share, at most once in each. If one of them panics, that
//! refresh fails.

use std::fmt;
use std::sync::Arc;

use crate::BoxError;
use crate::BoxFuture;
use crate::manager::TokenManager;
use crate::reply::{CallbackReply, ProviderReply};
use crate::token::Token;

type Provide<M> =
    dyn Fn(Option<Token>, M) -> BoxFuture<'static, Result<Option<Token>, BoxError>> + Send + Sync;
type Notify = dyn Fn(Token) -> BoxFuture<'static, Result<(), BoxError>> + Send + Sync;

/// Supplies tokens from another source, for example from a database that several processes share.
///
/// It is called with the last token, even if that has expired, and with the manager. If it returns no token, or an
/// expired one, the manager requests a token itself.
///
/// A provider may call `fetch_token()` of the manager that it is called with, since that does not call the provider.
/// `token()` of the same manager returns an error, since it would wait for the provider. A call on another clone of
/// the manager waits until the provider's time limit has passed
/// ([`hook_timeout`](crate::TokenManagerBuilder::hook_timeout)).
///
/// A closure that returns a future runs as a task on the tokio runtime of a waiting caller. If that runtime is no
/// longer driven, the provider fails at its time limit; if the runtime ends, it fails at once. Other closures, and
/// those of a refresh without waiting callers, run on threads of this crate, where they may block.
///
/// The text of its error becomes part of the [`TokenError`](crate::TokenError), so it must not contain a secret.
pub struct TokenProvider<M> {
    provide: Arc<Provide<M>>,
    is_async: bool,
}

impl<M: 'static> TokenProvider<M> {
    /// Wraps a closure. [`ProviderReply`] lists the types that it may return.
    pub fn new<R, K>(provide: impl Fn(Option<Token>, M) -> R + Send + Sync + 'static) -> Self
    where
        R: ProviderReply<K>,
    {
        Self {
            provide: Arc::new(move |last, manager| provide(last, manager).into_reply()),
            is_async: R::IS_FUTURE,
        }
    }

    pub(crate) fn call(
        &self,
        last: Option<Token>,
        manager: M,
    ) -> BoxFuture<'static, Result<Option<Token>, BoxError>> {
        (self.provide)(last, manager)
    }

    pub(crate) fn is_async(&self) -> bool {
        self.is_async
    }
}

impl<M> Clone for TokenProvider<M> {
    fn clone(&self) -> Self {
        Self {
            provide: Arc::clone(&self.provide),
            is_async: self.is_async,
        }
    }
}

impl<M> fmt::Debug for TokenProvider<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenProvider").finish_non_exhaustive()
    }
}

type Authorize<M> = dyn Fn(M) -> BoxFuture<'static, Result<Option<Token>, BoxError>> + Send + Sync;

/// Asks the user to sign in, if there is no token and no refresh token that the server accepts.
///
/// It is called with the manager, once for all callers that wait, and never during a refresh ahead of time. The token
/// that it returns is set. Usually it starts a sign-in and completes it:
///
/// ```
/// # async fn from_the_browser(_: &str) -> String { String::new() }
/// use credsmith_runtime::{TokenError, TokenManager, UserSignIn};
///
/// UserSignIn::new(|manager: TokenManager| async move {
///     let request = manager.start_sign_in().await?;
///     let callback_url = from_the_browser(request.url()).await;
///     manager.complete_sign_in(&request, &callback_url).await
/// });
/// ```
///
/// If it returns no token, or an expired one, callers get an error which says that the user has to sign in. During
/// the following cool-down all calls get the same error; after it the user is asked again. Within the closure,
/// `token()` of the manager returns an error, since it would wait for the closure.
///
/// The text of its error becomes part of the [`TokenError`](crate::TokenError), so it must not contain a secret.
pub struct UserSignIn<M> {
    authorize: Arc<Authorize<M>>,
    is_async: bool,
}

impl<M: 'static> UserSignIn<M> {
    /// Wraps a closure. [`ProviderReply`] lists the types that it may return.
    pub fn new<R, K>(authorize: impl Fn(M) -> R + Send + Sync + 'static) -> Self
    where
        R: ProviderReply<K>,
    {
        Self {
            authorize: Arc::new(move |manager| authorize(manager).into_reply()),
            is_async: R::IS_FUTURE,
        }
    }

    pub(crate) fn call(&self, manager: M) -> BoxFuture<'static, Result<Option<Token>, BoxError>> {
        (self.authorize)(manager)
    }

    pub(crate) fn is_async(&self) -> bool {
        self.is_async
    }
}

impl<M> Clone for UserSignIn<M> {
    fn clone(&self) -> Self {
        Self {
            authorize: Arc::clone(&self.authorize),
            is_async: self.is_async,
        }
    }
}

impl<M> fmt::Debug for UserSignIn<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserSignIn").finish_non_exhaustive()
    }
}

/// Receives each token that the manager has obtained itself, once, after it is in use.
///
/// Calls are made one at a time and in order. A failure is counted and logged; the token stays in use. Callbacks run in
/// the background: before a program ends, [`TokenManager::flush`](crate::TokenManager::flush) waits for them.
#[derive(Clone)]
pub struct TokenUpdateCallback {
    notify: Arc<Notify>,
}

impl TokenUpdateCallback {
    /// Wraps a closure. [`CallbackReply`] lists the types that it may return.
    pub fn new<R, K>(notify: impl Fn(Token) -> R + Send + Sync + 'static) -> Self
    where
        R: CallbackReply<K>,
    {
        Self {
            notify: Arc::new(move |token| notify(token).into_reply()),
        }
    }

    pub(crate) fn call(&self, token: Token) -> BoxFuture<'static, Result<(), BoxError>> {
        (self.notify)(token)
    }
}

impl fmt::Debug for TokenUpdateCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenUpdateCallback")
            .finish_non_exhaustive()
    }
}

/// Converts a provider that takes a generated manager to one that takes a [`TokenManager`].
pub fn map_provider<M>(provider: TokenProvider<M>) -> TokenProvider<TokenManager>
where
    M: From<TokenManager> + 'static,
{
    TokenProvider {
        provide: Arc::new(move |last, manager| (provider.provide)(last, M::from(manager))),
        is_async: provider.is_async,
    }
}

/// Converts a user sign-in that takes a generated manager to one that takes a [`TokenManager`].
pub fn map_user_sign_in<M>(hook: UserSignIn<M>) -> UserSignIn<TokenManager>
where
    M: From<TokenManager> + 'static,
{
    UserSignIn {
        authorize: Arc::new(move |manager| (hook.authorize)(M::from(manager))),
        is_async: hook.is_async,
    }
}
