//! What a refresh does: ask the provider, else the endpoint; install; call back.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use futures_util::FutureExt;
use secrecy::ExposeSecret;

use super::flight::{Outcome, Progress};
#[cfg(feature = "store")]
use super::shared::ToShare;
use super::{Engine, Entry};
use crate::BoxFuture;
use crate::error::{Reason, TokenError};
use crate::manager::TokenManager;
use crate::provider::TokenUpdateCallback;
use crate::reply::BoxError;
use crate::token::Token;
use crate::trace::event;

/// Without the feature `store` nothing is shared.
#[cfg(not(feature = "store"))]
type ToShare = std::convert::Infallible;

impl Engine {
    /// One refresh, from the decision to the callback.
    pub(super) async fn renew(self: &Arc<Self>, epoch: u64, progress: &Progress) -> Outcome {
        let (entry, to_share) = match self.obtain().await {
            Ok(obtained) => obtained,
            Err(error) => {
                self.note_failure(epoch, &error);
                return Err(error);
            }
        };
        if self.install(epoch, &entry) {
            self.counters.refreshes.add();
            self.afterwards(&entry, to_share, progress).await;
        } else {
            event!(
                debug,
                scheme = self.settings.scheme,
                "the token changed during the refresh; not installed"
            );
        }
        Ok(entry)
    }

    fn install(&self, epoch: u64, entry: &Arc<Entry>) -> bool {
        let now = self.now();
        let mut state = self.lock();
        let installed = state.install(epoch, entry, now);
        if installed {
            self.publish(&mut state, now);
        }
        installed
    }

    pub(super) fn note_failure(&self, epoch: u64, error: &TokenError) {
        let now = self.now();
        let keeps_token = {
            let mut state = self.lock();
            let keeps_token = state.fail(epoch, error, now);
            self.publish(&mut state, now);
            keeps_token
        };
        if keeps_token {
            self.counters.early_refresh_failures.add();
            event!(
                debug,
                scheme = self.settings.scheme,
                "early refresh failed; the token is kept"
            );
        } else {
            event!(
                debug,
                scheme = self.settings.scheme,
                status = status(error),
                "refresh failed"
            );
        }
    }

    async fn obtain(self: &Arc<Self>) -> Result<(Arc<Entry>, Option<ToShare>), TokenError> {
        if let Some(token) = self.ask_provider().await? {
            return Ok((self.entry_for(token, None), None));
        }
        #[cfg(feature = "store")]
        if let Some(store) = &self.settings.store {
            return self.obtain_shared(store).await;
        }
        Ok((self.fetched_entry().await?, None))
    }

    pub(super) async fn fetched_entry(self: &Arc<Self>) -> Result<Arc<Entry>, TokenError> {
        self.pause_before_fetch().await;
        let fetched = self.fetch().await?;
        Ok(self.entry_for(fetched.token, Some((fetched.sent, fetched.refresh_in))))
    }

    /// After a token that was over on arrival, the endpoint gets a moment's rest.
    async fn pause_before_fetch(&self) {
        let not_before = self.lock().fetch_not_before();
        let pause = not_before.saturating_sub(self.now().monotonic);
        if !pause.is_zero() {
            self.settings.clock.sleep(pause).await;
        }
    }

    /// The provider's answer, unless it is no help.
    async fn ask_provider(self: &Arc<Self>) -> Result<Option<Token>, TokenError> {
        let Some(provider) = &self.settings.provider else {
            return Ok(None);
        };
        self.counters.provider_calls.add();
        event!(
            debug,
            scheme = self.settings.scheme,
            "token provider called"
        );
        let last = self.lock().last_token();
        let manager = TokenManager::guest(Arc::clone(self));
        let answer = caught(move || provider.call(last, manager))
            .await
            .map_err(|failure| {
                self.counters.provider_failures.add();
                self.provider_error(failure)
            })?;
        let fresh = answer.filter(|token| self.is_answer(token));
        event!(
            debug,
            scheme = self.settings.scheme,
            answered = fresh.is_some(),
            "token provider returned"
        );
        Ok(fresh)
    }

    pub(super) fn is_answer(&self, token: &Token) -> bool {
        let empty = token.access_token().expose_secret().is_empty();
        !empty && !self.is_expired(token) && !self.lock().is_rejected(token)
    }

    /// What `fetch_token()` said inside the provider is passed on as it is, so that callers see the
    /// server's answer and not a provider around it.
    fn provider_error(&self, failure: Failure) -> TokenError {
        match failure {
            Failure::Panic => self.error(Reason::ProviderPanicked),
            Failure::Error(error) => match error.downcast::<TokenError>() {
                Ok(own) => *own,
                Err(other) => self.error(Reason::Provider(other)),
            },
        }
    }

    /// Saves the token for others, and tells the application. What is done at once is done before
    /// any caller goes on; for what takes its time nobody waits, where the flight is driven apart
    /// from its callers.
    async fn afterwards(&self, entry: &Arc<Entry>, to_share: Option<ToShare>, progress: &Progress) {
        let mut rest = pin!(async {
            #[cfg(feature = "store")]
            if let Some(to_share) = to_share {
                self.share(to_share).await;
            }
            #[cfg(not(feature = "store"))]
            let _ = to_share;
            if let Some(callback) = &self.settings.callback {
                self.tell(callback, entry.token()).await;
            }
        });
        if poll_fn(|context| Poll::Ready(rest.as_mut().poll(context).is_pending())).await {
            progress.publish(entry).await;
            rest.await;
        }
    }

    async fn tell(&self, callback: &TokenUpdateCallback, token: Token) {
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

/// How the application's code failed.
enum Failure {
    Panic,
    Error(BoxError),
}

/// Runs the application's code; a panic, before its future or in it, is a failure like others.
async fn caught<T>(
    call: impl FnOnce() -> BoxFuture<'static, Result<T, BoxError>>,
) -> Result<T, Failure> {
    let reply = catch_unwind(AssertUnwindSafe(call)).map_err(|_| Failure::Panic)?;
    let reply = AssertUnwindSafe(reply)
        .catch_unwind()
        .await
        .map_err(|_| Failure::Panic)?;
    reply.map_err(Failure::Error)
}

#[cfg_attr(
    not(feature = "tracing"),
    expect(dead_code, reason = "only events show it")
)]
fn status(error: &TokenError) -> Option<u16> {
    error.status().map(|status| status.as_u16())
}
