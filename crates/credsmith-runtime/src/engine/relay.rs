//! One piece of work that many wait for and any of them may carry on.
//!
//! Whichever waiter is polled first takes the work out of its slot, polls it, and puts it back; the
//! others leave their wakers. When the work wants to be polled again, all of them are woken, since
//! any may have gone away meanwhile. A waiter that is dropped takes nothing along.
//!
//! A driver carries the work to its end, and its waiters may poll the work as well; but what blocks the
//! thread that polls it is left to a sole driver as long as there is one: its waiters only wait.
//!
//! The outcome may be announced before the work ends. Waiters leave with it where a driver carries
//! the work to its end; without one they stay, or nobody would. Who waits for something else that the
//! work stands in the way of carries it on as a helper, and leaves it to its waiters whether it ends.
//!
//! Everything happens under one mutex, which is never held while the work, a waker or a drop of
//! either runs. The mutex comes from `super::sync`, because this module is compiled a second time
//! with that of loom: see `model`.

use std::collections::BTreeMap;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, Weak};
use std::task::{Context, Poll, Wake, Waker};

use super::sync::{Mutex, MutexGuard};

type Work<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A waiter; clones wait for the same work.
pub(super) struct Relay<T> {
    core: Arc<Core<T>>,
    key: Option<u64>,
}

struct Core<T> {
    state: Mutex<State<T>>,
    /// Wakes whoever is there.
    waker: Waker,
}

struct State<T> {
    stage: Stage<T>,
    outcome: Option<T>,
    driven: Driven,
    /// The work has asked to be polled again while it was being polled.
    is_woken: bool,
    waiting: BTreeMap<u64, Waker>,
    next_key: u64,
}

/// Who sees to it that the work comes to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Driven {
    /// Whoever waits.
    ByWaiters,
    /// A driver, and whoever waits.
    Too,
    /// A driver, and nobody else.
    Alone,
}

enum Stage<T> {
    Idle(Work<T>),
    Polled,
    Ended,
}

impl<T: Clone + Send + 'static> Relay<T> {
    /// Waits for what `work` makes, which is given the means to announce it early.
    pub(super) fn new(work: impl FnOnce(Announcer<T>) -> Work<T>) -> Self {
        let core = Arc::new_cyclic(|core: &Weak<Core<T>>| Core {
            state: Mutex::new(State {
                stage: Stage::Idle(work(Announcer(Weak::clone(core)))),
                outcome: None,
                driven: Driven::ByWaiters,
                is_woken: false,
                waiting: BTreeMap::new(),
                next_key: 0,
            }),
            waker: Waker::from(Arc::new(Bell(Weak::clone(core)))),
        });
        Self { core, key: None }
    }

    /// A future that carries the work to its end, whoever waits; `None` where there is one. `alone` is for
    /// work that blocks whoever polls it: nobody else does, as long as the driver is there.
    pub(super) fn driver(&self, alone: bool) -> Option<Driver<T>> {
        let mut state = self.core.lock();
        if state.is_driven() {
            return None;
        }
        state.driven = if alone { Driven::Alone } else { Driven::Too };
        drop(state);
        Some(Driver(self.clone()))
    }

    /// Polls the work for a waiter, unless that is for others. Whether it has ended.
    fn help(&mut self, context: &mut Context<'_>) -> bool {
        self.advance(context, |state| state.driven != Driven::Alone)
    }

    /// Polls the work, unless someone else does, if it `may`. Whether it has ended.
    fn advance(&mut self, context: &mut Context<'_>, may: fn(&State<T>) -> bool) -> bool {
        let mut work = {
            let mut state = self.core.lock();
            state.wait(&mut self.key, context);
            if !may(&state) {
                return matches!(state.stage, Stage::Ended);
            }
            match mem::replace(&mut state.stage, Stage::Polled) {
                Stage::Idle(work) => {
                    state.is_woken = false;
                    work
                }
                Stage::Polled => return false,
                Stage::Ended => {
                    state.stage = Stage::Ended;
                    return true;
                }
            }
        };
        let polled = work
            .as_mut()
            .poll(&mut Context::from_waker(&self.core.waker));
        let mut state = self.core.lock();
        let (ended, rest) = match polled {
            Poll::Ready(outcome) => {
                state.outcome.get_or_insert(outcome);
                state.stage = Stage::Ended;
                (true, Some(work))
            }
            Poll::Pending => {
                state.stage = Stage::Idle(work);
                (false, None)
            }
        };
        let woken = if ended || state.is_woken {
            mem::take(&mut state.waiting)
        } else {
            BTreeMap::new()
        };
        drop(state);
        drop(rest);
        woken.into_values().for_each(Waker::wake);
        ended
    }
}

impl<T> Core<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wakes everyone who waits, once the lock is released.
fn wake_all<T>(mut state: MutexGuard<'_, State<T>>) {
    let woken = mem::take(&mut state.waiting);
    drop(state);
    woken.into_values().for_each(Waker::wake);
}

impl<T> State<T> {
    fn is_driven(&self) -> bool {
        self.driven != Driven::ByWaiters
    }
}

impl<T: Clone> State<T> {
    fn wait(&mut self, key: &mut Option<u64>, context: &mut Context<'_>) {
        let key = *key.get_or_insert_with(|| {
            self.next_key += 1;
            self.next_key
        });
        match self.waiting.get_mut(&key) {
            Some(waker) => waker.clone_from(context.waker()),
            None => drop(self.waiting.insert(key, context.waker().clone())),
        }
    }

    /// What a waiter may leave with.
    fn leaving(&self) -> Option<T> {
        let may_leave = self.is_driven() || matches!(self.stage, Stage::Ended);
        self.outcome.clone().filter(|_| may_leave)
    }
}

impl<T: Clone + Send + 'static> Future for Relay<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        if let Some(outcome) = self.core.lock().leaving() {
            return Poll::Ready(outcome);
        }
        self.help(context);
        // Looked at again now that this waiter is known: what was announced before woke nobody.
        self.core
            .lock()
            .leaving()
            .map_or(Poll::Pending, Poll::Ready)
    }
}

impl<T> Clone for Relay<T> {
    fn clone(&self) -> Self {
        Self {
            core: Arc::clone(&self.core),
            key: None,
        }
    }
}

impl<T> Drop for Relay<T> {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            let waker = self.core.lock().waiting.remove(&key);
            drop(waker);
        }
    }
}

/// Carries the work on as long as anybody else wants it; of no outcome itself, and keeps nothing alive.
#[cfg(feature = "store")]
pub(super) struct Helper<T> {
    core: Weak<Core<T>>,
    key: Option<u64>,
}

#[cfg(feature = "store")]
impl<T: Clone + Send + 'static> Relay<T> {
    pub(super) fn helper(&self) -> Helper<T> {
        Helper {
            core: Arc::downgrade(&self.core),
            key: None,
        }
    }
}

#[cfg(feature = "store")]
impl<T> Helper<T> {
    /// The waiter that this one is while it is polled.
    fn waiter(&mut self) -> Option<Relay<T>> {
        let core = self.core.upgrade()?;
        let key = self.key.take();
        Some(Relay { core, key })
    }
}

#[cfg(feature = "store")]
impl<T: Clone + Send + 'static> Future for Helper<T> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(mut waiter) = self.waiter() else {
            return Poll::Ready(());
        };
        let ended = waiter.help(context);
        self.key = waiter.key.take();
        if ended {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

#[cfg(feature = "store")]
impl<T> Drop for Helper<T> {
    fn drop(&mut self) {
        drop(self.waiter());
    }
}

/// Carries the work to its end. When it is dropped before, the waiters take over.
pub(super) struct Driver<T>(Relay<T>);

impl<T: Clone + Send + 'static> Future for Driver<T> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0.advance(context, |_| true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

impl<T> Drop for Driver<T> {
    fn drop(&mut self) {
        let mut state = self.0.core.lock();
        state.driven = Driven::ByWaiters;
        wake_all(state);
    }
}

/// Tells the waiters the outcome before the work ends.
pub(super) struct Announcer<T>(Weak<Core<T>>);

impl<T> Announcer<T> {
    /// Lets the waiters go, if the work is driven; whether it is.
    pub(super) fn announce(&self, outcome: T) -> bool {
        let Some(core) = self.0.upgrade() else {
            return false;
        };
        let mut state = core.lock();
        state.outcome = Some(outcome);
        let is_driven = state.is_driven();
        if is_driven {
            wake_all(state);
        }
        is_driven
    }
}

struct Bell<T>(Weak<Core<T>>);

impl<T> Wake for Bell<T>
where
    T: Send + 'static,
{
    fn wake(self: Arc<Self>) {
        if let Some(core) = self.0.upgrade() {
            let mut state = core.lock();
            state.is_woken = true;
            wake_all(state);
        }
    }
}
