//! The refresh that all callers share.
//!
//! It is one boxed future behind [`Shared`]: whichever waiter is awake polls it, and when one is
//! dropped the others go on. Where a runtime exists it is spawned as well, so that it outlives
//! callers whose deadline is shorter than the fetch. No caller can cancel or restart it.
//!
//! Its outcome is known before its end, since the update callback runs last. Waiters of a flight
//! that is driven elsewhere leave as soon as the token is installed; without a driver they stay, or
//! nobody would run the callback.

use std::cell::RefCell;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::task::{Context, Poll, Waker};

use futures_util::FutureExt;
use futures_util::future::Shared;

use super::drive::{self, Driver};
use super::{Engine, Entry};
use crate::BoxFuture;
use crate::error::{Reason, TokenError};
use crate::trace::in_span;

pub(super) type Outcome = Result<Arc<Entry>, TokenError>;

/// One refresh, and one waiter for it; clones wait for the same one.
#[derive(Clone)]
pub(crate) struct Flight {
    shared: Shared<BoxFuture<'static, Outcome>>,
    progress: Arc<Progress>,
    engine: Weak<Engine>,
}

/// What is known of a flight before it ends.
#[derive(Default)]
pub(super) struct Progress {
    installed: OnceLock<Arc<Entry>>,
    driven: AtomicBool,
}

impl Progress {
    /// Lets the waiters of a driven flight go.
    pub(super) async fn publish(&self, entry: &Arc<Entry>) {
        // Only the flight itself calls this, once.
        let _ = self.installed.set(Arc::clone(entry));
        if self.driven.load(Ordering::Acquire) {
            drive::yield_once().await;
        }
    }
}

impl Flight {
    pub(super) fn new(engine: &Arc<Engine>, epoch: u64) -> Self {
        let progress = Arc::new(Progress::default());
        let work = guarded(Arc::clone(engine), epoch, Arc::clone(&progress));
        let work = in_span!(work, "token_refresh", engine.settings.scheme);
        let work: BoxFuture<'static, Outcome> = Box::pin(Marked {
            engine: engine_id(engine),
            inner: Box::pin(work),
        });
        Self {
            shared: work.shared(),
            progress,
            engine: Arc::downgrade(engine),
        }
    }

    /// Has the flight driven apart from its callers, where that is possible.
    pub(super) fn launch(&self) -> bool {
        if self.progress.driven.swap(true, Ordering::AcqRel) {
            return true;
        }
        let Some(engine) = self.engine.upgrade() else {
            return false;
        };
        let driven = Driver::find(&engine.settings)
            .is_some_and(|driver| driver.drive(self.shared.clone().map(drop)));
        self.progress.driven.store(driven, Ordering::Release);
        driven
    }

    /// Sees to a refresh that nobody waits for. Without a driver, each call in the refresh window
    /// polls it once: it makes progress at the pace of the calls, and delays none of them.
    pub(super) fn nudge(&self) {
        if !self.launch() {
            let _ = self
                .shared
                .clone()
                .poll_unpin(&mut Context::from_waker(Waker::noop()));
        }
    }

    fn left_early(&self) -> Option<Outcome> {
        let driven = self.progress.driven.load(Ordering::Acquire);
        self.progress
            .installed
            .get()
            .filter(|_| driven)
            .map(|entry| Ok(Arc::clone(entry)))
    }
}

impl Future for Flight {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        if let Some(outcome) = self.left_early() {
            return Poll::Ready(outcome);
        }
        match self.shared.poll_unpin(context) {
            Poll::Ready(outcome) => Poll::Ready(outcome),
            // Looked at again now that this waiter is registered, or a publication in between
            // would go unnoticed.
            Poll::Pending => self.left_early().map_or(Poll::Pending, Poll::Ready),
        }
    }
}

/// The work of a flight; a panic in it is an error for this flight and no more.
async fn guarded(engine: Arc<Engine>, epoch: u64, progress: Arc<Progress>) -> Outcome {
    let work = AssertUnwindSafe(engine.renew(epoch, &progress)).catch_unwind();
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
    INSIDE.with_borrow(|inside| inside.contains(&engine_id(engine)))
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
        INSIDE.with_borrow_mut(|inside| inside.push(self.engine));
        // Nothing unwinds out of the work: it catches its panics itself.
        let polled = self.inner.as_mut().poll(context);
        INSIDE.with_borrow_mut(Vec::pop);
        polled
    }
}
