//! Where the engine's work runs: the one place that decides it.
//!
//! A refresh must come to its end whatever its callers and their runtimes do: an answer may hold the only
//! copy of a refresh token. So it runs on the crate's own thread ([`Place::Background`]), where nothing may
//! block; hooks, and transports and stores that the application handed in, run elsewhere. Where there is
//! no such thread, callers poll the work ([`Place::Callers`]).

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

/// Work under way, and one waiter for it. Clones wait for the same work.
pub(super) type Task<T> = Shared<BoxFuture<'static, Result<T, TokenError>>>;

/// The place of an engine's work.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// The crate's own thread. Callers only wait for the result.
    Background(Runtime),
    /// With whoever waits; where a tokio runtime runs around a call, as a task of it too.
    ///
    /// This is for targets without threads, for builds without tokio, and for tests with a clock of
    /// their own: work that runs in the tasks of a test has the same order each time.
    Callers,
}

impl Engine {
    /// The place for work that starts now. The background thread is not started before it is needed, so that a
    /// process may build managers and fork.
    pub(super) fn place(&self) -> Place {
        let own = Runtime::background;
        let background = self.settings.is_machine_clock.then(own).flatten();
        background.map_or(Place::Callers, Place::Background)
    }

    /// Whether work ends by itself, without anybody who polls it.
    pub(super) fn is_in_background(&self) -> bool {
        self.settings.is_machine_clock && Runtime::is_background_started()
    }

    /// Starts `work`, which ends whether or not anybody waits for it. A panic in it is an error for those who
    /// wait, and no more.
    pub(super) fn spawn<T: Clone + Send + Sync + 'static>(
        self: &Arc<Self>,
        work: impl Future<Output = Result<T, TokenError>> + Send + 'static,
    ) -> Task<T> {
        // Each future around another one takes its size once more: boxed, it takes two words.
        let work: BoxFuture<'static, _> = Box::pin(work);
        let work = AssertUnwindSafe(work).catch_unwind();
        let (scheme, engine) = (self.settings.scheme, Arc::clone(self));
        match self.place() {
            Place::Background(own) => {
                let (sender, receiver) = oneshot::channel();
                own.spawn(work.map(move |ended| {
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

    /// Lets go of the engine. With it go the hooks, the transport and the store of the application, which may
    /// block when they are dropped.
    pub(super) fn release(self: Arc<Self>) {
        let last = Arc::into_inner(self);
        if let Some(engine) = last.filter(Self::is_in_background) {
            drop(DropOnThread::new(engine));
        }
    }

    /// The same lease, which is given back where that may block.
    pub(super) fn given_back_off_thread(&self, lease: Lease) -> Lease {
        if self.is_in_background() {
            return Lease::new(lease.number(), DropOnThread::new(lease));
        }
        lease
    }

    /// Starts work that nobody waits for. Without a thread or a runtime it is not done.
    pub(super) fn spawn_detached(&self, work: impl Future<Output = ()> + Send + 'static) {
        let runtime = match self.place() {
            Place::Background(own) => Some(own),
            Place::Callers => Runtime::here(),
        };
        if let Some(runtime) = runtime {
            runtime.spawn(work);
        }
    }

    /// Whether a task ends by itself, without anybody who waits for it.
    pub(super) fn runs_by_itself(&self) -> bool {
        self.is_in_background() || Runtime::here().is_some()
    }

    /// Lets a task that nobody waits for make progress, where it needs callers to poll it: once with each
    /// call, which delays none of them.
    pub(super) fn poll_once<T: Clone>(&self, task: &Task<T>) {
        if !self.is_in_background() {
            let _ = task.clone().now_or_never();
        }
    }

    /// Runs code that may block the thread that polls it, on a thread of `pool`. Returns nothing if it panics.
    pub(super) async fn off_thread<T: Send + 'static>(
        &self,
        pool: &'static Pool,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        match self.place() {
            Place::Background(own) => pool.run_async(Some(own), work).await,
            Place::Callers => AssertUnwindSafe(work).catch_unwind().await.ok(),
        }
    }
}
