//! Managers are tied to no runtime.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use credsmith_runtime::{ManualClock, Token, TokenManager, TokenProvider};

use crate::support::*;

/// Drives a future without any runtime.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn peer_defect_34_a_refresh_continues_in_the_next_runtime() {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &ManualClock::new(start()));
    let first = runtime();
    first.block_on(async {
        assert!(
            tokio::time::timeout(Duration::from_millis(2), manager.token())
                .await
                .is_err()
        );
    });
    drop(first);
    endpoint.open();
    assert_eq!(runtime().block_on(token_of(&manager)), "token-1");
    assert_eq!(endpoint.count(), 1);
}

#[test]
fn peer_defect_34_a_refresh_continues_without_any_runtime() {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &ManualClock::new(start()));
    {
        let leader = pin!(manager.token());
        assert!(
            leader
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        );
    }
    let waiters: Vec<_> = (0..8)
        .map(|_| {
            let manager = manager.clone();
            thread::spawn(move || block_on(token_of(&manager)))
        })
        .collect();
    while manager.statistics().waits < 9 {
        thread::yield_now();
    }
    endpoint.open();
    for waiter in waiters {
        assert_eq!(waiter.join().unwrap(), "token-1");
    }
    assert_eq!(endpoint.count(), 1);
}

#[test]
fn a_refresh_without_callers_does_not_keep_its_manager() {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &ManualClock::new(start()));
    {
        let leader = pin!(manager.token());
        assert!(
            leader
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        );
    }
    drop(manager);
    assert_eq!(Arc::strong_count(&endpoint), 1);
}

fn provided() -> Token {
    Token::new("provided")
}

/// A manager without credentials that only its provider helps.
fn providing(provider: TokenProvider<TokenManager>) -> TokenManager {
    TokenManager::builder("acme_oauth")
        .token_url("https://acme.example/token")
        .token_provider(provider)
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_plain_provider_may_run_another_runtime() {
    let manager = providing(TokenProvider::new(|_, _| {
        runtime().block_on(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            provided()
        })
    }));
    assert_eq!(token_of(&manager).await, "provided");
}

#[cfg(feature = "blocking")]
#[tokio::test]
async fn a_runtime_that_a_blocking_call_keeps_busy_is_not_waited_for() {
    let manager = providing(TokenProvider::new(|_, _| async {
        tokio::task::yield_now().await;
        provided()
    }));
    let token = credsmith_runtime::blocking::block_on(manager.token());
    assert_eq!(text(&token.unwrap()), "provided");
}
