//! An error of the application may call the manager when it is dropped.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc;
use std::sync::{OnceLock, Weak};
use std::thread;

use credsmith_runtime::{ManualClock, Token, TokenErrorKind, TokenManager, TokenProvider};
use futures_util::FutureExt as _;

use crate::support::*;

/// The manager that the errors call, which are in it themselves.
type Called = Arc<OnceLock<TokenManager>>;

/// Calls the manager when it is dropped.
#[derive(Debug)]
struct CallOnDrop(Weak<OnceLock<TokenManager>>);

impl fmt::Display for CallOnDrop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the database is gone")
    }
}

impl Error for CallOnDrop {}

impl Drop for CallOnDrop {
    fn drop(&mut self) {
        if let Some(called) = self.0.upgrade() {
            let _ = called.get().map(TokenManager::try_authorization);
        }
    }
}

/// Runs `work` with a manager whose provider fails twice, the first time before `work`.
#[track_caller]
fn after_a_failure<T: Send + 'static>(
    work: impl FnOnce(&TokenManager, &ManualClock) -> T + Send + 'static,
) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
        let called = Called::default();
        let (parting, calls) = (Arc::downgrade(&called), std::sync::Mutex::new(0));
        let provider = TokenProvider::new(move |_, _| {
            let mut calls = calls.lock().unwrap();
            *calls += 1;
            if *calls > 2 {
                return Ok(Token::new("provided"));
            }
            Err(CallOnDrop(Weak::clone(&parting)))
        });
        let manager = builder(&endpoint, &clock)
            .token_provider(provider)
            .build()
            .unwrap();
        called.set(manager.clone()).unwrap();
        assert!(call(&manager).is_err());
        sender.send(work(&manager, &clock))
    });
    let done = receiver.recv_timeout(seconds(20));
    done.expect("the error's call waits for a lock that its thread has")
}

fn call(manager: &TokenManager) -> Result<http::HeaderValue, credsmith_runtime::TokenError> {
    manager.authorization().now_or_never().unwrap()
}

#[test]
fn a_later_failure_replaces_an_error() {
    let second = after_a_failure(|manager, clock| {
        clock.advance(seconds(60));
        call(manager)
    });
    assert_eq!(second.unwrap_err().kind(), TokenErrorKind::ProviderFailed);
}

#[test]
fn a_token_replaces_an_error() {
    let third = after_a_failure(|manager, clock| {
        clock.advance(seconds(60));
        drop(call(manager));
        clock.advance(seconds(60));
        call(manager)
    });
    assert_eq!(third.unwrap(), "Bearer provided");
}

#[test]
fn the_application_ends_a_cool_down() {
    let value = after_a_failure(|manager, _| {
        manager.set_token(Token::new("t"));
        manager.try_authorization()
    });
    assert_eq!(value.unwrap(), "Bearer t");
}

#[test]
fn an_explicit_fetch_ends_a_cool_down() {
    let token = after_a_failure(|manager, _| manager.fetch_token().now_or_never());
    assert_eq!(text(&token.unwrap().unwrap()), "token-1");
}
