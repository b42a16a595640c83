//! Decides where the engine's work runs.
//!
//! A refresh must finish whatever its callers and their runtimes do, because a response may contain the only copy of
//! a refresh token. It therefore runs on the crate's thread ([`Place::Background`]), which must not be blocked.
//! Hooks, and transports and stores of the application, run elsewhere. Without such a thread, callers poll the work
//! ([`Place::Callers`]).

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_channel::oneshot;
use futures_util::FutureExt;
use futures_util::future::Shared;

use super::Engine;
use crate::BoxFuture;
use crate::error::{Reason, TokenError};
use crate::runtime::Runtime;
use crate::store::Lease;
use crate::threads::{DropOnThread, Pool};

/// Work in progress, and one waiter for it. Clones wait for the same work.
pub(super) type Task<T> = Shared<BoxFuture<'static, Result<T, TokenError>>>;

/// The place of an engine's work.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// On the crate's thread. Callers only wait for the result.
    Background(Runtime),
    /// In the tasks of its waiters; if a call runs on a tokio runtime, as a task of it too.
    ///
    /// This is for targets without threads, for builds without tokio, and for tests with a manual clock: work in the
    /// tasks of a test has the same order each time.
    Callers,
}

impl Engine {
    /// Returns the place for new work. The background thread is not started before it is needed, so that a process
    /// may build managers and fork.
    pub(super) fn place(&self) -> Place {
        let start = Runtime::background;
        let background = self.settings.is_machine_clock.then(start).flatten();
        background.map_or(Place::Callers, Place::Background)
    }

    /// Returns whether work finishes without being polled by callers.
    pub(super) fn is_in_background(&self) -> bool {
        self.settings.is_machine_clock && Runtime::is_background_started()
    }

    /// Starts `work`, which finishes whether or not anybody waits for it. A panic becomes an error for its waiters.
    pub(super) fn spawn<T: Clone + Send + Sync + 'static>(
        self: &Arc<Self>,
        work: impl Future<Output = Result<T, TokenError>> + Send + 'static,
    ) -> Task<T> {
        // Each wrapper around a future adds the size of that future; a boxed one takes two words.
        let work: BoxFuture<'static, _> = Box::pin(work);
        let work = AssertUnwindSafe(work).catch_unwind();
        let (scheme, engine) = (self.settings.scheme, Arc::clone(self));
        match self.place() {
            Place::Background(runtime) => {
                let (sender, receiver) = oneshot::channel();
                runtime.spawn(work.map(move |ended| {
                    let lost = |_| Err(engine.error(Reason::Panicked));
                    let _ = sender.send(ended.unwrap_or_else(lost));
                    engine.release();
                }));
                let lost = move |_| Err(TokenError::new(scheme, Reason::Panicked));
                let ended = receiver.map(move |ended| ended.unwrap_or_else(lost));
                ended.boxed().shared()
            }
            Place::Callers => {
                let lost = move |_| Err(engine.error(Reason::Panicked));
                let task = work.map(|ended| ended.unwrap_or_else(lost));
                let task = task.boxed().shared();
                if let Some(here) = Runtime::here() {
                    here.spawn(task.clone().map(drop));
                }
                task
            }
        }
    }

    /// Drops the engine on a thread that may block: with it go the hooks, the transport and the store of the
    /// application.
    pub(super) fn release(self: Arc<Self>) {
        let last = Arc::into_inner(self);
        if let Some(engine) = last.filter(Self::is_in_background) {
            drop(DropOnThread::new(engine));
        }
    }

    /// Wraps a lease so that it is released on a thread that may block.
    pub(super) fn given_back_off_thread(&self, lease: Lease) -> Lease {
        if self.is_in_background() {
            return Lease::new(lease.number(), DropOnThread::new(lease));
        }
        lease
    }

    /// Starts work without waiters. Without a thread or a runtime the work is dropped.
    pub(super) fn spawn_detached(&self, work: impl Future<Output = ()> + Send + 'static) {
        let runtime = match self.place() {
            Place::Background(runtime) => Some(runtime),
            Place::Callers => Runtime::here(),
        };
        if let Some(runtime) = runtime {
            runtime.spawn(work);
        }
    }

    /// Returns whether a task finishes without waiters.
    pub(super) fn runs_by_itself(&self) -> bool {
        self.is_in_background() || Runtime::here().is_some()
    }

    /// Polls a task without waiters once, if it depends on callers. Each call does this, so that the task makes
    /// progress and no call is delayed.
    pub(super) fn poll_once<T: Clone>(&self, task: &Task<T>) {
        if !self.is_in_background() {
            let _ = task.clone().now_or_never();
        }
    }

    /// Runs code that may block on a thread of `pool`. Returns `None` if it panics.
    pub(super) async fn off_thread<T: Send + 'static>(
        &self,
        pool: &'static Pool,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        match self.place() {
            Place::Background(runtime) => pool.run_async(Some(runtime), work).await,
            Place::Callers => AssertUnwindSafe(work).catch_unwind().await.ok(),
        }
    }
}
