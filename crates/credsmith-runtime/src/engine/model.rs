//! The relay and the slot under loom: every interleaving of a few threads, up to a bound on
//! preemptions. Loom reports a lost wake-up as a deadlock.

/// What stands for `super::sync` here.
mod sync {
    use std::sync::Arc;

    use loom::sync::atomic::{AtomicUsize, Ordering};
    pub(super) use loom::sync::{Mutex, MutexGuard};

    /// `ArcSwapOption`, into which loom cannot see: the number of a value that is kept, written and
    /// read with the orderings that swapping a pointer has.
    pub(super) struct Published<E> {
        number: AtomicUsize,
        values: Mutex<Vec<Option<Arc<E>>>>,
    }

    impl<E> Published<E> {
        pub(super) fn store(&self, value: Option<Arc<E>>) {
            let number = {
                let mut values = self.values.lock().unwrap();
                values.push(value);
                values.len() - 1
            };
            self.number.store(number, Ordering::Release);
        }

        pub(super) fn load(&self) -> Option<Arc<E>> {
            let number = self.number.load(Ordering::Acquire);
            self.values.lock().unwrap()[number].clone()
        }
    }

    impl<E> Default for Published<E> {
        fn default() -> Self {
            Self {
                number: AtomicUsize::new(0),
                values: Mutex::new(vec![None]),
            }
        }
    }
}

#[expect(
    clippy::duplicate_mod,
    reason = "compiled once with the mutex of the standard library, and once with that of loom"
)]
#[path = "relay.rs"]
mod relay;
#[expect(clippy::duplicate_mod, reason = "as above")]
#[path = "slot.rs"]
mod slot;

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
        let driver = relay.driver().unwrap();
        assert!(relay.driver().is_none());
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
        let driver = relay.driver().unwrap();
        let dropping = thread::spawn(move || poll_once(driver));
        let happening = thread::spawn(move || event.happen());
        assert_eq!(block_on(relay), 7);
        dropping.join().unwrap();
        happening.join().unwrap();
    });
}

/// As much of the engine's state as publication depends on.
#[derive(Default)]
struct State {
    entry: Option<Arc<u32>>,
    epoch: u32,
}

/// What a refresh does that began in `epoch`.
fn install(slot: &Slot<State, u32>, epoch: u32, token: u32) {
    let mut state = slot.lock();
    if state.epoch == epoch {
        state.entry = Some(Arc::new(token));
        state.publish(state.entry.clone());
    }
}

/// What the application does.
fn replace(slot: &Slot<State, u32>, token: Option<u32>) {
    let mut state = slot.lock();
    state.epoch += 1;
    state.entry = token.map(Arc::new);
    state.publish(state.entry.clone());
}

#[test]
fn a_refresh_publishes_nothing_after_the_application_has_returned() {
    check(|| {
        let slot = Arc::new(Slot::new(State::default()));
        let refreshed = Arc::clone(&slot);
        let refresh = thread::spawn(move || install(&refreshed, 0, 1));
        let read = Arc::clone(&slot);
        let reader = thread::spawn(move || (read.published().load(), read.published().load()));
        replace(&slot, Some(2));
        assert_eq!(slot.published().load().as_deref(), Some(&2));
        replace(&slot, None);
        assert_eq!(slot.published().load(), None);
        refresh.join().unwrap();
        // Tokens follow one another as they were installed, for every reader.
        let (first, second) = reader.join().unwrap();
        assert!(!(first.as_deref() == Some(&2) && second.as_deref() == Some(&1)));
        assert_eq!(slot.published().load(), slot.lock().entry.clone());
    });
}
