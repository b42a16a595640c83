//! The engine of one manager.
//!
//! For each manager there is at most one refresh, and it is a straight line, to be read in [`refresh`]: provider,
//! store, refresh token, grant, user, save, install, wake, callback. It runs to its end in a [`place`] that no
//! caller and no runtime can take away, and callers only wait for its outcome. The store has one
//! [`writer`](self::store), which writes the latest state until nothing is left to write.
//!
//! The state is behind one mutex, which is never held across an await ([`state`]); what calls usually need of it
//! is published beside it ([`snapshot`]). One counter, the generation, says what still counts: what was
//! requested before the application set or cleared the token, or the user signed in, is not installed after it.
//!
//! | Where | What |
//! |---|---|
//! | [`cache`], [`cached_token`] | what a call gets; get, set, clear, invalidate |
//! | [`snapshot`], [`shard`], [`state_lock`] | reading without a lock |
//! | [`state`], [`failures`] | what is remembered, and every change of it |
//! | [`refresh`], [`exchange`], [`token_request`], [`endpoint`] | one refresh, its exchange, a token request, any request |
//! | [`place`], [`runtimes`], [`hook`], [`callback`] | where work and the application's code run |
//! | `store`, `writer` | what the store holds, and what it is to hold |
//! | [`sign_in`], [`device`], [`revocation`], [`introspection`], [`discovery`] | beside the refresh |

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

/// The locks and cells of [`state_lock`] and [`snapshot`]; their model replaces them.
mod sync {
    pub(super) use std::sync::{Mutex, MutexGuard};
    use std::time::Duration;

    pub(super) use atomic_refcell::{AtomicRefCell as TryCell, AtomicRefMut as ReadGuard};

    /// Lets a thread go on that was interrupted while it read, also one of lower priority.
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

/// A manager's engine. Shared by all clones of the manager, and by the work under way.
pub(crate) struct Engine {
    pub(crate) settings: Settings,
    pub(crate) counters: Counters,
    /// Tells this engine's errors apart from those of others.
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

    /// Lets go of work that nobody drives any more. Work in the background ends by itself.
    pub(crate) fn abandon(&self) {
        if self.is_in_background() {
            return;
        }
        let replaced = self.lock().abandon();
        drop(replaced);
    }

    pub(crate) fn error(&self, reason: Reason) -> TokenError {
        TokenError::new(self.settings.scheme, reason).of_engine(self.number)
    }

    /// Whether this engine has made the error.
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

/// A number that nothing else has in this process.
fn next_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
