//! The time that a refresh may spend on the token store.

use std::future::Future;
use std::time::Duration;

use super::Engine;

const LIMIT: Duration = Duration::from_secs(10);

/// The rest of the time that one refresh, or one write, may spend on the store.
pub(super) struct Budget(pub(super) Duration);

impl Default for Budget {
    fn default() -> Self {
        Self(LIMIT)
    }
}

impl Engine {
    /// The output of `work`, if it ends before `budget` is spent.
    pub(super) async fn within<T>(
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
