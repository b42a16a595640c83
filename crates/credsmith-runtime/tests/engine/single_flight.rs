//! Single flight: all callers share one refresh, and none of them can cancel it.

use std::time::Duration;

use futures_util::future::join_all;

use crate::support::*;

#[tokio::test]
async fn peer_defect_01_ten_cold_requests_send_one_token_request() {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &credsmith_runtime::ManualClock::new(start()));
    let crowd = tokio::spawn({
        let manager = manager.clone();
        async move { crowd(&manager, 10).await }
    });
    run_until_idle().await;
    assert_eq!(manager.statistics().waits, 10);
    endpoint.open();
    for outcome in crowd.await.unwrap() {
        assert_eq!(text(&outcome.unwrap()), "token-1");
    }
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_tasks_share_one_request() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &credsmith_runtime::ManualClock::new(start()));
    let outcomes = crowd(&manager, 1_000).await;
    assert!(
        outcomes
            .into_iter()
            .all(|outcome| text(&outcome.unwrap()) == "token-1")
    );
    assert_eq!(endpoint.count(), 1);
    assert_eq!(manager.statistics().refreshes, 1);
}

#[tokio::test]
async fn peer_defect_26_all_waiters_share_a_failure() {
    for (answer, requests) in [(UNAVAILABLE, 3), (INVALID_CLIENT, 1)] {
        let endpoint = Endpoint::new([answer]);
        let manager = manager(&endpoint, &clock());
        let outcomes = crowd(&manager, 1_000).await;
        assert_eq!(
            outcomes.iter().filter(|outcome| outcome.is_err()).count(),
            1_000
        );
        assert_eq!(endpoint.count(), requests, "one request per attempt");
    }
}

#[tokio::test]
async fn peer_defect_27_short_lived_tokens_need_no_request_per_call() {
    let endpoint = Endpoint::new([Scripted::Token("60")]);
    let manager = manager(&endpoint, &clock());
    for _ in 0..1_000 {
        assert_eq!(token_of(&manager).await, "token-1");
    }
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn peer_defect_28_the_fetch_outlives_callers_with_short_deadlines() {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &credsmith_runtime::ManualClock::new(start()));
    for _ in 0..3 {
        assert!(
            tokio::time::timeout(Duration::from_millis(2), manager.token())
                .await
                .is_err()
        );
    }
    endpoint.open();
    run_until_idle().await;
    assert!(
        manager.try_authorization().is_some(),
        "the token arrived with nobody waiting"
    );
    assert_eq!(token_of(&manager).await, "token-1");
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn peer_defect_29_dropping_the_first_caller_neither_cancels_nor_restarts() {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &credsmith_runtime::ManualClock::new(start()));
    let leader = tokio::spawn({
        let manager = manager.clone();
        async move { manager.token().await }
    });
    run_until_idle().await;
    let others = join_all((0..99).map(|_| manager.token()));
    leader.abort();
    run_until_idle().await;
    endpoint.open();
    assert!(
        others
            .await
            .into_iter()
            .all(|outcome| text(&outcome.unwrap()) == "token-1")
    );
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn concurrent_fetches_share_one_request_and_set_no_token() {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &credsmith_runtime::ManualClock::new(start()));
    let fetches: Vec<_> = (0..20)
        .map(|_| {
            let manager = manager.clone();
            tokio::spawn(async move { manager.fetch_token().await })
        })
        .collect();
    run_until_idle().await;
    endpoint.open();
    for fetch in fetches {
        assert_eq!(text(&fetch.await.unwrap().unwrap()), "token-1");
    }
    assert_eq!(endpoint.count(), 1);
    assert!(manager.current_token().is_none());
    assert_eq!(manager.statistics().refreshes, 0);
    assert_eq!(
        text(&manager.fetch_token().await.unwrap()),
        "token-2",
        "a later fetch is a new one"
    );
}

#[tokio::test]
async fn a_cleared_token_is_not_brought_back_by_a_refresh_in_flight() {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &credsmith_runtime::ManualClock::new(start()));
    let waiter = tokio::spawn({
        let manager = manager.clone();
        async move { manager.token().await }
    });
    run_until_idle().await;
    manager.clear_token();
    endpoint.open();
    assert!(
        waiter.await.unwrap().is_ok(),
        "who waited still gets an answer"
    );
    assert!(manager.current_token().is_none());
    manager.set_token(credsmith_runtime::Token::new("handed-in"));
    assert_eq!(token_of(&manager).await, "handed-in");
}

#[tokio::test]
async fn a_token_set_during_a_refresh_is_kept() {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let manager = manager(&endpoint, &credsmith_runtime::ManualClock::new(start()));
    let waiter = tokio::spawn({
        let manager = manager.clone();
        async move { manager.token().await }
    });
    run_until_idle().await;
    manager.set_token(credsmith_runtime::Token::new("handed-in"));
    endpoint.open();
    waiter.await.unwrap().unwrap();
    assert_eq!(token_of(&manager).await, "handed-in");
}

#[tokio::test]
async fn a_panic_in_the_transport_is_an_error_of_that_refresh() {
    let endpoint = Endpoint::new([Scripted::Panic, Scripted::Token("3600")]);
    let clock = clock();
    let manager = manager(&endpoint, &clock);
    assert!(
        manager
            .token()
            .await
            .unwrap_err()
            .to_string()
            .contains("panicked")
    );
    clock.advance(seconds(6));
    assert_eq!(token_of(&manager).await, "token-2");
}

#[test]
fn managers_and_their_futures_move_between_threads() {
    fn is_send<T: Send + Sync>(_: &T) {}
    fn is_send_future<T: Send>(_: &T) {}
    let manager = manager(&Endpoint::new([Scripted::Token("1")]), &clock());
    is_send(&manager);
    is_send_future(&manager.token());
    is_send_future(&manager.fetch_token());
}
