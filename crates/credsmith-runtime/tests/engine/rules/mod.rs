//! One test or more for each rule of the engine's structure: the threads of work and of the application's code, what a
//! refresh shares, what it wakes, and the calls of the store.
//!
//! Most rules are about places, so most tests here use the clock of the machine: with it, work runs on
//! the background thread.

mod background_task;
mod generation;
mod hooks;
mod leases;
mod update_callbacks;
mod writer;

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use credsmith_runtime::{Grant, SecretString, TokenManager, TokenManagerBuilder, Transport};
use tokio::runtime::{Builder, Runtime};

/// The name of the thread on which no code of the application may run.
const BACKGROUND: &str = "credsmith";

/// The name of the threads for hooks.
const HOOKS: &str = "credsmith-hook";

/// The largest number of such threads.
const HOOK_THREADS: usize = 64;

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A client over `transport`, under the machine's clock.
fn client<T: Transport>(transport: &Arc<T>) -> TokenManagerBuilder {
    let transport: Arc<dyn Transport> = Arc::<T>::clone(transport);
    TokenManager::builder("acme_oauth")
        .token_url("https://acme.example/token")
        .client_id("id")
        .client_secret(SecretString::from("secret"))
        .transport(transport)
}

/// A user over `transport`, under the machine's clock.
fn user<T: Transport>(transport: &Arc<T>) -> TokenManagerBuilder {
    client(transport)
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A runtime whose only worker has this name.
fn runtime(name: &str) -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name(name)
        .enable_all()
        .build()
        .unwrap()
}

/// Polls `call` once, and lets go of it.
fn begin<T>(call: impl Future<Output = T>) {
    let begun = pin!(call).poll(&mut Context::from_waker(Waker::noop()));
    assert!(begun.is_pending());
}

/// The process has one pool of threads for hooks: tests that fill it, or that measure how long it takes, come
/// one after the other.
fn alone_with_hooks() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The names of the threads that code of the application ran on.
#[derive(Clone, Default)]
struct Threads(Arc<Mutex<BTreeSet<String>>>);

impl Threads {
    fn note(&self) {
        let name = thread::current().name().unwrap_or_default().to_owned();
        self.0.lock().unwrap().insert(name);
    }

    /// Notes every thread on which `work` is polled; it is so twice.
    async fn note_polls(&self) {
        let mut polls = 0;
        poll_fn(|context| {
            self.note();
            polls += 1;
            if polls > 1 {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().cloned().collect()
    }

    #[track_caller]
    fn assert_none_in_background(&self) {
        let names = self.names();
        assert!(!names.is_empty(), "it ran nowhere");
        assert!(!names.iter().any(|name| name == BACKGROUND), "{names:?}");
    }
}
