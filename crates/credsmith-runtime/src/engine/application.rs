//! The application's code, called from inside the engine: it may fail, panic, and ask the manager.

use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::FutureExt;

use super::Engine;
use crate::error::{Reason, TokenError};
use crate::provider::TokenUpdateCallback;
use crate::token::Token;
use crate::trace::event;
use crate::{BoxError, BoxFuture};

/// How the application's code failed.
pub(super) enum Failure {
    Panic,
    Error(BoxError),
}

impl Failure {
    /// The failure as an error of the manager. What the manager itself said inside the application's
    /// code is passed on as it is, so that callers see the server's answer and nothing around it.
    pub(super) fn into_error(
        self,
        engine: &Engine,
        panicked: Reason,
        failed: fn(BoxError) -> Reason,
    ) -> TokenError {
        match self {
            Self::Panic => engine.error(panicked),
            Self::Error(error) => match error.downcast::<TokenError>() {
                Ok(own) => *own,
                Err(other) => engine.error(failed(other)),
            },
        }
    }
}

/// Runs the application's code; a panic, before its future or in it, is a failure like others.
pub(super) async fn caught<'f, T, E: Into<BoxError>>(
    call: impl FnOnce() -> BoxFuture<'f, Result<T, E>>,
) -> Result<T, Failure> {
    let reply = catch_unwind(AssertUnwindSafe(call)).map_err(|_| Failure::Panic)?;
    let reply = AssertUnwindSafe(reply)
        .catch_unwind()
        .await
        .map_err(|_| Failure::Panic)?;
    reply.map_err(|error| Failure::Error(error.into()))
}

impl Engine {
    pub(super) async fn tell(&self, callback: &TokenUpdateCallback, token: Token) {
        event!(
            debug,
            scheme = self.settings.scheme,
            "update callback called"
        );
        if let Err(failure) = caught(move || callback.call(token)).await {
            self.counters.callback_failures.add();
            let panicked = matches!(failure, Failure::Panic);
            event!(
                warn,
                scheme = self.settings.scheme,
                panicked,
                "update callback failed; the token is kept"
            );
            let _ = panicked;
        }
    }
}
