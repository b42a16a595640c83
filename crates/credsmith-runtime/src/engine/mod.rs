//! The engine: one manager's state, and what a call does with it.
//!
//! Usually a call finds something published whose window the coarse clocks are inside, and hands out
//! its header value: no lock, no allocation. Else it takes the precise way: it reads the state
//! under a short lock that is never held across an await, and asks the pure policy, which says to
//! serve, to join the one refresh in flight or put one in place, or to fail.
//!
//! Once `invalidate`, `clear` or `set` has returned, no call that begins then hands out the token from
//! before.
//!
//! - [`entry`]: an installed token with its header values, and what is published of it.
//! - [`slot`]: the state, and what is published of it; [`published`]: a copy for each [`shard`] of
//!   threads. Modelled with loom.
//! - [`installed`]: the token as the application sees and changes it. [`state`]: what is installed, in
//!   flight and remembered, and every change of it. [`setbacks`]: what went wrong lately, and what has to
//!   wait because of it. [`sending`]: the refresh token, and the exchange under way with it.
//! - [`flight`]: the shared future that all callers wait for, and that belongs to none of them.
//! - [`relay`]: how many wait for one piece of work, whoever of them goes away; modelled with loom.
//! - [`renew`]: what a refresh does: provider, endpoint, installation, callback. [`application`]: the
//!   application's code, which may fail or panic.
//! - [`joint`]: other work that callers share, or that must not end with its caller.
//! - [`fetch`]: the exchange with the token endpoint, with retries: joint work, so that
//!   `fetch_token()` calls share it with each other and with a refresh.
//! - [`refresh`]: what is exchanged: a refresh token, as long as the server takes one, else the grant
//!   itself. [`user`]: the application's way to ask the user, where neither will do.
//! - [`authorize`], [`device`]: what the user's consent takes. [`revoke`]: the end of it.
//! - [`discover`]: the server's metadata. [`call`]: one request to any of its endpoints.
//! - [`schedule`]: the moments of a token's life. [`settings`]: what the manager was built with.
//! - `shared`: tokens from the store, and the lock under which one process fetches for all.
//! - `settle`: the store is told what the application did to the slot.
//! - [`drive`]: who polls a flight when its callers do not.

mod application;
mod authorize;
mod call;
mod device;
mod discover;
mod drive;
mod entry;
mod fetch;
mod flight;
mod installed;
mod joint;
#[cfg(test)]
mod model;
mod published;
mod refresh;
mod relay;
mod renew;
mod revoke;
mod schedule;
mod sending;
mod setbacks;
mod settings;
#[cfg(feature = "store")]
mod settle;
mod shard;
#[cfg(feature = "store")]
mod shared;
mod slot;
mod state;
mod user;

/// What [`relay`], [`slot`] and [`published`] are built on; their model has something else.
mod sync {
    pub(super) use std::sync::{Mutex, MutexGuard};
    use std::time::Duration;

    pub(super) use atomic_refcell::{AtomicRefCell as Flagged, AtomicRefMut as Look};

    /// Lets a thread go on that was interrupted with a flag up, also where it is of lower priority.
    pub(super) fn give_way(attempt: u32) {
        if attempt < 32 {
            std::thread::yield_now();
        } else {
            std::thread::sleep(Duration::from_micros(100));
        }
    }
}

use std::sync::Arc;

#[cfg(feature = "blocking")]
pub(crate) use self::drive::block_on;
use self::entry::Publication;
pub(crate) use self::entry::{Entry, header_of};
use self::flight::Flight;
pub(crate) use self::settings::{Address, Authorization, Endpoints, Settings};
use self::slot::{Locked, Slot};
use self::state::State;
use crate::clock::Moment;
use crate::error::{Reason, TokenError};
use crate::policy::{Decision, decide, window};
use crate::statistics::Counters;
use crate::trace::event;

/// A manager's engine. Shared by all clones of the manager, and by the flights in the air.
pub(crate) struct Engine {
    pub(crate) settings: Settings,
    pub(crate) counters: Counters,
    slot: Slot<State, Publication>,
    /// Whose turn it is at the store: not every store has a lock.
    #[cfg(feature = "store")]
    turn: Option<Arc<futures_util::lock::Mutex<()>>>,
}

impl Engine {
    pub(crate) fn new(settings: Settings) -> Arc<Self> {
        shard::observe();
        #[cfg(feature = "store")]
        let turn = settings.store.as_ref().map(|_| Arc::default());
        Arc::new(Self {
            settings,
            counters: Counters::default(),
            slot: Slot::new(State::default()),
            #[cfg(feature = "store")]
            turn,
        })
    }

    /// What is published, where the coarse clocks will do.
    #[inline]
    pub(crate) fn quick(&self) -> Option<sync::Look<'_, Publication>> {
        let now = self.settings.coarse();
        let found = self.slot.published().look()?;
        found.covers(now).then_some(found)
    }

    /// The entry to send with: the installed one, or that of the refresh this call waits for.
    pub(crate) async fn entry(self: &Arc<Self>) -> Result<Arc<Entry>, TokenError> {
        if let Some(entry) = self.quick().and_then(|found| found.entry()) {
            return Ok(entry);
        }
        match self.next_step()? {
            Step::Serve(entry) => Ok(entry),
            Step::Wait(flight) => {
                self.counters.waits.add();
                flight.await
            }
        }
    }

    /// The entry to send with, if there is one without waiting.
    pub(crate) fn try_entry(self: &Arc<Self>) -> Option<Arc<Entry>> {
        self.serve().ok()
    }

    /// The installed entry, with a refresh seen to where one is due; or what to do instead.
    fn serve(self: &Arc<Self>) -> Result<Arc<Entry>, (Decision, LockedState<'_>)> {
        let mut state = self.lock();
        let now = self.now();
        if self.watch_clocks(&mut state, now) {
            // Told without the lock: who listens may call the manager.
            drop(state);
            event!(
                debug,
                scheme = self.settings.scheme,
                "the clocks have parted: the machine slept, or the time was set"
            );
            state = self.lock();
        }
        let decision = decide(now, &state.view(&self.settings));
        match (decision, state.entry()) {
            (Decision::Serve, Some(entry)) => {
                self.widen(&state, &entry, now);
                Ok(entry)
            }
            (Decision::ServeAndRefresh, Some(entry)) => {
                let flight = state.join_or_start(self);
                drop(state);
                flight.nudge();
                Ok(entry)
            }
            _ => Err((decision, state)),
        }
    }

    /// Takes note of clocks that have parted since the installed token was looked at; false where they
    /// have not.
    fn watch_clocks(&self, state: &mut LockedState<'_>, now: Moment) -> bool {
        let moved = state.entry().and_then(|entry| entry.reanchored(now));
        let parted = moved.is_some();
        if let Some(moved) = moved {
            state.exchange(moved);
            self.publish(state, now);
        }
        parted
    }

    /// Publishes the entry anew, where the coarse clocks will do from now on.
    fn widen(&self, state: &LockedState<'_>, entry: &Entry, now: Moment) {
        if !entry.is_sendable() {
            return;
        }
        let window = window(now, &state.view(&self.settings), entry.anchor);
        // Where others look at all of it just now, it is seen to next time: a call waits for nobody.
        let published = self.slot.published().look().map(|found| found.window());
        if published.is_some_and(|published| published != window) && window.covers(now.into()) {
            self.publish(state, now);
        }
    }

    /// Lets callers see what is installed. The state stays locked meanwhile.
    fn publish(&self, state: &LockedState<'_>, now: Moment) {
        let published = state.entry().map(|entry| {
            let window = window(now, &state.view(&self.settings), entry.anchor);
            (entry, window)
        });
        state.publish(|shard| match &published {
            Some((entry, window)) => entry.publication(*window, shard),
            None => Publication::default(),
        });
    }

    fn next_step(self: &Arc<Self>) -> Result<Step, TokenError> {
        let (decision, mut state) = match self.serve() {
            Ok(entry) => return Ok(Step::Serve(entry)),
            Err(instead) => instead,
        };
        match (decision, state.last_failure()) {
            (Decision::AskCaller, _) => Err(self.error(Reason::Manual {
                expired: state.entry().is_some(),
                remedy: self.settings.grant.remedy(),
            })),
            (Decision::Fail, Some(repeated)) => Err(repeated),
            _ if flight::is_inside(self) => Err(self.error(Reason::Reentrant)),
            _ => {
                let flight = state.join_or_start(self);
                drop(state);
                flight.launch();
                Ok(Step::Wait(flight))
            }
        }
    }

    /// Lets go of the flights that nobody waits for any more.
    pub(crate) fn abandon(&self) {
        let forgotten = self.lock().abandon();
        drop(forgotten);
    }

    pub(crate) fn error(&self, reason: Reason) -> TokenError {
        TokenError::new(self.settings.scheme, reason)
    }

    fn now(&self) -> Moment {
        Moment::now(self.settings.clock.as_ref())
    }

    fn lock(&self) -> LockedState<'_> {
        self.slot.lock()
    }
}

type LockedState<'s> = Locked<'s, State, Publication>;

/// What a call does.
enum Step {
    Serve(Arc<Entry>),
    Wait(Flight),
}
