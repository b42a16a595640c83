use std::cell::RefCell;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::{Request, Response};

use crate::{
    BoxFuture, ManualClock, SecretString, Token, TokenManager, TokenManagerBuilder, Transport,
    TransportError,
};

/// A transport to an endpoint that responds at once.
struct AtOnce;

impl Transport for AtOnce {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let answer = r#"{"access_token":"t","token_type":"Bearer","expires_in":3600}"#;
        let response = Response::builder().header("content-type", "application/json");
        Box::pin(async move { Ok(response.body(answer.into()).unwrap()) })
    }
}

fn builder() -> TokenManagerBuilder {
    TokenManager::builder("acme_oauth")
        .token_url("https://acme.example/oauth/token")
        .client_id("id")
        .client_secret(SecretString::from("secret"))
        .transport(Arc::new(AtOnce))
}

#[test]
fn a_call_does_not_wait_for_interrupted_readers() {
    let manager = builder().token(Token::new("t")).build().unwrap();
    let interrupted: Vec<_> = std::iter::from_fn(|| manager.engine.snapshot()).collect();
    assert!(!interrupted.is_empty());
    let (sender, receiver) = mpsc::channel();
    let calling = manager.clone();
    let call = thread::spawn(move || sender.send(calling.try_authorization()));
    let answer = receiver.recv_timeout(Duration::from_secs(10));
    drop(interrupted);
    call.join().unwrap().unwrap();
    assert_eq!(answer.unwrap().unwrap(), "Bearer t");
}

/// Runs a closure when a thread ends, after its other thread-local values were dropped.
struct AtEnd(Option<Box<dyn FnOnce()>>);

impl Drop for AtEnd {
    fn drop(&mut self) {
        if let Some(work) = self.0.take() {
            work();
        }
    }
}

thread_local! {
    static AT_END: RefCell<AtEnd> = const { RefCell::new(AtEnd(None)) };
}

/// Returns the result of `call` in a thread that is ending and has made calls before.
fn at_the_end_of_a_thread<T: Send + 'static>(
    manager: &TokenManager,
    before: impl FnOnce() + Send + 'static,
    call: impl FnOnce(&TokenManager) -> T + Send + 'static,
) -> T {
    let (sender, receiver) = mpsc::channel();
    let manager = manager.clone();
    let ending = thread::spawn(move || {
        let calling = manager.clone();
        let work = move || drop(sender.send(call(&calling)));
        AT_END.with_borrow_mut(|end| end.0 = Some(Box::new(work)));
        assert!(manager.authorization().now_or_never().unwrap().is_ok());
        before();
    });
    ending.join().unwrap();
    receiver.recv().unwrap()
}

#[test]
fn a_thread_that_ends_may_ask_for_a_token() {
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH);
    let manager = builder().clock(Arc::new(clock)).build().unwrap();
    let clearing = manager.clone();
    let before = move || clearing.clear_token();
    let value = at_the_end_of_a_thread(&manager, before, |manager| {
        manager.authorization().now_or_never()
    });
    assert_eq!(value.unwrap().unwrap(), "Bearer t");
}

#[test]
fn a_thread_that_ends_in_the_refresh_window_leaves_the_refresh_to_others() {
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH);
    let manager = builder().clock(Arc::new(clock.clone())).build().unwrap();
    let passing = clock.clone();
    let before = move || passing.advance(Duration::from_secs(3_000));
    let value = at_the_end_of_a_thread(&manager, before, TokenManager::try_authorization);
    assert_eq!(value.unwrap(), "Bearer t");
    clock.advance(Duration::from_secs(1_000));
    let later = manager.authorization().now_or_never();
    assert!(
        later.is_some_and(|value| value.is_ok()),
        "it hangs for ever"
    );
}
