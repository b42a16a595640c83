//! Code of the application inside a refresh: providers and update callbacks.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use credsmith_runtime::codegen::map_provider;
use credsmith_runtime::{
    BoxFuture, ManualClock, ProviderReply, Token, TokenError, TokenErrorKind, TokenManager,
    TokenProvider, TokenUpdateCallback,
};

use crate::support::*;

/// Remembers what a callback was told.
#[derive(Clone, Default)]
struct Received(Arc<Mutex<Vec<String>>>);

impl Received {
    fn callback(&self) -> TokenUpdateCallback {
        let told = self.clone();
        TokenUpdateCallback::new(move |token: Token| told.0.lock().unwrap().push(text(&token)))
    }

    fn list(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

fn stale() -> Token {
    Token::new("stale").with_expires_at(start())
}

#[tokio::test]
async fn peer_defect_05_an_expired_provider_token_is_ignored() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let told = Received::default();
    let manager = builder(&endpoint, &clock())
        .token_provider(TokenProvider::new(|_, _| stale()))
        .on_token_update(told.callback())
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "token-1");
    manager.flush().await.unwrap();
    assert_eq!(told.list(), ["token-1"], "called once, with the new token");
}

#[tokio::test]
async fn peer_defect_06_a_token_is_requested_if_the_provider_returns_none() {
    for empty in [None, Some(Token::new(""))] {
        let endpoint = Endpoint::new([Scripted::Token("3600")]);
        let told = Received::default();
        let manager = builder(&endpoint, &clock())
            .token_provider(TokenProvider::new(move |_, _| empty.clone()))
            .on_token_update(told.callback())
            .build()
            .unwrap();
        assert_eq!(token_of(&manager).await, "token-1");
        manager.flush().await.unwrap();
        assert_eq!(told.list(), ["token-1"]);
    }
}

#[tokio::test]
async fn a_fresh_provider_token_is_set_and_called_back_without_a_request() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let told = Received::default();
    let manager = bare(&endpoint, &clock())
        .token_provider(TokenProvider::new(|_, _| {
            Token::new("shared").with_expires_at(start() + seconds(3_600))
        }))
        .on_token_update(told.callback())
        .build()
        .unwrap();
    assert!(manager.is_configured());
    assert_eq!(token_of(&manager).await, "shared");
    assert_eq!(token_of(&manager).await, "shared");
    manager.flush().await.unwrap();
    assert_eq!(told.list(), ["shared"]);
    assert_eq!(endpoint.count(), 0);
}

#[tokio::test]
async fn fault_e03_the_current_token_is_ignored_when_a_refresh_is_due() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let clock = clock();
    let told = Received::default();
    let manager = builder(&endpoint, &clock)
        .token_provider(TokenProvider::new(|_, _| {
            Token::new("shared").with_expires_at(start() + seconds(3_600))
        }))
        .on_token_update(told.callback())
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "shared");
    clock.advance(seconds(2_900));
    assert_eq!(token_of(&manager).await, "shared", "nobody waits");
    run_until_idle().await;
    assert_eq!(token_of(&manager).await, "token-1");
    assert_eq!(endpoint.count(), 1);
    assert_eq!(told.list(), ["shared", "token-1"]);
}

#[tokio::test]
async fn the_provider_gets_the_last_token_and_may_fetch() {
    let endpoint = Endpoint::new([Scripted::Token("60")]);
    let clock = clock();
    let seen = Received::default();
    let provider = TokenProvider::new({
        let seen = seen.clone();
        move |last: Option<Token>, manager: TokenManager| {
            seen.0
                .lock()
                .unwrap()
                .push(last.as_ref().map(text).unwrap_or_default());
            async move { manager.fetch_token().await }
        }
    });
    let manager = builder(&endpoint, &clock)
        .clock_skew(seconds(300))
        .token_provider(provider)
        .build()
        .unwrap();
    assert_eq!(token_of(&manager).await, "token-1");
    clock.advance(seconds(60));
    assert_eq!(token_of(&manager).await, "token-2");
    assert_eq!(seen.list(), ["", "token-1"]);
    assert_eq!(
        endpoint.count(),
        2,
        "a short-lived answer is not taken for a stale one"
    );
}

#[tokio::test]
async fn an_invalidated_token_of_the_provider_is_ignored() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = builder(&endpoint, &clock())
        .token_provider(TokenProvider::new(|_, _| Token::new("rejected")))
        .build()
        .unwrap();
    let token = manager.token().await.unwrap();
    assert_eq!(text(&token), "rejected");
    manager.invalidate(&token);
    assert_eq!(token_of(&manager).await, "token-1");
}

#[tokio::test]
async fn a_provider_that_waits_for_its_manager_gets_an_error_and_no_deadlock() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let provider =
        TokenProvider::new(|_, manager: TokenManager| async move { manager.token().await });
    let manager = builder(&endpoint, &clock())
        .token_provider(provider)
        .build()
        .unwrap();
    let error = manager.token().await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::ProviderFailed);
    assert!(error.to_string().contains("call fetch_token()"), "{error}");
}

#[tokio::test]
async fn the_error_of_a_provider_is_part_of_the_sentence_and_is_shared() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let provider = TokenProvider::new(|_, _| Err::<Token, _>("the database is gone"));
    let manager = builder(&endpoint, &clock())
        .token_provider(provider)
        .build()
        .unwrap();
    for error in crowd(&manager, 10)
        .await
        .into_iter()
        .map(Result::unwrap_err)
    {
        assert_eq!(error.kind(), TokenErrorKind::ProviderFailed);
        let sentence = "the token provider of acme_oauth failed: the database is gone";
        assert_eq!(error.to_string(), sentence);
        let wrapped = error.get_ref().unwrap();
        assert_eq!(wrapped.to_string(), "the database is gone");
    }
    assert_eq!(manager.statistics().provider_calls, 1);
    assert_eq!(endpoint.count(), 0);
}

#[tokio::test]
async fn the_error_response_to_a_provider_is_passed_on() {
    let endpoint = Endpoint::new([INVALID_CLIENT]);
    let provider =
        TokenProvider::new(|_, manager: TokenManager| async move { manager.fetch_token().await });
    let manager = builder(&endpoint, &clock())
        .token_provider(provider)
        .build()
        .unwrap();
    assert_eq!(
        manager.token().await.unwrap_err().kind(),
        TokenErrorKind::InvalidClient
    );
}

#[tokio::test]
async fn a_panic_is_an_error_of_that_refresh_only() {
    fn at_once(last: Option<Token>, _: TokenManager) -> Token {
        drop(last);
        panic!("hidden")
    }
    fn later(_: Option<Token>, _: TokenManager) -> BoxFuture<'static, Token> {
        Box::pin(async { panic!("hidden") })
    }
    for provider in [TokenProvider::new(at_once), TokenProvider::new(later)] {
        let endpoint = Endpoint::new([Scripted::Token("3600")]);
        let clock = clock();
        let manager = builder(&endpoint, &clock)
            .token_provider(provider)
            .build()
            .unwrap();
        let error = manager.token().await.unwrap_err();
        assert_eq!(error.kind(), TokenErrorKind::ProviderFailed);
        assert!(!format!("{error} {error:?}").contains("hidden"));
        clock.advance(seconds(6));
        assert_eq!(
            manager.token().await.unwrap_err().kind(),
            TokenErrorKind::ProviderFailed,
            "asked again, and not poisoned"
        );
        assert_eq!(manager.statistics().provider_failures, 2);
        assert_eq!(text(&manager.fetch_token().await.unwrap()), "token-1");
    }
}

#[tokio::test]
async fn the_callback_gets_each_token_once() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let clock = clock();
    let told = Received::default();
    let manager = builder(&endpoint, &clock)
        .on_token_update(told.callback())
        .build()
        .unwrap();
    manager.fetch_token().await.unwrap();
    manager.set_token(Token::new("handed-in").with_expires_at(start() + seconds(60)));
    assert!(
        told.list().is_empty(),
        "neither fetching nor handing in is an update"
    );
    clock.advance(seconds(60));
    crowd(&manager, 50).await;
    run_until_idle().await;
    assert_eq!(told.list(), ["token-2"]);
}

#[tokio::test]
async fn the_token_is_usable_when_the_callback_runs() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let slot: Arc<Mutex<Option<TokenManager>>> = Arc::default();
    let seen = Received::default();
    let callback = TokenUpdateCallback::new({
        let (slot, seen) = (Arc::clone(&slot), seen.clone());
        move |_| {
            let manager = slot.lock().unwrap().clone().unwrap();
            let seen = seen.clone();
            async move {
                let token = token_of(&manager).await;
                seen.0.lock().unwrap().push(token);
            }
        }
    });
    let manager = builder(&endpoint, &clock())
        .on_token_update(callback)
        .build()
        .unwrap();
    *slot.lock().unwrap() = Some(manager.clone());
    token_of(&manager).await;
    run_until_idle().await;
    assert_eq!(seen.list(), ["token-1"]);
}

#[tokio::test]
async fn a_failing_callback_loses_no_token() {
    let fails = TokenUpdateCallback::new(|_| Err::<(), _>("disk full"));
    let fails_later = TokenUpdateCallback::new(|_| async { Err::<(), _>("disk full") });
    let panics = TokenUpdateCallback::new(|_| -> () { panic!("scripted") });
    for callback in [fails, fails_later, panics] {
        let endpoint = Endpoint::new([Scripted::Token("3600")]);
        let manager = builder(&endpoint, &clock())
            .on_token_update(callback)
            .build()
            .unwrap();
        assert_eq!(token_of(&manager).await, "token-1");
        run_until_idle().await;
        assert_eq!(token_of(&manager).await, "token-1");
        assert_eq!(manager.statistics().callback_failures, 1);
        assert_eq!(endpoint.count(), 1);
    }
}

#[tokio::test]
async fn a_callback_that_never_ends_delays_no_caller() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let callback = TokenUpdateCallback::new(|_| std::future::pending::<()>());
    let clock = ManualClock::new(start());
    let manager = builder(&endpoint, &clock)
        .on_token_update(callback)
        .build()
        .unwrap();
    for outcome in crowd(&manager, 100).await {
        assert_eq!(text(&outcome.unwrap()), "token-1");
    }
    manager.invalidate(&manager.current_token().unwrap());
    assert_eq!(token_of(&manager).await, "token-2");
}

/// A generated manager, as modules define it.
#[derive(Clone, Debug)]
struct AcmeManager(TokenManager);

impl From<TokenManager> for AcmeManager {
    fn from(manager: TokenManager) -> Self {
        Self(manager)
    }
}

impl AcmeManager {
    async fn fetch_token(&self) -> Result<Token, TokenError> {
        self.0.fetch_token().await
    }
}

/// The signature that generated builders have.
fn provided<R, K>(
    provider: impl Fn(Option<Token>, AcmeManager) -> R + Send + Sync + 'static,
) -> TokenProvider<AcmeManager>
where
    R: ProviderReply<K>,
{
    TokenProvider::new(provider)
}

#[tokio::test]
async fn every_kind_of_closure_is_inferred() {
    fn load() -> impl Future<Output = Option<Token>> {
        std::future::ready(None)
    }
    fn function(
        _: Option<Token>,
        _: AcmeManager,
    ) -> impl Future<Output = Result<Option<Token>, std::io::Error>> {
        std::future::ready(Ok(None))
    }
    let providers = [
        provided(|_last_token, auth_manager| async move {
            match load().await {
                Some(token) => Ok(token),
                None => auth_manager.fetch_token().await,
            }
        }),
        provided(|_, _| async { Token::new("x") }),
        provided(|last, _| async move { last }),
        provided(|last, _| async move { Ok::<_, Infallible>(last) }),
        provided(|_, manager| Box::pin(async move { manager.fetch_token().await })),
        provided(|_, _| Token::new("x")),
        provided(|last, _| last),
        provided(|_, _| Ok::<_, Infallible>(Token::new("x"))),
        provided(|last, _| Ok::<_, TokenError>(last)),
        provided(function),
    ];
    for provider in providers {
        let endpoint = Endpoint::new([Scripted::Token("3600")]);
        let manager = builder(&endpoint, &clock())
            .token_provider(map_provider(provider))
            .build()
            .unwrap();
        assert!(["x", "token-1"].contains(&token_of(&manager).await.as_str()));
    }
    let _ = TokenUpdateCallback::new(|_| async {});
    let _ = TokenUpdateCallback::new(|_| async { Ok::<_, std::io::Error>(()) });
}
