//! Pauses: between the attempts of one fetch, after an early refresh that failed, and after a fetch
//! that failed for good. `random` is between 0 and 1 throughout.

use std::time::Duration;

/// Attempts in one fetch.
pub(crate) const ATTEMPTS: u32 = 3;

/// No third attempt begins later than this after the first. The second always does: an attempt may
/// have taken so long only because its runtime, or the machine, stood still.
pub(crate) const FETCH_BUDGET: Duration = Duration::from_secs(30);

/// One attempt ends after this, whatever the transport does; the transports' own limit is lower.
pub(crate) const ATTEMPT_LIMIT: Duration = Duration::from_secs(35);

const RETRY_BASE: Duration = Duration::from_millis(200);
const RETRY_CAP: Duration = Duration::from_secs(2);
const COOL_MIN: Duration = Duration::from_millis(100);
const COOL_MAX: Duration = Duration::from_secs(5);
const COOL_PERMANENT: Duration = Duration::from_secs(30);
const EARLY_MIN: Duration = Duration::from_secs(1);
const EARLY_MAX: Duration = Duration::from_secs(300);
const STORE_DOWN_MIN: Duration = Duration::from_secs(30);
const STORE_DOWN_MAX: Duration = Duration::from_secs(300);
const REFUSALS_FREE: u32 = 3;
const REFUSED_MIN: Duration = Duration::from_secs(1);
const REFUSED_MAX: Duration = Duration::from_secs(60);

/// Without a refusal for so long, the API counts as one that accepts tokens.
pub(crate) const REFUSALS_FORGOTTEN: Duration = Duration::from_secs(600);

/// The pause before another attempt, `failed` having failed so far; `None` to give up.
pub(crate) fn retry(
    failed: u32,
    elapsed: Duration,
    retry_after: Option<Duration>,
    random: f64,
) -> Option<Duration> {
    if failed >= ATTEMPTS {
        return None;
    }
    let pause = match retry_after {
        // Callers are waiting: a longer pause is theirs to make.
        Some(asked) if asked > COOL_MAX => return None,
        Some(asked) => asked,
        None => doubled(RETRY_BASE, failed - 1, RETRY_CAP).mul_f64(random),
    };
    (failed == 1 || elapsed.saturating_add(pause) <= FETCH_BUDGET).then_some(pause)
}

/// The cool-down after a final failure, the `failures`th in a row.
pub(crate) fn cool_down(
    failures: u32,
    permanent: bool,
    retry_after: Option<Duration>,
    random: f64,
) -> Duration {
    if permanent {
        return COOL_PERMANENT;
    }
    let own = doubled(COOL_MIN, failures.saturating_sub(1), COOL_MAX).mul_f64(0.5 + random / 2.0);
    retry_after.unwrap_or(own).clamp(COOL_MIN, COOL_MAX)
}

/// The pause after the `failures`th early refresh in a row that failed.
pub(crate) fn early(failures: u32, retry_after: Option<Duration>, random: f64) -> Duration {
    match retry_after {
        Some(asked) => asked.clamp(EARLY_MIN, EARLY_MAX),
        None => doubled(EARLY_MIN * 2, failures.saturating_sub(1), EARLY_MAX)
            .mul_f64(random)
            .max(EARLY_MIN),
    }
}

/// How long a token is kept although the API refused it, `refusals` having gone before it in a row.
pub(crate) fn refused(refusals: u32) -> Duration {
    match refusals.checked_sub(REFUSALS_FREE) {
        Some(more) => doubled(REFUSED_MIN, more, REFUSED_MAX),
        None => Duration::ZERO,
    }
}

/// How long a store counts as down after it did not answer, for the `outages`th time in a row.
pub(crate) fn store_down(outages: u32) -> Duration {
    doubled(STORE_DOWN_MIN, outages.saturating_sub(1), STORE_DOWN_MAX)
}

fn doubled(base: Duration, times: u32, cap: Duration) -> Duration {
    base.saturating_mul(1 << times.min(20)).min(cap)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn retries_are_bounded_in_number_and_time() {
        assert_eq!(retry(1, Duration::ZERO, None, 1.0), Some(RETRY_BASE));
        assert_eq!(retry(2, Duration::ZERO, None, 1.0), Some(RETRY_BASE * 2));
        assert_eq!(retry(3, Duration::ZERO, None, 1.0), None);
        assert_eq!(retry(2, FETCH_BUDGET, None, 1.0), None);
        assert_eq!(retry(1, FETCH_BUDGET, None, 1.0), Some(RETRY_BASE));
        assert_eq!(retry(1, Duration::ZERO, None, 0.0), Some(Duration::ZERO));
    }

    #[test]
    fn retry_after_is_honoured_up_to_five_seconds() {
        assert_eq!(
            retry(1, Duration::ZERO, Some(SECOND * 3), 0.5),
            Some(SECOND * 3)
        );
        assert_eq!(retry(1, Duration::ZERO, Some(SECOND * 6), 0.5), None);
    }

    #[test]
    fn cool_down_stays_between_its_bounds() {
        assert_eq!(cool_down(1, false, None, 0.0), COOL_MIN);
        assert_eq!(cool_down(40, false, None, 1.0), COOL_MAX);
        assert_eq!(cool_down(1, false, Some(SECOND * 3_600), 0.0), COOL_MAX);
        assert_eq!(cool_down(1, true, None, 0.0), COOL_PERMANENT);
    }

    #[test]
    fn early_refreshes_back_off_from_one_second_to_five_minutes() {
        assert_eq!(early(1, None, 0.0), EARLY_MIN);
        assert_eq!(early(30, None, 1.0), EARLY_MAX);
        assert_eq!(early(1, Some(SECOND * 20), 0.0), SECOND * 20);
    }

    #[test]
    fn three_refusals_are_free_and_then_tokens_are_kept_longer_and_longer() {
        let seconds: Vec<u64> = (0..12).map(|count| refused(count).as_secs()).collect();
        assert_eq!(seconds, [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
