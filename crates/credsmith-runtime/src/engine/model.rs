//! The relay and the slot under loom: every interleaving of a few threads, up to a bound on
//! preemptions. Loom reports a lost wake-up as a deadlock.

/// What stands for `super::sync` here.
mod sync {
    pub(super) use loom::sync::{Mutex, MutexGuard};

    pub(super) type Look<'c, T> = MutexGuard<'c, T>;

    /// `AtomicRefCell`, into which loom cannot see: a mutex that is only ever tried.
    pub(super) struct Flagged<T>(Mutex<T>);

    impl<T> Flagged<T> {
        pub(super) fn new(value: T) -> Self {
            Self(Mutex::new(value))
        }

        pub(super) fn try_borrow_mut(&self) -> Result<Look<'_, T>, ()> {
            self.0.try_lock().map_err(drop)
        }
    }

    pub(super) fn give_way(_: u32) {
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
#[path = "published.rs"]
mod published;
#[expect(clippy::duplicate_mod, reason = "as above")]
#[path = "relay.rs"]
mod relay;
#[expect(clippy::duplicate_mod, reason = "as above")]
#[path = "slot.rs"]
mod slot;

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use loom::future::block_on;
use loom::sync::Mutex;
use loom::thread;

use self::relay::Relay;
use self::slot::Slot;

/// Something from outside that the work waits for, as a response that arrives.
#[derive(Default)]
struct Event {
    state: Mutex<(bool, Option<Waker>)>,
}

impl Event {
    fn happen(&self) {
        let waker = {
            let mut state = self.state.lock().unwrap();
            state.0 = true;
            state.1.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state.lock().unwrap();
        if state.0 {
            return Poll::Ready(());
        }
        state.1 = Some(context.waker().clone());
        Poll::Pending
    }

    async fn happened(&self) {
        poll_fn(|context| self.poll(context)).await;
    }
}

fn check(model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(2);
    builder.check(model);
}

fn relay(event: &Arc<Event>) -> Relay<u32> {
    let event = Arc::clone(event);
    Relay::new(|_| {
        Box::pin(async move {
            event.happened().await;
            7
        })
    })
}

fn poll_once(future: impl Future) {
    let mut future = pin!(future);
    let _ = future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
}

#[test]
fn every_waiter_has_the_outcome() {
    check(|| {
        let event = Arc::new(Event::default());
        let relay = relay(&event);
        let other = relay.clone();
        let waiter = thread::spawn(move || block_on(other));
        let happening = thread::spawn(move || event.happen());
        assert_eq!(block_on(relay), 7);
        assert_eq!(waiter.join().unwrap(), 7);
        happening.join().unwrap();
    });
}

#[test]
fn a_waiter_that_goes_away_takes_nothing_along() {
    check(|| {
        let event = Arc::new(Event::default());
        let relay = relay(&event);
        let leader = relay.clone();
        let leaving = thread::spawn(move || poll_once(leader));
        let happening = thread::spawn(move || event.happen());
        assert_eq!(block_on(relay), 7);
        leaving.join().unwrap();
        happening.join().unwrap();
    });
}

/// Work that announces its outcome, and then goes on for a while.
fn announcing(event: &Arc<Event>, ended: &Arc<Event>) -> Relay<u32> {
    let (event, ended) = (Arc::clone(event), Arc::clone(ended));
    Relay::new(move |announcer| {
        Box::pin(async move {
            announcer.announce(7);
            event.happened().await;
            ended.happen();
            8
        })
    })
}

#[test]
fn a_driven_work_lets_its_waiters_go_and_comes_to_its_end() {
    check(|| {
        let (event, ended) = (Arc::new(Event::default()), Arc::new(Event::default()));
        let relay = announcing(&event, &ended);
        let driver = relay.driver(false).unwrap();
        assert!(relay.driver(false).is_none());
        let driving = thread::spawn(move || block_on(driver));
        // Before the event: a driven work holds nobody up.
        assert_eq!(block_on(relay), 7);
        event.happen();
        driving.join().unwrap();
        block_on(ended.happened());
    });
}

#[test]
fn waiters_take_over_from_a_driver_that_is_dropped() {
    check(|| {
        let (event, ended) = (Arc::new(Event::default()), Arc::new(Event::default()));
        let relay = announcing(&event, &ended);
        let driver = relay.driver(false).unwrap();
        let dropping = thread::spawn(move || poll_once(driver));
        let happening = thread::spawn(move || event.happen());
        assert_eq!(block_on(relay), 7);
        dropping.join().unwrap();
        happening.join().unwrap();
    });
}

loom::thread_local! {
    /// Whether this thread of a model waits, and drives nothing.
    static IS_WAITER: Cell<bool> = Cell::new(false);
}

/// Work that counts how often a waiter polls it.
fn choosy(event: &Arc<Event>, polled_by_waiters: &Arc<Mutex<u32>>) -> Relay<u32> {
    let (event, polled) = (Arc::clone(event), Arc::clone(polled_by_waiters));
    Relay::new(|_| {
        Box::pin(poll_fn(move |context| {
            *polled.lock().unwrap() += u32::from(IS_WAITER.with(Cell::get));
            event.poll(context).map(|()| 7)
        }))
    })
}

#[test]
fn the_waiters_of_a_sole_driver_do_not_poll() {
    check(|| {
        let (event, polled) = (Arc::new(Event::default()), Arc::default());
        let relay = choosy(&event, &polled);
        let driver = relay.driver(true).unwrap();
        assert!(relay.driver(false).is_none());
        let driving = thread::spawn(move || block_on(driver));
        let happening = thread::spawn(move || event.happen());
        IS_WAITER.with(|is| is.set(true));
        assert_eq!(block_on(relay), 7);
        driving.join().unwrap();
        happening.join().unwrap();
        assert_eq!(*polled.lock().unwrap(), 0);
    });
}

#[test]
fn waiters_take_over_from_a_sole_driver_that_is_dropped() {
    check(|| {
        let (event, ended) = (Arc::new(Event::default()), Arc::new(Event::default()));
        let relay = announcing(&event, &ended);
        let driver = relay.driver(true).unwrap();
        let dropping = thread::spawn(move || poll_once(driver));
        let happening = thread::spawn(move || event.happen());
        assert_eq!(block_on(relay), 7);
        dropping.join().unwrap();
        happening.join().unwrap();
    });
}

#[cfg(feature = "store")]
#[test]
fn a_helper_carries_on_what_its_waiters_do_not() {
    check(|| {
        let event = Arc::new(Event::default());
        let relay = relay(&event);
        let (helper, leader) = (relay.helper(), relay.clone());
        let leaving = thread::spawn(move || poll_once(leader));
        let happening = thread::spawn(move || event.happen());
        block_on(helper);
        assert_eq!(block_on(relay), 7);
        leaving.join().unwrap();
        happening.join().unwrap();
    });
}

#[cfg(feature = "store")]
#[test]
fn a_helper_keeps_nothing_alive() {
    check(|| {
        let relay = relay(&Arc::default());
        let mut helper = relay.helper();
        poll_once(&mut helper);
        drop(relay);
        block_on(helper);
    });
}

/// As much of the engine's state as publication depends on. What is published is the token's number,
/// and zero for none.
#[derive(Default)]
struct State {
    token: u32,
    epoch: u32,
}

/// What a refresh does that began in `epoch`.
fn install(slot: &Slot<State, u32>, epoch: u32, token: u32) {
    let mut state = slot.lock();
    if state.epoch == epoch {
        state.token = token;
        state.publish(|_| token);
    }
}

/// What the application does.
fn replace(slot: &Slot<State, u32>, token: u32) {
    let mut state = slot.lock();
    state.epoch += 1;
    state.token = token;
    state.publish(|_| token);
}

/// What a call finds, where it finds something.
fn look(slot: &Slot<State, u32>) -> Option<u32> {
    slot.published().look().map(|held| *held)
}

#[test]
fn a_refresh_publishes_nothing_after_the_application_has_returned() {
    check(|| {
        let slot = Arc::new(Slot::new(State::default()));
        let refreshed = Arc::clone(&slot);
        let refresh = thread::spawn(move || install(&refreshed, 0, 1));
        replace(&slot, 2);
        assert_eq!(look(&slot), Some(2));
        replace(&slot, 0);
        assert_eq!(look(&slot), Some(0));
        refresh.join().unwrap();
        assert_eq!(look(&slot), Some(slot.lock().token));
    });
}

#[test]
fn tokens_follow_one_another_as_they_were_installed() {
    check(|| {
        let slot = Arc::new(Slot::new(State::default()));
        replace(&slot, 1);
        let read = Arc::clone(&slot);
        let reader = thread::spawn(move || {
            shard::OWN.with(|own| own.set(0));
            let first = look(&read);
            shard::OWN.with(|own| own.set(1));
            (first, look(&read))
        });
        replace(&slot, 2);
        // Who returns from a change finds it published in every shard that nobody looks at just now.
        assert!(matches!(look(&slot), Some(2)));
        let seen = reader.join().unwrap();
        assert!(seen != (Some(2), Some(1)), "{seen:?}");
    });
}

#[test]
fn a_call_goes_to_another_shard_rather_than_wait() {
    check(|| {
        let slot = Arc::new(Slot::new(State::default()));
        replace(&slot, 1);
        let read = Arc::clone(&slot);
        let reader = thread::spawn(move || look(&read));
        // Of two threads at two shards, each finds one.
        assert_eq!(look(&slot), Some(1));
        assert_eq!(reader.join().unwrap(), Some(1));
    });
}
