//! The store always ends with the newest state (E04, E05), costs a bounded number of tasks, threads and
//! seconds (E06, E09), blocks no executor (E10), and its failures are logged (E14), but no others (E16).

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use bytes::Bytes;
use credsmith_runtime::{
    BoxError, BoxFuture, FileStore, Grant, ManualClock, SecretString, StoreError, Token,
    TokenManager, TokenManagerBuilder, TokenStore, TokenUpdateCallback, Transport, TransportError,
};
use futures_util::future::join_all;
use http::{Request, Response};

use super::{pass, requests_of};
use crate::refresh_in_flight::{Server, storing};
use crate::secrets::Log;
use crate::sign_out::{OK, REFRESHED, SIGNED_IN, bodies, expired, signing_in, spawn_token, user};
use crate::support::*;
use crate::test_store::{Method, TestStore, token};

/// Longer than a store that failed counts as down.
const RECOVERY: Duration = Duration::from_secs(600);

/// The seconds after which the endpoint responds: before and after the limits for a save and for the
/// store's lock.
const MOMENTS: [u64; 5] = [0, 5, 10, 15, 30];

/// Checks the token of a new process after a slow save of `r-1` and a refresh that replaces it.
async fn assert_the_rotated_token_stays(
    after: u64,
    builds: impl FnOnce(TokenManagerBuilder) -> TokenManagerBuilder,
    meanwhile: impl AsyncFnOnce(&TokenManager),
) {
    let (server, clock) = (Server::new(SIGNED_IN), ManualClock::new(start()));
    let store = TestStore::delaying("r-1");
    let manager = builds(storing(&server, &clock, store.clone()));
    let manager = manager.build().unwrap();
    meanwhile(&manager).await;
    run_until_idle().await;
    pass(&clock, seconds(after)).await;
    server.refreshes.open();
    run_until_idle().await;
    store.open();
    run_until_idle().await;
    pass(&clock, RECOVERY).await;
    let next = storing(&server, &clock, store.clone()).build().unwrap();
    let left = next.token().await.map(|token| text(&token)).ok();
    let saved = store.saved();
    assert_eq!(left.as_deref(), Some("a-2"), "after {after} s: {saved:?}");
    let sent = bodies(&server.refreshes);
    assert_eq!(sent.len(), 1, "a spent refresh token is sent: {sent:?}");
}

#[tokio::test]
async fn fault_e04_a_slow_save_of_a_token_that_was_set_meanwhile_does_not_stay() {
    for after in MOMENTS {
        let builds = |builder: TokenManagerBuilder| builder.token(expired("a-1", "r-1"));
        assert_the_rotated_token_stays(after, builds, async |manager| {
            drop(spawn_token(manager));
            run_until_idle().await;
            manager.set_token(token("a-5", "r-1"));
        })
        .await;
    }
}

#[tokio::test]
async fn fault_e04_a_slow_save_of_the_first_token_does_not_stay() {
    for after in MOMENTS {
        assert_the_rotated_token_stays(
            after,
            |builder| builder,
            async |manager| {
                manager.set_token(expired("a-1", "r-1"));
                run_until_idle().await;
                drop(spawn_token(manager));
            },
        )
        .await;
    }
}

/// A store whose `methods` never return.
fn hanging(methods: &[Method]) -> TestStore {
    TestStore::default().with_leases().hanging(methods)
}

/// An error whose reason is its source.
#[derive(Debug)]
struct Outer(BoxError);

impl std::fmt::Display for Outer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the vault refused")
    }
}

impl std::error::Error for Outer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.0.as_ref())
    }
}

/// A store whose `method` fails, with the reason in the source of its error.
fn failing(method: Method, why: &'static str) -> TestStore {
    let store = TestStore::default().with_leases();
    store.fail_with(&[method], usize::MAX, move || {
        StoreError::new(Outer(why.into()))
    });
    store
}

fn client(endpoint: &Arc<Endpoint>, clock: &ManualClock, store: &TestStore) -> TokenManager {
    let storing = builder(endpoint, clock).store(Arc::new(store.clone()));
    storing.build().unwrap()
}

/// Returns the token of a new process when everything has been written.
async fn left_in(endpoint: &Arc<Endpoint>, clock: &ManualClock, store: &TestStore) -> String {
    pass(clock, RECOVERY).await;
    endpoint.then([Scripted::Response(200, None, r#"{"access_token":"anew"}"#)]);
    token_of(&client(endpoint, clock, store)).await
}

/// A time inside the refresh window of a token with a lifetime of two hours.
const REFRESH_AHEAD: Duration = Duration::from_secs(6_000);

fn until(access_token: &str, expires_at: u64) -> Token {
    Token::new(access_token).with_expires_at(start() + seconds(expires_at))
}

#[tokio::test]
async fn fault_e05_a_failed_save_does_not_replace_a_newer_token() {
    let (endpoint, clock) = (
        Endpoint::new([Scripted::Token("7200")]),
        ManualClock::new(start()),
    );
    let store = TestStore::default().failing(&Method::WRITES, 2);
    let manager = client(&endpoint, &clock, &store);
    manager.set_token(until("set", 100));
    run_until_idle().await;
    clock.advance(seconds(100));
    assert_eq!(token_of(&manager).await, "token-1");
    run_until_idle().await;
    endpoint.then([INVALID_CLIENT]);
    clock.advance(REFRESH_AHEAD);
    assert_eq!(
        token_of(&manager).await,
        "token-1",
        "an early refresh fails"
    );
    run_until_idle().await;
    assert_eq!(left_in(&endpoint, &clock, &store).await, "token-1");
}

#[tokio::test]
async fn fault_e05_a_rejected_token_does_not_come_back() {
    let (endpoint, clock) = (
        Endpoint::new([Scripted::Token("7200")]),
        ManualClock::new(start()),
    );
    let store = TestStore::default().failing(&Method::WRITES, 2);
    let manager = client(&endpoint, &clock, &store);
    let set = until("set", 7_200);
    manager.set_token(set.clone());
    run_until_idle().await;
    manager.invalidate(&set);
    let first = manager.token().await.unwrap();
    assert_eq!(text(&first), "token-1");
    run_until_idle().await;
    manager.invalidate(&first);
    assert_eq!(token_of(&manager).await, "token-2");
    run_until_idle().await;
    assert_eq!(left_in(&endpoint, &clock, &store).await, "token-2");
}

#[tokio::test]
async fn fault_e05_a_failed_removal_does_not_remove_a_later_token() {
    let (endpoint, clock) = (
        Endpoint::new([Scripted::Token("7200")]),
        ManualClock::new(start()),
    );
    let store = TestStore::default();
    let manager = client(&endpoint, &clock, &store);
    assert_eq!(token_of(&manager).await, "token-1");
    run_until_idle().await;
    store.fail(&Method::WRITES, 2);
    manager.clear_token();
    run_until_idle().await;
    assert_eq!(token_of(&manager).await, "token-2");
    run_until_idle().await;
    endpoint.then([INVALID_CLIENT]);
    clock.advance(REFRESH_AHEAD);
    assert_eq!(
        token_of(&manager).await,
        "token-2",
        "an early refresh fails"
    );
    run_until_idle().await;
    assert_eq!(left_in(&endpoint, &clock, &store).await, "token-2");
}

/// Blocks the thread that sends until it is released.
#[derive(Default)]
struct Blocking {
    released: Mutex<bool>,
    changed: Condvar,
    requests: AtomicUsize,
}

impl Blocking {
    fn release(&self) {
        *self.released.lock().unwrap() = true;
        self.changed.notify_all();
    }
}

impl Transport for Blocking {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            self.requests.fetch_add(1, Ordering::SeqCst);
            let released = self.released.lock().unwrap();
            let limit = seconds(20);
            drop(
                self.changed
                    .wait_timeout_while(released, limit, |released| !*released),
            );
            let body = r#"{"access_token":"a-2","refresh_token":"r-2","expires_in":3600}"#;
            Ok(Response::new(body.into()))
        })
    }
}

/// A signed-in user under the machine's clock.
fn signed_in(transport: Arc<dyn Transport>) -> TokenManagerBuilder {
    TokenManager::builder("acme_oauth")
        .token_url("https://acme.example/token")
        .client_id("id")
        .client_secret(SecretString::from("secret"))
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .transport(transport)
}

/// The threads of this crate, those of other tests included.
#[cfg(target_os = "linux")]
fn threads() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let names =
        tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok());
    names.filter(|name| name.starts_with("credsmith-")).count()
}

/// More than the engine has threads, hooks' and others, in all tests that run at the same time.
#[cfg(target_os = "linux")]
const MANY: usize = 300;

#[cfg(target_os = "linux")]
#[test]
fn fault_e06_setting_tokens_costs_no_thread_each() {
    let transport: Arc<dyn Transport> = Arc::new(Blocking::default());
    let store = hanging(&[Method::Lease]);
    let manager = signed_in(transport).store(Arc::new(store)).build().unwrap();
    let before = threads();
    for number in 0..1_000 {
        let token = Token::new(format!("a-{number}"));
        manager.set_token(token.with_refresh_token(format!("r-{number}")));
    }
    std::thread::sleep(Duration::from_millis(100));
    let more = threads().saturating_sub(before);
    assert!(more < MANY, "{more} threads");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn fault_e06_fetching_at_the_same_time_costs_no_thread_each() {
    let transport = Arc::new(Blocking::default());
    let handed_in: Arc<dyn Transport> = Arc::<Blocking>::clone(&transport);
    let manager = signed_in(handed_in).token(token("a-1", "r-1"));
    let manager = manager.build().unwrap();
    let before = threads();
    let callers = (0..1_000).map(|_| {
        let manager = manager.clone();
        tokio::spawn(async move { manager.fetch_token().await })
    });
    let callers: Vec<_> = callers.collect();
    while transport.requests.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let more = threads().saturating_sub(before);
    transport.release();
    for caller in join_all(callers).await {
        assert_eq!(text(&caller.unwrap().unwrap()), "a-2");
    }
    assert_eq!(transport.requests.load(Ordering::SeqCst), 1);
    assert!(more < MANY, "{more} threads");
}

/// Returns the number of tasks on this runtime, this one excluded.
fn tasks() -> usize {
    let runtime = tokio::runtime::Handle::current();
    runtime.metrics().num_alive_tasks()
}

#[tokio::test]
async fn fault_e06_setting_and_clearing_tokens_costs_no_task_each() {
    const HANGING: [&[Method]; 2] = [&[Method::Lease], &[Method::Save, Method::Remove]];
    for methods in HANGING {
        let (endpoint, clock) = (Endpoint::new([OK]), ManualClock::new(start()));
        let store = hanging(methods);
        let manager = user(&endpoint, &clock).store(Arc::new(store));
        let manager = manager.build().unwrap();
        for _ in 0..100 {
            manager.set_token(token("a-1", "r-1"));
            run_until_idle().await;
            manager.clear_token();
        }
        run_until_idle().await;
        let count = tasks();
        assert!(count < 16, "{count} tasks wait for {methods:?}");
    }
}

#[tokio::test]
async fn fault_e06_fetching_at_the_same_time_costs_no_task_each() {
    let (endpoint, clock) = (Endpoint::closed([REFRESHED]), ManualClock::new(start()));
    let manager = user(&endpoint, &clock).token(token("a-1", "r-1"));
    let manager = manager.build().unwrap();
    let callers = join_all((0..1_000).map(|_| manager.fetch_token()));
    let mut callers = pin!(callers);
    let begun = callers
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    assert!(begun.is_pending());
    run_until_idle().await;
    let count = tasks();
    assert!(count < 16, "{count} tasks");
    endpoint.open();
    for outcome in callers.await {
        assert_eq!(text(&outcome.unwrap()), "a-2");
    }
    assert_eq!(endpoint.count(), 1);
}

/// Returns the seconds until a caller gets a token or an error.
async fn seconds_until_result(manager: &TokenManager, clock: &ManualClock) -> u64 {
    let waiting = spawn_token(manager);
    run_until_idle().await;
    for passed in 0..300 {
        if waiting.is_finished() {
            return passed;
        }
        clock.advance(seconds(1));
        run_until_idle().await;
    }
    panic!("nobody is answered");
}

/// The store's budget, and the second in which it ends.
const BUDGET: u64 = 11;

const HANGING: [&[Method]; 5] = [
    &Method::ALL,
    &[Method::Load],
    &[Method::Save],
    &[Method::Lease],
    &[Method::Load, Method::Save],
];

#[tokio::test]
async fn fault_e09_a_hung_store_costs_one_budget_and_then_counts_as_down() {
    for methods in HANGING {
        let (endpoint, clock) = (
            Endpoint::new([Scripted::Token("3600")]),
            ManualClock::new(start()),
        );
        let manager = builder(&endpoint, &clock).store(Arc::new(hanging(methods)));
        let manager = manager.build().unwrap();
        let first = seconds_until_result(&manager, &clock).await;
        assert!(first <= BUDGET, "{methods:?}: {first} s for a first token");
        // Work in the background gets time.
        pass(&clock, seconds(15)).await;
        let current = manager.current_token().expect("a token without the store");
        manager.invalidate(&current);
        let second = seconds_until_result(&manager, &clock).await;
        assert!(
            second <= 1,
            "{methods:?}: {second} s while the store is down"
        );
    }
}

#[tokio::test]
async fn fault_e09_later_refreshes_cost_no_more_than_the_first() {
    let (endpoint, clock) = (
        Endpoint::new([Scripted::Token("3600")]),
        ManualClock::new(start()),
    );
    let manager = builder(&endpoint, &clock).store(Arc::new(hanging(&Method::ALL)));
    let manager = manager.build().unwrap();
    for refresh in 0..4 {
        let took = seconds_until_result(&manager, &clock).await;
        assert!(took <= BUDGET, "{refresh}: {took} s");
        pass(&clock, seconds(3_600)).await;
    }
    assert_eq!(requests_of(&manager), 4);
}

/// It is an error rather than a refresh token that is sent twice, but not after minutes.
#[tokio::test]
async fn fault_e09_callers_of_a_rotating_grant_wait_no_longer_than_the_budget() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let manager = user(&endpoint, &clock)
        .store(Arc::new(hanging(&Method::ALL)))
        .token(expired("a-1", "r-1"));
    let manager = manager.build().unwrap();
    let took = seconds_until_result(&manager, &clock).await;
    assert!(took <= BUDGET, "{took} s");
}

/// Returns the bytes that this thread has read and written so far.
#[cfg(target_os = "linux")]
fn transferred() -> (u64, u64) {
    let counts = std::fs::read_to_string("/proc/thread-self/io").unwrap();
    let count = |name: &str| {
        let mut lines = counts.lines();
        let count = lines.find_map(|line| line.strip_prefix(name));
        count.unwrap().trim().parse::<u64>().unwrap()
    };
    (count("rchar:"), count("wchar:"))
}

/// A token that takes more room in a file than anything else that a thread reads or writes here.
#[cfg(target_os = "linux")]
const LARGE: usize = 400_000;

#[cfg(target_os = "linux")]
#[tokio::test]
async fn fault_e10_files_are_read_and_written_outside_the_executor() {
    let directory = tempfile::tempdir().unwrap();
    let padding = "p".repeat(LARGE);
    let body = format!(r#"{{"access_token":"a-1","expires_in":3600,"padding":"{padding}"}}"#);
    let endpoint = Endpoint::new([Scripted::Response(200, None, super::leaked(body))]);
    let client = || {
        let transport: Arc<dyn Transport> = Arc::<Endpoint>::clone(&endpoint);
        TokenManager::builder("acme_oauth")
            .token_url("https://acme.example/token")
            .client_id("id")
            .client_secret("secret".into())
            .transport(transport)
            .store(Arc::new(FileStore::new(directory.path()).unwrap()))
            .build()
            .unwrap()
    };
    let (_, before) = transferred();
    assert_eq!(token_of(&client()).await, "a-1");
    wait_for_file(directory.path()).await;
    let (_, after) = transferred();
    assert!(after - before < LARGE as u64, "written by the executor");
    let (before, _) = transferred();
    assert_eq!(token_of(&client()).await, "a-1");
    let (after, _) = transferred();
    assert_eq!(endpoint.count(), 1, "found in the file");
    assert!(after - before < LARGE as u64, "read by the executor");
}

#[cfg(target_os = "linux")]
async fn wait_for_file(directory: &std::path::Path) {
    let is_there = || {
        let mut files = std::fs::read_dir(directory).unwrap();
        files.any(|file| file.unwrap().path().extension() == Some("json".as_ref()))
    };
    while !is_there() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

const CLIENT_SECRET: &str = "e14-client-Qx7Zw9";

/// A user whose refresh token is new with each refresh, and what it takes to call each method of a store.
async fn use_store(scheme: &'static str, store: impl TokenStore) {
    let transport: Arc<dyn Transport> = Endpoint::new([Scripted::Response(
        200,
        None,
        r#"{"access_token":"e14-access-Kj4","refresh_token":"e14-refresh-Vb8","expires_in":3600}"#,
    )]);
    let clock = ManualClock::new(start());
    let manager = TokenManager::builder(scheme)
        .token_url("https://acme.example/token")
        .client_id("the-id")
        .client_secret(SecretString::from(CLIENT_SECRET))
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .transport(transport)
        .clock(Arc::new(clock.clone()))
        .store(Arc::new(store))
        .token(expired("a-1", "e14-refresh-Vb8"))
        .build()
        .unwrap();
    drop(spawn_token(&manager));
    run_until_idle().await;
    pass(&clock, seconds(120)).await;
    manager.clear_token();
    run_until_idle().await;
    pass(&clock, seconds(120)).await;
}

#[track_caller]
fn assert_logged(scheme: &str, wanted: &str) {
    let log = Log::of_the_process().text();
    let ours: Vec<_> = log.lines().filter(|line| line.contains(scheme)).collect();
    let is_there = ours.iter().any(|line| line.contains(wanted));
    assert!(is_there, "`{wanted}` is not in\n{}", ours.join("\n"));
}

#[tokio::test]
async fn fault_e14_the_failure_of_a_store_is_logged_with_its_text() {
    let _ = Log::of_the_process();
    for (method, scheme) in [
        (Method::Load, "e14_load"),
        (Method::Save, "e14_save"),
        (Method::Remove, "e14_remove"),
        (Method::Lease, "e14_lock"),
    ] {
        let why = super::leaked(format!("no room in the vault of {method:?}"));
        use_store(scheme, failing(method, why)).await;
        assert_logged(scheme, "the vault refused");
        assert_logged(scheme, why);
    }
}

#[tokio::test]
async fn fault_e14_a_secret_in_the_text_of_a_store_is_masked() {
    let _ = Log::of_the_process();
    for (scheme, secret) in [
        ("e14_of_client", CLIENT_SECRET),
        ("e14_of_access", "e14-access-Kj4"),
        ("e14_of_refresh", "e14-refresh-Vb8"),
    ] {
        let why = super::leaked(format!("cannot write {secret}: disk full"));
        use_store(scheme, failing(Method::Save, why)).await;
        assert_logged(scheme, "disk full");
        assert!(!Log::of_the_process().text().contains(secret));
    }
}

#[tokio::test]
async fn fault_e14_the_failure_of_a_callback_is_logged_with_its_text() {
    let _ = Log::of_the_process();
    let callbacks = [
        (
            "e14_at_once",
            TokenUpdateCallback::new(|_| Err::<(), _>("the keyring is locked: e14-token-Qx7")),
        ),
        (
            "e14_later",
            TokenUpdateCallback::new(|_| async {
                Err::<(), _>("the keyring is locked: e14-token-Qx7")
            }),
        ),
    ];
    for (scheme, callback) in callbacks {
        let body = r#"{"access_token":"e14-token-Qx7","expires_in":3600}"#;
        let transport: Arc<dyn Transport> = Endpoint::new([Scripted::Response(200, None, body)]);
        let manager = TokenManager::builder(scheme)
            .token_url("https://acme.example/token")
            .client_id("the-id")
            .client_secret(SecretString::from(CLIENT_SECRET))
            .transport(transport)
            .clock(Arc::new(clock()))
            .on_token_update(callback)
            .build()
            .unwrap();
        manager.token().await.unwrap();
        run_until_idle().await;
        assert_logged(scheme, "the keyring is locked");
        assert!(!Log::of_the_process().text().contains("e14-token-Qx7"));
    }
}

/// Calls `meanwhile` during a slow refresh.
async fn during_a_slow_refresh(meanwhile: impl AsyncFnOnce(&TokenManager)) {
    let (server, clock) = (Server::new(SIGNED_IN), ManualClock::new(start()));
    let manager = storing(&server, &clock, TestStore::default())
        .revocation_url("https://acme.example/revoke")
        .build()
        .unwrap();
    manager.set_token(expired("a-1", "r-1"));
    run_until_idle().await;
    let waiting = spawn_token(&manager);
    run_until_idle().await;
    meanwhile(&manager).await;
    run_until_idle().await;
    pass(&clock, seconds(25)).await;
    server.refreshes.open();
    let _ = waiting.await.unwrap();
    run_until_idle().await;
    assert_eq!(manager.statistics().store_failures, 0);
}

#[tokio::test]
async fn fault_e16_a_slow_endpoint_is_no_failure_of_the_store() {
    during_a_slow_refresh(async |manager| manager.set_token(token("a-7", "r-7"))).await;
    during_a_slow_refresh(async |manager| manager.clear_token()).await;
    during_a_slow_refresh(async |manager| drop(signing_in(manager).await)).await;
    during_a_slow_refresh(async |manager| {
        let manager = manager.clone();
        tokio::spawn(async move { manager.revoke_token().await });
    })
    .await;
}
