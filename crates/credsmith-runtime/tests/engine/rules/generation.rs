//! A token that is set or cleared, and a sign-in, supersede refreshes in flight, and delay no caller.

use credsmith_runtime::ManualClock;

use super::*;
use crate::sign_out::{INVALID_GRANT, REFRESHED, bodies, expired, spawn_token, user as user_of};
use crate::support::*;
use crate::test_store::{Method, TestStore};

#[tokio::test]
async fn the_error_of_a_superseded_refresh_goes_only_to_its_callers() {
    let (endpoint, clock) = (
        Endpoint::closed([INVALID_CLIENT]),
        ManualClock::new(start()),
    );
    let manager = user_of(&endpoint, &clock).token(expired("a-1", "r-1"));
    let manager = manager.build().unwrap();
    let first = spawn_token(&manager);
    run_until_idle().await;
    manager.set_token(expired("a-7", "r-7"));
    endpoint.open();
    let error = first.await.unwrap().unwrap_err();
    assert_eq!(error.error(), Some("invalid_client"));
    endpoint.then([REFRESHED]);
    assert_eq!(token_of(&manager).await, "a-2", "no cool-down");
}

/// After the server has rejected it, the store is read for another one.
#[tokio::test]
async fn a_rejected_refresh_token_that_is_set_again_is_sent_again_and_stalls_no_caller() {
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
    let asking = spawn_token(&manager);
    run_until_idle().await;
    let gate = store.gate(Method::Load, 1);
    endpoint.open();
    run_until_idle().await;
    manager.set_token(expired("a-1", "r-1"));
    run_until_idle().await;
    gate.add_permits(9);
    run_until_idle().await;
    assert!(asking.is_finished(), "sent: {:?}", bodies(&endpoint));
    assert_eq!(text(&asking.await.unwrap().unwrap()), "a-2");
}
