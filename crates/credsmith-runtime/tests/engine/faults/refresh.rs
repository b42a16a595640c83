//! Refreshes: kept members (E02), providers and users (E03, E11), their time (E07) and their time limits (E13).

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use credsmith_runtime::{
    BoxFuture, Clock, Grant, ManualClock, MemoryStore, PasswordGrant, SecretString, SubjectToken,
    Token, TokenError, TokenErrorKind, TokenExchange, TokenManager, TokenManagerBuilder,
    TokenProvider, TokenUpdateCallback, Transport, UserSignIn,
};
use credsmith_token_server::{Reply, TokenServer};
use http::Request;
use tokio::runtime::{Builder, Runtime};

use super::{pass, text_of_chain, wait_until};
use crate::runtimes::block_on;
use crate::sign_out::{shown, signing_in, spawn_token, user};
use crate::support::*;

/// Remembers what a callback was told.
#[derive(Clone, Default)]
struct Received(Arc<Mutex<Vec<Token>>>);

impl Received {
    fn callback(&self) -> TokenUpdateCallback {
        let told = self.clone();
        TokenUpdateCallback::new(move |token: Token| told.0.lock().unwrap().push(token))
    }

    fn list(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().map(text).collect()
    }

    fn last(&self) -> Token {
        self.0.lock().unwrap().last().unwrap().clone()
    }
}

const WITHOUT_SCOPE: Scripted = Scripted::Response(
    200,
    None,
    r#"{"access_token":"a-2","refresh_token":"r-2","expires_in":3600}"#,
);
const SIGNED_IN_WITH_MORE: Scripted = Scripted::Response(
    200,
    None,
    r#"{"access_token":"a-1","refresh_token":"r-1","expires_in":3600,"scope":"read",
        "id_token":"i-1","instance_url":"https://eu.acme.example","count":1}"#,
);

fn of_scope(scope: &str) -> Token {
    Token::new("a-1")
        .with_refresh_token(SecretString::from("r-1"))
        .with_scope(scope)
        .with_expires_at(start())
}

#[tokio::test]
async fn fault_e02_a_refresh_without_scope_keeps_the_granted_scope() {
    for fetches in [false, true] {
        let (endpoint, clock) = (Endpoint::new([WITHOUT_SCOPE]), ManualClock::new(start()));
        let (told, store) = (Received::default(), Arc::new(MemoryStore::new()));
        let storing = || user(&endpoint, &clock).store(Arc::<MemoryStore>::clone(&store));
        let manager = storing()
            .scope("read write")
            .token(of_scope("read"))
            .on_token_update(told.callback())
            .build()
            .unwrap();
        let token = if fetches {
            manager.fetch_token().await
        } else {
            manager.token().await
        };
        run_until_idle().await;
        let next = storing().scope("read write").build().unwrap();
        for token in [
            token.unwrap(),
            manager.current_token().unwrap(),
            told.last(),
            next.token().await.unwrap(),
        ] {
            assert_eq!(text(&token), "a-2");
            assert_eq!(token.scope(), Some("read"));
        }
    }
}

#[tokio::test]
async fn fault_e02_the_scope_lasts_for_many_refreshes_and_restarts() {
    let (endpoint, clock) = (Endpoint::new([WITHOUT_SCOPE]), ManualClock::new(start()));
    let store = Arc::new(MemoryStore::new());
    let storing = || user(&endpoint, &clock).store(Arc::<MemoryStore>::clone(&store));
    storing().build().unwrap().set_token(of_scope("read"));
    run_until_idle().await;
    for _ in 0..3 {
        let manager = storing().build().unwrap();
        let token = manager.token().await.unwrap();
        assert_eq!(token.scope(), Some("read"));
        clock.advance(seconds(3_600));
    }
    assert_eq!(endpoint.count(), 3);
}

#[tokio::test]
async fn fault_e02_members_that_are_not_repeated_stay() {
    let repeated = r#"{"access_token":"a-2","expires_in":3600,"count":2}"#;
    let endpoint = Endpoint::new([SIGNED_IN_WITH_MORE, Scripted::Response(200, None, repeated)]);
    let clock = ManualClock::new(start());
    let manager = user(&endpoint, &clock).build().unwrap();
    signing_in(&manager).await.await.unwrap();
    clock.advance(seconds(3_600));
    let token = manager.token().await.unwrap();
    assert_eq!(text(&token), "a-2");
    assert_eq!(token.scope(), Some("read"));
    let extra = token.extra();
    assert_eq!(extra["count"], 2, "repeated, and new");
    assert_eq!(extra["id_token"], "i-1");
    assert_eq!(extra["instance_url"], "https://eu.acme.example");
}

#[tokio::test]
async fn fault_e02_it_holds_for_each_grant_with_refresh_tokens() {
    let grant = Grant::Password(PasswordGrant::new("kim", "pw".into()));
    let endpoint = Endpoint::new([SIGNED_IN_WITH_MORE, WITHOUT_SCOPE]);
    let clock = ManualClock::new(start());
    let manager = builder(&endpoint, &clock).grant(grant).build().unwrap();
    assert_eq!(token_of(&manager).await, "a-1");
    clock.advance(seconds(3_600));
    let token = manager.token().await.unwrap();
    assert_eq!(
        (text(&token).as_str(), token.scope()),
        ("a-2", Some("read"))
    );
    assert_eq!(token.extra()["instance_url"], "https://eu.acme.example");
}

/// Only a refresh is about the same grant.
#[tokio::test]
async fn fault_e02_a_grant_that_runs_again_inherits_nothing() {
    let first = r#"{"access_token":"a-1","expires_in":3600,"scope":"read","instance_url":"x"}"#;
    let endpoint = Endpoint::new([
        Scripted::Response(200, None, first),
        Scripted::Token("3600"),
    ]);
    let clock = clock();
    let manager = manager(&endpoint, &clock);
    assert_eq!(token_of(&manager).await, "a-1");
    clock.advance(seconds(3_600));
    let token = manager.token().await.unwrap();
    assert_eq!((text(&token).as_str(), token.scope()), ("token-2", None));
    assert!(token.extra().is_empty());
}

/// A time inside the refresh window of a token with a lifetime of an hour.
const REFRESH_AHEAD: Duration = Duration::from_secs(2_900);

fn shared() -> Token {
    Token::new("shared").with_expires_at(start() + seconds(3_600))
}

async fn assert_refreshed_ahead(provider: TokenProvider<TokenManager>) {
    let (endpoint, clock, told) = (
        Endpoint::new([Scripted::Token("3600")]),
        clock(),
        Received::default(),
    );
    let manager = builder(&endpoint, &clock)
        .token_provider(provider)
        .on_token_update(told.callback())
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "shared");
    clock.advance(REFRESH_AHEAD);
    assert_eq!(token_of(&manager).await, "shared", "still valid");
    run_until_idle().await;
    assert_eq!(told.list(), ["shared", "token-1"]);
    assert_eq!(endpoint.count(), 1);
    assert_eq!(shown(&manager).as_deref(), Some("token-1"));
}

#[tokio::test]
async fn fault_e03_an_unchanged_provider_token_is_ignored_when_a_refresh_is_due() {
    assert_refreshed_ahead(TokenProvider::new(|_, _| shared())).await;
    assert_refreshed_ahead(TokenProvider::new(|_, _| async { Some(shared()) })).await;
}

#[tokio::test]
async fn fault_e03_so_is_the_last_token_returned_to_the_manager() {
    let provider = TokenProvider::new(|last: Option<Token>, _| last.unwrap_or_else(shared));
    assert_refreshed_ahead(provider).await;
}

/// It counts as an hour old at most.
#[tokio::test]
async fn fault_e03_so_is_an_unchanged_provider_token_without_an_expiry() {
    let (endpoint, clock, told) = (
        Endpoint::new([Scripted::Token("3600")]),
        clock(),
        Received::default(),
    );
    let manager = builder(&endpoint, &clock)
        .token_provider(TokenProvider::new(|_, _| Token::new("shared")))
        .on_token_update(told.callback())
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "shared");
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "token-1");
    run_until_idle().await;
    assert_eq!(told.list(), ["shared", "token-1"]);
}

#[tokio::test]
async fn fault_e03_a_changed_provider_token_is_used_ahead_of_time() {
    let (endpoint, clock, told) = (
        Endpoint::new([Scripted::Token("3600")]),
        clock(),
        Received::default(),
    );
    let calls = AtomicUsize::new(0);
    let provider = TokenProvider::new(move |_, _| {
        let call = calls.fetch_add(1, Ordering::SeqCst);
        let expires_at = start() + seconds(if call == 0 { 3_600 } else { 7_200 });
        Token::new(format!("shared-{call}")).with_expires_at(expires_at)
    });
    let manager = builder(&endpoint, &clock)
        .token_provider(provider)
        .on_token_update(told.callback())
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "shared-0");
    clock.advance(REFRESH_AHEAD);
    manager.token().await.unwrap();
    run_until_idle().await;
    assert_eq!(told.list(), ["shared-0", "shared-1"]);
    assert_eq!(endpoint.count(), 0);
}

/// The token is due for a refresh after a second of its ten.
const SHORT: &str = r#"{"access_token":"short","expires_in":10,"refresh_in":1}"#;
const INTO_THE_WINDOW: Duration = Duration::from_millis(1_300);

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

type Call = fn(&Runtime, &TokenManager);

/// Calls as synchronous wrappers make them: nothing runs on the runtime between two of them.
const CALLS: [Call; 3] = [
    |runtime, manager| {
        runtime.block_on(manager.authorization()).unwrap();
    },
    |runtime, manager| {
        runtime.block_on(manager.token()).unwrap();
    },
    |runtime, manager| {
        let request = Request::get("https://api.acme.example/");
        let mut request = request.body(Bytes::new()).unwrap();
        runtime.block_on(manager.authorize(&mut request)).unwrap();
    },
];

/// Uses the machine's clock: how soon a token is replaced depends on it alone.
fn assert_refreshes_between_calls(manager: &TokenManager, call: Call) {
    let runtime = current_thread();
    call(&runtime, manager);
    thread::sleep(INTO_THE_WINDOW);
    for _ in 0..400 {
        call(&runtime, manager);
        if shown(manager).as_deref() != Some("short") {
            assert_eq!(manager.statistics().waits, 1, "nobody waits for it");
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("the token is not refreshed ahead of time");
}

#[test]
fn fault_e07_calls_that_block_a_runtime_refresh_ahead() {
    let checks = CALLS.map(|call| {
        thread::spawn(move || {
            let server = TokenServer::start_blocking();
            server.register_client("id", "secret");
            server.enqueue(Reply::json(200, SHORT));
            let manager = TokenManager::builder("acme_oauth")
                .token_url(server.token_url())
                .client_id("id")
                .client_secret("secret".into())
                .build()
                .unwrap();
            assert_refreshes_between_calls(&manager, call);
            assert_eq!(server.token_requests().len(), 2);
        })
    });
    for check in checks {
        check.join().unwrap();
    }
}

#[test]
fn fault_e07_they_do_so_over_a_custom_transport() {
    let checks = CALLS.map(|call| {
        thread::spawn(move || {
            let endpoint =
                Endpoint::new([Scripted::Response(200, None, SHORT), Scripted::Token("60")]);
            let transport: Arc<dyn Transport> = Arc::<Endpoint>::clone(&endpoint);
            let manager = TokenManager::builder("acme_oauth")
                .token_url("https://acme.example/token")
                .client_id("id")
                .client_secret("secret".into())
                .transport(transport)
                .build()
                .unwrap();
            assert_refreshes_between_calls(&manager, call);
            assert_eq!(endpoint.count(), 2);
        })
    });
    for check in checks {
        check.join().unwrap();
    }
}

/// Another manager of the application: another tenant's, under the same name or its own.
fn other(scheme: &'static str, answer: Scripted) -> TokenManagerBuilder {
    let transport: Arc<dyn Transport> = Endpoint::new([answer]);
    TokenManager::builder(scheme)
        .token_url("https://other.example/token")
        .client_id("other-id")
        .client_secret("other-secret".into())
        .transport(transport)
        .clock(Arc::new(clock()))
}

/// Managers whose tokens cannot be had, for reasons that would mean something else here.
fn others() -> Vec<TokenManager> {
    let mut all = Vec::new();
    for scheme in ["other_oauth", "acme_oauth"] {
        let needs_its_user = other(scheme, UNAVAILABLE)
            .grant(Grant::AuthorizationCode)
            .authorization_url("https://other.example/authorize");
        all.extend([
            needs_its_user,
            other(scheme, INVALID_CLIENT),
            other(scheme, UNAVAILABLE),
        ]);
    }
    all.into_iter()
        .map(|builder| builder.build().unwrap())
        .collect()
}

/// `error` is of the application's code, whatever that got from `other`.
async fn assert_of_application(error: &TokenError, other: &TokenManager) {
    let theirs = other.token().await.unwrap_err();
    assert_eq!(error.scheme(), "acme_oauth");
    assert!(error.kind() != TokenErrorKind::InvalidClient, "{error:?}");
    assert!(!error.is_sign_in_needed(), "{error:?}");
    assert_eq!(error.error(), None);
    assert_eq!(error.status(), None);
    let words = text_of_chain(error);
    assert!(words.contains(&theirs.to_string()), "{words}");
}

#[tokio::test]
async fn fault_e11_the_error_of_another_manager_is_one_of_the_provider() {
    for other in others() {
        let asked = other.clone();
        let provider = TokenProvider::new(move |_, _: TokenManager| {
            let other = asked.clone();
            async move { other.token().await }
        });
        let endpoint = Endpoint::new([Scripted::Token("3600")]);
        let clock = ManualClock::new(start());
        let manager = builder(&endpoint, &clock)
            .token_provider(provider)
            .build()
            .unwrap();
        for _ in 0..5 {
            let error = manager.token().await.unwrap_err();
            assert_eq!(error.kind(), TokenErrorKind::ProviderFailed, "{error:?}");
            assert_of_application(&error, &other).await;
        }
        assert_eq!(manager.statistics().provider_calls, 1, "it cools down");
    }
}

#[tokio::test]
async fn fault_e11_the_error_of_another_manager_is_one_of_the_subject_token() {
    for other in others() {
        let asked = other.clone();
        let subject = SubjectToken::from_fn(move || {
            let other = asked.clone();
            async move { other.token().await.map(|token| text(&token)) }
        });
        let grant = Grant::TokenExchange(TokenExchange::new(subject));
        let endpoint = Endpoint::new([Scripted::Token("3600")]);
        let manager = builder(&endpoint, &ManualClock::new(start())).grant(grant);
        let error = manager.build().unwrap().token().await.unwrap_err();
        assert_of_application(&error, &other).await;
        assert_eq!(endpoint.count(), 0);
    }
}

#[tokio::test]
async fn fault_e11_the_error_of_another_manager_is_one_of_the_users_authorization() {
    for other in others() {
        let asked = other.clone();
        let hook = UserSignIn::new(move |_: TokenManager| {
            let other = asked.clone();
            async move { other.token().await }
        });
        let endpoint = Endpoint::new([Scripted::Token("3600")]);
        let manager = user(&endpoint, &ManualClock::new(start())).user_sign_in(hook);
        let manager = manager.build().unwrap();
        for _ in 0..5 {
            let error = manager.token().await.unwrap_err();
            assert_eq!(error.kind(), TokenErrorKind::SignInFailed, "{error:?}");
            assert_of_application(&error, &other).await;
        }
        assert_eq!(manager.statistics().user_sign_ins, 1);
    }
}

/// The error of whoever waits for code of the application that never returns: it comes after `limit`.
async fn assert_limited(
    manager: &TokenManager,
    clock: &ManualClock,
    limit: Duration,
) -> TokenError {
    let waiting = spawn_token(manager);
    run_until_idle().await;
    pass(clock, limit.saturating_sub(seconds(2))).await;
    assert!(!waiting.is_finished(), "too early");
    pass(clock, seconds(5)).await;
    assert!(waiting.is_finished(), "it waits for ever");
    waiting.await.unwrap().unwrap_err()
}

const HOOK_LIMIT: Duration = Duration::from_secs(30);
const USER_LIMIT: Duration = Duration::from_secs(600);

#[tokio::test]
async fn fault_e13_a_provider_has_a_time_limit() {
    let clock = ManualClock::new(start());
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&calls);
    let provider = TokenProvider::new(move |_, _| {
        let is_first = counter.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            if is_first {
                pending::<()>().await;
            }
            Token::new("second")
        }
    });
    let manager = builder(&Endpoint::new([UNAVAILABLE]), &clock)
        .token_provider(provider)
        .build()
        .unwrap();
    let error = assert_limited(&manager, &clock, HOOK_LIMIT).await;
    assert_eq!(error.kind(), TokenErrorKind::ProviderFailed, "{error:?}");
    assert_eq!(manager.statistics().provider_failures, 1);
    clock.advance(seconds(60));
    assert_eq!(token_of(&manager).await, "second");
}

#[tokio::test]
async fn fault_e13_a_subject_token_has_a_time_limit() {
    let (endpoint, clock) = (Endpoint::new([UNAVAILABLE]), ManualClock::new(start()));
    let subject = SubjectToken::from_fn(pending::<String>);
    let grant = Grant::TokenExchange(TokenExchange::new(subject));
    let manager = builder(&endpoint, &clock).grant(grant).build().unwrap();
    let error = assert_limited(&manager, &clock, HOOK_LIMIT).await;
    assert_eq!(error.scheme(), "acme_oauth");
    assert_eq!(endpoint.count(), 0);
}

#[tokio::test]
async fn fault_e13_a_sign_in_has_a_time_limit() {
    let (endpoint, clock) = (Endpoint::new([UNAVAILABLE]), ManualClock::new(start()));
    let hook = UserSignIn::new(|_: TokenManager| pending::<Token>());
    let manager = user(&endpoint, &clock).user_sign_in(hook).build().unwrap();
    let error = assert_limited(&manager, &clock, USER_LIMIT).await;
    assert_eq!(error.kind(), TokenErrorKind::SignInFailed, "{error:?}");
    assert_eq!(manager.statistics().user_sign_in_failures, 1);
}

#[tokio::test]
async fn fault_e13_an_update_callback_has_a_time_limit() {
    let (endpoint, clock) = (
        Endpoint::new([Scripted::Token("3600")]),
        ManualClock::new(start()),
    );
    let told = Received::default();
    let record = told.clone();
    let callback = TokenUpdateCallback::new(move |token: Token| {
        record.0.lock().unwrap().push(token);
        let is_first = record.0.lock().unwrap().len() == 1;
        async move {
            if is_first {
                pending::<()>().await;
            }
        }
    });
    let manager = builder(&endpoint, &clock)
        .on_token_update(callback)
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "token-1");
    manager.invalidate(&manager.current_token().unwrap());
    assert_eq!(token_of(&manager).await, "token-2", "nobody waits for it");
    run_until_idle().await;
    pass(&clock, HOOK_LIMIT + seconds(2)).await;
    assert_eq!(manager.statistics().callback_failures, 1);
    assert_eq!(told.list(), ["token-1", "token-2"]);
}

/// A provider that takes `own` itself, and then fetches from an endpoint that takes `theirs`.
async fn assert_served(own: Duration, theirs: Duration) {
    let (endpoint, clock) = (
        Endpoint::closed([Scripted::Token("3600")]),
        ManualClock::new(start()),
    );
    let timer = clock.clone();
    let provider = TokenProvider::new(move |_, manager: TokenManager| {
        let pause = timer.sleep(own);
        async move {
            pause.await;
            manager.fetch_token().await
        }
    });
    let manager = builder(&endpoint, &clock)
        .token_provider(provider)
        .build()
        .unwrap();
    let waiting = spawn_token(&manager);
    run_until_idle().await;
    pass(&clock, own).await;
    pass(&clock, theirs).await;
    endpoint.open();
    assert_eq!(text(&waiting.await.unwrap().unwrap()), "token-1");
}

#[tokio::test]
async fn fault_e13_time_in_calls_of_the_same_manager_does_not_count() {
    assert_served(seconds(20), seconds(30)).await;
    assert_served(seconds(1), seconds(33)).await;
}

/// A plain function that hangs keeps its thread and nothing else.
#[test]
fn fault_e13_a_plain_function_that_hangs_keeps_no_runtime_from_going_on() {
    let (release, released) = std::sync::mpsc::channel::<()>();
    let released = Mutex::new(released);
    let provider = TokenProvider::new(move |_, _: TokenManager| {
        let _ = released.lock().unwrap().recv_timeout(seconds(20));
        Token::new("late")
    });
    let transport: Arc<dyn Transport> = Endpoint::new([UNAVAILABLE]);
    let manager = TokenManager::builder("acme_oauth")
        .token_url("https://acme.example/token")
        .client_id("id")
        .client_secret("secret".into())
        .transport(transport)
        .token_provider(provider)
        .build()
        .unwrap();
    let goes_on = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&goes_on);
    let asking = thread::spawn(move || {
        current_thread().block_on(async {
            let others = tokio::spawn(async move {
                loop {
                    counter.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            });
            tokio::task::yield_now().await;
            let token = token_of(&manager).await;
            others.abort();
            token
        })
    });
    wait_until("other tasks run", || goes_on.load(Ordering::SeqCst) > 10);
    release.send(()).unwrap();
    assert_eq!(asking.join().unwrap(), "late");
}

/// Callers without a runtime do not wait for ever either.
#[test]
fn fault_e13_the_limit_holds_without_a_runtime() {
    let clock = ManualClock::new(start()).with_sleep_advancing();
    let provider = TokenProvider::new(|_, _| -> BoxFuture<'static, Token> { Box::pin(pending()) });
    let manager = builder(&Endpoint::new([UNAVAILABLE]), &clock)
        .token_provider(provider)
        .build()
        .unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    thread::spawn(move || tell.send(block_on(manager.token())));
    let outcome = told.recv_timeout(seconds(10)).expect("it waits for ever");
    assert_eq!(outcome.unwrap_err().kind(), TokenErrorKind::ProviderFailed);
}
