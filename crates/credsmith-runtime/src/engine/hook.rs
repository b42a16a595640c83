//! Hooks: the application's token provider, user sign-in, subject token and update callback. They may fail, panic,
//! block, never return, and call the manager.
//!
//! In the background an async hook is a task on the runtime of a caller that waits for the result, since it may need
//! resources of that runtime. If there is no such caller, if the task does not start, and for plain functions, the
//! hook runs on a thread for hooks. Each hook has a time limit, which includes the wait for such a thread.

use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use futures_timer::Delay;
use futures_util::FutureExt;
use futures_util::future::{Either, select};
use futures_util::task::AtomicWaker;

use super::Engine;
use super::place::Place;
use super::runtimes::Runtimes;
use crate::clock::Clock;
use crate::error::{Reason, TokenError};
use crate::runtime::Runtime;
use crate::threads::HOOKS;
use crate::{BoxError, BoxFuture};

/// The failure of a hook.
pub(super) enum HookFailure {
    Panic,
    Error(BoxError),
}

impl HookFailure {
    /// Converts the failure to an error of `engine`. If this manager returned the error within the hook, it is passed
    /// on unchanged, so that callers see the server's error. An error of another manager counts as an error of the
    /// hook.
    pub(super) fn into_error(
        self,
        engine: &Engine,
        panicked: Reason,
        failed: fn(BoxError) -> Reason,
    ) -> TokenError {
        match self {
            Self::Panic => engine.error(panicked),
            Self::Error(error) => match error.downcast::<TokenError>() {
                Ok(error) if engine.has_returned(&error) => *error,
                Ok(other) => engine.error(failed(other)),
                Err(other) => engine.error(failed(other)),
            },
        }
    }
}

impl fmt::Display for HookFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panic => f.write_str("it panicked"),
            Self::Error(error) => write!(f, "{error}"),
        }
    }
}

type Reply<T> = BoxFuture<'static, Result<T, BoxError>>;

type Call<T> = Box<dyn FnOnce() -> Reply<T> + Send>;

/// A task that has not started after this time is on a runtime that is not driven.
const BEGIN_LIMIT: Duration = Duration::from_millis(200);

/// One call of a hook.
pub(super) struct Hook<T> {
    call: Call<T>,
    /// Whether the hook returns a future. A plain function may block.
    is_async: bool,
    limit: Duration,
    /// The calls of the manager within the hook, if it was given the manager.
    inner: Arc<InnerCalls>,
}

impl<T: Send + 'static> Hook<T> {
    pub(super) fn new(
        call: impl FnOnce() -> Reply<T> + Send + 'static,
        is_async: bool,
        limit: Duration,
    ) -> Self {
        Self {
            call: Box::new(call),
            is_async,
            limit,
            inner: Arc::default(),
        }
    }

    /// Excludes the time of these calls from the limit.
    pub(super) fn without(mut self, inner: Arc<InnerCalls>) -> Self {
        self.inner = inner;
        self
    }
}

impl Engine {
    /// Calls a hook, and waits for it up to its time limit.
    pub(super) async fn call_hook<T: Send + 'static>(
        &self,
        hook: Hook<T>,
        runtimes: &Runtimes,
    ) -> Result<T, HookFailure> {
        let (limit, inner) = (hook.limit, Arc::clone(&hook.inner));
        let reply = self.dispatch(hook, runtimes);
        let in_time = with_limit(self.settings.clock.as_ref(), limit, &inner, reply).await;
        in_time.unwrap_or_else(|| {
            let why = format!("it did not return within {} s", limit.as_secs());
            Err(HookFailure::Error(why.into()))
        })
    }

    async fn dispatch<T: Send + 'static>(
        &self,
        hook: Hook<T>,
        runtimes: &Runtimes,
    ) -> Result<T, HookFailure> {
        match self.place() {
            Place::Background(background) => in_background(hook, runtimes, background).await,
            Place::Callers => catch_panic(hook.call).await,
        }
    }
}

async fn in_background<T: Send + 'static>(
    hook: Hook<T>,
    runtimes: &Runtimes,
    background: Runtime,
) -> Result<T, HookFailure> {
    let call = Arc::new(Mutex::new(Some(hook.call)));
    let waiter = hook.is_async.then(|| runtimes.of_a_waiter()).flatten();
    let ended = match waiter {
        Some(runtime) => in_task(&call, &runtime).await,
        None => Err(take(&call)),
    };
    match ended {
        Ok(reply) => reply,
        Err(Some(call)) => {
            // An async hook may need a runtime, and cannot know that the caller has none.
            let runtime = runtimes.last().or(hook.is_async.then_some(background));
            let reply = HOOKS.run_async(runtime, catch_panic(call)).await;
            reply.unwrap_or(Err(HookFailure::Panic))
        }
        Err(None) => {
            let why = "the runtime that it ran on has ended";
            Err(HookFailure::Error(why.into()))
        }
    }
}

/// Runs a hook as a task of a waiter's runtime. Returns the call if the task does not start, because the runtime has
/// ended or the waiter blocks it.
async fn in_task<T: Send + 'static>(
    call: &Arc<Mutex<Option<Call<T>>>>,
    runtime: &Runtime,
) -> Result<Result<T, HookFailure>, Option<Call<T>>> {
    let here = Arc::clone(call);
    let task = runtime.run(async move { Some(catch_panic(take(&here)?).await) });
    let ended = match select(task, Delay::new(BEGIN_LIMIT)).await {
        Either::Left((ended, _)) => ended,
        Either::Right(((), task)) => match take(call) {
            Some(call) => return Err(Some(call)),
            None => task.await,
        },
    };
    ended.flatten().ok_or_else(|| take(call))
}

/// Takes the call of a hook. Whoever takes it makes it.
fn take<T>(call: &Mutex<Option<Call<T>>>) -> Option<Call<T>> {
    call.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Runs code of the application. A panic before or within its future is converted to a failure.
pub(super) async fn catch_panic<'f, T, E: Into<BoxError>>(
    call: impl FnOnce() -> BoxFuture<'f, Result<T, E>>,
) -> Result<T, HookFailure> {
    let reply = catch_unwind(AssertUnwindSafe(call)).map_err(|_| HookFailure::Panic)?;
    let reply = AssertUnwindSafe(reply)
        .catch_unwind()
        .await
        .map_err(|_| HookFailure::Panic)?;
    reply.map_err(|error| HookFailure::Error(error.into()))
}

/// The calls of the manager within a hook. Their exchange always ends, so their time does not count as the hook's.
#[derive(Debug, Default)]
pub(crate) struct InnerCalls {
    state: Mutex<Calls>,
    ended: AtomicWaker,
}

#[derive(Debug, Default)]
struct Calls {
    under_way: u32,
    began: Duration,
    total: Duration,
}

impl InnerCalls {
    /// Begins a call, which ends when the returned value is dropped.
    pub(crate) fn begin<'c>(&'c self, clock: &'c dyn Clock) -> InnerCall<'c> {
        let mut calls = self.lock();
        if calls.under_way == 0 {
            calls.began = clock.monotonic();
        }
        calls.under_way += 1;
        drop(calls);
        InnerCall { calls: self, clock }
    }

    /// Returns the total time of the calls, or `None` while one is in progress.
    fn total(&self) -> Option<Duration> {
        let calls = self.lock();
        (calls.under_way == 0).then_some(calls.total)
    }

    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) struct InnerCall<'c> {
    calls: &'c InnerCalls,
    clock: &'c dyn Clock,
}

impl Drop for InnerCall<'_> {
    fn drop(&mut self) {
        let now = self.clock.monotonic();
        let mut calls = self.calls.lock();
        calls.under_way -= 1;
        if calls.under_way == 0 {
            let took = now.saturating_sub(calls.began);
            calls.total += took;
            drop(calls);
            self.calls.ended.wake();
        }
    }
}

/// Returns the output of `work` if it ends before `limit` has passed outside of `inner`.
async fn with_limit<T>(
    clock: &dyn Clock,
    limit: Duration,
    inner: &InnerCalls,
    work: impl Future<Output = T>,
) -> Option<T> {
    let mut work = pin!(work);
    let begun = clock.monotonic();
    let mut timer: Option<BoxFuture<'static, ()>> = None;
    poll_fn(|context| {
        if let Poll::Ready(output) = work.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        inner.ended.register(context.waker());
        loop {
            let Some(inside) = inner.total() else {
                timer = None;
                return Poll::Pending;
            };
            let elapsed = clock.monotonic().saturating_sub(begun);
            let left = limit.saturating_sub(elapsed.saturating_sub(inside));
            if left.is_zero() {
                return Poll::Ready(None);
            }
            let sleep = timer.get_or_insert_with(|| clock.time_limit(left));
            if sleep.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            timer = None;
        }
    })
    .await
}
