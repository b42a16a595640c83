//! The time that a refresh may spend on the token store.

use std::future::Future;
use std::time::Duration;

use super::Engine;

/// The remaining time that one refresh, or one write, may spend on the store.
pub(super) struct Budget(pub(super) Duration);

impl Engine {
    /// Returns the time that a refresh, or a write, that begins now may spend on the store.
    pub(super) fn store_budget(&self) -> Budget {
        Budget(self.settings.limits().store_timeout)
    }

    /// Returns the output of `work` if it ends before `budget` is spent.
    pub(super) async fn with_store_budget<T>(
        &self,
        budget: &mut Budget,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let begun = self.now().monotonic;
        let output = self.in_time(budget.0, work).await;
        let elapsed = self.now().monotonic.saturating_sub(begun);
        budget.0 = budget.0.saturating_sub(elapsed);
        output
    }
}
