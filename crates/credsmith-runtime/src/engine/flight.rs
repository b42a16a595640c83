//! The refresh that all callers share.
//!
//! It is one boxed future behind a [`Relay`]: whichever waiter is awake polls it, and when one is
//! dropped the others go on. Where a runtime exists it is driven there as well, so that it outlives
//! callers whose deadline is shorter than the fetch. No caller can cancel or restart it, and neither can
//! the end of a runtime: whoever calls next drives it on.
//!
//! Its outcome is known before its end, since saving and the update callback come last. Waiters of
//! a flight that is driven elsewhere leave as soon as the token is installed; without a driver they
//! stay, or nobody would run the callback.

use std::cell::RefCell;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Waker};

use futures_util::FutureExt;

use super::drive::{self, Driver};
use super::relay::{Announcer, Relay};
use super::{Engine, Entry};
use crate::BoxFuture;
use crate::error::{Reason, TokenError};
use crate::trace::in_span;

pub(super) type Outcome = Result<Arc<Entry>, TokenError>;

/// One refresh, and one waiter for it; clones wait for the same one.
#[derive(Clone)]
pub(crate) struct Flight {
    relay: Relay<Outcome>,
    engine: Weak<Engine>,
}

/// Tells what is known of a flight before it ends.
pub(super) struct Progress(Announcer<Outcome>);

impl Progress {
    /// Lets the waiters of a driven flight go.
    pub(super) async fn publish(&self, entry: &Arc<Entry>) {
        if self.0.announce(Ok(Arc::clone(entry))) {
            drive::yield_once().await;
        }
    }
}

impl Flight {
    pub(super) fn new(engine: &Arc<Engine>, epoch: u64) -> Self {
        let relay = Relay::new(|announcer| {
            let work = guarded(Arc::clone(engine), epoch, Progress(announcer));
            Box::pin(Marked {
                engine: engine_id(engine),
                inner: Box::pin(work),
            })
        });
        Self {
            relay,
            engine: Arc::downgrade(engine),
        }
    }

    /// Has the flight driven apart from its callers, where that is possible.
    pub(super) fn launch(&self) -> bool {
        let engine = self.engine.upgrade();
        let place = engine.and_then(|engine| Driver::find(&engine.settings));
        place.is_some_and(|place| place.launch(&self.relay))
    }

    /// Sees to a refresh that nobody waits for. Without a driver, each call in the refresh window
    /// polls it once: it makes progress at the pace of the calls, and delays none of them.
    pub(super) fn nudge(&self) {
        if !self.launch() {
            let _ = self
                .relay
                .clone()
                .poll_unpin(&mut Context::from_waker(Waker::noop()));
        }
    }
}

impl Future for Flight {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        self.relay.poll_unpin(context)
    }
}

/// The work of a flight; a panic in it is an error for this flight and no more.
async fn guarded(engine: Arc<Engine>, epoch: u64, progress: Progress) -> Outcome {
    let work = engine.renew(epoch, &progress);
    let work = in_span!(work, "token_refresh", engine.settings.scheme);
    let work = AssertUnwindSafe(work).catch_unwind();
    work.await.unwrap_or_else(|_| {
        let error = engine.error(Reason::Panicked);
        engine.note_failure(epoch, &error);
        Err(error)
    })
}

thread_local! {
    /// The engines whose flights are being polled on this thread, innermost last.
    static INSIDE: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Whether this thread is inside a flight of `engine`: a wait for that flight would never end.
pub(super) fn is_inside(engine: &Arc<Engine>) -> bool {
    let inside = INSIDE.try_with(|inside| inside.borrow().contains(&engine_id(engine)));
    // A thread that is about to end has forgotten.
    inside.unwrap_or(false)
}

fn engine_id(engine: &Arc<Engine>) -> usize {
    Arc::as_ptr(engine).addr()
}

/// Marks the thread while the flight is polled.
struct Marked {
    engine: usize,
    inner: BoxFuture<'static, Outcome>,
}

impl Future for Marked {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        let _mark = Mark::set(self.engine);
        self.inner.as_mut().poll(context)
    }
}

/// What is in [`INSIDE`] as long as this lives.
struct Mark;

impl Mark {
    fn set(engine: usize) -> Self {
        let _ = INSIDE.try_with(|inside| inside.borrow_mut().push(engine));
        Self
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        let _ = INSIDE.try_with(|inside| inside.borrow_mut().pop());
    }
}
