//! A blocking transport runs on a separate thread, so that callers do not block.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use bytes::Bytes;
use credsmith_runtime::blocking::block_on;
use credsmith_runtime::{
    BoxFuture, Grant, SecretString, Token, TokenManager, TokenManagerBuilder, TokenProvider,
    Transport, TransportError, UreqTransport,
};
use credsmith_token_server::TokenServer;
use http::{Request, Response};
use tokio::time::{sleep, timeout};

use crate::support::*;

fn slow_server() -> TokenServer {
    let server = TokenServer::start_blocking();
    server.register_client("id", "secret");
    server.set_latency(Duration::from_millis(600));
    server
}

fn over(server: &TokenServer) -> TokenManagerBuilder {
    TokenManager::builder("acme_oauth")
        .token_url(server.token_url())
        .client_id("id")
        .client_secret(SecretString::from("secret"))
        .transport(Arc::new(UreqTransport::new()))
}

#[tokio::test]
async fn a_deadline_holds_while_the_transport_blocks() {
    let server = slow_server();
    let manager = over(&server).build().unwrap();
    for _ in 0..2 {
        let begun = Instant::now();
        let late = timeout(Duration::from_millis(100), manager.token()).await;
        assert!(late.is_err());
        let late = timeout(Duration::from_millis(100), manager.fetch_token()).await;
        assert!(late.is_err());
        let waited = begun.elapsed();
        assert!(waited < Duration::from_millis(500), "{waited:?}");
    }
    manager.token().await.unwrap();
    assert_eq!(server.token_requests().len(), 1);
}

#[tokio::test]
async fn a_deadline_holds_while_device_codes_are_requested() {
    let server = slow_server();
    let manager = over(&server)
        .grant(Grant::DeviceCode)
        .device_authorization_url(server.device_authorization_url())
        .build()
        .unwrap();
    let begun = Instant::now();
    let codes = manager.start_device_sign_in();
    assert!(timeout(Duration::from_millis(100), codes).await.is_err());
    let waited = begun.elapsed();
    assert!(waited < Duration::from_millis(400), "{waited:?}");
}

#[tokio::test]
async fn other_tasks_run_while_the_transport_blocks() {
    let server = slow_server();
    let manager = over(&server).build().unwrap();
    let others = tokio::spawn(async {
        let mut longest = Duration::ZERO;
        for _ in 0..60 {
            let begun = Instant::now();
            sleep(Duration::from_millis(10)).await;
            longest = longest.max(begun.elapsed());
        }
        longest
    });
    tokio::task::yield_now().await;
    manager.token().await.unwrap();
    let longest = others.await.unwrap();
    assert!(longest < Duration::from_millis(300), "{longest:?}");
}

/// Counts the requests, and those sent on the thread of the callers.
struct Counting {
    callers: ThreadId,
    there: AtomicUsize,
    all: AtomicUsize,
}

impl Counting {
    fn from_here() -> Arc<Self> {
        Arc::new(Self {
            callers: thread::current().id(),
            there: AtomicUsize::new(0),
            all: AtomicUsize::new(0),
        })
    }
}

impl Transport for Counting {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            self.all.fetch_add(1, Ordering::SeqCst);
            if thread::current().id() == self.callers {
                self.there.fetch_add(1, Ordering::SeqCst);
            }
            thread::sleep(Duration::from_millis(5));
            Ok(Response::new(
                r#"{"access_token":"a","expires_in":3600}"#.into(),
            ))
        })
    }
}

#[tokio::test]
async fn the_thread_of_the_callers_sends_no_token_request() {
    let transport = Counting::from_here();
    for _ in 0..50 {
        let handed_in: Arc<dyn Transport> = Arc::<Counting>::clone(&transport);
        let manager = TokenManager::builder("acme_oauth")
            .token_url("https://acme.example/token")
            .client_id("id")
            .client_secret("secret".into())
            .transport(handed_in)
            .build()
            .unwrap();
        let waiting = (0..4).map(|_| manager.token());
        for outcome in futures_util::future::join_all(waiting).await {
            outcome.unwrap();
        }
        manager.fetch_token().await.unwrap();
    }
    assert_eq!(transport.all.load(Ordering::SeqCst), 100);
    assert_eq!(transport.there.load(Ordering::SeqCst), 0);
}

/// The thread is not one of the runtime, but the application's code must not notice.
#[tokio::test]
async fn a_provider_finds_the_runtime_of_the_call() {
    let transport: Arc<dyn Transport> = Counting::from_here();
    let manager = bare(&Endpoint::new([UNAVAILABLE]), &clock())
        .transport(transport)
        .token_provider(TokenProvider::new(|_, _| async {
            sleep(Duration::from_millis(1)).await;
            Some(Token::new("provided"))
        }))
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "provided");
}

#[test]
fn callers_without_a_runtime_are_served_as_well() {
    let server = slow_server();
    let manager = over(&server).build().unwrap();
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let manager = manager.clone();
            thread::spawn(move || block_on(manager.token()))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap().unwrap();
    }
    assert_eq!(server.token_requests().len(), 1);
}

/// Both wait on one thread, and a thread can be woken but once.
#[test]
fn a_nested_block_on_does_not_take_the_wake_up_of_the_outer_one() {
    let (tell, told) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let nested = async {
            // Code of the application that is not asynchronous, a closure for example.
            block_on(after(Duration::from_millis(100)));
        };
        block_on(futures_util::future::join(
            after(Duration::from_millis(30)),
            nested,
        ));
        tell.send(()).unwrap();
    });
    assert!(told.recv_timeout(seconds(5)).is_ok(), "it hangs");
}

/// Wakes once, from another thread.
async fn after(pause: Duration) {
    let (done, waiting) = tokio::sync::oneshot::channel();
    thread::spawn(move || {
        thread::sleep(pause);
        let _ = done.send(());
    });
    waiting.await.unwrap();
}

/// Blocks until it is released, and counts the requests that it holds.
#[derive(Default)]
struct Holding {
    current: AtomicUsize,
    largest: AtomicUsize,
    is_released: AtomicBool,
}

impl Transport for Holding {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let current = self.current.fetch_add(1, Ordering::SeqCst) + 1;
            self.largest.fetch_max(current, Ordering::SeqCst);
            while !self.is_released.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(1));
            }
            self.current.fetch_sub(1, Ordering::SeqCst);
            Ok(Response::new(r#"{"access_token":"a"}"#.into()))
        })
    }
}

/// The part of the test below that runs in a separate process, where no other test uses the threads.
#[test]
fn one_process_with_many_blocking_requests() {
    if std::env::var_os("TEST_BLOCKING_REQUESTS").is_none() {
        return;
    }
    let transport = Arc::new(Holding::default());
    let managers = (0..100).map(|_| {
        let shared: Arc<dyn Transport> = Arc::<Holding>::clone(&transport);
        let manager = TokenManager::builder("acme_oauth")
            .token_url("https://acme.example/token")
            .client_id("id")
            .client_secret("secret".into())
            .transport(shared);
        manager.build().unwrap()
    });
    let managers: Vec<_> = managers.collect();
    let calls = thread::spawn(move || {
        let calls = managers.iter().map(TokenManager::token);
        block_on(futures_util::future::join_all(calls))
    });
    eventually(|| transport.current.load(Ordering::SeqCst) >= 32);
    thread::sleep(Duration::from_millis(100));
    transport.is_released.store(true, Ordering::SeqCst);
    for outcome in calls.join().unwrap() {
        outcome.unwrap();
    }
    assert_eq!(transport.largest.load(Ordering::SeqCst), 32);
}

#[test]
fn at_most_32_blocking_requests_run_at_the_same_time() {
    let test = "blocking_transport::one_process_with_many_blocking_requests";
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env("TEST_BLOCKING_REQUESTS", "1")
        .output()
        .unwrap();
    assert!(child.status.success(), "{child:?}");
    let stdout = String::from_utf8_lossy(&child.stdout);
    assert!(stdout.contains("1 passed"), "{stdout}");
}
