//! Work that outlives its runtime (E08) or its caller (E12).

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use credsmith_runtime::{
    BoxFuture, Grant, ManualClock, SecretString, Token, TokenManager, TokenManagerBuilder,
    TokenProvider, TokenUpdateCallback, Transport, UserSignIn,
};
use futures_util::future::{Either, select};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, oneshot};

use super::wait_until;
use crate::sign_out::{REFRESHED, SIGNED_IN, expired, shown, spawn_token, user};
use crate::support::*;
use crate::test_store::TestStore;

const PAUSE: Duration = Duration::from_millis(200);

type Pause = fn() -> BoxFuture<'static, ()>;

/// Needs a timer, but no runtime.
fn timer() -> BoxFuture<'static, ()> {
    Box::pin(futures_timer::Delay::new(PAUSE))
}

/// Is woken by a thread, as by a database.
fn other_thread() -> BoxFuture<'static, ()> {
    let (tell, told) = oneshot::channel();
    thread::spawn(move || {
        thread::sleep(PAUSE);
        let _ = tell.send(());
    });
    Box::pin(async { told.await.unwrap() })
}

/// A callback that persists tokens, and a flag that is set when it has done so.
fn persisting(pause: Pause) -> (TokenUpdateCallback, Arc<AtomicBool>) {
    let persisted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&persisted);
    let callback = TokenUpdateCallback::new(move |_: Token| {
        let flag = Arc::clone(&flag);
        async move {
            pause().await;
            flag.store(true, Ordering::SeqCst);
        }
    });
    (callback, persisted)
}

/// Under the machine's clock.
fn client(answer: Scripted) -> TokenManagerBuilder {
    let transport: Arc<dyn Transport> = Endpoint::new([answer]);
    TokenManager::builder("acme_oauth")
        .token_url("https://acme.example/token")
        .client_id("id")
        .client_secret(SecretString::from("secret"))
        .transport(transport)
}

fn signed_in() -> TokenManagerBuilder {
    client(REFRESHED)
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
}

fn runtimes() -> [Runtime; 2] {
    let current_thread = Builder::new_current_thread().enable_all().build();
    [current_thread.unwrap(), Runtime::new().unwrap()]
}

/// Every way to a token that the application is told of; each gets a runtime that ends with it.
fn assert_persists(
    manager: impl Fn() -> TokenManagerBuilder,
    get: &impl AsyncFn(&TokenManager) -> Token,
) {
    for pause in [timer as Pause, other_thread] {
        for runtime in runtimes() {
            let (callback, persisted) = persisting(pause);
            let manager = manager().on_token_update(callback).build().unwrap();
            runtime.block_on(get(&manager));
            drop(runtime);
            wait_until("the callback's end", || persisted.load(Ordering::SeqCst));
        }
    }
}

#[test]
fn fault_e08_a_callback_runs_to_its_end_after_the_runtime() {
    assert_persists(
        || client(Scripted::Token("3600")),
        &async |manager: &TokenManager| manager.token().await.unwrap(),
    );
}

#[test]
fn fault_e08_so_does_that_of_a_rotated_refresh_token() {
    assert_persists(
        || signed_in().token(expired("a-1", "r-1")),
        &async |manager: &TokenManager| manager.token().await.unwrap(),
    );
}

#[test]
fn fault_e08_so_does_that_of_a_fetch() {
    assert_persists(
        || signed_in().token(expired("a-1", "r-1")),
        &async |manager: &TokenManager| manager.fetch_token().await.unwrap(),
    );
}

#[test]
fn fault_e08_so_does_that_of_a_sign_in() {
    assert_persists(signed_in, &async |manager: &TokenManager| {
        let request = manager.start_sign_in().await.unwrap();
        let url = format!("https://app.example/cb?state={}&code=c", request.state());
        let token = manager.complete_sign_in(&request, &url).await;
        token.unwrap()
    });
}

#[test]
fn fault_e08_so_does_one_with_a_store() {
    assert_persists(
        || {
            signed_in()
                .store(Arc::new(TestStore::default()))
                .token(expired("a-1", "r-1"))
        },
        &async |manager: &TokenManager| manager.token().await.unwrap(),
    );
}

/// A short program has no time to wait for what comes after its last call.
#[test]
fn fault_e08_callers_wait_for_the_callback_of_a_new_refresh_token_without_a_store() {
    for runtime in runtimes() {
        let (callback, persisted) = persisting(timer);
        let manager = signed_in().token(expired("a-1", "r-1"));
        let manager = manager.on_token_update(callback).build().unwrap();
        runtime.block_on(manager.token()).unwrap();
        assert!(persisted.load(Ordering::SeqCst));
    }
}

/// Runs `work` until the application has had enough of it.
async fn impatient<T, E>(
    work: impl Future<Output = Result<T, E>>,
    enough: &Semaphore,
) -> Result<T, &'static str> {
    match select(pin!(work), pin!(enough.acquire())).await {
        Either::Left((outcome, _)) => outcome.map_err(|_| "refused"),
        Either::Right(_) => Err("took too long"),
    }
}

/// Drops the call of a hook before the endpoint responds, and checks that the work continues.
async fn assert_continues(
    endpoint: &Endpoint,
    manager: &TokenManager,
    enough: &Semaphore,
    expected: &str,
) {
    let waiting = spawn_token(manager);
    run_until_idle().await;
    let sent = endpoint.count();
    enough.add_permits(1);
    run_until_idle().await;
    endpoint.open();
    run_until_idle().await;
    let _ = waiting.await.unwrap();
    run_until_idle().await;
    assert_eq!(endpoint.count(), sent, "sent once");
    assert_eq!(shown(manager).as_deref(), Some(expected), "it is lost");
}

#[tokio::test]
async fn fault_e12_a_sign_in_continues_after_a_hook_drops_it() {
    let (endpoint, clock) = (Endpoint::closed([SIGNED_IN]), ManualClock::new(start()));
    let (store, enough) = (TestStore::default(), Arc::new(Semaphore::new(0)));
    let limit = Arc::clone(&enough);
    let hook = UserSignIn::new(move |manager: TokenManager| {
        let limit = Arc::clone(&limit);
        async move {
            let request = manager.start_sign_in().await.unwrap();
            let url = format!("https://app.example/cb?state={}&code=c", request.state());
            impatient(manager.complete_sign_in(&request, &url), &limit).await
        }
    });
    let told = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&told);
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .user_sign_in(hook)
        .on_token_update(TokenUpdateCallback::new(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
        }))
        .build()
        .unwrap();
    assert_continues(&endpoint, &manager, &enough, "a-9").await;
    assert_eq!(store.saved(), ["r-9"]);
    assert_eq!(told.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn fault_e12_a_refresh_continues_after_a_provider_drops_it() {
    let (endpoint, clock) = (Endpoint::closed([REFRESHED]), ManualClock::new(start()));
    let (store, enough) = (TestStore::default(), Arc::new(Semaphore::new(0)));
    let limit = Arc::clone(&enough);
    let provider = TokenProvider::new(move |_, manager: TokenManager| {
        let limit = Arc::clone(&limit);
        async move { impatient(manager.fetch_token(), &limit).await }
    });
    let manager = user(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .token(expired("a-1", "r-1"))
        .token_provider(provider)
        .build()
        .unwrap();
    assert_continues(&endpoint, &manager, &enough, "a-2").await;
    assert_eq!(store.saved(), ["r-2"]);
}

const CODES: Scripted = Scripted::Response(
    200,
    None,
    r#"{"device_code":"d","user_code":"WDJB","verification_uri":"https://acme.example/device",
        "expires_in":600,"interval":5}"#,
);

#[tokio::test]
async fn fault_e12_a_device_token_request_continues_after_a_hook_drops_it() {
    let (endpoint, clock) = (Endpoint::new([CODES, SIGNED_IN]), ManualClock::new(start()));
    let enough = Arc::new(Semaphore::new(0));
    let limit = Arc::clone(&enough);
    let server = Arc::clone(&endpoint);
    let hook = UserSignIn::new(move |manager: TokenManager| {
        let (limit, server) = (Arc::clone(&limit), Arc::clone(&server));
        async move {
            let codes = manager.start_device_sign_in().await.unwrap();
            server.close();
            impatient(manager.complete_device_sign_in(&codes), &limit).await
        }
    });
    let manager = builder(&endpoint, &clock)
        .grant(Grant::DeviceCode)
        .device_authorization_url("https://acme.example/device_authorization")
        .user_sign_in(hook)
        .build()
        .unwrap();
    let waiting = spawn_token(&manager);
    run_until_idle().await;
    clock.advance(seconds(5));
    run_until_idle().await; // the first poll is in flight
    assert_eq!(endpoint.count(), 2);
    enough.add_permits(1);
    run_until_idle().await;
    endpoint.open();
    run_until_idle().await;
    let _ = waiting.await.unwrap();
    assert_eq!(shown(&manager).as_deref(), Some("a-9"), "it is lost");
}
