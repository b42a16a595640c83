//! The background task: no caller and no runtime can cancel a refresh, and no code of the application runs there.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use bytes::Bytes;
use credsmith_runtime::{
    BoxFuture, ClientAuthentication, ManualClock, MemoryStore, SigningKey, Token, TokenManager,
    TokenProvider, Transport, TransportError,
};
use credsmith_token_server::keys::RSA;
use http::{Request, Response};

use super::*;
use crate::runtimes::block_on;
use crate::sign_out::{REFRESHED, expired, shown};
use crate::support::*;
use crate::test_store::{Method, TestStore};

/// One call in a separate runtime, which ends while the refresh is in flight.
fn call_and_end(manager: &TokenManager, has_begun: impl FnMut() -> bool) {
    let runtime = runtime("first");
    let asking = manager.clone();
    drop(runtime.spawn(async move { asking.token().await }));
    eventually(has_begun);
    drop(runtime);
}

#[test]
fn a_refresh_ends_although_the_runtime_of_its_only_caller_has_ended() {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let manager = client(&endpoint).build().unwrap();
    call_and_end(&manager, || endpoint.count() == 1);
    endpoint.open();
    eventually(|| shown(&manager).as_deref() == Some("token-1"));
    assert_eq!(endpoint.count(), 1);
}

/// The first call of the provider needs the runtime that ends.
#[test]
fn a_refresh_fails_with_an_async_hook_whose_runtime_has_ended_and_the_next_one_works() {
    let endpoint = Endpoint::new([UNAVAILABLE]);
    let provider = TokenProvider::new(|last: Option<Token>, _| async move {
        if last.is_none() {
            tokio::time::sleep(seconds(600)).await;
        }
        Token::new("provided")
    });
    let manager = client(&endpoint).token_provider(provider).build().unwrap();
    let calls = manager.clone();
    call_and_end(&manager, || calls.statistics().provider_calls == 1);
    eventually(|| manager.statistics().provider_failures == 1);
    assert_eq!(endpoint.count(), 0, "the failure is that of the refresh");
    // It has another token to begin with.
    manager.set_token(Token::new("last").with_expires_at(start()));
    assert_eq!(current_thread().block_on(token_of(&manager)), "provided");
}

/// Notes the threads on which a method is called and its future is polled.
fn note_threads(threads: &Threads) -> BoxFuture<'static, ()> {
    threads.note();
    // As clients do that are blocking outside and asynchronous inside.
    current_thread().block_on(async { tokio::time::sleep(millis(1)).await });
    let threads = threads.clone();
    Box::pin(async move { threads.note_polls().await })
}

/// Blocks, and records the threads on which it runs.
struct NotingTransport {
    threads: Threads,
    endpoint: Arc<Endpoint>,
}

impl Transport for NotingTransport {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let noted = note_threads(&self.threads);
        Box::pin(async {
            noted.await;
            self.endpoint.send(request).await
        })
    }
}

/// Records the threads that poll it. `may_block` is set by the test.
struct Polled {
    threads: Threads,
    endpoint: Arc<Endpoint>,
    may_block: bool,
}

impl Polled {
    fn new(threads: &Threads, may_block: bool) -> Arc<Self> {
        Arc::new(Self {
            threads: threads.clone(),
            endpoint: Endpoint::new([REFRESHED, REFRESHED]),
            may_block,
        })
    }
}

impl Transport for Polled {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async {
            self.threads.note_polls().await;
            self.endpoint.send(request).await
        })
    }

    fn may_block(&self) -> bool {
        self.may_block
    }
}

/// An exchange that a caller joins is polled by no caller either.
#[test]
fn a_transport_that_never_blocks_runs_in_the_background_and_one_that_may_block_on_threads_for_it() {
    for (may_block, thread) in [(false, BACKGROUND), (true, "credsmith-http")] {
        let threads = Threads::default();
        let manager = client(&Polled::new(&threads, may_block)).build().unwrap();
        let (refresh, fetch) = (manager.clone(), manager.clone());
        current_thread().block_on(async move {
            let (refreshed, fetched) = tokio::join!(refresh.token(), fetch.fetch_token());
            refreshed.unwrap();
            fetched.unwrap();
        });
        assert_eq!(threads.names(), [thread]);
    }
}

/// Panics once, either when it is called or when it is polled.
struct Panicking {
    in_future: bool,
    endpoint: Arc<Endpoint>,
    panicked: AtomicBool,
}

impl Transport for Panicking {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let is_first = !self.panicked.swap(true, Ordering::SeqCst);
        assert!(!is_first || self.in_future, "scripted");
        Box::pin(async move {
            assert!(!is_first, "scripted");
            self.endpoint.send(request).await
        })
    }

    fn may_block(&self) -> bool {
        false
    }
}

#[test]
fn a_transport_that_panics_in_the_background_fails_one_refresh() {
    for in_future in [false, true] {
        let transport = Arc::new(Panicking {
            in_future,
            endpoint: Endpoint::new([REFRESHED]),
            panicked: AtomicBool::new(false),
        });
        let manager = client(&transport).build().unwrap();
        let error = block_on(manager.token()).unwrap_err();
        assert!(error.to_string().contains("panicked"), "{error}");
        assert!(block_on(manager.fetch_token()).is_ok());
    }
}

#[test]
fn no_custom_transport_runs_in_the_background() {
    let threads = Threads::default();
    let transport = Arc::new(NotingTransport {
        threads: threads.clone(),
        endpoint: Endpoint::new([REFRESHED]),
    });
    let manager = client(&transport).build().unwrap();
    block_on(manager.token()).unwrap();
    block_on(manager.fetch_token()).unwrap();
    threads.assert_none_in_background();
}

#[test]
fn no_custom_store_runs_in_the_background() {
    let (transport, threads) = (Endpoint::new([REFRESHED]), Threads::default());
    let noted = threads.clone();
    let store = TestStore::default()
        .with_leases()
        .before_each(move |_| note_threads(&noted));
    let manager = user(&transport).store(Arc::new(store)).build().unwrap();
    manager.set_token(expired("a-1", "r-1"));
    block_on(manager.token()).unwrap();
    manager.clear_token();
    block_on(manager.flush()).unwrap();
    assert_eq!(transport.count(), 1);
    threads.assert_none_in_background();
}

/// The part of the test below that runs in a separate process, where nothing else takes time.
#[cfg(target_os = "linux")]
#[test]
fn one_process_that_signs() {
    if std::env::var_os("TEST_SIGNS").is_none() {
        return;
    }
    let key = SigningKey::from_pem(&RSA.into()).unwrap();
    let manager = client(&Endpoint::new([Scripted::Token("3600")]))
        .client_authentication(ClientAuthentication::PrivateKeyJwt)
        .signing_key(key)
        .build()
        .unwrap();
    for _ in 0..50 {
        block_on(manager.fetch_token()).unwrap();
    }
    assert!(cpu_time_of(BACKGROUND) < cpu_time_of("credsmith-io"));
}

/// Returns the CPU time of the threads of this name, in nanoseconds.
#[cfg(target_os = "linux")]
fn cpu_time_of(name: &str) -> u64 {
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    let times = threads.filter_map(|thread| {
        let thread = thread.ok()?.path();
        let comm = std::fs::read_to_string(thread.join("comm")).ok()?;
        let spent = std::fs::read_to_string(thread.join("schedstat")).ok()?;
        let spent = spent.split(' ').next()?.parse::<u64>().ok()?;
        (comm.trim() == name).then_some(spent)
    });
    times.sum()
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_signed_in_the_background() {
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "rules::background_task::one_process_that_signs"])
        .env("TEST_SIGNS", "1")
        .output()
        .unwrap();
    assert!(child.status.success(), "{child:?}");
}

/// Counts the engines of `manager`: each holds the transport once.
fn watched(endpoint: &Arc<Endpoint>) -> Weak<Endpoint> {
    Arc::downgrade(endpoint)
}

#[test]
fn the_last_manager_frees_its_engine_if_nothing_is_in_flight() {
    let endpoint = Endpoint::new([REFRESHED]);
    let store = Arc::new(MemoryStore::new());
    let manager = user(&endpoint).store(store).build().unwrap();
    manager.set_token(expired("a-1", "r-1"));
    block_on(manager.token()).unwrap();
    block_on(manager.flush()).unwrap();
    drop(manager);
    let engine = watched(&endpoint);
    eventually(|| engine.strong_count() == 1);
}

#[test]
fn the_last_manager_frees_its_engine_when_requests_in_flight_have_ended() {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let manager = client(&endpoint).build().unwrap();
    begin(manager.token());
    begin(manager.fetch_token());
    drop(manager);
    let engine = watched(&endpoint);
    eventually(|| endpoint.count() == 1);
    assert!(engine.strong_count() > 1, "it comes to its end");
    endpoint.open();
    eventually(|| engine.strong_count() == 1);
}

/// A store that fails is to be told later: that is nothing that keeps the engine.
#[test]
fn a_write_that_is_still_to_be_made_does_not_keep_the_engine() {
    let endpoint = Endpoint::new([REFRESHED]);
    let store = Arc::new(TestStore::default().failing(&Method::WRITES, usize::MAX));
    let manager = user(&endpoint).store(store).build().unwrap();
    manager.set_token(expired("a-1", "r-1"));
    block_on(manager.flush()).unwrap_err();
    drop(manager);
    let engine = watched(&endpoint);
    eventually(|| engine.strong_count() == 1);
}

/// In the tasks of callers, each call moves an early refresh on by one step.
#[test]
fn without_a_runtime_each_call_polls_an_early_refresh_once() {
    let (endpoint, clock) = (
        Endpoint::new([Scripted::Token("3600")]),
        ManualClock::new(start()),
    );
    let polls = Arc::new(Mutex::new(0));
    let counter = Arc::clone(&polls);
    let provider = TokenProvider::new(move |last: Option<Token>, _| {
        let counter = Arc::clone(&counter);
        poll_fn(move |context| {
            if last.is_none() {
                return Poll::Ready(None::<Token>);
            }
            *counter.lock().unwrap() += 1;
            context.waker().wake_by_ref();
            Poll::Pending
        })
    });
    let manager = builder(&endpoint, &clock).token_provider(provider);
    let manager = manager.build().unwrap();
    assert_eq!(block_on(token_of(&manager)), "token-1");
    clock.advance(seconds(3_000));
    for calls in 1..=5 {
        assert!(manager.try_authorization().is_some());
        assert_eq!(*polls.lock().unwrap(), calls);
    }
}
