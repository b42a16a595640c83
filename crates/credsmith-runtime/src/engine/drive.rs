//! Who polls shared work when its callers do not: a task of the tokio runtime that is there at that
//! moment, or a thread for a transport that blocks. Nothing is tied to the runtime that was there
//! when the manager was built.
//!
//! A runtime may end, or never poll again, so callers poll what a task drives as well. What a thread
//! drives they leave to it: their deadlines would not hold, and whatever else their runtime has to do
//! would stand still, while they are blocked. Where either is gone, the callers go on.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

#[cfg(feature = "reqwest")]
use tokio::runtime::Handle;

use super::Settings;
use super::relay::Relay;

/// A place to run work.
pub(super) enum Driver {
    #[cfg(feature = "reqwest")]
    Task(Handle),
    Thread(Surroundings),
}

impl Driver {
    /// The driver that fits the transport here and now.
    pub(super) fn find(settings: &Settings) -> Option<Self> {
        if settings.transport.is_blocking() {
            return Some(Self::Thread(Surroundings::here()));
        }
        #[cfg(feature = "reqwest")]
        if let Ok(handle) = Handle::try_current() {
            return Some(Self::Task(handle));
        }
        None
    }

    /// Runs `work`; false where the system has no thread left.
    pub(super) fn drive(self, work: impl Future<Output = ()> + Send + 'static) -> bool {
        match self {
            #[cfg(feature = "reqwest")]
            Self::Task(handle) => {
                handle.spawn(work);
                true
            }
            Self::Thread(surroundings) => {
                let thread = thread::Builder::new().name("credsmith-refresh".to_owned());
                thread.spawn(move || surroundings.block_on(work)).is_ok()
            }
        }
    }

    /// Drives the work of `relay` to its end, unless that is being done; false as for `drive`.
    pub(super) fn launch<T>(self, relay: &Relay<T>) -> bool
    where
        T: Clone + Send + 'static,
    {
        let alone = matches!(self, Self::Thread(_));
        let driver = relay.driver(alone);
        driver.is_none_or(|driver| self.drive(driver))
    }
}

/// What code of the application finds around it: the runtime of the call that it runs for.
pub(super) struct Surroundings {
    #[cfg(feature = "reqwest")]
    runtime: Option<Handle>,
}

impl Surroundings {
    fn here() -> Self {
        Self {
            #[cfg(feature = "reqwest")]
            runtime: Handle::try_current().ok(),
        }
    }

    #[cfg_attr(
        not(feature = "reqwest"),
        expect(clippy::unused_self, reason = "then there is nothing around it")
    )]
    fn block_on(&self, work: impl Future<Output = ()>) {
        #[cfg(feature = "reqwest")]
        let _entered = self.runtime.as_ref().map(Handle::enter);
        block_on(work);
    }
}

/// Polls `future` to its end on this thread, which sleeps in between.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let alarm = Arc::new(Alarm {
        sleeper: thread::current(),
        has_rung: AtomicBool::new(false),
    });
    let waker = Waker::from(Arc::clone(&alarm));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        alarm.wait();
    }
}

/// Wakes one `block_on`. A thread has one token to park with, and others on the same thread take it:
/// another `block_on` inside of this one, a channel. So each has a flag of its own.
struct Alarm {
    sleeper: Thread,
    has_rung: AtomicBool,
}

impl Alarm {
    fn wait(&self) {
        while !self.has_rung.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.has_rung.store(true, Ordering::Release);
        self.sleeper.unpark();
    }
}

/// Lets everyone who waits for this future be polled once before it goes on.
pub(super) async fn yield_once() {
    let mut yielded = false;
    poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
