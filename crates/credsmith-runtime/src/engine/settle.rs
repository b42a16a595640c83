//! What the application puts into the slot, or takes out of it, reaches the store too.
//!
//! Those calls do not wait, so the store is told behind them: at once where there is a driver, and
//! always before it is used next. Until then it owes: what it holds is no longer what counts.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::drive::Driver;
use super::shared::{LOCK_LIMIT, TURN_LIMIT};
use super::state::State;
use super::{Engine, Entry};
use crate::store::TokenStore;
use crate::token::Token;

/// What the store is to hold, whatever it held.
#[derive(Clone)]
pub(super) struct Owed {
    epoch: u64,
    /// Whether it is what the application said; else what a refresh brought, and could not be saved.
    is_said: bool,
    /// None, where the slot was emptied.
    entry: Option<Arc<Entry>>,
}

/// How far what the store holds can be relied on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    Whole,
    /// Only what certainly came after a token that could not be saved, and that has this expiry.
    Later(Option<SystemTime>),
    /// Not before it knows what the application has said.
    No,
}

impl Trust {
    /// Whether a token that the store holds can be relied on.
    pub(super) fn covers(self, stored: &Token) -> bool {
        match self {
            Self::Whole => true,
            Self::No => false,
            Self::Later(than) => stored
                .expires_at()
                .zip(than)
                .is_some_and(|(it, than)| it > than),
        }
    }
}

impl Owed {
    fn trust(&self) -> Trust {
        if self.is_said {
            Trust::No
        } else {
            Trust::Later(self.entry.as_ref().and_then(|entry| entry.expires_at()))
        }
    }
}

impl State {
    /// The store is to hold what the slot holds, as the application said.
    pub(super) fn owe(&mut self) {
        self.owe_as(true);
    }

    /// The same of what could not be saved.
    fn owe_unsaved(&mut self) {
        let is_said = self.debt().as_ref().is_some_and(|owed| owed.is_said);
        self.owe_as(is_said);
    }

    fn owe_as(&mut self, is_said: bool) {
        let (epoch, entry) = (self.epoch(), self.entry());
        *self.debt() = Some(Box::new(Owed {
            epoch,
            is_said,
            entry,
        }));
    }

    /// The store is told otherwise.
    pub(super) fn forgive(&mut self) {
        *self.debt() = None;
    }

    /// Whether the store is still to be told something.
    pub(super) fn owes(&mut self) -> bool {
        self.debt().is_some()
    }

    /// How far what the store holds can be relied on.
    pub(super) fn trust(&mut self) -> Trust {
        self.debt()
            .as_ref()
            .map_or(Trust::Whole, |owed| owed.trust())
    }

    /// The store has been told, unless there is something new by now.
    fn settle(&mut self, paid: &Owed) -> Option<Box<Owed>> {
        self.debt().take_if(|open| open.epoch == paid.epoch)
    }
}

impl Engine {
    /// Begins to tell the store what the slot holds now.
    pub(super) fn begin_settlement(self: &Arc<Self>) {
        // Without a driver it is left to whoever uses the store next.
        if let Some(place) = Driver::find(&self.settings) {
            let engine = Arc::clone(self);
            place.drive(async move {
                if !engine.settled_within(LOCK_LIMIT).await {
                    engine.settled_within(TURN_LIMIT).await;
                }
            });
        }
    }

    /// What could not be saved is still owed: the store may hold a refresh token that is spent.
    pub(super) fn owe_unless(&self, is_saved: bool) {
        if !is_saved {
            self.lock().owe_unsaved();
        }
    }

    /// Tells the store what it is owed, once: of what is said meanwhile, it is told apart. A store that
    /// fails is told again when it is used next.
    pub(super) async fn settled(self: &Arc<Self>) {
        self.settled_within(LOCK_LIMIT).await;
    }

    /// The same, after so long also out of turn. False where it was.
    async fn settled_within(self: &Arc<Self>, limit: Duration) -> bool {
        if !self.lock().owes() {
            return true;
        }
        let Some(store) = self.store() else {
            return true;
        };
        let held = self.hold_within(limit, store).await;
        let owed = self.lock().debt().clone();
        // Whoever had the turn before may have paid.
        let Some(owed) = owed else {
            return true;
        };
        let is_done = self.pay(store, &owed).await;
        if held.is_none() {
            // It stays owed: whoever has the turn may still be saving, or removing, what was before.
            self.tell_again(owed.epoch);
            return false;
        }
        let settled = is_done.then(|| self.lock().settle(&owed));
        drop(settled);
        true
    }

    /// Whether the store holds what it is owed, or what another process has put there since.
    async fn pay(&self, store: &Arc<dyn TokenStore>, owed: &Owed) -> bool {
        if !owed.is_said {
            let stored = self.stored(store).await;
            if stored.is_some_and(|stored| owed.trust().covers(&stored)) {
                return true;
            }
        }
        match &owed.entry {
            Some(entry) => self.save(&entry.token()).await,
            None => self.unsave(None).await,
        }
    }

    /// Tells the store again what the application has said since `epoch`: of what was saved since, not
    /// everything has waited its turn, and what came last may be what was before.
    pub(super) fn tell_again(self: &Arc<Self>, epoch: u64) {
        let mut state = self.lock();
        if state.epoch() != epoch {
            state.owe();
            drop(state);
            self.begin_settlement();
        }
    }
}
