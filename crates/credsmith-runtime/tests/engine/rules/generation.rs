//! What the application sets, clears or signs in to ends what came before, and delays nobody.

use credsmith_runtime::ManualClock;

use super::*;
use crate::sign_out::{INVALID_GRANT, REFRESHED, asking, bodies, expired, user as user_of};
use crate::support::*;
use crate::test_store::{Method, TestStore};

#[tokio::test]
async fn the_failure_of_a_superseded_refresh_is_only_for_those_who_wait_for_it() {
    let (endpoint, clock) = (
        Endpoint::closed([INVALID_CLIENT]),
        ManualClock::new(start()),
    );
    let manager = user_of(&endpoint, &clock).token(expired("a-1", "r-1"));
    let manager = manager.build().unwrap();
    let first = asking(&manager);
    settle().await;
    manager.set_token(expired("a-7", "r-7"));
    endpoint.open();
    let error = first.await.unwrap().unwrap_err();
    assert_eq!(error.error(), Some("invalid_client"));
    endpoint.then([REFRESHED]);
    assert_eq!(token_of(&manager).await, "a-2", "no cool-down");
}

/// The server has refused it, and the store is asked for another one.
#[tokio::test]
async fn a_refused_refresh_token_that_is_set_again_is_sent_again_and_stalls_nobody() {
    let (endpoint, clock) = (
        Endpoint::closed([INVALID_GRANT, REFRESHED]),
        ManualClock::new(start()),
    );
    let store = TestStore::default().with_equal_leases();
    let manager = user_of(&endpoint, &clock)
        .store(Arc::new(store.clone()))
        .token(expired("a-1", "r-1"))
        .build()
        .unwrap();
    let asking = asking(&manager);
    settle().await;
    let gate = store.gate(Method::Load, 1);
    endpoint.open();
    settle().await;
    manager.set_token(expired("a-1", "r-1"));
    settle().await;
    gate.add_permits(9);
    settle().await;
    assert!(asking.is_finished(), "sent: {:?}", bodies(&endpoint));
    assert_eq!(text(&asking.await.unwrap().unwrap()), "a-2");
}
