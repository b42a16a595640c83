//! The runtimes of those who wait for one piece of work: where the hooks of the application run.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::runtime::Runtime;

/// The runtimes of the waiters, and that of the call which came last.
#[derive(Debug, Default)]
pub(super) struct Runtimes {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Each runtime with the number of its waiters; that of the latest new one is the last.
    waiting: Vec<(Runtime, usize)>,
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
        let known = state.waiting.iter_mut().find(|(known, _)| *known == here);
        if let Some((_, waiters)) = known {
            *waiters += 1;
        } else {
            // Most have one: the memory is that of thousands of managers.
            state.waiting.reserve_exact(1);
            state.waiting.push((here.clone(), 1));
        }
        state.last = Some(here.clone());
        drop(state);
        Entered(Some((Arc::clone(self), here)))
    }

    fn leave(&self, runtime: &Runtime) {
        let mut state = self.lock();
        let known = state.waiting.iter().position(|(known, _)| known == runtime);
        let Some(index) = known else {
            return;
        };
        state.waiting[index].1 -= 1;
        let left = (state.waiting[index].1 == 0).then(|| state.waiting.remove(index));
        drop(state);
        drop(left);
    }

    /// The runtime of somebody who waits at this moment, and so keeps it running.
    pub(super) fn of_a_waiter(&self) -> Option<Runtime> {
        let state = self.lock();
        state.waiting.last().map(|(runtime, _)| runtime.clone())
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
pub(super) struct Entered(Option<(Arc<Runtimes>, Runtime)>);

impl Drop for Entered {
    fn drop(&mut self) {
        if let Some((runtimes, own)) = self.0.take() {
            runtimes.leave(&own);
        }
    }
}
