//! Leases of the store: waiting for them, and stores that fail.

use std::time::Duration;

use credsmith_runtime::{Clock as _, ManualClock, Token, TokenError, TokenManagerBuilder};
use tokio::task::JoinHandle;

use super::*;
use crate::sign_out::{REFRESHED, expired, spawn_token, user as user_of};
use crate::support::*;
use crate::test_store::{Method, TestStore};

const TOKEN: Scripted = Scripted::Token("3600");

type TokenTask = JoinHandle<Result<Token, TokenError>>;

fn rotating(
    endpoint: &Arc<Endpoint>,
    clock: &ManualClock,
    store: &TestStore,
) -> TokenManagerBuilder {
    let manager = user_of(endpoint, clock).token(expired("a-1", "r-1"));
    manager.store(Arc::new(store.clone()))
}

fn machine(
    endpoint: &Arc<Endpoint>,
    clock: &ManualClock,
    store: &TestStore,
) -> TokenManagerBuilder {
    builder(endpoint, clock).store(Arc::new(store.clone()))
}

/// A store whose lease another process holds.
fn leased_by_other_process() -> TestStore {
    let store = TestStore::default().with_leases();
    store.set_leased_by_other_process(true);
    store
}

/// A store of whose calls of `method` so many fail.
fn failing(method: Method, times: usize) -> TestStore {
    TestStore::default().with_leases().failing(&[method], times)
}

/// Waits for what happens between two pauses of real time.
async fn ends(asking: TokenTask) -> Result<Token, TokenError> {
    let ended = tokio::time::timeout(seconds(10), asking).await;
    ended.expect("it waits for ever").unwrap()
}

async fn assert_waits(asking: &TokenTask, clock: &ManualClock, limit: Duration) {
    run_until_idle().await;
    clock.advance(limit.saturating_sub(seconds(1)));
    // Longer than the pause between two looks at the lease.
    tokio::time::sleep(millis(300)).await;
    assert!(!asking.is_finished(), "too early");
}

#[tokio::test]
async fn a_refresh_token_waits_75_seconds_for_the_lease_of_another_process_and_is_not_sent() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let store = leased_by_other_process();
    let manager = rotating(&endpoint, &clock, &store).build().unwrap();
    let asking = spawn_token(&manager);
    assert_waits(&asking, &clock, seconds(75)).await;
    clock.advance(seconds(1));
    let error = ends(asking).await.unwrap_err();
    assert!(error.to_string().contains("another process"), "{error}");
    assert_eq!(endpoint.count(), 0);
    assert_eq!(manager.statistics().store_failures, 0, "it is none");
}

#[tokio::test]
async fn a_refresh_token_is_sent_when_another_process_releases_its_lease() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let store = leased_by_other_process();
    let asking = spawn_token(&rotating(&endpoint, &clock, &store).build().unwrap());
    assert_waits(&asking, &clock, seconds(75)).await;
    store.set_leased_by_other_process(false);
    assert_eq!(text(&ends(asking).await.unwrap()), "a-2");
}

#[tokio::test]
async fn client_credentials_are_sent_without_the_lease_of_another_process_after_10_seconds() {
    let (endpoint, clock) = (Endpoint::new([TOKEN]), ManualClock::new(start()));
    let store = leased_by_other_process();
    let asking = spawn_token(&machine(&endpoint, &clock, &store).build().unwrap());
    assert_waits(&asking, &clock, seconds(10)).await;
    clock.advance(seconds(1));
    assert_eq!(text(&ends(asking).await.unwrap()), "token-1");
}

#[tokio::test]
async fn the_wait_for_a_lease_can_be_set() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), ManualClock::new(start()));
    let manager = rotating(&endpoint, &clock, &leased_by_other_process()).lease_timeout(seconds(5));
    let waiting = spawn_token(&manager.build().unwrap());
    assert_waits(&waiting, &clock, seconds(5)).await;
    clock.advance(seconds(1));
    assert!(ends(waiting).await.is_err());
    assert_eq!(endpoint.count(), 0);
    let manager = machine(&endpoint, &clock, &leased_by_other_process()).lease_timeout(seconds(5));
    let waiting = spawn_token(&manager.build().unwrap());
    assert_waits(&waiting, &clock, seconds(5)).await;
    clock.advance(seconds(1));
    assert!(ends(waiting).await.is_ok());
}

#[tokio::test]
async fn the_time_for_the_store_can_be_set() {
    let (endpoint, clock) = (Endpoint::new([REFRESHED]), clock());
    let store = failing(Method::Lease, usize::MAX);
    let manager = rotating(&endpoint, &clock, &store).store_timeout(seconds(3));
    assert!(manager.build().unwrap().token().await.is_err());
    let spent = clock.monotonic();
    assert!(spent > seconds(2) && spent <= seconds(3), "{spent:?}");
}

/// Ten seconds in pauses of half a second.
#[tokio::test]
async fn without_a_lease_or_a_load_no_refresh_token_is_sent_within_the_budget() {
    for method in [Method::Lease, Method::Load] {
        let (endpoint, clock) = (Endpoint::new([REFRESHED]), clock());
        let store = failing(method, usize::MAX);
        let manager = rotating(&endpoint, &clock, &store).build().unwrap();
        assert!(manager.token().await.is_err());
        assert_eq!(endpoint.count(), 0, "{method:?}");
        let spent = clock.monotonic();
        assert!(spent > seconds(9) && spent <= seconds(10), "{spent:?}");
    }
}

#[tokio::test]
async fn a_store_that_recovers_within_the_budget_costs_no_error() {
    for method in [Method::Lease, Method::Load] {
        let (endpoint, clock) = (Endpoint::new([REFRESHED]), clock());
        let store = failing(method, 5);
        let manager = rotating(&endpoint, &clock, &store).build().unwrap();
        assert_eq!(token_of(&manager).await, "a-2", "{method:?}");
    }
}

#[tokio::test]
async fn without_leases_or_a_refresh_token_a_failing_store_does_not_prevent_a_refresh() {
    for method in Method::ALL {
        let (endpoint, clock) = (Endpoint::new([REFRESHED]), clock());
        let without_leases = TestStore::default().failing(&[method], usize::MAX);
        for manager in [
            rotating(&endpoint, &clock, &without_leases),
            machine(&endpoint, &clock, &failing(method, usize::MAX)),
        ] {
            assert_eq!(
                token_of(&manager.build().unwrap()).await,
                "a-2",
                "{method:?}"
            );
        }
    }
}

/// Asks for a token every second, for `total`.
async fn ask_for(total: Duration, manager: &TokenManager, clock: &ManualClock) {
    let mut waiting: Option<TokenTask> = None;
    for _ in 0..total.as_secs() {
        if waiting.as_ref().is_none_or(JoinHandle::is_finished) {
            waiting = Some(spawn_token(manager));
        }
        run_until_idle().await;
        clock.advance(seconds(1));
    }
}

/// The endpoint issues no token, so that the store is only read, for 10 s each time.
#[tokio::test]
async fn a_store_that_hangs_counts_as_down_for_30_seconds_then_twice_as_long_up_to_5_minutes() {
    let (endpoint, clock) = (Endpoint::new([UNAVAILABLE]), ManualClock::new(start()));
    let (times, time) = (Arc::<Mutex<Vec<Duration>>>::default(), clock.clone());
    let calls = Arc::clone(&times);
    let store = TestStore::default()
        .hanging(&[Method::Load])
        .before_each(move |method| {
            if method != Method::Leases {
                calls.lock().unwrap().push(time.monotonic());
            }
            Box::pin(async {})
        });
    let manager = machine(&endpoint, &clock, &store).build().unwrap();
    ask_for(seconds(1_300), &manager, &clock).await;
    let times = times.lock().unwrap();
    let pauses = times
        .windows(2)
        .map(|pair| pair[1].saturating_sub(pair[0]).as_secs());
    let pauses: Vec<_> = pauses.map(|pause| pause - 10).collect();
    let expected = [30, 60, 120, 240, 300, 300];
    assert_eq!(pauses.len(), expected.len(), "{pauses:?}");
    for (pause, expected) in pauses.iter().zip(expected) {
        // A refresh that fails takes a few seconds, and a pause follows.
        assert!((expected..expected + 20).contains(pause), "{pauses:?}");
    }
}
