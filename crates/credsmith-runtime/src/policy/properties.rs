//! Properties of time: for any lifetime, skew, random number and clock readings, the deadlines are in order, a fresh
//! token is usable, and nothing overflows.

use std::time::{Duration, UNIX_EPOCH};

use proptest::prelude::*;

use super::lifetime::{Margin, Schedule, is_expired};
use super::retry::RetryPolicy;
use super::window::Window;
use super::{Decision, View, backoff, decide, window};
use crate::clock::{CoarseTime, Moment};

fn durations() -> impl Strategy<Value = Duration> {
    prop_oneof![
        Just(Duration::ZERO),
        Just(Duration::MAX),
        (0_u64..100_000).prop_map(Duration::from_millis),
        (0_u64..100_000_000).prop_map(Duration::from_secs),
        any::<u64>().prop_map(Duration::from_secs),
    ]
}

/// Moments within some centuries, as clocks can show them.
fn moments() -> impl Strategy<Value = Moment> {
    (0_u64..1_000_000_000_000, 0_u64..10_000_000_000_000).prop_map(|(monotonic, wall)| Moment {
        monotonic: Duration::from_millis(monotonic),
        wall: UNIX_EPOCH + Duration::from_millis(wall),
    })
}

fn later(moment: Moment, by: Duration) -> Moment {
    moment.checked_add(by).unwrap_or(moment)
}

proptest! {
    #[test]
    fn moments_are_in_order_and_a_fresh_token_is_usable(
        begun in moments(),
        lifetime in durations(),
        skew in prop::option::of(durations()),
        refresh_in in prop::option::of(durations()),
        random in 0.0..=1.0,
    ) {
        let margin = Margin::new(skew, Some(lifetime));
        prop_assert!(margin.length <= lifetime / 2);
        let schedule = Schedule::new(begun, lifetime, margin.length, refresh_in, random);
        let (Some(refresh_ahead), Some(expiry)) = (schedule.refresh_ahead, schedule.expiry) else {
            return Ok(());
        };
        prop_assert!(refresh_ahead.monotonic <= expiry.monotonic && refresh_ahead.wall <= expiry.wall);
        // Whatever the server asks for, half of the usable lifetime or ten seconds are left for the refresh.
        let usable = expiry.monotonic.saturating_sub(begun.monotonic);
        let ahead = expiry.monotonic.saturating_sub(refresh_ahead.monotonic);
        prop_assert!(ahead >= (usable / 2).min(Duration::from_secs(10)), "{:?}", ahead);
        prop_assert!(expiry.monotonic <= begun.monotonic.saturating_add(lifetime));
        prop_assert!(lifetime.is_zero() || !schedule.is_expired(begun));
        let expires_at = begun.wall.checked_add(lifetime);
        prop_assert!(
            lifetime.is_zero() || expires_at.is_none_or(|end| !is_expired(end, margin.length, begun.wall))
        );
        let set_back = schedule.set_back(lifetime);
        prop_assert!(set_back.expiry.unwrap().wall <= expiry.wall);
        prop_assert_eq!(set_back.expiry.unwrap().monotonic, expiry.monotonic);
    }

    #[test]
    fn a_window_covers_only_what_the_policy_would_serve(
        begun in moments(),
        lifetime in (1_u64..200_000_000).prop_map(Duration::from_millis),
        passed in (0_u64..300_000_000).prop_map(Duration::from_millis),
        slept in (0_u64..3_000).prop_map(Duration::from_millis),
        lag in (0_u64..20).prop_map(Duration::from_millis),
        quiet in (0_u64..300_000_000).prop_map(Duration::from_millis),
        automatic in any::<bool>(),
        refreshing in any::<bool>(),
    ) {
        let margin = Margin::new(None, Some(lifetime));
        let view = View {
            schedule: Some(Schedule::new(begun, lifetime, margin.length, None, 0.5)),
            early_not_before: begun.monotonic.saturating_add(quiet),
            cool_down_until: None,
            automatic,
            can_refresh: true,
            refreshing,
        };
        // Made at the beginning, and read later by clocks that lag.
        let window = window(begun, &view, begun);
        let now = later(begun, passed);
        let now = Moment { wall: now.wall + slept, ..now };
        let coarse = CoarseTime::new(
            now.monotonic.saturating_sub(lag),
            now.wall.checked_sub(lag).unwrap_or(UNIX_EPOCH),
        );
        if window.covers(coarse) {
            prop_assert_eq!(decide(now, &view), Decision::Serve);
        }
    }

    #[test]
    fn clocks_that_differ_by_more_than_two_seconds_from_before_close_every_window(
        made in moments(),
        now in moments(),
    ) {
        let window = Window::until(None, made);
        let ahead = |moment: Moment| {
            let wall = moment.wall.duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
            wall - moment.monotonic.as_secs_f64()
        };
        let stepped = (ahead(now) - ahead(made)).abs() > 2.0;
        prop_assert!(!(stepped && window.covers(now.into())));
    }

    #[test]
    fn pauses_stay_within_their_bounds(
        count in 1_u32..,
        asked in prop::option::of(durations()),
        elapsed in durations(),
        permanent in any::<bool>(),
        random in 0.0..=1.0,
    ) {
        let five_minutes = Duration::from_secs(300);
        prop_assert!(RetryPolicy::DEFAULT.early_pause(count, asked, random) <= five_minutes);
        prop_assert!(RetryPolicy::DEFAULT.early_pause(count, asked, random) >= Duration::from_secs(1));
        let cool = RetryPolicy::DEFAULT.cool_down_after(count, permanent, asked, random);
        prop_assert!(cool >= Duration::from_millis(100) && cool <= Duration::from_secs(30));
        let pause = RetryPolicy::DEFAULT.pause(count, elapsed, asked, random);
        prop_assert!(pause.is_none_or(|pause| pause <= Duration::from_secs(5)));
        prop_assert!(backoff::refused(count) <= Duration::from_secs(60));
    }
}
