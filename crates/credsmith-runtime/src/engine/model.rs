//! A loom model of the state's lock and its snapshots. It runs every interleaving of a few threads, up to a limit of
//! preemptions.

/// The replacement for `super::sync`.
mod sync {
    pub(super) use loom::sync::{Mutex, MutexGuard};

    pub(super) type ReadGuard<'c, T> = MutexGuard<'c, T>;

    /// The replacement for `AtomicRefCell`, which loom cannot check: a mutex that is only used with `try_lock`.
    pub(super) struct TryCell<T>(Mutex<T>);

    impl<T> TryCell<T> {
        pub(super) fn new(value: T) -> Self {
            Self(Mutex::new(value))
        }

        pub(super) fn try_borrow_mut(&self) -> Result<ReadGuard<'_, T>, ()> {
            self.0.try_lock().map_err(drop)
        }
    }

    pub(super) fn back_off(_: u32) {
        loom::thread::yield_now();
    }
}

/// Two shards. The test assigns one to each thread of the model.
mod shard {
    use std::cell::Cell;

    loom::thread_local! {
        pub(super) static OWN: Cell<usize> = Cell::new(0);
    }

    pub(super) fn count() -> usize {
        2
    }

    pub(super) fn of_this_thread(count: usize) -> usize {
        OWN.with(Cell::get) & (count - 1)
    }
}

#[expect(
    clippy::duplicate_mod,
    reason = "compiled once with the mutex of the standard library, and once with that of loom"
)]
#[path = "snapshot.rs"]
mod snapshot;
#[expect(clippy::duplicate_mod, reason = "as above")]
#[path = "state_lock.rs"]
mod state_lock;

use std::sync::Arc;

use loom::thread;

use self::state_lock::StateLock;

fn check(model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(2);
    builder.check(model);
}

/// The part of the engine's state that publication depends on. A published token is a number; zero means none.
#[derive(Default)]
struct State {
    token: u32,
    generation: u32,
}

/// Sets a token like a refresh that began in `generation`.
fn set_by_refresh(state: &StateLock<State, u32>, generation: u32, token: u32) {
    let mut state = state.lock();
    if state.generation == generation {
        state.token = token;
        state.publish(|_| token);
    }
}

/// Sets a token like the application.
fn set_by_application(state: &StateLock<State, u32>, token: u32) {
    let mut state = state.lock();
    state.generation += 1;
    state.token = token;
    state.publish(|_| token);
}

/// Returns the token that a call finds, if any.
fn seen(state: &StateLock<State, u32>) -> Option<u32> {
    state.snapshots().read().map(|held| *held)
}

#[test]
fn a_refresh_publishes_nothing_after_the_application_has_returned() {
    check(|| {
        let state = Arc::new(StateLock::new(State::default()));
        let refreshed = Arc::clone(&state);
        let refresh = thread::spawn(move || set_by_refresh(&refreshed, 0, 1));
        set_by_application(&state, 2);
        assert_eq!(seen(&state), Some(2));
        set_by_application(&state, 0);
        assert_eq!(seen(&state), Some(0));
        refresh.join().unwrap();
        assert_eq!(seen(&state), Some(state.lock().token));
    });
}

#[test]
fn tokens_follow_one_another_as_they_were_set() {
    check(|| {
        let state = Arc::new(StateLock::new(State::default()));
        set_by_application(&state, 1);
        let read = Arc::clone(&state);
        let reader = thread::spawn(move || {
            shard::OWN.with(|own| own.set(0));
            let first = seen(&read);
            shard::OWN.with(|own| own.set(1));
            (first, seen(&read))
        });
        set_by_application(&state, 2);
        // After a change returns, it is published in every shard that no thread is reading.
        assert!(matches!(seen(&state), Some(2)));
        let seen = reader.join().unwrap();
        assert!(seen != (Some(2), Some(1)), "{seen:?}");
    });
}

#[test]
fn a_call_goes_to_another_shard_rather_than_wait() {
    check(|| {
        let state = Arc::new(StateLock::new(State::default()));
        set_by_application(&state, 1);
        let read = Arc::clone(&state);
        let reader = thread::spawn(move || seen(&read));
        // Two threads and two shards: each thread finds one.
        assert_eq!(seen(&state), Some(1));
        assert_eq!(reader.join().unwrap(), Some(1));
    });
}
