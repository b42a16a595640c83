//! Threads for work that may block: application code, requests, and the crate's files and signatures.
//!
//! There are three pools, so that hooks that never return and servers that do not respond take no thread from other
//! work. Threads are started when they are needed, and end after some idle seconds. Work beyond the limit of a pool
//! waits for a thread. Work whose waiters have gone is not started.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{AbortHandle, abortable};

use crate::block_on::block_on;
use crate::runtime::Runtime;

/// The hooks of applications.
pub(crate) static HOOKS: Pool = Pool::new("credsmith-hook", 64);

/// Requests over transports that may block. ureq starts another thread for each host look-up.
pub(crate) static HTTP: Pool = Pool::new("credsmith-http", 32);

/// Files, stores of the application, and signatures.
pub(crate) static IO: Pool = Pool::new("credsmith-io", 64);

const IDLE_LIMIT: Duration = Duration::from_secs(10);

type Job = Box<dyn FnOnce() + Send>;

/// Threads that run one job after the other.
pub(crate) struct Pool {
    name: &'static str,
    most: usize,
    state: Mutex<State>,
    submitted: Condvar,
}

struct State {
    queue: VecDeque<Job>,
    threads: usize,
    idle: usize,
}

thread_local! {
    /// The pool that this thread belongs to, by its address.
    static POOL: Cell<*const Pool> = const { Cell::new(ptr::null()) };
}

impl Pool {
    const fn new(name: &'static str, most: usize) -> Self {
        Self {
            name,
            most,
            state: Mutex::new(State {
                queue: VecDeque::new(),
                threads: 0,
                idle: 0,
            }),
            submitted: Condvar::new(),
        }
    }

    /// Runs `job` on a thread of this pool. The receiver is canceled if the job panics.
    ///
    /// On a thread of this pool the job runs at once: otherwise a job that waits for another job would occupy the
    /// thread that the other one needs. The job also runs at once if the system cannot start threads.
    pub(crate) fn run<T: Send + 'static>(
        &'static self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move || {
            if !sender.is_canceled() {
                let _ = sender.send(job());
            }
        });
        if ptr::eq(POOL.get(), self) {
            run_catching_panics(job);
        } else if let Some(job) = self.submit(job) {
            run_catching_panics(job);
        }
        receiver
    }

    /// Runs `work` on a thread of this pool, with `runtime` entered for its timers and sockets. Unlike in a task,
    /// `work` may block, and may run another runtime. Returns `None` if it panics. If nobody waits for it any more,
    /// it is dropped at its next await, so that work that never ends releases its thread.
    pub(crate) async fn run_async<T: Send + 'static>(
        &'static self,
        runtime: Option<Runtime>,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let (work, handle) = abortable(work);
        let _waiter = AbortOnDrop(handle);
        let done = self.run(move || match runtime {
            Some(runtime) => runtime.block_on(work),
            None => block_on(work),
        });
        done.await.ok()?.ok()
    }

    /// Queues the job. Returns it if there is no thread and none can be started.
    fn submit(&'static self, job: Job) -> Option<Job> {
        let mut state = self.lock();
        state.queue.push_back(job);
        if state.queue.len() > state.idle && state.threads < self.most {
            let thread = thread::Builder::new().name(self.name.to_owned());
            if thread.spawn(|| self.work()).is_ok() {
                state.threads += 1;
            } else if state.threads == 0 {
                return state.queue.pop_back();
            }
        }
        drop(state);
        self.submitted.notify_one();
        None
    }

    /// Runs jobs until there has been none for a while.
    fn work(&'static self) {
        POOL.set(self);
        let mut state = self.lock();
        loop {
            while let Some(job) = state.queue.pop_front() {
                drop(state);
                run_catching_panics(job);
                state = self.lock();
            }
            state.idle += 1;
            let waited = self.submitted.wait_timeout(state, IDLE_LIMIT);
            let (woken, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.idle -= 1;
            if timeout.timed_out() && state.queue.is_empty() {
                state.threads -= 1;
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Aborts work on a thread when nobody waits for it any more.
struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A value that may block when it is dropped.
pub(crate) struct DropOnThread<T: Send + 'static>(Option<T>);

impl<T: Send + 'static> DropOnThread<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Some(value))
    }
}

impl<T: Send + 'static> Drop for DropOnThread<T> {
    fn drop(&mut self) {
        let value = self.0.take();
        drop(IO.run(move || drop(value)));
    }
}

/// Runs a job. A panic ends only this job; its waiter sees a canceled receiver.
fn run_catching_panics(job: Job) {
    let _ = catch_unwind(AssertUnwindSafe(job));
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::block_on::block_on;

    static SMALL: Pool = Pool::new("small", 2);

    #[test]
    fn jobs_beyond_the_limit_wait_for_a_thread() {
        static POOL: Pool = Pool::new("two", 2);
        let (release, released) = channel::<()>();
        let released = std::sync::Arc::new(Mutex::new(released));
        let jobs: Vec<_> = (0..4)
            .map(|number| {
                let released = std::sync::Arc::clone(&released);
                POOL.run(move || {
                    released.lock().unwrap().recv().unwrap();
                    number
                })
            })
            .collect();
        assert_eq!(POOL.lock().threads, 2);
        for _ in 0..4 {
            release.send(()).unwrap();
        }
        let done: Vec<_> = jobs.into_iter().map(|job| block_on(job).unwrap()).collect();
        assert_eq!(done, [0, 1, 2, 3]);
        assert_eq!(POOL.lock().threads, 2);
    }

    #[test]
    fn a_panic_cancels_its_job_alone() {
        assert!(block_on(SMALL.run(|| panic!("scripted"))).is_err());
        assert_eq!(block_on(SMALL.run(|| 7)), Ok(7));
    }

    #[test]
    fn a_job_that_waits_for_another_one_of_its_pool_needs_no_second_thread() {
        static POOL: Pool = Pool::new("one", 1);
        let outer = POOL.run(|| block_on(POOL.run(|| 7)));
        assert_eq!(block_on(outer), Ok(Ok(7)));
    }

    #[test]
    fn a_job_that_nobody_waits_for_is_not_begun() {
        static POOL: Pool = Pool::new("one", 1);
        let (release, released) = channel::<()>();
        let first = POOL.run(move || released.recv().unwrap());
        let (begun, has_begun) = channel::<()>();
        drop(POOL.run(move || begun.send(())));
        release.send(()).unwrap();
        block_on(first).unwrap();
        assert!(has_begun.recv().is_err(), "dropped without a run");
    }
}
