//! Who polls a flight when its callers do not: a task of the tokio runtime that is there at that
//! moment, or a thread for a transport that blocks. Nothing is tied to the runtime that was there
//! when the manager was built.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use super::Settings;

/// A place to run a flight.
pub(super) enum Driver {
    #[cfg(feature = "reqwest")]
    Tokio(tokio::runtime::Handle),
    Thread,
}

impl Driver {
    /// The driver that fits the transport here and now.
    pub(super) fn find(settings: &Settings) -> Option<Self> {
        if settings.transport.is_blocking() {
            return Some(Self::Thread);
        }
        #[cfg(feature = "reqwest")]
        if let Ok(handle) = tokio::runtime::Handle::try_current() {
            return Some(Self::Tokio(handle));
        }
        None
    }

    /// Runs `work`; false where the system has no thread left.
    pub(super) fn drive(self, work: impl Future<Output = ()> + Send + 'static) -> bool {
        match self {
            #[cfg(feature = "reqwest")]
            Self::Tokio(handle) => {
                handle.spawn(work);
                true
            }
            Self::Thread => {
                let thread = thread::Builder::new().name("credsmith-refresh".to_owned());
                thread.spawn(|| block_on(work)).is_ok()
            }
        }
    }
}

/// Polls `future` to its end on this thread, which sleeps in between.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        thread::park();
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
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
