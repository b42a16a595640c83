//! The part of a token's lifetime in which the coarse clocks suffice to return it.
//!
//! Within its window a token is returned without a lock and without asking the policy. A window ends before the next
//! time at which the policy would decide otherwise, by more than the coarse clocks lag. It also records the
//! difference between the two clocks. If that has changed, the machine slept or somebody set the clock, and the
//! policy has to decide.

use super::lifetime::MAX_LIFETIME;
use crate::clock::{CoarseTime, Moment};

/// More than the lag of any coarse clock.
const LAG: u64 = 20_000_000;

/// The tolerated change of the difference between the clocks. They are read one after the other, and the thread may
/// be preempted in between. Only clock steps and sleep exceed it.
const DRIFT: u64 = 1_000_000_000;

/// A span of time, in nanoseconds: of the monotonic clock, and since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Window {
    monotonic_end: u64,
    wall_end: u64,
    /// The difference from the monotonic to the wall clock, modulo 2^64.
    ahead: u64,
}

impl Window {
    /// A window without any time.
    pub(crate) const CLOSED: Self = Self {
        monotonic_end: 0,
        wall_end: 0,
        ahead: 0,
    };

    /// Returns the window from `now` until `end`, or for about a century.
    pub(crate) fn until(end: Option<Moment>, now: Moment) -> Self {
        let Some(end) = end.or_else(|| now.checked_add(MAX_LIFETIME)) else {
            return Self::CLOSED;
        };
        let (end, now) = (CoarseTime::from(end), CoarseTime::from(now));
        Self {
            monotonic_end: end.monotonic.saturating_sub(LAG),
            wall_end: end.wall.saturating_sub(LAG),
            ahead: now.wall.wrapping_sub(now.monotonic),
        }
    }

    /// Returns whether the coarse clocks are within the window.
    #[inline]
    pub(crate) fn covers(&self, now: CoarseTime) -> bool {
        let ahead = now.wall.wrapping_sub(now.monotonic);
        let drift = ahead.wrapping_sub(self.ahead).wrapping_add(DRIFT);
        now.monotonic < self.monotonic_end && now.wall < self.wall_end && drift <= 2 * DRIFT
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(monotonic: Duration, wall: Duration) -> Moment {
        Moment {
            monotonic,
            wall: UNIX_EPOCH + SECOND * 1_000_000 + wall,
        }
    }

    fn covers(window: Window, monotonic: Duration, wall: Duration) -> bool {
        window.covers(at(monotonic, wall).into())
    }

    #[test]
    fn a_window_ends_before_its_end_by_more_than_coarse_clocks_lag() {
        let window = Window::until(Some(at(SECOND * 60, SECOND * 60)), at(SECOND, SECOND));
        assert!(covers(window, SECOND, SECOND));
        let last = Duration::from_millis(59_979);
        assert!(covers(window, last, last));
        let over = Duration::from_millis(59_980);
        assert!(!covers(window, over, over));
    }

    #[test]
    fn clocks_that_part_close_the_window_either_way() {
        let window = Window::until(Some(at(SECOND * 60, SECOND * 60)), at(SECOND, SECOND));
        for (monotonic, wall, expected) in [
            (10_000, 10_000, true),
            (10_000, 11_000, true),
            (10_000, 11_001, false),
            (11_000, 10_000, true),
            (11_001, 10_000, false),
            (10_000, 0, false),
        ] {
            let (monotonic, wall) = (
                Duration::from_millis(monotonic),
                Duration::from_millis(wall),
            );
            assert_eq!(
                covers(window, monotonic, wall),
                expected,
                "{monotonic:?} {wall:?}"
            );
        }
    }

    #[test]
    fn extremes_close_it_and_do_not_overflow() {
        assert!(!covers(Window::CLOSED, Duration::ZERO, Duration::ZERO));
        let window = Window::until(None, at(Duration::ZERO, Duration::ZERO));
        assert!(covers(window, SECOND, SECOND));
        assert!(!window.covers(CoarseTime::new(Duration::MAX, UNIX_EPOCH)));
        assert!(!window.covers(CoarseTime::new(SECOND, UNIX_EPOCH - SECOND)));
    }
}
