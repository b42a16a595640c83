//! Runtimes of tokio.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::task::JoinHandle;

use crate::block_on::block_on;

/// A handle to a runtime, which does not keep it running.
#[derive(Clone, Debug)]
pub(crate) struct Runtime(Handle);

impl PartialEq for Runtime {
    fn eq(&self, other: &Self) -> bool {
        self.0.id() == other.0.id()
    }
}

static IS_STARTED: AtomicBool = AtomicBool::new(false);

impl Runtime {
    /// Returns the crate's runtime: one thread, started when it is first needed, which never ends and must not be
    /// blocked. Returns `None` if the system cannot start a thread.
    pub(crate) fn background() -> Option<Self> {
        static STARTED: Mutex<Option<Runtime>> = Mutex::new(None);
        let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
        if started.is_none() {
            *started = start();
        }
        started.clone()
    }

    pub(crate) fn is_background_started() -> bool {
        IS_STARTED.load(Ordering::Acquire)
    }

    /// Returns the runtime around this call, if there is one.
    pub(crate) fn here() -> Option<Self> {
        Handle::try_current().ok().map(Self)
    }

    /// Returns the runtime of the application around this call, if there is one.
    pub(crate) fn of_the_caller() -> Option<Self> {
        let here = Self::here()?;
        (Self::background().as_ref() != Some(&here)).then_some(here)
    }

    pub(crate) fn handle(&self) -> &Handle {
        &self.0
    }

    /// Runs `work`, whether or not anybody waits for it.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(work);
    }

    /// Runs `work` as long as somebody waits for it. Returns `None` if the runtime has ended.
    pub(crate) fn run<F>(&self, work: F) -> AbortOnDrop<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        AbortOnDrop(self.0.spawn(work))
    }

    /// Runs `work` on this thread, with the runtime entered for its timers and sockets. Unlike in a task, `work` may
    /// also block, and run another runtime.
    pub(crate) fn block_on<F: Future>(&self, work: F) -> F::Output {
        let _entered = self.0.enter();
        block_on(work)
    }
}

fn start() -> Option<Runtime> {
    let runtime = Builder::new_current_thread().enable_all().build().ok()?;
    let handle = runtime.handle().clone();
    let thread = thread::Builder::new().name("credsmith".to_owned());
    thread
        .spawn(move || runtime.block_on(std::future::pending::<()>()))
        .ok()?;
    IS_STARTED.store(true, Ordering::Release);
    Some(Runtime(handle))
}

/// A task that is aborted when nobody waits for it any more.
pub(crate) struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T> Future for AbortOnDrop<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(Result::ok)
    }
}
