//! Hooks: their threads, their number, their time limits, and their calls to the manager.

use std::future::pending;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Instant;

use credsmith_runtime::{
    ClientAuthentication, MemoryStore, SigningKey, SubjectToken, Token, TokenError, TokenErrorKind,
    TokenExchange, TokenProvider, TokenUpdateCallback, UserSignIn,
};
use credsmith_token_server::keys::P256;
use futures_util::future::join_all;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::*;
use crate::runtimes::block_on;
use crate::sign_out::{REFRESHED, expired, shown};
use crate::support::*;

const TOKEN: Scripted = Scripted::Token("3600");

/// A subject token as a grant.
fn exchange(subject_token: SubjectToken) -> Grant {
    Grant::TokenExchange(TokenExchange::new(subject_token))
}

/// A manager for each kind of hook, whose plain function notes its thread.
fn plain_hooks(threads: &Threads) -> [TokenManagerBuilder; 4] {
    let endpoint = Endpoint::new([TOKEN]);
    let notes = || threads.clone();
    let (provider, authorization, subject, callback) = (notes(), notes(), notes(), notes());
    [
        client(&endpoint).token_provider(TokenProvider::new(move |_, _: TokenManager| {
            provider.note();
            Token::new("provided")
        })),
        user(&endpoint).user_sign_in(UserSignIn::new(move |_: TokenManager| {
            authorization.note();
            Token::new("signed-in")
        })),
        client(&endpoint).grant(exchange(SubjectToken::from_fn(move || {
            subject.note();
            "subject".to_owned()
        }))),
        client(&endpoint).on_token_update(TokenUpdateCallback::new(move |_| callback.note())),
    ]
}

/// The same with hooks that return a future. Their closures run where their futures do.
fn async_hooks(threads: &Threads) -> [TokenManagerBuilder; 4] {
    let endpoint = Endpoint::new([TOKEN]);
    let polled = |threads: &Threads| {
        threads.note();
        let threads = threads.clone();
        async move { threads.note_polls().await }
    };
    let notes = || threads.clone();
    let (provider, authorization, subject, callback) = (notes(), notes(), notes(), notes());
    [
        client(&endpoint).token_provider(TokenProvider::new(move |_, _: TokenManager| {
            let polled = polled(&provider);
            async move {
                polled.await;
                Token::new("provided")
            }
        })),
        user(&endpoint).user_sign_in(UserSignIn::new(move |_: TokenManager| {
            let polled = polled(&authorization);
            async move {
                polled.await;
                Token::new("signed-in")
            }
        })),
        client(&endpoint).grant(exchange(SubjectToken::from_fn(move || {
            let polled = polled(&subject);
            async move {
                polled.await;
                "subject".to_owned()
            }
        }))),
        client(&endpoint).on_token_update(TokenUpdateCallback::new(move |_| polled(&callback))),
    ]
}

/// The threads of each of `hooks`, when `call` asks for a token.
fn threads_of(
    hooks: fn(&Threads) -> [TokenManagerBuilder; 4],
    call: impl Fn(&TokenManager),
) -> [Vec<String>; 4] {
    [0, 1, 2, 3].map(|index| {
        let threads = Threads::default();
        let [manager] = hooks(&threads)
            .into_iter()
            .skip(index)
            .take(1)
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        let manager = manager.build().unwrap();
        call(&manager);
        block_on(manager.flush()).unwrap();
        threads.names()
    })
}

/// A call in a task of a runtime whose worker is called `waiter`.
fn call_in_a_task(manager: &TokenManager) {
    let (runtime, manager) = (runtime("waiter"), manager.clone());
    let asking = runtime.spawn(async move { manager.token().await });
    runtime.block_on(asking).unwrap().unwrap();
}

fn call_without_a_runtime(manager: &TokenManager) {
    block_on(manager.token()).unwrap();
}

#[test]
fn plain_functions_run_on_threads_for_hooks() {
    for call in [call_in_a_task, call_without_a_runtime] {
        for threads in threads_of(plain_hooks, call) {
            assert_eq!(threads, [HOOKS]);
        }
    }
}

#[test]
fn async_hooks_run_on_threads_for_hooks_without_a_runtime() {
    for threads in threads_of(async_hooks, call_without_a_runtime) {
        assert_eq!(threads, [HOOKS]);
    }
}

#[test]
fn async_hooks_run_in_the_tasks_of_callers() {
    let [provider, authorization, subject, callback] = threads_of(async_hooks, call_in_a_task);
    assert_eq!(provider, ["waiter"]);
    assert_eq!(authorization, ["waiter"]);
    assert_eq!(subject, ["waiter"]);
    assert_eq!(callback, [HOOKS], "nobody waits for it");
}

/// As clients do that are blocking outside and asynchronous inside.
#[test]
fn a_plain_function_may_block_on_a_runtime_that_it_has_made() {
    let provider = TokenProvider::new(|_, _: TokenManager| {
        current_thread().block_on(async { tokio::time::sleep(millis(1)).await });
        Token::new("provided")
    });
    let manager = client(&Endpoint::new([UNAVAILABLE])).token_provider(provider);
    let manager = manager.build().unwrap();
    call_in_a_task(&manager);
    assert_eq!(shown(&manager).as_deref(), Some("provided"));
}

/// As a blocking call does inside of an async function.
#[test]
fn an_async_hook_does_without_a_runtime_that_its_waiter_blocks() {
    let provider = TokenProvider::new(|_, _: TokenManager| async move { Token::new("provided") });
    let manager = client(&Endpoint::new([UNAVAILABLE])).token_provider(provider);
    let manager = manager.hook_timeout(seconds(5)).build().unwrap();
    let token = current_thread().block_on(async { block_on(manager.token()) });
    assert_eq!(text(&token.unwrap()), "provided");
}

#[test]
fn an_async_hook_runs_without_a_runtime_that_ended_before_it_began() {
    let (threads, runtime) = (Threads::default(), current_thread());
    let [provider, ..] = async_hooks(&threads);
    let manager = provider.build().unwrap();
    let handle = runtime.handle().clone();
    drop(runtime);
    let _entered = handle.enter();
    block_on(manager.token()).unwrap();
    assert_eq!(threads.names(), [HOOKS]);
}

/// Of two runtimes that wait, either will do, and one that does not wait will not.
#[test]
fn an_async_hook_runs_in_the_runtime_of_a_caller() {
    let (first, second) = (runtime("first"), runtime("second"));
    let (gate, begun) = (
        Arc::new(Semaphore::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let ran = Arc::new(Mutex::new(None));
    let (record, waiting) = (Arc::clone(&ran), Arc::clone(&gate));
    let provider = TokenProvider::new(move |_, _: TokenManager| {
        let record = Arc::clone(&record);
        async move {
            *record.lock().unwrap() = Some(Handle::current().id());
            Token::new("provided")
        }
    });
    let endpoint = Endpoint::new([TOKEN]);
    let manager = client(&endpoint).token_provider(provider).build().unwrap();
    let _other = first.spawn({
        let begun = Arc::clone(&begun);
        async move {
            begun.store(true, Ordering::SeqCst);
            drop(waiting.acquire().await);
        }
    });
    eventually(|| begun.load(Ordering::SeqCst));
    let asking = second.spawn(async move { manager.token().await });
    second.block_on(asking).unwrap().unwrap();
    assert_eq!(*ran.lock().unwrap(), Some(second.handle().id()));
    gate.add_permits(1);
}

/// The number of hooks that run, and the largest number so far.
#[derive(Default)]
struct Concurrency {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Concurrency {
    fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        let output = work();
        self.now.fetch_sub(1, Ordering::SeqCst);
        output
    }
}

/// `count` managers with one provider.
fn managers(count: usize, provider: &TokenProvider<TokenManager>) -> Vec<TokenManager> {
    let endpoint = Endpoint::new([UNAVAILABLE]);
    let manager = |_| {
        let manager = client(&endpoint).token_provider(provider.clone());
        manager.build().unwrap()
    };
    (0..count).map(manager).collect()
}

async fn assert_all_are_served(managers: &[TokenManager]) {
    let callers = managers.iter().map(TokenManager::token);
    for token in join_all(callers).await {
        assert_eq!(text(&token.unwrap()), "provided");
    }
}

#[test]
fn two_hundred_plain_hooks_share_sixty_four_threads() {
    let _alone = alone_with_hooks();
    let running = Arc::new(Concurrency::default());
    let record = Arc::clone(&running);
    let provider = TokenProvider::new(move |_, _: TokenManager| {
        record.during(|| thread::sleep(millis(50)));
        Token::new("provided")
    });
    let managers = managers(200, &provider);
    current_thread().block_on(assert_all_are_served(&managers));
    let most = running.most.load(Ordering::SeqCst);
    assert!(most <= HOOK_THREADS, "{most} at the same time");
}

/// As at start-up, where all of them ask one database.
#[test]
fn a_thousand_async_hooks_that_wait_for_one_permit_are_all_served() {
    let permit = Arc::new(Semaphore::new(1));
    let provider = TokenProvider::new(move |_, _: TokenManager| {
        let permit = Arc::clone(&permit);
        async move {
            let _permit = permit.acquire().await.unwrap();
            tokio::task::yield_now().await;
            Token::new("provided")
        }
    });
    let managers = managers(1_000, &provider);
    current_thread().block_on(assert_all_are_served(&managers));
}

/// Plain functions that hang until they are released.
struct Hanging {
    release: mpsc::Sender<()>,
    managers: Vec<TokenManager>,
}

impl Hanging {
    fn on(count: usize) -> Self {
        let (release, released) = mpsc::channel::<()>();
        let released = Mutex::new(released);
        let begun = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&begun);
        let released = Arc::new(released);
        let provider = TokenProvider::new(move |_, _: TokenManager| {
            counter.fetch_add(1, Ordering::SeqCst);
            let _ = released.lock().unwrap().recv_timeout(seconds(20));
            Token::new("late")
        });
        let managers = managers(count, &provider);
        for manager in &managers {
            begin(manager.token());
        }
        eventually(|| begun.load(Ordering::SeqCst) == count);
        Self { release, managers }
    }

    fn release(self) {
        for _ in &self.managers {
            self.release.send(()).unwrap();
        }
        for manager in &self.managers {
            assert_eq!(block_on(token_of(manager)), "late");
        }
    }
}

/// A manager with a provider that is a plain function.
fn plain(limit: Duration) -> TokenManager {
    let provider = TokenProvider::new(|_, _: TokenManager| Token::new("provided"));
    let manager = client(&Endpoint::new([UNAVAILABLE])).token_provider(provider);
    manager.hook_timeout(limit).build().unwrap()
}

#[test]
fn a_hook_without_a_thread_within_its_time_limit_fails_and_is_counted() {
    let _alone = alone_with_hooks();
    let (hanging, impatient, patient) = (
        Hanging::on(HOOK_THREADS),
        plain(millis(200)),
        plain(seconds(20)),
    );
    begin(patient.token());
    let error = block_on(impatient.token()).unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::ProviderFailed, "{error:?}");
    assert_eq!(impatient.statistics().provider_failures, 1);
    hanging.release();
    assert_eq!(block_on(token_of(&patient)), "provided");
}

#[test]
fn hooks_that_hang_on_all_threads_keep_no_transport_store_or_signature_waiting() {
    let _alone = alone_with_hooks();
    let hanging = Hanging::on(HOOK_THREADS);
    let (begun, endpoint) = (Instant::now(), Endpoint::new([REFRESHED]));
    let (key, store) = (
        SigningKey::from_pem(&P256.into()).unwrap(),
        MemoryStore::new(),
    );
    let manager = user(&endpoint)
        .client_authentication(ClientAuthentication::PrivateKeyJwt)
        .signing_key(key)
        .store(Arc::new(store));
    let manager = manager.build().unwrap();
    manager.set_token(expired("a-1", "r-1"));
    assert_eq!(block_on(token_of(&manager)), "a-2");
    assert!(begun.elapsed() < seconds(5), "{:?}", begun.elapsed());
    hanging.release();
}

#[test]
fn a_plain_hook_that_hangs_keeps_its_thread_and_nothing_else() {
    let _alone = alone_with_hooks();
    let (hanging, begun) = (Hanging::on(1), Instant::now());
    for _ in 0..20 {
        assert_eq!(block_on(token_of(&plain(seconds(20)))), "provided");
    }
    assert!(begun.elapsed() < seconds(5), "{:?}", begun.elapsed());
    hanging.release();
}

/// More of them than there are threads, and nobody has a runtime to run them on.
#[test]
fn an_async_hook_that_is_given_up_keeps_no_thread() {
    let _alone = alone_with_hooks();
    let provider = TokenProvider::new(|_, _: TokenManager| pending::<Token>());
    let endpoint = Endpoint::new([UNAVAILABLE]);
    let managers = (0..=HOOK_THREADS).map(|_| {
        let manager = client(&endpoint).token_provider(provider.clone());
        manager.hook_timeout(millis(100)).build().unwrap()
    });
    let managers: Vec<_> = managers.collect();
    for outcome in block_on(join_all(managers.iter().map(TokenManager::token))) {
        assert_eq!(outcome.unwrap_err().kind(), TokenErrorKind::ProviderFailed);
    }
    assert_eq!(block_on(token_of(&plain(seconds(5)))), "provided");
}

#[test]
fn the_time_limit_of_a_provider_can_be_set_and_its_failure_is_shared() {
    let provider = TokenProvider::new(|_, _: TokenManager| pending::<Token>());
    let endpoint = Endpoint::new([TOKEN]);
    let manager = client(&endpoint).token_provider(provider);
    let manager = manager.hook_timeout(millis(200)).build().unwrap();
    for outcome in current_thread().block_on(within(seconds(5), crowd(&manager, 10))) {
        assert_eq!(outcome.unwrap_err().kind(), TokenErrorKind::ProviderFailed);
    }
    let statistics = manager.statistics();
    let calls = (statistics.provider_calls, statistics.provider_failures);
    assert_eq!((calls, endpoint.count()), ((1, 1), 0));
}

#[test]
fn the_time_limit_of_a_sign_in_can_be_set() {
    let hook = UserSignIn::new(|_: TokenManager| pending::<Token>());
    let manager = user(&Endpoint::new([TOKEN])).user_sign_in(hook);
    let manager = manager.sign_in_timeout(millis(200)).build().unwrap();
    let outcome = current_thread().block_on(within(seconds(5), manager.token()));
    assert_eq!(outcome.unwrap_err().kind(), TokenErrorKind::SignInFailed);
    assert_eq!(manager.statistics().user_sign_in_failures, 1);
}

/// Returns the output of `work`, within a time limit.
async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> T {
    let ended = tokio::time::timeout(limit, work).await;
    ended.expect("it takes too long")
}

/// Returns the result of this call of a provider to the manager that it is called with.
fn asked_inside<F>(asks: impl Fn(TokenManager) -> F + Send + Sync + 'static) -> TokenError
where
    F: Future<Output = Result<Token, TokenError>> + Send + 'static,
{
    let manager = client(&Endpoint::new([TOKEN])).token_provider(TokenProvider::new(
        move |_, manager: TokenManager| asks(manager),
    ));
    let manager = manager.build().unwrap();
    let outcome = current_thread().block_on(within(seconds(10), manager.token()));
    outcome.unwrap_err()
}

/// The manager that the hook is called with identifies it, on every thread.
#[test]
fn a_hook_that_requests_a_token_from_its_manager_gets_an_error_at_once() {
    let in_the_hook = asked_inside(|manager| async move { manager.token().await });
    let in_a_task = asked_inside(|manager| async move {
        let asking = tokio::spawn(async move { manager.token().await });
        asking.await.unwrap()
    });
    let on_a_thread = asked_inside(|manager| async move {
        let asking = thread::spawn(move || block_on(manager.token()));
        asking.join().unwrap()
    });
    for error in [in_the_hook, in_a_task, on_a_thread] {
        assert!(error.to_string().contains("call fetch_token()"), "{error}");
    }
}

#[test]
fn calls_of_a_hook_to_its_manager_do_not_wait_for_the_outer_refresh() {
    let hook = UserSignIn::new(|manager: TokenManager| async move {
        assert!(manager.fetch_token().await.is_err(), "it takes a user");
        manager.flush().await.unwrap();
        manager.revoke_token().await.unwrap();
        let request = manager.start_sign_in().await?;
        let url = format!("https://app.example/cb?state={}&code=c", request.state());
        manager.complete_sign_in(&request, &url).await
    });
    let manager = user(&Endpoint::new([REFRESHED])).user_sign_in(hook);
    let manager = manager.build().unwrap();
    let token = current_thread().block_on(within(seconds(10), manager.token()));
    assert_eq!(text(&token.unwrap()), "a-2");
}

/// An exchange that began finishes; what it took is not the hook's time.
#[test]
fn an_exchange_that_a_hook_began_is_not_under_the_hooks_time_limit() {
    let endpoint = Endpoint::closed([TOKEN]);
    let provider =
        TokenProvider::new(|_, manager: TokenManager| async move { manager.fetch_token().await });
    let manager = client(&endpoint).token_provider(provider);
    let manager = manager.hook_timeout(millis(100)).build().unwrap();
    let asking = manager.clone();
    let asking = thread::spawn(move || current_thread().block_on(asking.token()));
    eventually(|| endpoint.count() == 1);
    thread::sleep(millis(400));
    endpoint.open();
    assert_eq!(text(&asking.join().unwrap().unwrap()), "token-1");
}
