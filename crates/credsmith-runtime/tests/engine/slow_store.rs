//! A slow store, and changes while it is written or read: the latest state stays, in the manager and in the store.

use std::sync::Arc;

use credsmith_runtime::{ManualClock, MemoryStore, TokenManager, Transport};

use crate::refresh_in_flight::{Server, storing};
use crate::sign_out::*;
use crate::support::*;
use crate::test_store::{Method, TestStore, token};

const SIGNED_IN_FOR_AN_HOUR: Scripted =
    Scripted::Response(200, None, r#"{"access_token":"a-9","expires_in":3600}"#);

/// A refresh of `a-1` that takes 8 of the 10 seconds that the store is waited for, while `meanwhile`
/// happens; its token is being saved as those end.
async fn outlasting(
    server: &Server,
    clock: &ManualClock,
    manager: &TokenManager,
    meanwhile: impl AsyncFnOnce(),
) {
    manager.set_token(expired("a-1", "r-1"));
    run_until_idle().await;
    let _waiting = spawn_token(manager);
    run_until_idle().await;
    meanwhile().await;
    run_until_idle().await;
    clock.advance(seconds(8));
    run_until_idle().await;
    server.refreshes.open();
    run_until_idle().await;
    clock.advance(seconds(2));
    run_until_idle().await;
}

#[tokio::test]
async fn a_token_requested_without_the_lease_is_not_saved_after_a_clear() {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let (clock, store) = (
        ManualClock::new(start()),
        TestStore::default().with_equal_leases(),
    );
    let storing = || builder(&endpoint, &clock).store(Arc::new(store.clone()));
    let manager = storing().build().unwrap();
    let _first = spawn_token(&manager);
    run_until_idle().await;
    manager.clear_token();
    let _second = spawn_token(&manager);
    for _ in 0..2 {
        run_until_idle().await;
        clock.advance(seconds(10));
    }
    run_until_idle().await;
    assert_eq!(endpoint.count(), 2, "the second has waited for long enough");
    let gate = store.gate(Method::Save, 0);
    endpoint.open();
    run_until_idle().await; // the second is being saved
    manager.clear_token();
    run_until_idle().await;
    gate.add_permits(9);
    run_until_idle().await;
    let next = storing().build().unwrap();
    assert_eq!(token_of(&next).await, "token-3", "not from the store");
}

#[tokio::test]
async fn a_save_that_ends_after_a_sign_in_is_replaced() {
    for (signed_in, refresh_token) in [(SIGNED_IN, "r-9"), (SIGNED_IN_FOR_AN_HOUR, "")] {
        let (server, clock) = (Server::new(signed_in), ManualClock::new(start()));
        let store = TestStore::delaying("r-2");
        let manager = storing(&server, &clock, store.clone()).build().unwrap();
        outlasting(&server, &clock, &manager, async || {
            signing_in(&manager).await;
        })
        .await;
        assert_eq!(store.saved(), ["r-1", refresh_token], "out of turn");
        store.open();
        run_until_idle().await;
        assert_eq!(shown(&manager).as_deref(), Some("a-9"));
        let next = storing(&server, &clock, store.clone()).build().unwrap();
        assert_eq!(token_of(&next).await, "a-9", "{:?}", store.saved());
    }
}

#[tokio::test]
async fn a_sign_in_is_used_while_an_older_refresh_is_in_flight() {
    for signed_in in [SIGNED_IN, SIGNED_IN_FOR_AN_HOUR] {
        for stores in [false, true] {
            let (server, clock) = (Server::new(signed_in), ManualClock::new(start()));
            let transport: Arc<dyn Transport> = Arc::<Server>::clone(&server);
            let manager = if stores {
                storing(&server, &clock, MemoryStore::new())
            } else {
                user(&server.refreshes, &clock).transport(transport)
            };
            let manager = manager.build().unwrap();
            manager.set_token(expired("a-1", "r-1"));
            let waiting = spawn_token(&manager);
            run_until_idle().await;
            let sign_in = signing_in(&manager).await;
            run_until_idle().await;
            assert_eq!(shown(&manager).as_deref(), Some("a-9"), "at once");
            server.refreshes.open();
            assert_eq!(text(&sign_in.await.unwrap()), "a-9");
            assert_eq!(text(&waiting.await.unwrap().unwrap()), "a-2");
            run_until_idle().await;
            assert_eq!(shown(&manager).as_deref(), Some("a-9"), "and afterwards");
        }
    }
}

#[tokio::test]
async fn the_stored_token_is_ignored_while_a_sign_in_is_being_saved() {
    let (server, clock) = (Server::new(SIGNED_IN), ManualClock::new(start()));
    let store = TestStore::delaying("r-9");
    let yesterdays = storing(&server, &clock, store.clone()).build().unwrap();
    yesterdays.set_token(token("a-0", "r-0"));
    run_until_idle().await;
    let manager = storing(&server, &clock, store.clone()).build().unwrap();
    let _sign_in = signing_in(&manager).await;
    run_until_idle().await;
    manager.invalidate(&manager.current_token().unwrap());
    server.refreshes.open();
    let waiting = spawn_token(&manager);
    run_until_idle().await;
    store.open();
    assert_eq!(text(&waiting.await.unwrap().unwrap()), "a-2");
    let sent = bodies(&server.refreshes);
    assert!(sent[0].ends_with("refresh_token=r-9"), "{sent:?}");
}

#[tokio::test]
async fn a_sign_in_while_a_refresh_reads_the_store_is_not_refreshed() {
    for signed_in in [SIGNED_IN, SIGNED_IN_FOR_AN_HOUR] {
        let (server, clock) = (Server::new(signed_in), ManualClock::new(start()));
        let store = TestStore::default().with_equal_leases();
        let manager = storing(&server, &clock, store.clone()).build().unwrap();
        manager.set_token(expired("a-1", "r-1"));
        run_until_idle().await;
        let gate = store.gate(Method::Load, 1);
        server.refreshes.open();
        let waiting = spawn_token(&manager);
        run_until_idle().await; // it has read the store once, and reads it again under the lease
        let sign_in = signing_in(&manager).await;
        run_until_idle().await;
        gate.add_permits(9);
        assert_eq!(text(&waiting.await.unwrap().unwrap()), "a-9");
        sign_in.await.unwrap();
        assert_eq!(server.refreshes.count(), 0, "r-9 is not spent");
    }
}

#[tokio::test]
async fn a_token_saved_without_the_lease_is_saved_again_after_a_removal() {
    let (server, clock) = (Server::new(SIGNED_IN), ManualClock::new(start()));
    let store = TestStore::default().with_equal_leases();
    let manager = storing(&server, &clock, store.clone()).build().unwrap();
    manager.set_token(expired("a-1", "r-1"));
    run_until_idle().await;
    let _waiting = spawn_token(&manager);
    run_until_idle().await;
    manager.set_token(token("a-9", "r-9"));
    run_until_idle().await;
    clock.advance(seconds(9));
    let gate = store.gate(Method::Load, 0);
    server.refreshes.then([INVALID_GRANT]);
    server.refreshes.open();
    run_until_idle().await; // r-1 is found in the store, and is to be removed
    clock.advance(seconds(1));
    run_until_idle().await; // r-9 is saved without the lease
    store.remove_gate(Method::Load);
    gate.add_permits(9);
    run_until_idle().await;
    let next = storing(&server, &clock, store).build().unwrap();
    assert_eq!(token_of(&next).await, "a-9", "the store is empty");
}

#[tokio::test]
async fn a_token_set_during_a_revocation_is_saved_again_after_its_removal() {
    let (server, clock) = (Server::new(SIGNED_IN), ManualClock::new(start()));
    let store = TestStore::default().with_equal_leases();
    let manager = storing(&server, &clock, store.clone())
        .revocation_url("https://acme.example/revoke")
        .build()
        .unwrap();
    manager.set_token(expired("a-1", "r-1"));
    run_until_idle().await;
    let _waiting = spawn_token(&manager);
    run_until_idle().await;
    manager.set_token(token("a-7", "r-7"));
    let revoking = tokio::spawn({
        let manager = manager.clone();
        async move { manager.revoke_token().await }
    });
    run_until_idle().await;
    let gate = store.gate(Method::Load, 0);
    clock.advance(seconds(10));
    run_until_idle().await; // the revocation continues without the lease
    store.remove_gate(Method::Load);
    manager.set_token(token("a-9", "r-9"));
    run_until_idle().await;
    server.refreshes.open();
    run_until_idle().await; // r-9 is saved under the lease
    gate.add_permits(9);
    revoking.await.unwrap().unwrap();
    run_until_idle().await;
    let next = storing(&server, &clock, store).build().unwrap();
    assert_eq!(token_of(&next).await, "a-9", "the store is empty");
}
