//! Subscribers are code of the application: they may call the manager, and may panic.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use credsmith_runtime::{ManualClock, Token, TokenManager};
use futures_util::FutureExt as _;
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

use crate::support::*;

/// Exports events with tokens of the manager.
#[derive(Default)]
struct Exporting(OnceLock<TokenManager>);

impl Exporting {
    fn export(&self) {
        let _ = self.0.get().map(TokenManager::try_authorization);
    }
}

impl<S: Subscriber> Layer<S> for Exporting {
    fn on_new_span(&self, _: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        self.export();
    }

    fn on_event(&self, _: &Event<'_>, _: Context<'_, S>) {
        self.export();
    }
}

/// Runs `work` with a manager whose subscriber calls it.
#[track_caller]
fn with_exporter<T: Send + 'static>(
    work: impl FnOnce(&TokenManager, &ManualClock) -> T + Send + 'static,
) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
        let manager = manager(&endpoint, &clock);
        let exporting = Exporting::default();
        exporting.0.set(manager.clone()).unwrap();
        let subscriber = tracing_subscriber::registry().with(exporting);
        let done = tracing::subscriber::with_default(subscriber, || work(&manager, &clock));
        sender.send(done)
    });
    let done = receiver.recv_timeout(seconds(20));
    done.expect("the subscriber's call waits for a lock that its thread has")
}

#[test]
fn a_subscriber_may_call_the_manager_when_a_refresh_begins() {
    let value = with_exporter(|manager, _| manager.authorization().now_or_never());
    assert!(value.unwrap().is_ok());
}

#[test]
fn a_subscriber_may_call_the_manager_when_the_clocks_part() {
    let value = with_exporter(|manager, clock| {
        manager.set_token(Token::new("t"));
        clock.suspend(seconds(10));
        manager.try_authorization()
    });
    assert_eq!(value.unwrap(), "Bearer t");
}

/// Fails once, during a refresh.
struct Failing(AtomicBool);

impl<S: Subscriber + for<'l> LookupSpan<'l>> Layer<S> for Failing {
    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        let name = context.span(id).map(|span| span.name());
        let fails = name == Some("token_refresh") && !self.0.swap(true, Ordering::Relaxed);
        assert!(!fails, "scripted panic");
    }
}

#[test]
fn a_subscriber_that_panics_fails_one_refresh_only() {
    let (endpoint, clock) = (Endpoint::new([Scripted::Token("3600")]), clock());
    let manager = manager(&endpoint, &clock);
    let failing = Failing(AtomicBool::new(false));
    let subscriber = tracing_subscriber::registry().with(failing);
    let call = || manager.authorization().now_or_never();
    let first = tracing::subscriber::with_default(subscriber, || {
        catch_unwind(AssertUnwindSafe(call)).ok().flatten()
    });
    assert!(first.is_none_or(|first| first.is_err()));
    clock.advance(seconds(60));
    assert!(
        call().is_some_and(|later| later.is_ok()),
        "it hangs for ever"
    );
}
