//! The clock skew, the refresh-ahead time and the expiry of a token, all scaled to its lifetime.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::clock::Moment;

/// The default clock skew.
pub(crate) const DEFAULT_SKEW: Duration = Duration::from_secs(30);

/// The assumed lifetime of a token without `expires_in`.
pub(crate) const DEFAULT_LIFETIME: Duration = Duration::from_secs(3_600);

/// The maximum lifetime, about a century, so that no clock overflows.
pub(crate) const MAX_LIFETIME: Duration = Duration::from_secs(3_155_760_000);

/// The pause after a token that had expired on arrival.
pub(crate) const EXPIRED_ON_ARRIVAL_PAUSE: Duration = Duration::from_secs(1);

/// The shortest time between the refresh-ahead time and the expiry, if the lifetime is long enough.
const MIN_WINDOW: Duration = Duration::from_secs(10);

/// The maximum jitter of the refresh-ahead time, which keeps a fleet from refreshing in step.
const MAX_JITTER: Duration = Duration::from_secs(60);

/// The longest time after a request that a server cannot shorten.
const MAX_REQUESTED_PAUSE: Duration = Duration::from_secs(60);

/// The refresh-ahead time and the expiry of a token; `None` means never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    pub(crate) refresh_ahead: Option<Moment>,
    pub(crate) expiry: Option<Moment>,
}

impl Schedule {
    /// A token that only a 401 of the API ends.
    pub(crate) const ENDLESS: Self = Self {
        refresh_ahead: None,
        expiry: None,
    };

    /// Returns the schedule of a lifetime that began at `begun`.
    ///
    /// `random` is between 0 and 1. The refresh-ahead time never lies in the first half of the usable lifetime,
    /// unless the server asked for it; otherwise a short lifetime would consist of refreshes. The server's request is
    /// clamped too: see [`requested_time`].
    pub(crate) fn new(
        begun: Moment,
        lifetime: Duration,
        margin: Duration,
        refresh_in: Option<Duration>,
        random: f64,
    ) -> Self {
        let lifetime = lifetime.min(MAX_LIFETIME);
        let expiry = lifetime.saturating_sub(margin);
        let refresh_ahead = refresh_in.map_or_else(
            || refresh_ahead_time(lifetime, expiry, random),
            |asked| requested_time(lifetime, expiry, asked),
        );
        Self {
            refresh_ahead: begun.checked_add(refresh_ahead),
            expiry: begun.checked_add(expiry),
        }
    }

    pub(crate) fn is_due(self, now: Moment) -> bool {
        self.refresh_ahead
            .is_some_and(|refresh_ahead| now.has_reached(refresh_ahead))
    }

    pub(crate) fn is_expired(self, now: Moment) -> bool {
        self.expiry.is_some_and(|expiry| now.has_reached(expiry))
    }

    /// Returns the schedule after the wall clock was set back by `step`. The times move with the clock; otherwise a
    /// later sleep of the machine would go unnoticed.
    pub(crate) fn set_back(self, step: Duration) -> Self {
        let moved = |moment: Moment| Moment {
            wall: moment.wall.checked_sub(step).unwrap_or(UNIX_EPOCH),
            ..moment
        };
        Self {
            refresh_ahead: self.refresh_ahead.map(moved),
            expiry: self.expiry.map(moved),
        }
    }
}

fn refresh_ahead_time(lifetime: Duration, expiry: Duration, random: f64) -> Duration {
    let jitter = (lifetime / 10)
        .min(MAX_JITTER)
        .mul_f64(random.clamp(0.0, 1.0));
    let ahead = (lifetime / 5).max(MIN_WINDOW) + jitter;
    expiry.saturating_sub(ahead).max(expiry / 2)
}

/// Returns the refresh-ahead time that the server asked for; it may return the same token until then. The time is
/// clamped. Near the end of the lifetime there would be no time left for the refresh, and callers would wait for each
/// token. Near the beginning each response would trigger another request.
fn requested_time(lifetime: Duration, expiry: Duration, asked: Duration) -> Duration {
    let tenth = lifetime / 10;
    let earliest = tenth.min(MAX_REQUESTED_PAUSE).max(EXPIRED_ON_ARRIVAL_PAUSE);
    let latest = expiry.saturating_sub(tenth.max(MIN_WINDOW)).max(expiry / 2);
    asked.max(earliest).min(latest)
}

/// The time before its expiry at which a token counts as expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Margin {
    pub(crate) length: Duration,
    /// Whether the configured skew is too long for the lifetime.
    pub(crate) capped: bool,
}

impl Margin {
    /// Returns the clock skew. If the lifetime is known, the skew is capped: the default at a quarter of the
    /// lifetime, a configured skew at half of it. A fresh token is then always usable.
    pub(crate) fn new(skew: Option<Duration>, lifetime: Option<Duration>) -> Self {
        // Capped first, since half of a longer lifetime would exceed the maximum lifetime.
        let lifetime = lifetime.map(|lifetime| lifetime.min(MAX_LIFETIME));
        let cap = match (skew, lifetime) {
            (_, None) => Duration::MAX,
            (None, Some(lifetime)) => lifetime / 4,
            (Some(_), Some(lifetime)) => lifetime / 2,
        };
        let length = skew.unwrap_or(DEFAULT_SKEW);
        Self {
            length: length.min(cap),
            capped: skew.is_some() && length > cap,
        }
    }
}

/// `expiry - skew <= now`.
pub(crate) fn is_expired(expires_at: SystemTime, margin: Duration, now: SystemTime) -> bool {
    now.checked_add(margin)
        .is_none_or(|reaches| reaches >= expires_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGUN: Moment = Moment {
        monotonic: Duration::ZERO,
        wall: UNIX_EPOCH,
    };

    fn moments(lifetime: u64, skew: Option<u64>, random: f64) -> (u64, u64) {
        let lifetime = Duration::from_secs(lifetime);
        let margin = Margin::new(skew.map(Duration::from_secs), Some(lifetime));
        let schedule = Schedule::new(BEGUN, lifetime, margin.length, None, random);
        (
            schedule.refresh_ahead.unwrap().monotonic.as_secs(),
            schedule.expiry.unwrap().monotonic.as_secs(),
        )
    }

    #[test]
    fn times_scale_with_the_lifetime() {
        assert_eq!(moments(3_600, None, 0.0), (2_850, 3_570));
        assert_eq!(moments(3_600, None, 1.0), (2_790, 3_570));
        assert_eq!(moments(60, None, 0.0), (33, 45));
        assert_eq!(moments(60, None, 1.0), (27, 45));
        assert_eq!(moments(8, None, 0.0), (3, 6));
    }

    #[test]
    fn the_server_may_ask_for_an_earlier_refresh() {
        let schedule = Schedule::new(
            BEGUN,
            Duration::from_secs(3_600),
            DEFAULT_SKEW,
            Some(Duration::from_secs(600)),
            0.5,
        );
        assert_eq!(schedule.refresh_ahead.unwrap().monotonic.as_secs(), 600);
    }

    #[test]
    fn what_the_server_asks_for_leaves_time_to_refresh_in_and_time_to_rest() {
        for (lifetime, asked, refresh_ahead) in [
            (3_600, 0.001, 60.0),
            (3_600, 90.0, 90.0),
            (3_600, 3_000.0, 3_000.0),
            (3_600, 3_590.0, 3_210.0),
            (3_600, 1e9, 3_210.0),
            (60, 0.001, 6.0),
            (60, 60.0, 35.0),
            (8, 0.001, 1.0),
            (8, 8.0, 3.0),
            (1, 0.001, 0.375),
        ] {
            let lifetime = Duration::from_secs(lifetime);
            let margin = Margin::new(None, Some(lifetime)).length;
            let asked = Some(Duration::from_secs_f64(asked));
            let schedule = Schedule::new(BEGUN, lifetime, margin, asked, 0.5);
            let moment = schedule.refresh_ahead.unwrap().monotonic.as_secs_f64();
            assert!(
                (moment - refresh_ahead).abs() < 1e-6,
                "{lifetime:?} {asked:?}: {moment}"
            );
        }
    }

    #[test]
    fn peer_defect_07_skew_at_or_above_the_lifetime_is_capped() {
        assert_eq!(moments(60, Some(60), 0.0), (18, 30));
        assert_eq!(moments(60, Some(86_400), 0.0), (18, 30));
        assert!(Margin::new(Some(Duration::from_secs(60)), Some(Duration::from_secs(60))).capped);
        assert!(!Margin::new(None, Some(Duration::from_secs(4))).capped);
    }

    #[test]
    fn peer_defect_16_expired_means_expiry_less_skew_has_come() {
        let expires_at = UNIX_EPOCH + Duration::from_secs(100);
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let skew = Duration::from_secs(30);
        assert!(!is_expired(expires_at, skew, at(69)));
        assert!(is_expired(expires_at, skew, at(70)));
        assert!(is_expired(expires_at, Duration::MAX, at(0)));
    }

    #[test]
    fn no_life_and_no_skew_overflows() {
        for lifetime in [0, 1, u64::MAX] {
            for skew in [None, Some(0), Some(u64::MAX)] {
                let lifetime = Duration::from_secs(lifetime);
                let margin = Margin::new(skew.map(Duration::from_secs), Some(lifetime));
                let schedule = Schedule::new(BEGUN, lifetime, margin.length, None, 1.0);
                assert!(
                    schedule.refresh_ahead.unwrap().monotonic <= schedule.expiry.unwrap().monotonic
                );
            }
        }
    }
}
