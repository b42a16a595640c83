//! The lifetime of a token, on two clocks.

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use credsmith_runtime::{ManualClock, Token, TokenManager, Transport};

use crate::support::*;

#[tokio::test]
async fn peer_defect_07_a_fresh_token_is_used_whatever_the_skew() {
    let endpoint = Endpoint::new([Scripted::Token("60")]);
    for skew in [60, 300, u64::MAX] {
        let before = endpoint.count();
        let clock = clock();
        let manager = builder(&endpoint, &clock)
            .clock_skew(seconds(skew))
            .build()
            .unwrap();
        for _ in 0..10 {
            let token = manager.token().await.unwrap();
            assert!(!manager.is_expired(&token));
        }
        assert_eq!(endpoint.count(), before + 1);
        clock.advance(seconds(30));
        assert!(manager.is_expired(&manager.current_token().unwrap()));
    }
}

#[tokio::test]
async fn peer_defect_16_a_token_is_expired_when_expiry_less_skew_has_come() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let clock = clock();
    let manager = builder(&endpoint, &clock)
        .clock_skew(seconds(100))
        .build()
        .unwrap();
    let token = Token::new("stored").with_expires_at(start() + seconds(1_000));
    clock.advance(seconds(899));
    assert!(!manager.is_expired(&token));
    clock.advance(seconds(1));
    assert!(manager.is_expired(&token));
    assert!(!manager.is_expired(&Token::new("endless")));
}

#[tokio::test]
async fn peer_defect_17_a_token_without_expiry_is_used_until_the_api_returns_401() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let clock = clock();
    let stored = || Token::new("stored");
    let manager = builder(&endpoint, &clock)
        .token(stored())
        .default_lifetime(None)
        .build()
        .unwrap();
    clock.advance(seconds(1_000_000));
    assert_eq!(token_of(&manager).await, "stored");
    manager.invalidate(&stored());
    assert_eq!(token_of(&manager).await, "token-1");
}

#[tokio::test]
async fn an_unknown_lifetime_counts_as_an_hour_if_a_token_can_be_requested() {
    let endpoint = Endpoint::new([Scripted::Token("null")]);
    let clock = clock();
    let manager = manager(&endpoint, &clock);
    assert_eq!(token_of(&manager).await, "token-1");
    assert_eq!(manager.current_token().unwrap().expires_at(), None);
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "token-2");

    let bare = bare(&endpoint, &clock)
        .token(Token::new("stored"))
        .build()
        .unwrap();
    clock.advance(seconds(1_000_000));
    assert_eq!(
        token_of(&bare).await,
        "stored",
        "there is nothing to renew it with"
    );
}

#[tokio::test]
async fn peer_defect_35_a_token_that_died_while_the_machine_slept_is_not_served() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let clock = clock();
    let manager = manager(&endpoint, &clock);
    assert_eq!(token_of(&manager).await, "token-1");
    clock.suspend(seconds(4_000));
    assert!(manager.try_authorization().is_none());
    assert_eq!(token_of(&manager).await, "token-2");
}

#[tokio::test]
async fn a_wall_clock_set_back_does_not_extend_a_lifetime() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let clock = clock();
    let manager = manager(&endpoint, &clock);
    assert_eq!(token_of(&manager).await, "token-1");
    clock.set_wall(start() - seconds(86_400));
    clock.advance(seconds(3_600));
    assert_eq!(token_of(&manager).await, "token-2");
}

#[tokio::test]
async fn a_sleep_after_the_wall_clock_was_set_back_is_noticed() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let clock = clock();
    let manager = manager(&endpoint, &clock);
    assert_eq!(token_of(&manager).await, "token-1");
    clock.advance(seconds(100));
    clock.set_wall(start() - seconds(86_400));
    assert_eq!(token_of(&manager).await, "token-1");
    assert!(manager.try_authorization().is_some());
    clock.suspend(seconds(3_600));
    assert!(manager.try_authorization().is_none());
    assert_eq!(token_of(&manager).await, "token-2");
}

#[tokio::test]
async fn a_wall_clock_set_ahead_and_back_ages_the_token_and_no_more() {
    let endpoint = Endpoint::new([Scripted::Token("36000")]);
    let clock = clock();
    let manager = manager(&endpoint, &clock);
    assert_eq!(token_of(&manager).await, "token-1");
    for step in 1..=3 {
        clock.suspend(seconds(1_000));
        assert_eq!(token_of(&manager).await, "token-1");
        clock.set_wall(start() + seconds(step));
        assert_eq!(token_of(&manager).await, "token-1");
    }
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn the_lifetime_begins_when_the_request_was_sent() {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let clock = credsmith_runtime::ManualClock::new(start());
    let manager = manager(&endpoint, &clock);
    let waiter = tokio::spawn({
        let manager = manager.clone();
        async move { manager.token().await }
    });
    run_until_idle().await;
    clock.advance(seconds(20));
    endpoint.open();
    let token = waiter.await.unwrap().unwrap();
    assert_eq!(token.expires_at(), Some(start() + seconds(3_600)));
}

#[tokio::test]
async fn a_token_expired_on_arrival_is_used_once_and_not_requested_again_within_a_second() {
    for expires_in in ["0", "-5"] {
        let endpoint = Endpoint::closed([Scripted::Token(expires_in)]);
        let clock = credsmith_runtime::ManualClock::new(start());
        let manager = manager(&endpoint, &clock);
        let ask = |count| {
            let manager = manager.clone();
            tokio::spawn(async move { crowd(&manager, count).await })
        };
        let first = ask(100);
        run_until_idle().await;
        endpoint.open();
        for outcome in first.await.unwrap() {
            assert_eq!(text(&outcome.unwrap()), "token-1");
        }
        let next = ask(1);
        run_until_idle().await;
        assert_eq!(endpoint.count(), 1);
        clock.advance(seconds(1));
        assert_eq!(text(next.await.unwrap()[0].as_ref().unwrap()), "token-2");
    }
}

#[tokio::test]
async fn peer_defect_30_a_huge_lifetime_saturates() {
    for expires_in in [
        "9223372036854775807",
        "18446744073709551615",
        "1e308",
        "\"1e999\"",
    ] {
        let endpoint = Endpoint::new([Scripted::Token(expires_in)]);
        let clock = clock();
        let manager = manager(&endpoint, &clock);
        let token = manager.token().await.unwrap();
        clock.advance(seconds(86_400 * 365));
        assert_eq!(token_of(&manager).await, "token-1");
        let stored = serde_json::to_string(&token).unwrap();
        assert_eq!(serde_json::from_str::<Token>(&stored).unwrap(), token);
    }
}

/// Run once by itself and once more, by the test below, under another time zone.
#[tokio::test]
async fn stored_expiry_is_absolute() {
    let stored = r#"{"access_token":"stored","token_type":"Bearer","expires_at":1767229200}"#;
    let token: Token = serde_json::from_str(stored).unwrap();
    assert_eq!(token.expires_at(), Some(start() + seconds(3_600)));
    assert_eq!(serde_json::to_string(&token).unwrap(), stored);
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let clock = clock();
    let manager = builder(&endpoint, &clock).token(token).build().unwrap();
    clock.advance(seconds(2_000));
    assert_eq!(token_of(&manager).await, "stored");
    clock.advance(seconds(1_570));
    assert_eq!(token_of(&manager).await, "token-1");
}

#[test]
fn peer_defect_12_stored_tokens_hold_under_another_time_zone() {
    for zone in ["Pacific/Kiritimati", "UTC+11", "America/St_Johns"] {
        let test = ["--exact", "expiry::stored_expiry_is_absolute"];
        let run = Command::new(std::env::current_exe().unwrap())
            .args(test)
            .env("TZ", zone)
            .output()
            .unwrap();
        assert!(run.status.success(), "{zone}");
        assert!(
            String::from_utf8_lossy(&run.stdout).contains("1 passed"),
            "{zone}"
        );
    }
}

#[tokio::test]
async fn a_token_with_expires_in_knows_its_lifetime() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let transport: Arc<dyn Transport> = endpoint;
    let manager = TokenManager::builder("acme_oauth")
        .token_url("https://acme.example/token")
        .transport(transport);
    let token = Token::new("short").with_expires_in(seconds(20));
    assert!(
        !manager.build().unwrap().is_expired(&token),
        "30 s of skew are capped against a life of 20 s"
    );
}

/// A manager whose first response comes after the wall clock was set back by two hours.
async fn clock_set_back_during_request() -> (ManualClock, TokenManager, Token) {
    let endpoint = Endpoint::closed([Scripted::Token("3600")]);
    let clock = ManualClock::new(start());
    let manager = manager(&endpoint, &clock);
    let waiting = tokio::spawn({
        let manager = manager.clone();
        async move { manager.token().await }
    });
    run_until_idle().await;
    clock.set_wall(start() - seconds(7_200));
    endpoint.open();
    let token = waiting.await.unwrap().unwrap();
    (clock, manager, token)
}

#[tokio::test]
async fn a_clock_that_is_set_back_during_a_refresh_does_not_extend_a_lifetime() {
    let (clock, manager, token) = clock_set_back_during_request().await;
    assert_eq!(token.expires_at(), Some(start() - seconds(3_600)));
    assert_eq!(token_of(&manager).await, "token-1");
    clock.suspend(seconds(3_700));
    assert_eq!(token_of(&manager).await, "token-2", "the machine slept");
}

#[tokio::test]
async fn no_lifetime_no_skew_and_no_clock_makes_a_fresh_token_unusable() {
    let walls = [
        UNIX_EPOCH - seconds(10_000_000_000),
        UNIX_EPOCH,
        start(),
        UNIX_EPOCH + seconds(253_402_300_800),
    ];
    let skews = [None, Some(Duration::ZERO), Some(Duration::MAX)];
    for life in ["0", "-1", "0.001", "1e400", "9223372036854775807", "null"] {
        for (wall, skew) in walls
            .iter()
            .flat_map(|wall| skews.map(|skew| (*wall, skew)))
        {
            let endpoint = Endpoint::new([Scripted::Token(life)]);
            let clock = ManualClock::new(wall).with_sleep_advancing();
            let mut builder = builder(&endpoint, &clock);
            if let Some(skew) = skew {
                builder = builder.clock_skew(skew);
            }
            let manager = builder.build().unwrap();
            for step in [0, 1, 1_000_000_000] {
                clock.advance(seconds(step));
                let value = manager.authorization().await;
                assert!(value.is_ok(), "{life} {skew:?} {wall:?} {step}: {value:?}");
                run_until_idle().await;
            }
            for wall in [
                UNIX_EPOCH - seconds(5),
                UNIX_EPOCH + seconds(300_000_000_000),
            ] {
                clock.set_wall(wall);
                let value = manager.authorization().await;
                assert!(value.is_ok(), "{life} {skew:?} set to {wall:?}: {value:?}");
            }
        }
    }
}

#[tokio::test]
async fn before_1970_one_token_serves_as_well() {
    let endpoint = Endpoint::new([Scripted::Token("3600")]);
    let clock = ManualClock::new(UNIX_EPOCH - seconds(1_000_000)).with_sleep_advancing();
    let manager = manager(&endpoint, &clock);
    for _ in 0..50 {
        assert_eq!(token_of(&manager).await, "token-1");
        clock.advance(seconds(10));
    }
    assert_eq!(endpoint.count(), 1);
}
