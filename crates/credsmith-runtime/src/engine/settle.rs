//! What the application puts into the slot, or takes out of it, reaches the store too.
//!
//! Those calls do not wait, so the store is told behind them: at once where there is a driver, and
//! always before it is used next. Until then it owes: what it holds is no longer what counts.

use std::sync::Arc;
use std::time::Duration;

use super::drive::Driver;
use super::shared::{LOCK_LIMIT, TURN_LIMIT};
use super::state::State;
use super::{Engine, Entry};

/// What the store is to hold, whatever it held.
#[derive(Clone)]
pub(super) struct Owed {
    epoch: u64,
    /// None, where the slot was emptied.
    entry: Option<Arc<Entry>>,
}

impl State {
    /// The store is to hold what the slot holds.
    pub(super) fn owe(&mut self) {
        let (epoch, entry) = (self.epoch(), self.entry());
        *self.debt() = Some(Box::new(Owed { epoch, entry }));
    }

    /// The store is told otherwise.
    pub(super) fn forgive(&mut self) {
        *self.debt() = None;
    }

    /// Whether what the store holds is not what counts.
    pub(super) fn owes(&mut self) -> bool {
        self.debt().is_some()
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
            self.lock().owe();
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
        let is_done = match &owed.entry {
            Some(entry) => self.save(&entry.token()).await,
            None => self.unsave(None).await,
        };
        if held.is_none() {
            // It stays owed: whoever has the turn may still be saving, or removing, what was before.
            self.tell_again(owed.epoch);
            return false;
        }
        let settled = is_done.then(|| self.lock().settle(&owed));
        drop(settled);
        true
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
