//! Requests to the authorization server outlive every runtime of the application, and need no runtime of the
//! application.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use credsmith_runtime::{
    Grant, ManualClock, PasswordGrant, ReqwestTransport, SecretString, Token, TokenManager,
    TokenManagerBuilder, Transport, TransportErrorKind,
};
use credsmith_token_server::{Reply, TokenServer};
use http::Request;
use tokio::runtime::{Builder, Runtime};

use crate::runtimes::block_on;
use crate::support::*;

/// The expiry of a token with a lifetime of 1000 s.
const INTO_THE_REFRESH_WINDOW: Duration = Duration::from_secs(945);

/// From there; less than the engine allows for an exchange.
const PAST_THE_EXPIRY: Duration = Duration::from_secs(30);

fn server() -> TokenServer {
    let server = TokenServer::start_blocking();
    server.register_client("id", "secret");
    server.register_user("kim", "pw");
    server
}

fn over(server: &TokenServer) -> TokenManagerBuilder {
    TokenManager::builder("acme_oauth")
        .token_url(server.token_url())
        .client_id("id")
        .client_secret(SecretString::from("secret"))
}

/// The manager of a user who has signed in, with a token that lives for 1000 s.
fn signed_in(server: &TokenServer, clock: &ManualClock) -> TokenManagerBuilder {
    server.set_expires_in(1_000);
    let grant = Grant::Password(PasswordGrant::new("kim", "pw".into()));
    let signing_in = over(server).grant(grant).clock(Arc::new(clock.clone()));
    let token = block_on(signing_in.build().unwrap().token()).unwrap();
    over(server)
        .grant(Grant::AuthorizationCode)
        .authorization_url(server.authorization_url())
        .clock(Arc::new(clock.clone()))
        .token(token)
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Without either driver: nothing of the network can be done there, and nothing waits for a time.
fn without_drivers() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap()
}

fn wait_until(happened: impl Fn() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < seconds(10), "it does not happen");
        thread::sleep(Duration::from_millis(5));
    }
}

/// One call in a separate runtime, which ends while its refresh is in flight:
/// the server has used the refresh token, and its response is arriving.
fn call_and_end(server: &TokenServer, manager: &TokenManager) -> Token {
    server.enqueue(Reply::ordinary().dripped(Duration::from_millis(2)));
    let before = server.token_requests().len();
    let runtime = Runtime::new().unwrap();
    let token = runtime.block_on(manager.token()).unwrap();
    wait_until(|| server.token_requests().len() > before);
    thread::sleep(Duration::from_millis(50));
    drop(runtime);
    token
}

fn is_each_refresh_token_sent_once(server: &TokenServer) -> bool {
    let requests = server.token_requests();
    let sent = requests.iter();
    let mut sent: Vec<_> = sent
        .filter_map(|sent| sent.parameter("refresh_token"))
        .collect();
    let all = sent.len();
    sent.sort_unstable();
    sent.dedup();
    sent.len() == all
}

#[test]
fn the_end_of_a_runtime_does_not_end_the_users_authorization() {
    let (server, clock) = (server(), ManualClock::new(start()));
    let manager = signed_in(&server, &clock).build().unwrap();
    clock.advance(INTO_THE_REFRESH_WINDOW);
    let before = text(&call_and_end(&server, &manager));
    clock.advance(PAST_THE_EXPIRY);
    let after = current_thread().block_on(token_of(&manager));
    assert_ne!(before, after);
    assert_eq!(server.token_requests().len(), 2);
    assert_eq!(manager.statistics().transient_failures, 0);
}

#[test]
fn a_response_after_the_end_of_a_runtime_is_saved() {
    use credsmith_runtime::MemoryStore;
    let (server, clock) = (server(), ManualClock::new(start()));
    let store = Arc::new(MemoryStore::new());
    let manager = signed_in(&server, &clock)
        .store(Arc::<MemoryStore>::clone(&store))
        .build()
        .unwrap();
    clock.advance(INTO_THE_REFRESH_WINDOW);
    call_and_end(&server, &manager);
    clock.advance(PAST_THE_EXPIRY);
    let token = block_on(token_of(&manager));
    drop(manager);
    let next = over(&server)
        .grant(Grant::AuthorizationCode)
        .authorization_url(server.authorization_url())
        .clock(Arc::new(clock.clone()))
        .store(store)
        .build()
        .unwrap();
    assert_eq!(block_on(token_of(&next)), token);
    assert_eq!(server.token_requests().len(), 2);
}

/// As synchronous wrappers have it.
#[test]
fn a_runtime_per_call_sends_no_refresh_token_twice() {
    let (server, clock) = (server(), ManualClock::new(start()));
    let manager = signed_in(&server, &clock).build().unwrap();
    clock.advance(PAST_THE_EXPIRY);
    for _ in 0..4 {
        clock.advance(INTO_THE_REFRESH_WINDOW.saturating_sub(PAST_THE_EXPIRY));
        call_and_end(&server, &manager);
        clock.advance(PAST_THE_EXPIRY);
        current_thread().block_on(manager.token()).unwrap();
    }
    assert!(is_each_refresh_token_sent_once(&server));
    assert_eq!(server.token_requests().len(), 5);
    assert_eq!(manager.statistics().transient_failures, 0);
}

#[test]
fn requests_of_a_custom_transport_outlive_runtimes_as_well() {
    let (server, clock) = (server(), ManualClock::new(start()));
    for transport in [
        ReqwestTransport::new().unwrap(),
        ReqwestTransport::from_client(reqwest::Client::new()),
    ] {
        server.clear_requests();
        let manager = signed_in(&server, &clock)
            .transport(Arc::new(transport))
            .build()
            .unwrap();
        clock.advance(INTO_THE_REFRESH_WINDOW);
        call_and_end(&server, &manager);
        clock.advance(PAST_THE_EXPIRY);
        current_thread().block_on(manager.token()).unwrap();
        assert_eq!(server.token_requests().len(), 2);
    }
}

/// The first caller was dropped with the runtime; the next caller joins.
#[test]
fn the_next_caller_joins_an_exchange_after_its_runtime_has_ended() {
    let (server, clock) = (server(), ManualClock::new(start()));
    let manager = signed_in(&server, &clock).build().unwrap();
    server.enqueue(Reply::ordinary().dripped(Duration::from_millis(2)));
    let runtime = Runtime::new().unwrap();
    let fetching = manager.clone();
    runtime.spawn(async move { fetching.fetch_token().await });
    wait_until(|| server.token_requests().len() == 2);
    drop(runtime);
    current_thread().block_on(manager.fetch_token()).unwrap();
    assert_eq!(server.token_requests().len(), 2);
    assert_eq!(manager.statistics().transient_failures, 0);
}

/// A call whose runtime ends before the endpoint responds; the next call comes when that token has expired.
fn call_again_much_later(endpoint: &Arc<Endpoint>, manager: &TokenManager, clock: &ManualClock) {
    let runtime = current_thread();
    let pause = Duration::from_millis(5);
    let late = runtime.block_on(async { tokio::time::timeout(pause, manager.token()).await });
    assert!(late.is_err());
    drop(runtime);
    endpoint.open();
    clock.advance(seconds(5_000));
    assert_eq!(current_thread().block_on(token_of(manager)), "token-2");
    assert_eq!(endpoint.count(), 2);
}

#[test]
fn a_token_that_expired_before_any_caller_used_it_is_requested_again() {
    let clock = ManualClock::new(start());
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &clock);
    call_again_much_later(&endpoint, &manager, &clock);
}

#[test]
fn a_token_that_expired_before_any_caller_used_it_keeps_its_refresh_token() {
    let clock = ManualClock::new(start());
    let first = r#"{"access_token":"token-1","expires_in":3600,"refresh_token":"second"}"#;
    let endpoint = Endpoint::closed([
        Scripted::Response(200, None, first),
        Scripted::Token("3600"),
    ]);
    let manager = builder(&endpoint, &clock)
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .token(
            Token::new("none")
                .with_refresh_token("first")
                .with_expires_at(start()),
        )
        .build()
        .unwrap();
    call_again_much_later(&endpoint, &manager, &clock);
    let sent = endpoint.requests().pop().unwrap();
    let sent = String::from_utf8_lossy(sent.body()).into_owned();
    assert!(sent.contains("refresh_token=second"), "{sent}");
}

#[test]
fn a_blocking_thread_of_a_runtime_that_shuts_down_gets_its_token() {
    let server = server();
    let manager = over(&server).build().unwrap();
    let runtime = Runtime::new().unwrap();
    let (go, gone) = mpsc::channel::<()>();
    let (tell, told) = mpsc::channel();
    runtime.spawn_blocking(move || {
        gone.recv().unwrap();
        tell.send(block_on(manager.token())).unwrap();
    });
    runtime.shutdown_background();
    go.send(()).unwrap();
    told.recv_timeout(seconds(20)).unwrap().unwrap();
}

#[test]
fn a_runtime_that_has_ended_delays_no_caller() {
    let server = server();
    let manager = over(&server).build().unwrap();
    let runtime = current_thread();
    let handle = runtime.handle().clone();
    drop(runtime);
    let _entered = handle.enter();
    block_on(manager.token()).unwrap();
    block_on(manager.fetch_token()).unwrap();
}

#[test]
fn a_runtime_without_drivers_will_do() {
    let server = server();
    let manager = over(&server).build().unwrap();
    let runtime = without_drivers();
    runtime.block_on(manager.token()).unwrap();
    runtime.block_on(manager.fetch_token()).unwrap();
}

/// A current-thread runtime does nothing else while it is blocked.
#[test]
fn a_runtime_that_is_blocked_by_its_caller_will_do() {
    let server = server();
    let manager = over(&server).build().unwrap();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let outcome = current_thread().block_on(async { block_on(manager.token()) });
        tell.send(outcome).unwrap();
    });
    told.recv_timeout(seconds(10)).unwrap().unwrap();
}

#[test]
fn a_worker_of_a_runtime_may_block() {
    let server = server();
    let manager = over(&server).build().unwrap();
    let token = Runtime::new()
        .unwrap()
        .block_on(async { tokio::task::block_in_place(|| block_on(manager.token())) });
    token.unwrap();
}

#[test]
fn callers_with_and_without_a_runtime_share_one_fetch() {
    let server = server();
    server.set_latency(Duration::from_millis(100));
    let manager = over(&server).build().unwrap();
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let manager = manager.clone();
            thread::spawn(move || block_on(manager.token()).unwrap())
        })
        .collect();
    for outcome in Runtime::new().unwrap().block_on(crowd(&manager, 100)) {
        outcome.unwrap();
    }
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(server.token_requests().len(), 1);
}

/// API requests stay in the runtime of their caller, where this one cannot be sent; and what the error
/// says is not that the runtime had ended.
#[test]
fn a_runtime_that_cannot_send_is_not_taken_for_one_that_has_ended() {
    let server = server();
    let transport = ReqwestTransport::new().unwrap();
    let request = Request::get(server.api_url("things"));
    let request = request.body(Bytes::new()).unwrap();
    let error = without_drivers()
        .block_on(transport.send(request))
        .unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Other);
    let said = format!("{error:?}");
    assert!(said.contains("drivers"), "{said}");
}
