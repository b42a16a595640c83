//! The runtimes of those who wait for one piece of work: where the hooks of the application run.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::runtime::Runtime;

/// The runtimes of the waiters, and that of the call which came last.
#[derive(Debug, Default)]
pub(super) struct Runtimes {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    waiting: BTreeMap<u64, Runtime>,
    next: u64,
    last: Option<Runtime>,
}

impl Runtimes {
    /// Those of work that this call starts.
    pub(super) fn of_this_call() -> Arc<Self> {
        let runtimes = Self::default();
        runtimes.lock().last = Runtime::of_the_caller();
        Arc::new(runtimes)
    }

    /// Adds the runtime of this call, as long as the call waits.
    pub(super) fn enter(self: &Arc<Self>) -> Entered {
        let Some(here) = Runtime::of_the_caller() else {
            return Entered(None);
        };
        let mut state = self.lock();
        state.next += 1;
        let number = state.next;
        state.last = Some(here.clone());
        state.waiting.insert(number, here);
        drop(state);
        Entered(Some((Arc::clone(self), number)))
    }

    /// The runtime of somebody who waits at this moment, and so keeps it running.
    pub(super) fn of_a_waiter(&self) -> Option<Runtime> {
        self.lock().waiting.values().next_back().cloned()
    }

    /// The runtime of the call that came last, which may have ended since.
    pub(super) fn last(&self) -> Option<Runtime> {
        self.lock().last.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that waits.
pub(super) struct Entered(Option<(Arc<Runtimes>, u64)>);

impl Drop for Entered {
    fn drop(&mut self) {
        if let Some((runtimes, number)) = self.0.take() {
            let left = runtimes.lock().waiting.remove(&number);
            drop(left);
        }
    }
}
