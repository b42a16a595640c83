//! What the application puts into the slot, or takes out of it, reaches the store too.
//!
//! Those calls do not wait, so the store is told behind them: at once where there is a driver, and
//! always before it is used next. Until then it owes: what it holds is no longer what counts.

use std::sync::Arc;

use super::joint::Joint;
use super::relay::Relay;
use super::state::State;
use super::{Engine, Entry};
use crate::error::TokenError;

/// What the store is still to be told.
#[derive(Default)]
pub(super) struct Debt {
    owed: Option<Owed>,
    settlement: Option<Joint<()>>,
}

/// What the store is to hold, whatever it held.
#[derive(Clone)]
struct Owed {
    epoch: u64,
    /// None, where the slot was emptied.
    entry: Option<Arc<Entry>>,
}

impl State {
    /// The store is to hold what the slot holds.
    pub(super) fn owe(&mut self) {
        let (epoch, entry) = (self.epoch(), self.entry());
        self.debt().get_or_insert_default().owed = Some(Owed { epoch, entry });
    }

    /// The store is told otherwise.
    pub(super) fn forgive(&mut self) {
        if let Some(debt) = self.debt() {
            debt.owed = None;
        }
    }

    fn owed(&mut self) -> Option<Owed> {
        self.debt().as_ref()?.owed.clone()
    }

    /// The store has been told, unless there is something new by now.
    fn settle(&mut self, paid: &Owed) -> Option<Owed> {
        let debt = self.debt().as_mut()?;
        debt.owed.take_if(|open| open.epoch == paid.epoch)
    }
}

impl Engine {
    /// Begins to tell the store what the slot holds now.
    pub(super) fn begin_settlement(self: &Arc<Self>) {
        // Without a driver it is left to whoever uses the store next.
        drop(self.settlement());
    }

    /// Waits until the store has been told.
    pub(super) async fn settled(self: &Arc<Self>) {
        let owed = self.lock().owed();
        if owed.is_some() {
            // A store that fails is passed over, here as elsewhere.
            let _ = self.settlement().await;
        }
    }

    fn settlement(self: &Arc<Self>) -> Relay<Result<(), TokenError>> {
        self.join(
            |state| &mut state.debt().get_or_insert_default().settlement,
            |engine, _| {
                Box::pin(async move {
                    engine.settle_debt().await;
                    Ok(())
                })
            },
        )
    }

    async fn settle_debt(&self) {
        let Some(store) = self.store() else {
            return;
        };
        let held = self.hold(store).await;
        loop {
            let owed = self.lock().owed();
            let Some(owed) = owed else {
                break;
            };
            match &owed.entry {
                Some(entry) => self.save(&entry.token()).await,
                None => self.unsave(None).await,
            }
            let settled = self.lock().settle(&owed);
            drop(settled);
        }
        drop(held);
    }
}
