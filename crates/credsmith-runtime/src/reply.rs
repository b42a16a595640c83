//! The types that hooks may return: a value or a future of it, with or without a `Result`.
//!
//! The `Kind` parameters only keep the implementations apart. The compiler infers them from the closure, and callers
//! never write one.

use std::future::{Future, ready};

use secrecy::SecretString;

use crate::token::Token;
use crate::{BoxError, BoxFuture};

/// The kinds of reply. They are inferred and never written.
#[doc(hidden)]
pub mod kind {
    /// The value itself.
    #[derive(Debug)]
    pub struct Plain;
    /// An optional value.
    #[derive(Debug)]
    pub struct Optional;
    /// A result of the value.
    #[derive(Debug)]
    pub struct Fallible;
    /// A result of an optional value.
    #[derive(Debug)]
    pub struct FallibleOptional;
    /// A future of one of the others.
    #[derive(Debug)]
    pub struct Later<K>(K);
}

/// The types that a token provider may return: a [`Token`], an `Option` of one, a `Result` of either, or a future of
/// any of those. It is not meant to be implemented by other crates.
#[diagnostic::on_unimplemented(
    message = "a token provider returns a `Token`, an `Option<Token>`, a `Result` of either, or a future of one of those, not `{Self}`",
    note = "a future must be `Send + 'static`, and an error must convert into `Box<dyn Error + Send + Sync>`"
)]
pub trait ProviderReply<Kind>: Sized {
    /// Whether the reply is a future. A function that returns no future may block its thread.
    #[doc(hidden)]
    const IS_FUTURE: bool = false;

    #[doc(hidden)]
    fn into_reply(self) -> BoxFuture<'static, Result<Option<Token>, BoxError>>;
}

/// The types that an update callback may return: nothing, a `Result` of nothing, or a future of either. It is not
/// meant to be implemented by other crates.
#[diagnostic::on_unimplemented(
    message = "an update callback returns `()`, `Result<(), E>`, or a future of either, not `{Self}`",
    note = "a future must be `Send + 'static`, and an error must convert into `Box<dyn Error + Send + Sync>`"
)]
pub trait CallbackReply<Kind>: Sized {
    #[doc(hidden)]
    fn into_reply(self) -> BoxFuture<'static, Result<(), BoxError>>;
}

/// The types that the closure of a [`SubjectToken`](crate::SubjectToken) may return: a [`SecretString`], a `String`,
/// a `Result` of either, or a future of any of those. It is not meant to be implemented by other crates.
#[diagnostic::on_unimplemented(
    message = "a subject token is a `SecretString`, a `String`, a `Result` of either, or a future of one of those, not `{Self}`",
    note = "a future must be `Send + 'static`, and an error must convert into `Box<dyn Error + Send + Sync>`"
)]
pub trait SubjectTokenReply<Kind>: Sized {
    /// Whether the reply is a future. A function that returns no future may block its thread.
    #[doc(hidden)]
    const IS_FUTURE: bool = false;

    #[doc(hidden)]
    fn into_reply(self) -> BoxFuture<'static, Result<SecretString, BoxError>>;
}

impl ProviderReply<kind::Plain> for Token {
    fn into_reply(self) -> BoxFuture<'static, Result<Option<Token>, BoxError>> {
        Box::pin(ready(Ok(Some(self))))
    }
}

impl ProviderReply<kind::Optional> for Option<Token> {
    fn into_reply(self) -> BoxFuture<'static, Result<Option<Token>, BoxError>> {
        Box::pin(ready(Ok(self)))
    }
}

impl<E: Into<BoxError>> ProviderReply<kind::Fallible> for Result<Token, E> {
    fn into_reply(self) -> BoxFuture<'static, Result<Option<Token>, BoxError>> {
        Box::pin(ready(self.map(Some).map_err(Into::into)))
    }
}

impl<E: Into<BoxError>> ProviderReply<kind::FallibleOptional> for Result<Option<Token>, E> {
    fn into_reply(self) -> BoxFuture<'static, Result<Option<Token>, BoxError>> {
        Box::pin(ready(self.map_err(Into::into)))
    }
}

impl<F, K> ProviderReply<kind::Later<K>> for F
where
    F: Future + Send + 'static,
    F::Output: ProviderReply<K>,
{
    const IS_FUTURE: bool = true;

    fn into_reply(self) -> BoxFuture<'static, Result<Option<Token>, BoxError>> {
        Box::pin(async move {
            // Boxed before the await, so that the reply does not have to be `Send`.
            let reply = self.await.into_reply();
            reply.await
        })
    }
}

impl CallbackReply<kind::Plain> for () {
    fn into_reply(self) -> BoxFuture<'static, Result<(), BoxError>> {
        Box::pin(ready(Ok(())))
    }
}

impl<E: Into<BoxError>> CallbackReply<kind::Fallible> for Result<(), E> {
    fn into_reply(self) -> BoxFuture<'static, Result<(), BoxError>> {
        Box::pin(ready(self.map_err(Into::into)))
    }
}

impl<F, K> CallbackReply<kind::Later<K>> for F
where
    F: Future + Send + 'static,
    F::Output: CallbackReply<K>,
{
    fn into_reply(self) -> BoxFuture<'static, Result<(), BoxError>> {
        Box::pin(async move {
            let reply = self.await.into_reply();
            reply.await
        })
    }
}

impl<T: Into<SecretString>> SubjectTokenReply<kind::Plain> for T {
    fn into_reply(self) -> BoxFuture<'static, Result<SecretString, BoxError>> {
        Box::pin(ready(Ok(self.into())))
    }
}

impl<T: Into<SecretString>, E: Into<BoxError>> SubjectTokenReply<kind::Fallible> for Result<T, E> {
    fn into_reply(self) -> BoxFuture<'static, Result<SecretString, BoxError>> {
        Box::pin(ready(self.map(Into::into).map_err(Into::into)))
    }
}

impl<F, K> SubjectTokenReply<kind::Later<K>> for F
where
    F: Future + Send + 'static,
    F::Output: SubjectTokenReply<K>,
{
    const IS_FUTURE: bool = true;

    fn into_reply(self) -> BoxFuture<'static, Result<SecretString, BoxError>> {
        Box::pin(async move {
            let reply = self.await.into_reply();
            reply.await
        })
    }
}
