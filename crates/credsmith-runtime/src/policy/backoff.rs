//! Pauses: between the attempts of one request, after a failed early refresh, and after a refresh that failed for
//! good. `random` is always between 0 and 1.

use std::time::Duration;

use super::lifetime::MAX_LIFETIME;
use super::retry::RetryPolicy;

const STORE_DOWN_MIN: Duration = Duration::from_secs(30);
const STORE_DOWN_MAX: Duration = Duration::from_secs(300);
const REFUSALS_FREE: u32 = 3;
const REFUSED_MIN: Duration = Duration::from_secs(1);
const REFUSED_MAX: Duration = Duration::from_secs(60);

/// After this time without a refused token, the API counts as one that accepts tokens.
pub(crate) const REFUSALS_FORGOTTEN: Duration = Duration::from_secs(600);

impl RetryPolicy {
    /// Returns the pause before another attempt after `failed` attempts, or `None` to give up.
    pub(crate) fn pause(
        &self,
        failed: u32,
        elapsed: Duration,
        retry_after: Option<Duration>,
        random: f64,
    ) -> Option<Duration> {
        if failed >= self.max_attempts {
            return None;
        }
        let pause = match retry_after {
            // Callers are waiting. If the server asks for more, each caller decides whether to wait.
            Some(asked) if asked > self.cool_down.max => return None,
            Some(asked) => asked,
            None => doubled(self.backoff.min, failed - 1, self.backoff.max).mul_f64(random),
        };
        let is_in_window = elapsed.saturating_add(pause) <= self.retry_window;
        // The first attempt may have taken so long only because its runtime or the machine was suspended.
        (failed == 1 || is_in_window).then_some(pause)
    }

    /// Returns the cool-down after the `failures`th final failure in a row.
    pub(crate) fn cool_down_after(
        &self,
        failures: u32,
        permanent: bool,
        retry_after: Option<Duration>,
        random: f64,
    ) -> Duration {
        if permanent {
            return self.permanent_cool_down;
        }
        let (min, max) = (self.cool_down.min, self.cool_down.max);
        let pause = doubled(min, failures.saturating_sub(1), max).mul_f64(0.5 + random / 2.0);
        retry_after.unwrap_or(pause).clamp(min, max)
    }

    /// Returns the pause after the `failures`th failed early refresh in a row.
    pub(crate) fn early_pause(
        &self,
        failures: u32,
        retry_after: Option<Duration>,
        random: f64,
    ) -> Duration {
        let (min, max) = (self.early_backoff.min, self.early_backoff.max);
        match retry_after {
            Some(asked) => asked.clamp(min, max),
            None => doubled(min.saturating_mul(2), failures.saturating_sub(1), max)
                .mul_f64(random)
                .max(min),
        }
    }
}

/// Returns how long a token is kept although the API refused it, after `refusals` others in a row.
pub(crate) fn refused(refusals: u32) -> Duration {
    match refusals.checked_sub(REFUSALS_FREE) {
        Some(times) => doubled(REFUSED_MIN, times, REFUSED_MAX),
        None => Duration::ZERO,
    }
}

/// Returns how long a store counts as down after the `outages`th time-out in a row.
pub(crate) fn store_down(outages: u32) -> Duration {
    doubled(STORE_DOWN_MIN, outages.saturating_sub(1), STORE_DOWN_MAX)
}

fn doubled(base: Duration, times: u32, cap: Duration) -> Duration {
    let cap = cap.min(MAX_LIFETIME);
    base.saturating_mul(1 << times.min(20)).min(cap)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    const MILLISECOND: Duration = Duration::from_millis(1);
    const POLICY: RetryPolicy = RetryPolicy::DEFAULT;

    #[test]
    fn retries_are_bounded_in_number_and_time() {
        let pause = |failed, elapsed, random| POLICY.pause(failed, elapsed, None, random);
        assert_eq!(pause(1, Duration::ZERO, 1.0), Some(MILLISECOND * 200));
        assert_eq!(pause(2, Duration::ZERO, 1.0), Some(MILLISECOND * 400));
        assert_eq!(pause(3, Duration::ZERO, 1.0), None);
        assert_eq!(pause(2, SECOND * 30, 1.0), None);
        assert_eq!(pause(1, SECOND * 30, 1.0), Some(MILLISECOND * 200));
        assert_eq!(pause(1, Duration::ZERO, 0.0), Some(Duration::ZERO));
    }

    #[test]
    fn what_is_set_replaces_the_defaults() {
        let policy = RetryPolicy::default()
            .max_attempts(5)
            .retry_window(SECOND * 60)
            .backoff(SECOND, SECOND * 3)
            .cool_down(SECOND, SECOND * 9)
            .permanent_cool_down(SECOND * 7)
            .refresh_ahead_backoff(SECOND * 2, SECOND * 20);
        let pauses = [1, 2, 3, 4, 5].map(|failed| policy.pause(failed, Duration::ZERO, None, 1.0));
        let wanted = [Some(1), Some(2), Some(3), Some(3), None];
        assert_eq!(pauses, wanted.map(|pause| pause.map(Duration::from_secs)));
        assert!(policy.pause(2, SECOND * 50, None, 1.0).is_some());
        let asked = policy.pause(1, Duration::ZERO, Some(SECOND * 9), 1.0);
        assert_eq!(asked, Some(SECOND * 9));
        assert_eq!(policy.cool_down_after(40, false, None, 1.0), SECOND * 9);
        assert_eq!(policy.cool_down_after(1, true, None, 1.0), SECOND * 7);
        assert_eq!(policy.early_pause(1, None, 0.0), SECOND * 2);
        assert_eq!(policy.early_pause(30, None, 1.0), SECOND * 20);
    }

    #[test]
    fn no_pause_is_too_long_to_be_computed() {
        let policy = RetryPolicy::default()
            .backoff(Duration::MAX, Duration::MAX)
            .cool_down(Duration::ZERO, Duration::MAX)
            .refresh_ahead_backoff(Duration::MAX, Duration::MAX);
        assert!(policy.pause(1, Duration::ZERO, None, 1.0).is_some());
        assert_eq!(policy.cool_down_after(9, false, None, 1.0), Duration::ZERO);
        assert_eq!(policy.early_pause(9, None, 1.0), Duration::MAX);
    }

    #[test]
    fn retry_after_is_honoured_up_to_five_seconds() {
        let asked = |asked| POLICY.pause(1, Duration::ZERO, Some(asked), 0.5);
        assert_eq!(asked(SECOND * 3), Some(SECOND * 3));
        assert_eq!(asked(SECOND * 6), None);
    }

    #[test]
    fn cool_down_stays_between_its_bounds() {
        let cool_down = |failures, permanent, asked, random| {
            POLICY.cool_down_after(failures, permanent, asked, random)
        };
        assert_eq!(cool_down(1, false, None, 0.0), MILLISECOND * 100);
        assert_eq!(cool_down(40, false, None, 1.0), SECOND * 5);
        let asked = Some(SECOND * 3_600);
        assert_eq!(cool_down(1, false, asked, 0.0), SECOND * 5);
        assert_eq!(cool_down(1, true, None, 0.0), SECOND * 30);
    }

    #[test]
    fn early_refreshes_back_off_from_one_second_to_five_minutes() {
        assert_eq!(POLICY.early_pause(1, None, 0.0), SECOND);
        assert_eq!(POLICY.early_pause(30, None, 1.0), SECOND * 300);
        assert_eq!(POLICY.early_pause(1, Some(SECOND * 20), 0.0), SECOND * 20);
    }

    #[test]
    fn three_refusals_are_free_and_then_tokens_are_kept_longer_and_longer() {
        let seconds: Vec<u64> = (0..12).map(|count| refused(count).as_secs()).collect();
        assert_eq!(seconds, [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
