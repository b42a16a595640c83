//! The runtimes of the waiters of one piece of work. The hooks of the application run on them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::runtime::Runtime;

/// The runtimes of the waiters, and that of the last call.
#[derive(Debug, Default)]
pub(super) struct Runtimes {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Each runtime with the number of its waiters. The latest one is last.
    waiting: Vec<(Runtime, usize)>,
    last: Option<Runtime>,
}

impl Runtimes {
    /// Makes the runtimes of work that this call starts.
    pub(super) fn of_this_call() -> Arc<Self> {
        let runtimes = Self::default();
        runtimes.lock().last = Runtime::of_the_caller();
        Arc::new(runtimes)
    }

    /// Adds the runtime of this call, for as long as the call waits.
    pub(super) fn enter(self: &Arc<Self>) -> Entered {
        let Some(here) = Runtime::of_the_caller() else {
            return Entered(None);
        };
        let mut state = self.lock();
        let known = state.waiting.iter_mut().find(|(known, _)| *known == here);
        if let Some((_, waiters)) = known {
            *waiters += 1;
        } else {
            // Most have one. Thousands of managers may wait, so no more memory is reserved.
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

    /// Returns the runtime of a current waiter, which keeps it running.
    pub(super) fn of_a_waiter(&self) -> Option<Runtime> {
        let state = self.lock();
        state.waiting.last().map(|(runtime, _)| runtime.clone())
    }

    /// Returns the runtime of the last call, which may have ended since.
    pub(super) fn last(&self) -> Option<Runtime> {
        self.lock().last.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A waiting call.
pub(super) struct Entered(Option<(Arc<Runtimes>, Runtime)>);

impl Drop for Entered {
    fn drop(&mut self) {
        if let Some((runtimes, runtime)) = self.0.take() {
            runtimes.leave(&runtime);
        }
    }
}
