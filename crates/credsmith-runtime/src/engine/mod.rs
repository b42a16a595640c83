//! The engine of one manager.
//!
//! Each manager has at most one refresh at a time. It is a linear sequence in [`refresh`]: provider, store, refresh
//! token, grant, user, save, set, wake, callback. It runs to its end in a [`place`] that no caller and no runtime can
//! cancel; callers only wait for its outcome. The store has one [`writer`](self::store), which writes the latest
//! state until no write is pending.
//!
//! The state is protected by one mutex, which is never held across an await ([`state`]). The data that most calls
//! need are published in snapshots ([`snapshot`]). A counter, the generation, decides which results are valid: a
//! token that was requested before the application set or cleared the token, or before the user signed in, is not set
//! afterwards.
//!
//! | Modules | Content |
//! |---|---|
//! | [`cache`], [`cached_token`] | the calls: get, set, clear and invalidate the token |
//! | [`snapshot`], [`shard`], [`state_lock`] | reading without a lock |
//! | [`state`], [`failures`] | the state, and all changes of it |
//! | [`refresh`], [`exchange`], [`token_request`], [`endpoint`] | one refresh, its exchange, a token request, any request |
//! | [`place`], [`runtimes`], [`hook`], [`callback`] | the threads and runtimes of work and of the application's code |
//! | `store`, `writer` | reading and writing the token store |
//! | [`sign_in`], [`device`], [`revocation`], [`introspection`], [`discovery`] | operations beside the refresh |

mod budget;
mod cache;
mod cached_token;
mod callback;
mod deadlines;
mod device;
mod discovery;
mod endpoint;
mod exchange;
mod existing_token;
mod failures;
mod hook;
mod introspection;
#[cfg(test)]
mod model;
mod place;
mod refresh;
mod revocation;
mod runtimes;
mod settings;
mod shard;
mod sign_in;
mod snapshot;
mod state;
mod state_lock;
mod store;
mod token_request;
mod writer;

/// The locks and cells of [`state_lock`] and [`snapshot`]. Their model replaces them.
mod sync {
    pub(super) use std::sync::{Mutex, MutexGuard};
    use std::time::Duration;

    pub(super) use atomic_refcell::{AtomicRefCell as TryCell, AtomicRefMut as ReadGuard};

    /// Lets an interrupted reader continue, even if its thread has a lower priority.
    pub(super) fn back_off(attempt: u32) {
        if attempt < 32 {
            std::thread::yield_now();
        } else {
            std::thread::sleep(Duration::from_micros(100));
        }
    }
}

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use self::cached_token::Snapshot;
pub(crate) use self::cached_token::{CachedToken, header_of};
pub(crate) use self::hook::InnerCalls;
pub(crate) use self::settings::{Address, Authorization, Endpoints, Settings};
use self::state::State;
use self::state_lock::{Locked, StateLock};
use crate::clock::Moment;
use crate::error::{Reason, TokenError};
use crate::policy::View;
use crate::statistics::Counters;

/// The engine of a manager. It is shared by all clones of the manager and by the work in progress.
pub(crate) struct Engine {
    pub(crate) settings: Settings,
    pub(crate) counters: Counters,
    /// Distinguishes errors of this engine from those of other engines.
    number: u64,
    state: StateLock<State, Snapshot>,
}

type LockedState<'s> = Locked<'s, State, Snapshot>;

impl Engine {
    pub(crate) fn new(settings: Settings) -> Arc<Self> {
        shard::observe();
        Arc::new(Self {
            settings,
            counters: Counters::default(),
            number: next_number(),
            state: StateLock::new(State::default()),
        })
    }

    /// Drops work that nobody polls any more. Work in the background ends by itself.
    pub(crate) fn drop_tasks(&self) {
        if self.is_in_background() {
            return;
        }
        let replaced = self.lock().take_tasks();
        drop(replaced);
    }

    pub(crate) fn error(&self, reason: Reason) -> TokenError {
        TokenError::new(self.settings.scheme, reason).of_engine(self.number)
    }

    /// Returns whether this engine returned the error.
    fn has_returned(&self, error: &TokenError) -> bool {
        error.engine() == Some(self.number)
    }

    fn view(&self, state: &State) -> View {
        state.view(&self.settings, self.is_in_background())
    }

    fn now(&self) -> Moment {
        Moment::now(self.settings.clock.as_ref())
    }

    fn lock(&self) -> LockedState<'_> {
        self.state.lock()
    }
}

/// Returns a number that is unique in this process.
fn next_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
