//! Interleavings of callers, stores and hooks that each behave as badly as they may.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use credsmith_runtime::{
    BoxFuture, Clock as _, Lease, ManualClock, SecretString, StoreError, Token, TokenManager,
    TokenManagerBuilder, TokenProvider, TokenUpdateCallback, Transport, blocking::block_on,
};

use crate::sign_out::{INVALID_GRANT, REFRESHED, expired, shown, spawn_token, user};
use crate::support::*;
use crate::test_store::{Method, TestStore, token};

/// A manager under the machine's clock: its work runs in the background.
fn background(endpoint: &Arc<Endpoint>) -> TokenManagerBuilder {
    let transport: Arc<dyn Transport> = Arc::<Endpoint>::clone(endpoint);
    TokenManager::builder("acme_oauth")
        .token_url("https://acme.example/token")
        .client_id("the-id")
        .client_secret(SecretString::from("the-secret"))
        .transport(transport)
}

/// Returns the output of `work`, and panics if it takes too long.
#[track_caller]
fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    let done = receiver.recv_timeout(seconds(20));
    done.expect("it takes for ever")
}

/// Runs a separate runtime, as blocking database clients do in their calls.
fn run_another_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.build().unwrap();
    runtime.block_on(async {});
}

// Blocking code of the application

#[test]
fn a_plain_provider_may_run_another_runtime() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let provider = TokenProvider::new(|_, _| {
        run_another_runtime();
        Token::new("provided")
    });
    let manager = background(&endpoint)
        .token_provider(provider)
        .build()
        .unwrap();
    assert_eq!(text(&block_on(manager.token()).unwrap()), "provided");
}

#[test]
fn a_store_may_run_another_runtime() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let store = TestStore::default().before_each(|_| {
        run_another_runtime();
        Box::pin(async { run_another_runtime() })
    });
    let manager = background(&endpoint)
        .store(Arc::new(store))
        .build()
        .unwrap();
    block_on(manager.token()).unwrap();
    assert_eq!(manager.statistics().store_failures, 0);
}

#[test]
fn a_transport_may_run_another_runtime() {
    struct Blocking(Arc<Endpoint>);
    impl Transport for Blocking {
        fn send(
            &self,
            request: http::Request<bytes::Bytes>,
        ) -> BoxFuture<'_, Result<http::Response<bytes::Bytes>, credsmith_runtime::TransportError>>
        {
            Box::pin(async move {
                run_another_runtime();
                self.0.send(request).await
            })
        }
    }
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let transport = Arc::new(Blocking(Arc::clone(&endpoint)));
    let manager = background(&endpoint).transport(transport).build().unwrap();
    block_on(manager.token()).unwrap();
}

// Hooks that never return

#[test]
fn async_hooks_that_never_return_keep_no_threads() {
    const MANY: usize = 70;
    struct Given(Arc<AtomicUsize>);
    impl Drop for Given {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let given_up = Arc::new(AtomicUsize::new(0));
    let managers: Vec<_> = (0..MANY)
        .map(|_| {
            let counted = Arc::clone(&given_up);
            let callback = TokenUpdateCallback::new(move |_: Token| {
                let given = Given(Arc::clone(&counted));
                async move {
                    let _given = given;
                    std::future::pending::<()>().await;
                }
            });
            let manager = background(&endpoint)
                .hook_timeout(Duration::from_millis(50))
                .on_token_update(callback)
                .build()
                .unwrap();
            block_on(manager.token()).unwrap();
            manager
        })
        .collect();
    eventually(|| {
        managers
            .iter()
            .all(|one| one.statistics().callback_failures == 1)
    });
    let told = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&told);
    let callback = TokenUpdateCallback::new(move |_: Token| flag.store(true, Ordering::SeqCst));
    let manager = background(&endpoint)
        .on_token_update(callback)
        .build()
        .unwrap();
    block_on(manager.token()).unwrap();
    eventually(|| told.load(Ordering::SeqCst));
}

#[test]
fn a_provider_may_flush_its_manager() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let provider = TokenProvider::new(|_, manager: TokenManager| async move {
        manager.flush().await.unwrap();
        None::<Token>
    });
    let manager = background(&endpoint)
        .token_provider(provider)
        .build()
        .unwrap();
    let got = in_time(move || block_on(manager.token()).map(|token| text(&token)));
    assert_eq!(got.unwrap(), "token-1");
}

#[test]
fn a_hook_timeout_may_be_the_longest_duration() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let provider = TokenProvider::new(|_, _| async {
        futures_timer::Delay::new(Duration::from_millis(20)).await;
        Token::new("provided")
    });
    let manager = background(&endpoint)
        .hook_timeout(Duration::MAX)
        .token_provider(provider)
        .build()
        .unwrap();
    assert_eq!(text(&block_on(manager.token()).unwrap()), "provided");
}

// Values of the application that are dropped

#[test]
fn a_lease_that_is_slow_to_drop_delays_no_other_manager() {
    struct Slow(mpsc::Sender<()>, Arc<AtomicBool>);
    impl Drop for Slow {
        fn drop(&mut self) {
            self.0.send(()).unwrap();
            let begun = Instant::now();
            while !self.1.load(Ordering::SeqCst) && begun.elapsed() < seconds(5) {
                thread::sleep(Duration::from_millis(5));
            }
        }
    }
    let (begins, begun) = mpsc::channel();
    let served = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&served);
    let begins = Mutex::new(begins);
    let store = TestStore::default().granting(move || {
        let begins = begins.lock().unwrap().clone();
        Some(Lease::new(1, Slow(begins, Arc::clone(&flag))))
    });
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let slow = background(&endpoint)
        .store(Arc::new(store))
        .build()
        .unwrap();
    let waiting = thread::spawn(move || block_on(slow.token()).map(|token| text(&token)));
    begun.recv_timeout(seconds(10)).unwrap();
    let other = background(&endpoint).build().unwrap();
    let asked = Instant::now();
    block_on(other.token()).unwrap();
    let took = asked.elapsed();
    served.store(true, Ordering::SeqCst);
    waiting.join().unwrap().unwrap();
    assert!(took < seconds(2), "it took {took:?}");
}

#[test]
fn values_of_the_application_are_dropped_on_threads_that_may_block() {
    struct Named(Mutex<mpsc::Sender<Option<String>>>);
    impl Drop for Named {
        fn drop(&mut self) {
            let name = thread::current().name().map(str::to_owned);
            // As what owns a runtime does, for example a blocking HTTP client.
            let is_blockable = std::panic::catch_unwind(run_another_runtime).is_ok();
            let _ = self.0.lock().unwrap().send(name.filter(|_| is_blockable));
        }
    }
    let (dropped, drops) = mpsc::channel();
    let named = Named(Mutex::new(dropped));
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let callback = TokenUpdateCallback::new(move |_: Token| {
        let _ = &named;
    });
    let manager = background(&endpoint)
        .on_token_update(callback)
        .build()
        .unwrap();
    assert!(manager.try_authorization().is_none());
    let asked = thread::spawn({
        let manager = manager.clone();
        move || {
            let waiting = std::pin::pin!(manager.token());
            let given_up = futures_timer::Delay::new(Duration::from_millis(300));
            block_on(futures_util::future::select(waiting, given_up));
        }
    });
    asked.join().unwrap();
    drop(manager);
    endpoint.open();
    let name = drops.recv_timeout(seconds(10)).unwrap();
    assert_ne!(name.as_deref(), Some("credsmith"));
    assert!(name.is_some(), "it could not run what blocks");
}

// Stores and leases

/// Time passes with each question, and none of them takes long.
#[tokio::test]
async fn repeated_requests_for_a_held_lease_are_not_store_failures() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let (asked, time) = (AtomicUsize::new(0), clock.clone());
    let store = TestStore::default().granting(move || {
        time.advance(seconds(3));
        let number = asked.fetch_add(1, Ordering::SeqCst);
        (number == 8).then(|| Lease::new(1, ()))
    });
    let manager = user(&endpoint, &clock)
        .token(expired("a-1", "r-1"))
        .store(Arc::new(store))
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "a-2");
    assert_eq!(manager.statistics().store_failures, 0);
}

#[tokio::test]
async fn a_refresh_waits_for_a_lease_after_its_writer_has_waited_for_it() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let is_free = Arc::new(AtomicBool::new(false));
    let free = Arc::clone(&is_free);
    let store = TestStore::default().granting(move || {
        let is_free = free.load(Ordering::SeqCst);
        is_free.then(|| Lease::new(1, ()))
    });
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store))
        .build()
        .unwrap();
    manager.set_token(expired("a-1", "r-1"));
    let waiting = spawn_token(&manager);
    for _ in 0..5 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        clock.advance(seconds(4));
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    is_free.store(true, Ordering::SeqCst);
    let got = waiting.await.unwrap();
    assert_eq!(got.map(|token| text(&token)).unwrap(), "a-2");
    assert_eq!(manager.statistics().store_failures, 0);
}

#[tokio::test]
async fn a_new_refresh_token_is_kept_if_its_save_is_superseded_and_the_store_has_nothing_newer() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let store = TestStore::default().with_equal_leases();
    let installed = token("a-1", "r-1").with_expires_at(start() + seconds(3_600));
    let manager = user(&endpoint, &clock)
        .token(installed)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    store.fail_with(&[Method::Save], usize::MAX, StoreError::superseded);
    clock.advance(seconds(3_500));
    assert_eq!(token_of(&manager).await, "a-1");
    run_until_idle().await;
    assert_eq!(endpoint.count(), 1);
    assert_eq!(
        shown(&manager).as_deref(),
        Some("a-2"),
        "a-2 came with r-2, which has no other copy"
    );
}

#[tokio::test]
async fn the_store_ends_with_the_rotated_refresh_token_if_the_one_in_flight_is_set_during_the_save()
{
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let store = TestStore::default();
    let gate = store.gate(Method::Save, 0);
    let manager = user(&endpoint, &clock)
        .token(expired("a-1", "r-1"))
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    let waiting = spawn_token(&manager);
    run_until_idle().await;
    assert_eq!(
        endpoint.count(),
        1,
        "the answer has come, and is being saved"
    );
    manager.set_token(expired("a-1", "r-1"));
    gate.add_permits(100);
    waiting.await.unwrap().unwrap();
    manager.flush().await.unwrap();
    assert_eq!(shown(&manager).as_deref(), Some("a-2"));
    assert_eq!(store.saved().last().map(String::as_str), Some("r-2"));
}

#[tokio::test]
async fn a_superseded_exchange_does_not_wait_for_itself() {
    let (endpoint, clock) = (
        Endpoint::new([INVALID_GRANT, REFRESHED]),
        ManualClock::new(start()),
    );
    let store = TestStore::default();
    let gate = store.gate(Method::Load, 1);
    let manager = user(&endpoint, &clock)
        .token(expired("a-1", "r-1"))
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    let waiting = spawn_token(&manager);
    run_until_idle().await;
    assert_eq!(endpoint.count(), 1);
    // The store is read to find out whether it has the token that the server rejected.
    gate.add_permits(1);
    run_until_idle().await;
    // It is being read for a token of another process.
    manager.set_token(expired("a-1", "r-1"));
    gate.add_permits(100);
    let ended = tokio::time::timeout(seconds(10), waiting).await;
    let _ = ended.expect("it waits for itself").unwrap();
}

/// Panics at each warning.
struct Alarmed;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Alarmed {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        assert!(*event.metadata().level() > tracing::Level::WARN, "scripted");
    }
}

#[tokio::test]
async fn a_subscriber_that_panics_at_a_failed_save_keeps_no_lease() {
    use tracing_subscriber::layer::SubscriberExt as _;
    let subscriber = tracing_subscriber::registry().with(Alarmed);
    let _default = tracing::subscriber::set_default(subscriber);
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let leases = Arc::new(());
    let held = Arc::clone(&leases);
    let store = TestStore::default()
        .failing(&[Method::Save], usize::MAX)
        .granting(move || Some(Lease::new(1, Arc::clone(&held))));
    let manager = user(&endpoint, &clock)
        .token(expired("a-1", "r-1"))
        .store(Arc::new(store))
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "a-2");
    run_until_idle().await;
    assert_eq!(Arc::strong_count(&leases), 2, "the store has one to clone");
}

// The thread that all managers share

#[test]
fn application_code_does_not_run_on_the_background_thread() {
    type Seen = Arc<Mutex<Vec<(String, String)>>>;
    fn note(seen: &Seen, what: &str) {
        let name = thread::current().name().unwrap_or_default().to_owned();
        seen.lock().unwrap().push((what.to_owned(), name));
    }
    struct Noting(Arc<Endpoint>, Seen);
    impl Transport for Noting {
        fn send(
            &self,
            request: http::Request<bytes::Bytes>,
        ) -> BoxFuture<'_, Result<http::Response<bytes::Bytes>, credsmith_runtime::TransportError>>
        {
            note(&self.1, "send");
            self.0.send(request)
        }
    }
    let seen = Seen::default();
    let (by_store, by_lease) = (Arc::clone(&seen), Arc::clone(&seen));
    let (by_provider, by_callback) = (Arc::clone(&seen), Arc::clone(&seen));
    let endpoint = Endpoint::new([REFRESHED]);
    let store = TestStore::default()
        .before_each(move |method| {
            let (seen, method) = (Arc::clone(&by_store), format!("{method:?}"));
            note(&seen, &method);
            Box::pin(async move { note(&seen, &format!("{method} polled")) })
        })
        .granting(move || {
            note(&by_lease, "grant");
            Some(Lease::new(1, ()))
        });
    let transport = Noting(Arc::clone(&endpoint), Arc::clone(&seen));
    let provider = TokenProvider::new(move |_, _| {
        note(&by_provider, "provider");
        None::<Token>
    });
    let callback = TokenUpdateCallback::new(move |_: Token| note(&by_callback, "callback"));
    let manager = background(&endpoint)
        .grant(credsmith_runtime::Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .token(expired("a-1", "r-1"))
        .transport(Arc::new(transport))
        .store(Arc::new(store))
        .token_provider(provider)
        .on_token_update(callback)
        .build()
        .unwrap();
    block_on(manager.token()).unwrap();
    // A callback that has not begun is dropped when the token is cleared.
    block_on(manager.flush()).unwrap();
    manager.clear_token();
    block_on(manager.flush()).unwrap();
    let seen = seen.lock().unwrap();
    let there: Vec<_> = seen
        .iter()
        .filter(|(_, name)| name == "credsmith")
        .collect();
    assert!(there.is_empty(), "{there:?}");
    for what in [
        "send",
        "Load",
        "Load polled",
        "Save",
        "Save polled",
        "Remove",
        "Remove polled",
        "Leases",
        "Lease",
        "Lease polled",
        "grant",
        "provider",
        "callback",
    ] {
        assert!(seen.iter().any(|(seen, _)| *seen == what), "{what}");
    }
}

#[tokio::test]
async fn a_manual_clock_can_wait_for_the_longest_time() {
    let clock = ManualClock::new(start());
    clock.advance(seconds(1));
    let waiting = futures_util::FutureExt::now_or_never(clock.sleep(Duration::MAX));
    assert_eq!(waiting, None);
}

/// The first save is given up, and takes longer than the pause before the next.
#[test]
#[ignore = "takes 50 s"]
fn a_save_that_was_given_up_does_not_land_after_a_later_one() {
    let first = AtomicBool::new(true);
    let store = TestStore::default().before_each(move |method| {
        let is_first_save = method == Method::Save && first.swap(false, Ordering::SeqCst);
        Box::pin(async move {
            if is_first_save {
                thread::sleep(seconds(46));
            }
        })
    });
    let endpoint = Endpoint::new([REFRESHED]);
    let manager = background(&endpoint)
        .store(Arc::new(store.clone()))
        .build()
        .unwrap();
    manager.set_token(token("a-1", "r-1"));
    thread::sleep(seconds(11));
    manager.set_token(token("a-2", "r-2"));
    thread::sleep(seconds(37));
    let _ = block_on(manager.flush());
    eventually(|| store.saved().len() == 2);
    assert_eq!(store.saved().last().map(String::as_str), Some("r-2"));
}
