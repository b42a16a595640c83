//! The future of a header value.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::HeaderValue;

use super::TokenManager;
use crate::BoxFuture;
use crate::engine::header_of;
use crate::error::TokenError;

type Outcome = Result<HeaderValue, TokenError>;

/// Ready at once with a valid token. It is not an `async fn`, because the poll of one is not inlined into other
/// crates, which took a tenth of the call.
pub(super) struct Header<'m> {
    manager: &'m TokenManager,
    /// The future to wait for otherwise. Boxed, so that the usual case stays small.
    awaited: Option<BoxFuture<'m, Outcome>>,
}

impl<'m> Header<'m> {
    #[inline]
    pub(super) fn of(manager: &'m TokenManager) -> Self {
        Self {
            manager,
            awaited: None,
        }
    }

    #[cold]
    fn wait(&mut self, context: &mut Context<'_>) -> Poll<Outcome> {
        let manager = self.manager;
        let start = || -> BoxFuture<'m, Outcome> { Box::pin(manager.awaited_header()) };
        self.awaited
            .get_or_insert_with(start)
            .as_mut()
            .poll(context)
    }
}

impl Future for Header<'_> {
    type Output = Outcome;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        if self.awaited.is_none() {
            if let Some(found) = self.manager.engine.snapshot() {
                return Poll::Ready(Ok(header_of(found)));
            }
        }
        self.wait(context)
    }
}
