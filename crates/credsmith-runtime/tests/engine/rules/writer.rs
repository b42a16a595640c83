//! The store has one writer for each manager, which writes the latest state under the right lease.

use credsmith_runtime::ManualClock;

use super::*;
use crate::sign_out::{
    REFRESHED, SIGNED_IN, expired, shown, signing_in, spawn_token, user as user_of,
};
use crate::support::*;
use crate::test_store::{Call, Method, TestStore, token};

/// Every write, and every lease.
const WRITES: [Method; 3] = [Method::Lease, Method::Save, Method::Remove];

/// The server's response to another process.
const OTHER: Scripted = Scripted::Response(
    200,
    None,
    r#"{"access_token":"a-7","refresh_token":"r-7","expires_in":7200}"#,
);

fn storing(endpoint: &Arc<Endpoint>, clock: &ManualClock, store: &TestStore) -> TokenManager {
    let manager = user_of(endpoint, clock).store(Arc::new(store.clone()));
    manager.build().unwrap()
}

/// The same with a token that has expired.
fn expiring(endpoint: &Arc<Endpoint>, clock: &ManualClock, store: &TestStore) -> TokenManager {
    let manager = user_of(endpoint, clock).store(Arc::new(store.clone()));
    manager.token(expired("a-1", "r-1")).build().unwrap()
}

fn lease() -> Call {
    Call {
        method: Method::Lease,
        token: String::new(),
        lease: None,
    }
}

fn save(token: &str, lease: u64) -> Call {
    Call {
        method: Method::Save,
        token: token.to_owned(),
        lease: Some(lease),
    }
}

fn remove(lease: u64) -> Call {
    Call {
        method: Method::Remove,
        token: String::new(),
        lease: Some(lease),
    }
}

#[tokio::test]
async fn only_the_latest_token_is_written_to_a_slow_store() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let store = TestStore::delaying("r-0");
    let manager = user_of(&endpoint, &clock).store(Arc::new(store.clone()));
    let manager = manager.build().unwrap();
    for number in 0..=10 {
        manager.set_token(token("a", &format!("r-{number}")));
        run_until_idle().await;
    }
    store.open();
    manager.flush().await.unwrap();
    assert_eq!(store.saved(), ["r-0", "r-10"]);
}

#[tokio::test]
async fn a_refresh_is_written_under_the_lease_that_it_ran_under() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let store = TestStore::default().with_leases();
    assert_eq!(token_of(&expiring(&endpoint, &clock, &store)).await, "a-2");
    assert_eq!(store.calls(&WRITES), [lease(), save("a-2", 1)]);
}

#[tokio::test]
async fn changes_of_the_application_are_written_under_a_new_lease() {
    let (endpoint, clock) = (Endpoint::new([SIGNED_IN]), ManualClock::new(start()));
    let store = TestStore::default().with_leases();
    let manager = storing(&endpoint, &clock, &store);
    manager.set_token(token("a-1", "r-1"));
    manager.flush().await.unwrap();
    manager.clear_token();
    manager.flush().await.unwrap();
    signing_in(&manager).await.await.unwrap();
    let expected = [
        lease(),
        save("a-1", 1),
        lease(),
        remove(2),
        lease(),
        save("a-9", 3),
    ];
    assert_eq!(store.calls(&WRITES), expected);
}

#[tokio::test]
async fn the_writer_uses_the_lease_of_a_running_refresh() {
    let (endpoint, clock) = (Endpoint::closed([REFRESHED]), ManualClock::new(start()));
    let store = TestStore::default().with_leases();
    let manager = expiring(&endpoint, &clock, &store);
    let asking = spawn_token(&manager);
    run_until_idle().await;
    assert_eq!(endpoint.count(), 1, "it runs");
    manager.set_token(token("a-5", "r-5"));
    run_until_idle().await;
    assert_eq!(store.calls(&WRITES), [lease(), save("a-5", 1)]);
    endpoint.open();
    asking.await.unwrap().unwrap();
}

/// Another process takes a later lease, since this one was held up.
#[tokio::test]
async fn a_superseded_write_is_not_repeated_and_the_newer_token_is_used() {
    let (ours, theirs) = (Endpoint::closed([REFRESHED]), Endpoint::new([OTHER]));
    let clock = ManualClock::new(start());
    let store = TestStore::default().with_leases();
    let here = expiring(&ours, &clock, &store);
    let waiting = spawn_token(&here);
    run_until_idle().await;
    let there = expiring(&theirs, &clock, &store);
    assert_eq!(token_of(&there).await, "a-7");
    ours.open();
    assert_eq!(text(&waiting.await.unwrap().unwrap()), "a-7");
    assert_eq!(shown(&here).as_deref(), Some("a-7"));
    here.flush().await.unwrap();
    let writes = store.calls(&[Method::Save]);
    assert_eq!(writes, [save("a-7", 2), save("a-2", 1)]);
}
