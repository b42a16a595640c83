//! The application's way to ask the user, inside the flight.

use std::sync::Arc;

use super::application::caught;
use super::{Engine, Entry};
use crate::error::{Reason, TokenError};
use crate::manager::TokenManager;
use crate::trace::event;

impl Engine {
    /// Asks the user where `error` says that nothing else helps, and somebody can. Not while there is
    /// a token that still lives: a refresh ahead of time disturbs nobody.
    pub(super) async fn ask_user(
        self: &Arc<Self>,
        error: TokenError,
    ) -> Result<Arc<Entry>, TokenError> {
        let Some(hook) = &self.settings.user_authorization else {
            return Err(error);
        };
        if !error.is_user_authorization_needed() || self.living_entry().is_some() {
            return Err(error);
        }
        self.counters.user_authorizations.add();
        event!(
            debug,
            scheme = self.settings.scheme,
            "user authorization called"
        );
        let manager = TokenManager::guest(Arc::clone(self));
        let answer = caught(move || hook.call(manager))
            .await
            .map_err(|failure| {
                self.counters.user_authorization_failures.add();
                let (panicked, failed) =
                    (Reason::UserAuthorizationPanicked, Reason::UserAuthorization);
                failure.into_error(self, panicked, failed)
            })?;
        let fresh = answer.and_then(|token| self.as_answer(token));
        event!(
            debug,
            scheme = self.settings.scheme,
            answered = fresh.is_some(),
            "user authorization returned"
        );
        fresh.ok_or_else(|| self.user_needed(None, true))
    }

    /// The installed entry, if its token still lives.
    pub(super) fn living_entry(&self) -> Option<Arc<Entry>> {
        let now = self.now();
        let entry = self.lock().entry();
        entry.filter(|entry| !entry.schedule.is_over(now))
    }
}
