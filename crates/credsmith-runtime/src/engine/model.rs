//! The state's lock and its snapshots under loom: every interleaving of a few threads, up to a bound on
//! preemptions.

/// What stands for `super::sync` here.
mod sync {
    pub(super) use loom::sync::{Mutex, MutexGuard};

    pub(super) type ReadGuard<'c, T> = MutexGuard<'c, T>;

    /// `AtomicRefCell`, into which loom cannot see: a mutex that is only ever tried.
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

/// Two shards; a thread of the model has the one that the test gives it.
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

/// As much of the engine's state as publication depends on. What is published is the token's number,
/// and zero for none.
#[derive(Default)]
struct State {
    token: u32,
    generation: u32,
}

/// Installs a token as a refresh does that began in `generation`.
fn install(state: &StateLock<State, u32>, generation: u32, token: u32) {
    let mut state = state.lock();
    if state.generation == generation {
        state.token = token;
        state.publish(|_| token);
    }
}

/// What the application does.
fn replace(state: &StateLock<State, u32>, token: u32) {
    let mut state = state.lock();
    state.generation += 1;
    state.token = token;
    state.publish(|_| token);
}

/// What a call finds, where it finds something.
fn seen(state: &StateLock<State, u32>) -> Option<u32> {
    state.snapshots().read().map(|held| *held)
}

#[test]
fn a_refresh_publishes_nothing_after_the_application_has_returned() {
    check(|| {
        let state = Arc::new(StateLock::new(State::default()));
        let refreshed = Arc::clone(&state);
        let refresh = thread::spawn(move || install(&refreshed, 0, 1));
        replace(&state, 2);
        assert_eq!(seen(&state), Some(2));
        replace(&state, 0);
        assert_eq!(seen(&state), Some(0));
        refresh.join().unwrap();
        assert_eq!(seen(&state), Some(state.lock().token));
    });
}

#[test]
fn tokens_follow_one_another_as_they_were_installed() {
    check(|| {
        let state = Arc::new(StateLock::new(State::default()));
        replace(&state, 1);
        let read = Arc::clone(&state);
        let reader = thread::spawn(move || {
            shard::OWN.with(|own| own.set(0));
            let first = seen(&read);
            shard::OWN.with(|own| own.set(1));
            (first, seen(&read))
        });
        replace(&state, 2);
        // Who returns from a change finds it published in every shard that nobody looks at just now.
        assert!(matches!(seen(&state), Some(2)));
        let seen = reader.join().unwrap();
        assert!(seen != (Some(2), Some(1)), "{seen:?}");
    });
}

#[test]
fn a_call_goes_to_another_shard_rather_than_wait() {
    check(|| {
        let state = Arc::new(StateLock::new(State::default()));
        replace(&state, 1);
        let read = Arc::clone(&state);
        let reader = thread::spawn(move || seen(&read));
        // Of two threads at two shards, each finds one.
        assert_eq!(seen(&state), Some(1));
        assert_eq!(reader.join().unwrap(), Some(1));
    });
}
