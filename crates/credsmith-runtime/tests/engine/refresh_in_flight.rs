//! A refresh token in flight that is cleared, set again or superseded, with a store and without a runtime.

use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::task::{Context, Poll, Waker};
use std::thread;

use bytes::Bytes;
use credsmith_runtime::{
    BoxFuture, ManualClock, MemoryStore, TokenManager, TokenManagerBuilder, TokenStore, Transport,
    TransportError,
};
use http::{Request, Response};

use crate::sign_out::*;
use crate::support::*;

/// A server that delays the responses to refreshes until its gate opens.
pub(crate) struct Server {
    pub(crate) refreshes: Arc<Endpoint>,
    others: Arc<Endpoint>,
}

impl Server {
    pub(crate) fn new(signed_in: Scripted) -> Arc<Self> {
        Arc::new(Self {
            refreshes: Endpoint::closed([REFRESHED]),
            others: Endpoint::new([signed_in]),
        })
    }
}

impl Transport for Server {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let is_refresh = request.body().starts_with(b"grant_type=refresh_token");
        let endpoint = if is_refresh {
            &self.refreshes
        } else {
            &self.others
        };
        endpoint.send(request)
    }
}

pub(crate) fn storing(
    server: &Arc<Server>,
    clock: &ManualClock,
    store: impl TokenStore,
) -> TokenManagerBuilder {
    let transport: Arc<dyn Transport> = Arc::<Server>::clone(server);
    user(&server.refreshes, clock)
        .transport(transport)
        .store(Arc::new(store))
}

/// Polls `future` up to 50 times, and returns its output if there is one.
fn alone<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    for _ in 0..50 {
        let polled = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        if let Poll::Ready(output) = polled {
            return Some(output);
        }
    }
    None
}

/// A manager whose refresh is in flight without a runtime, and whose caller was dropped.
fn abandoned() -> (Arc<Server>, TokenManager) {
    let server = Server::new(SIGNED_IN);
    let manager = storing(&server, &ManualClock::new(start()), MemoryStore::new());
    let manager = manager.build().unwrap();
    manager.set_token(expired("a-1", "r-1"));
    assert!(alone(manager.token()).is_none());
    assert_eq!(server.refreshes.count(), 1, "under way");
    (server, manager)
}

#[test]
fn without_a_runtime_a_refresh_token_that_is_set_again_stalls_no_caller() {
    let (server, manager) = abandoned();
    manager.set_token(expired("a-1", "r-1"));
    server.refreshes.open();
    let answer = alone(manager.token()).expect("stalled").unwrap();
    assert_eq!(text(&answer), "a-2");
    assert_eq!(server.refreshes.count(), 1, "its successor is not spent");
}

#[test]
fn without_a_runtime_a_superseded_refresh_stalls_no_caller() {
    for fetches in [false, true] {
        let (server, manager) = abandoned();
        manager.set_token(expired("a-7", "r-7"));
        server.refreshes.open();
        let answer = if fetches {
            alone(manager.fetch_token())
        } else {
            alone(manager.token())
        };
        assert_eq!(text(&answer.expect("stalled").unwrap()), "a-2");
        let sent = bodies(&server.refreshes);
        assert!(sent[1].ends_with("refresh_token=r-7"), "{sent:?}");
    }
}

#[test]
fn without_a_runtime_a_refresh_without_callers_stalls_no_sign_in() {
    let (server, manager) = abandoned();
    server.refreshes.open();
    let request = alone(manager.start_sign_in()).unwrap().unwrap();
    let callback = format!("https://app.example/cb?state={}&code=c", request.state());
    let signed_in = alone(manager.complete_sign_in(&request, &callback));
    assert_eq!(text(&signed_in.expect("stalled").unwrap()), "a-9");
    assert_eq!(shown(&manager).as_deref(), Some("a-9"));
}

#[test]
fn a_caller_that_waits_for_a_superseded_refresh_is_woken_by_its_response() {
    let (server, manager) = abandoned();
    manager.set_token(expired("a-7", "r-7"));
    let (send, receive) = channel();
    thread::spawn(move || send.send(crate::runtimes::block_on(manager.token())));
    let patience = std::time::Duration::from_millis(5);
    assert!(receive.recv_timeout(patience).is_err(), "nothing was sent");
    server.refreshes.open();
    let answer = receive.recv_timeout(seconds(10)).expect("asleep");
    assert_eq!(text(&answer.unwrap()), "a-2");
}

#[tokio::test]
async fn a_refresh_token_that_is_set_while_it_is_sent_is_sent_once_with_a_store() {
    let server = Server::new(SIGNED_IN);
    let manager = storing(&server, &ManualClock::new(start()), MemoryStore::new());
    let manager = manager.build().unwrap();
    manager.set_token(expired("a-1", "r-1"));
    let first = spawn_token(&manager);
    run_until_idle().await;
    manager.set_token(expired("a-1", "r-1"));
    let second = spawn_token(&manager);
    run_until_idle().await;
    server.refreshes.open();
    assert_eq!(text(&first.await.unwrap().unwrap()), "a-2");
    assert_eq!(text(&second.await.unwrap().unwrap()), "a-2");
    assert_eq!(server.refreshes.count(), 1, "its successor is not spent");
}
