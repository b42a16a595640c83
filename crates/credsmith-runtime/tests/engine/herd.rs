//! A thousand tasks and one token endpoint, in real time and over the wire.
//!
//! The bars are those of an idle machine and a release build; a debug build that shares its cores
//! with other tests gets a few times as long.

use std::time::{Duration, Instant};

use credsmith_runtime::{SecretString, Token, TokenError, TokenManager, TokenManagerBuilder};
use credsmith_token_server::{Reply, TokenServer};
use futures_util::future::join_all;

const HERD: usize = 1_000;

fn server(latency: u64) -> TokenServer {
    let server = TokenServer::start_blocking();
    server.register_client("id", "secret");
    server.set_latency(millis(latency));
    server
}

fn builder(server: &TokenServer) -> TokenManagerBuilder {
    TokenManager::builder("acme_oauth")
        .token_url(server.token_url())
        .client_id("id")
        .client_secret(SecretString::from("secret"))
}

fn manager(server: &TokenServer) -> TokenManager {
    builder(server).build().unwrap()
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A bar, as wide as this build needs it.
fn bar(length: u64) -> Duration {
    millis(if cfg!(debug_assertions) {
        6 * length
    } else {
        length
    })
}

struct Served {
    outcome: Result<Token, TokenError>,
    took: Duration,
    at: Instant,
}

async fn herd(manager: &TokenManager) -> Vec<Served> {
    let tasks = (0..HERD).map(|_| {
        let manager = manager.clone();
        tokio::spawn(async move {
            let begun = Instant::now();
            let outcome = manager.token().await;
            let at = Instant::now();
            Served {
                outcome,
                took: at - begun,
                at,
            }
        })
    });
    let served = join_all(tasks.collect::<Vec<_>>()).await;
    served.into_iter().map(Result::unwrap).collect()
}

/// The time between the first caller's result and the last.
fn spread(served: &[Served]) -> Duration {
    let first = served.iter().map(|one| one.at).min().unwrap();
    let last = served.iter().map(|one| one.at).max().unwrap();
    last - first
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_token_there_is_one_request() {
    for life in [3_600, 60] {
        let server = server(50);
        server.set_expires_in(life);
        let served = herd(&manager(&server)).await;
        assert!(served.iter().all(|one| one.outcome.is_ok()));
        assert_eq!(server.token_requests().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peer_defect_26_an_endpoint_that_returns_errors_gets_one_request_per_attempt() {
    for (status, attempts) in [(503, 3), (401, 1)] {
        let server = server(50);
        for _ in 0..attempts {
            server.enqueue(Reply::status(status).with_delay(millis(50)));
        }
        let served = herd(&manager(&server)).await;
        assert!(served.iter().all(|one| one.outcome.is_err()), "{status}");
        assert_eq!(server.token_requests().len(), attempts, "{status}");
        assert!(
            spread(&served) < bar(50),
            "told within {:?}",
            spread(&served)
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_expired_a_moment_ago_costs_one_request_and_no_back_off() {
    let server = server(50);
    let old = Token::new("old").with_expires_at(std::time::SystemTime::now() - millis(1));
    let manager = builder(&server).token(old).build().unwrap();
    let begun = Instant::now();
    let served = herd(&manager).await;
    assert!(served.iter().all(|one| one.outcome.is_ok()));
    assert_eq!(server.token_requests().len(), 1);
    assert!(
        begun.elapsed() < millis(50) + bar(50),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_caller_is_delayed_inside_the_refresh_window() {
    let server = server(0);
    let body = r#"{"access_token":"{access_token}","expires_in":10,"refresh_in":1}"#;
    server.enqueue(Reply::json(200, body));
    let manager = manager(&server);
    manager.token().await.unwrap();
    server.set_latency(millis(500));
    tokio::time::sleep(millis(1_050)).await;
    let served = herd(&manager).await;
    let slowest = served.iter().map(|one| one.took).max().unwrap();
    assert!(slowest < millis(250), "{slowest:?}");
    assert_eq!(
        manager.statistics().waits,
        1,
        "only the very first call waited"
    );
    tokio::time::sleep(millis(50)).await;
    assert_eq!(server.token_requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peer_defect_28_of_callers_with_deadlines_below_the_latency_the_fourth_gets_a_token() {
    let server = server(100);
    let manager = manager(&server);
    let mut served = Vec::new();
    for _ in 0..20 {
        served.push(
            tokio::time::timeout(millis(30), manager.token())
                .await
                .is_ok(),
        );
    }
    let first = served.iter().position(|served| *served).unwrap();
    // On a busy machine the response may take a little longer than its latency.
    assert!(
        (3..=6).contains(&first),
        "the first to be served is number {}",
        first + 1
    );
    assert!(served[first..].iter().all(|served| *served));
    assert_eq!(server.token_requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peer_defect_29_a_dropped_first_caller_does_not_affect_the_others() {
    let server = server(100);
    let manager = manager(&server);
    let begun = Instant::now();
    let leader = tokio::spawn({
        let manager = manager.clone();
        async move { manager.token().await }
    });
    tokio::time::sleep(millis(5)).await;
    let others: Vec<_> = (0..99)
        .map(|_| {
            let manager = manager.clone();
            tokio::spawn(async move { manager.token().await })
        })
        .collect();
    tokio::time::sleep(millis(20)).await;
    leader.abort();
    for other in join_all(others).await {
        assert!(other.unwrap().is_ok());
    }
    assert!(
        begun.elapsed() < millis(100) + bar(50),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(server.token_requests().len(), 1);
}

#[test]
fn threads_see_tokens_in_the_order_they_were_set() {
    const TOKENS: usize = 500;
    let numbered = |number: usize| Token::new(format!("t-{number:04}"));
    let manager = builder(&server(0)).token(numbered(0)).build().unwrap();
    // More than there are cores, so that some are interrupted while they hold a snapshot.
    let reading = || {
        let mut last = 0;
        while last < TOKENS {
            let value = manager.try_authorization().expect("a token is installed");
            let number = value.to_str().unwrap().rsplit_once('-').unwrap().1;
            let number: usize = number.parse().unwrap();
            assert!(last <= number, "{number} came after {last}");
            last = number;
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(reading);
        }
        for number in 1..=TOKENS {
            manager.set_token(numbered(number));
            let value = manager.try_authorization().expect("a token is installed");
            assert_eq!(value, format!("Bearer t-{number:04}"));
        }
    });
}
