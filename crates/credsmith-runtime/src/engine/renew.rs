//! What a refresh does: ask the provider, else the endpoint, else the user; install; call back.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use secrecy::ExposeSecret;

use super::application::caught;
use super::flight::{Outcome, Progress};
#[cfg(feature = "store")]
use super::shared::Held;
use super::{Engine, Entry};
use crate::error::{Reason, TokenError};
use crate::manager::TokenManager;
use crate::token::Token;
use crate::trace::event;

/// What a refresh has come to, before it is installed.
pub(super) struct Obtained {
    pub(super) entry: Arc<Entry>,
    /// It is installed, and saved, already.
    pub(super) is_adopted: bool,
    #[cfg(feature = "store")]
    pub(super) is_to_be_saved: bool,
    /// The lock that keeps other processes waiting for it.
    #[cfg(feature = "store")]
    pub(super) held: Option<Held>,
}

impl Obtained {
    pub(super) fn new(entry: Arc<Entry>) -> Self {
        Self {
            entry,
            is_adopted: false,
            #[cfg(feature = "store")]
            is_to_be_saved: false,
            #[cfg(feature = "store")]
            held: None,
        }
    }
}

impl Engine {
    /// One refresh, from the decision to the callback.
    pub(super) async fn renew(self: &Arc<Self>, epoch: u64, progress: &Progress) -> Outcome {
        let obtained = match self.obtain(epoch).await {
            Ok(obtained) => obtained,
            Err(error) => {
                self.note_failure(epoch, &error);
                return Err(error);
            }
        };
        let entry = Arc::clone(&obtained.entry);
        if self.settle(epoch, &obtained) {
            self.afterwards(epoch, obtained, progress).await;
        } else {
            event!(
                debug,
                scheme = self.settings.scheme,
                "the token changed during the refresh; not installed"
            );
            // The exchange may have begun after that change, and have been installed by itself.
            self.tell_of_adopted().await;
        }
        Ok(entry)
    }

    /// Installs what was obtained, if it is not installed already.
    fn settle(&self, epoch: u64, obtained: &Obtained) -> bool {
        if !obtained.is_adopted {
            return self.install(epoch, &obtained.entry);
        }
        let landed = self.lock().land(epoch);
        landed.is_some()
    }

    fn install(&self, epoch: u64, entry: &Arc<Entry>) -> bool {
        let now = self.now();
        let mut state = self.lock();
        // A provider may have had it refreshed, and with that installed.
        let is_counted = state.is_untold(entry);
        let installed = state.install(epoch, entry, now);
        if installed.is_some() {
            self.publish(&state, now);
            if !is_counted {
                self.counters.refreshes.add();
            }
        }
        drop(state);
        installed.is_some()
    }

    pub(super) fn note_failure(&self, epoch: u64, error: &TokenError) {
        let now = self.now();
        let mut state = self.lock();
        let failed = state.fail(epoch, error, now);
        self.publish(&state, now);
        drop(state);
        if failed.is_some_and(|failed| failed.keeps_token) {
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

    async fn obtain(self: &Arc<Self>, epoch: u64) -> Result<Obtained, TokenError> {
        if let Some(entry) = self.ask_provider().await? {
            return Ok(Obtained::new(entry));
        }
        match self.obtain_without_user().await {
            Ok(obtained) => Ok(obtained),
            // Who has signed out, or handed in a token, is not asked.
            Err(error) if self.lock().epoch() != epoch => Err(error),
            Err(error) => {
                let obtained = Obtained::new(self.ask_user(error).await?);
                Ok(self.to_be_shared(obtained).await)
            }
        }
    }

    async fn obtain_without_user(self: &Arc<Self>) -> Result<Obtained, TokenError> {
        #[cfg(feature = "store")]
        if let Some(store) = self.store() {
            return self.obtain_shared(store).await;
        }
        self.obtain_fetched().await
    }

    /// A token from the endpoint.
    pub(super) async fn obtain_fetched(self: &Arc<Self>) -> Result<Obtained, TokenError> {
        self.pause_before_fetch().await;
        let fetched = self.fetch().await?;
        Ok(match fetched.adopted {
            Some(entry) => Obtained {
                is_adopted: true,
                ..Obtained::new(entry)
            },
            None => Obtained {
                #[cfg(feature = "store")]
                held: fetched.held,
                ..Obtained::new(self.entry_for(fetched.token, fetched.issued))
            },
        })
    }

    /// What the user has brought is for others too.
    #[cfg(feature = "store")]
    async fn to_be_shared(&self, obtained: Obtained) -> Obtained {
        let Some(store) = self.store() else {
            return obtained;
        };
        Obtained {
            is_to_be_saved: true,
            held: self.hold(store).await,
            ..obtained
        }
    }

    /// Without the feature `store` nothing is shared.
    #[cfg(not(feature = "store"))]
    #[expect(clippy::unused_async, reason = "the signature of the one above")]
    async fn to_be_shared(&self, obtained: Obtained) -> Obtained {
        obtained
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
    async fn ask_provider(self: &Arc<Self>) -> Result<Option<Arc<Entry>>, TokenError> {
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
                failure.into_error(self, Reason::ProviderPanicked, Reason::Provider)
            })?;
        let fresh = answer
            .filter(|token| !self.is_due(token))
            .and_then(|token| self.as_answer(token));
        event!(
            debug,
            scheme = self.settings.scheme,
            answered = fresh.is_some(),
            "token provider returned"
        );
        Ok(fresh)
    }

    /// Whether this is the installed token, and another one is due.
    fn is_due(&self, token: &Token) -> bool {
        let now = self.now();
        let installed = self.lock().entry();
        installed.is_some_and(|installed| installed.has(token) && installed.schedule.is_due(now))
    }

    /// The entry of a token that came from elsewhere, if it is of use: it lives, it can be sent, and the
    /// API has not refused it.
    pub(super) fn as_answer(&self, token: Token) -> Option<Arc<Entry>> {
        let is_empty = token.access_token().expose_secret().is_empty();
        if is_empty || self.is_expired(&token) || self.lock().is_rejected(&token) {
            return None;
        }
        let entry = self.entry_for(token, None);
        if !entry.is_sendable() {
            event!(
                warn,
                scheme = self.settings.scheme,
                "a token from elsewhere cannot be sent, and counts as none"
            );
            return None;
        }
        Some(entry)
    }

    /// Saves the token for others, and tells the application. What is done at once is done before
    /// any caller goes on; for what takes its time nobody waits, where the flight is driven apart
    /// from its callers. A refreshed token is saved already.
    async fn afterwards(self: &Arc<Self>, epoch: u64, obtained: Obtained, progress: &Progress) {
        let entry = Arc::clone(&obtained.entry);
        // Without a store there is nothing more to decide.
        let _ = epoch;
        // Somebody else who waited for the same exchange may have told the application already.
        let is_told = obtained.is_adopted && self.lock().take_untold().is_none();
        let mut rest = pin!(async {
            #[cfg(feature = "store")]
            self.share(epoch, obtained).await;
            if let (Some(callback), false) = (&self.settings.callback, is_told) {
                self.tell(callback, entry.token()).await;
            }
        });
        if poll_fn(|context| Poll::Ready(rest.as_mut().poll(context).is_pending())).await {
            progress.publish(&entry).await;
            rest.await;
        }
    }

    /// Tells the application of a refreshed token, unless that has been done.
    pub(super) async fn tell_of_adopted(&self) {
        let untold = self.lock().take_untold();
        if let (Some(entry), Some(callback)) = (untold, &self.settings.callback) {
            self.tell(callback, entry.token()).await;
        }
    }
}

#[cfg_attr(
    not(feature = "tracing"),
    expect(dead_code, reason = "only events show it")
)]
fn status(error: &TokenError) -> Option<u16> {
    error.status().map(|status| status.as_u16())
}
