//! The token that is installed, as the application sees and changes it.

use std::sync::Arc;

use super::state::Refused;
use super::{Engine, Entry, LockedState};
use crate::policy::lifetime::is_expired;
use crate::token::Token;
use crate::trace::event;

impl Engine {
    /// The token that is installed, in whatever state.
    pub(crate) fn current(&self) -> Option<Token> {
        self.lock().entry().map(|entry| entry.token())
    }

    /// A token from an earlier run, before the first call: the store may have a newer one.
    pub(crate) fn begin_with(&self, token: Token) {
        let (entry, now) = (self.entry_for(token, None), self.now());
        let mut state = self.lock();
        let forgotten = state.replace(Some(entry));
        self.publish(&state, now);
        drop(state);
        drop(forgotten);
    }

    /// How often the slot has been emptied.
    pub(crate) fn cleared(&self) -> u64 {
        self.lock().cleared()
    }

    pub(crate) fn set(self: &Arc<Self>, token: Token) {
        self.replace(Some(self.entry_for(token, None)));
    }

    pub(crate) fn clear(self: &Arc<Self>) {
        self.replace(None);
    }

    /// What the application says counts, here and in the store.
    fn replace(self: &Arc<Self>, entry: Option<Arc<Entry>>) {
        self.put(self.lock(), entry);
        #[cfg(feature = "store")]
        if self.store().is_some() {
            self.begin_settlement();
        }
    }

    /// The slot changes at once; the store is owed it.
    pub(super) fn put(&self, mut state: LockedState<'_>, entry: Option<Arc<Entry>>) {
        let now = self.now();
        let forgotten = state.replace(entry);
        #[cfg(feature = "store")]
        if self.store().is_some() {
            state.owe();
        }
        self.publish(&state, now);
        drop(state);
        drop(forgotten);
    }

    /// Drops the installed token if it is `token`, and nothing newer. False where it is kept after
    /// all, because the API refuses every token.
    pub(crate) fn invalidate(&self, token: &Token) -> bool {
        let now = self.now();
        let mut state = self.lock();
        let refused = state.reject(token, now);
        if refused == Refused::Dropped {
            self.publish(&state, now);
        }
        drop(state);
        match refused {
            Refused::Dropped => {
                self.counters.invalidations.add();
                event!(
                    debug,
                    scheme = self.settings.scheme,
                    "the API did not accept the token; dropped"
                );
            }
            Refused::Kept => {
                event!(
                    warn,
                    scheme = self.settings.scheme,
                    "the API refuses one fresh token after the other; kept for a while"
                );
            }
            Refused::NotInstalled => {}
        }
        refused != Refused::Kept
    }

    pub(crate) fn is_expired(&self, token: &Token) -> bool {
        let margin = self.settings.margin(token).length;
        token
            .expires_at()
            .is_some_and(|expires_at| is_expired(expires_at, margin, self.settings.clock.wall()))
    }
}
