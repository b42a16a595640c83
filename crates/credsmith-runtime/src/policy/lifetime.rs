//! Clock skew and the two moments of a token's life, all scaled to the lifetime.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::clock::Moment;

/// The clock skew where none was set.
pub(crate) const DEFAULT_SKEW: Duration = Duration::from_secs(30);

/// The life that is assumed for a token without `expires_in`.
pub(crate) const DEFAULT_LIFETIME: Duration = Duration::from_secs(3_600);

/// No life is longer than about a century, so that no clock overflows.
pub(crate) const MAX_LIFETIME: Duration = Duration::from_secs(3_155_760_000);

/// A token that is over on arrival is not fetched again before this.
pub(crate) const STILLBORN_PAUSE: Duration = Duration::from_secs(1);

/// The shortest time between the soft and the hard moment, where the life has room for it.
const MIN_WINDOW: Duration = Duration::from_secs(10);

/// The most by which the soft moment is moved, so that a fleet does not refresh in step.
const MAX_JITTER: Duration = Duration::from_secs(60);

/// The longest rest after a fetch that a server cannot ask to cut short.
const MAX_ASKED_REST: Duration = Duration::from_secs(60);

/// When a token is to be refreshed, and when it is over; `None` is never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    pub(crate) soft: Option<Moment>,
    pub(crate) hard: Option<Moment>,
}

impl Schedule {
    /// A token that nothing but the API's 401 ends.
    pub(crate) const ENDLESS: Self = Self {
        soft: None,
        hard: None,
    };

    /// The moments of a life of `life` that began at `begun`.
    ///
    /// `random` is between 0 and 1. The soft moment never lies in the first half of the usable
    /// life, or a short life would be all refreshing, unless the server asked for it. What it asks for
    /// has bounds too: see [`asked_moment`].
    pub(crate) fn new(
        begun: Moment,
        life: Duration,
        margin: Duration,
        refresh_in: Option<Duration>,
        random: f64,
    ) -> Self {
        let life = life.min(MAX_LIFETIME);
        let hard = life.saturating_sub(margin);
        let soft = refresh_in.map_or_else(
            || soft_moment(life, hard, random),
            |asked| asked_moment(life, hard, asked),
        );
        Self {
            soft: begun.checked_add(soft),
            hard: begun.checked_add(hard),
        }
    }

    pub(crate) fn is_due(self, now: Moment) -> bool {
        self.soft.is_some_and(|soft| now.has_reached(soft))
    }

    pub(crate) fn is_over(self, now: Moment) -> bool {
        self.hard.is_some_and(|hard| now.has_reached(hard))
    }

    /// The same schedule after the wall clock was set back by `step`: the moments move with it, or
    /// a sleep of the machine would go unnoticed from then on.
    pub(crate) fn set_back(self, step: Duration) -> Self {
        let moved = |moment: Moment| Moment {
            wall: moment.wall.checked_sub(step).unwrap_or(UNIX_EPOCH),
            ..moment
        };
        Self {
            soft: self.soft.map(moved),
            hard: self.hard.map(moved),
        }
    }
}

fn soft_moment(life: Duration, hard: Duration, random: f64) -> Duration {
    let jitter = (life / 10).min(MAX_JITTER).mul_f64(random.clamp(0.0, 1.0));
    let ahead = (life / 5).max(MIN_WINDOW) + jitter;
    hard.saturating_sub(ahead).max(hard / 2)
}

/// The soft moment where the server asked for it, which it knows best: it may hand out the same token
/// until then. But a moment at the end of the life, or after it, would leave no time to refresh in, so that
/// callers wait for every token; and one right at the beginning would cost a request for every answer.
fn asked_moment(life: Duration, hard: Duration, asked: Duration) -> Duration {
    let tenth = life / 10;
    let earliest = tenth.min(MAX_ASKED_REST).max(STILLBORN_PAUSE);
    let latest = hard.saturating_sub(tenth.max(MIN_WINDOW)).max(hard / 2);
    asked.max(earliest).min(latest)
}

/// How long before its expiry a token counts as expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Margin {
    pub(crate) length: Duration,
    /// The skew that was asked for does not fit the life.
    pub(crate) capped: bool,
}

impl Margin {
    /// The clock skew, capped against the life where that is known: by default a quarter of it, at
    /// most half of it where the application set the skew. A fresh token is then always usable.
    pub(crate) fn new(skew: Option<Duration>, life: Option<Duration>) -> Self {
        // As long as a life can be: half of a longer one would be all of this.
        let life = life.map(|life| life.min(MAX_LIFETIME));
        let cap = match (skew, life) {
            (_, None) => Duration::MAX,
            (None, Some(life)) => life / 4,
            (Some(_), Some(life)) => life / 2,
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

    fn moments(life: u64, skew: Option<u64>, random: f64) -> (u64, u64) {
        let life = Duration::from_secs(life);
        let margin = Margin::new(skew.map(Duration::from_secs), Some(life));
        let schedule = Schedule::new(BEGUN, life, margin.length, None, random);
        (
            schedule.soft.unwrap().monotonic.as_secs(),
            schedule.hard.unwrap().monotonic.as_secs(),
        )
    }

    #[test]
    fn moments_scale_with_the_life() {
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
        assert_eq!(schedule.soft.unwrap().monotonic.as_secs(), 600);
    }

    #[test]
    fn what_the_server_asks_for_leaves_time_to_refresh_in_and_time_to_rest() {
        for (life, asked, soft) in [
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
            let life = Duration::from_secs(life);
            let margin = Margin::new(None, Some(life)).length;
            let asked = Some(Duration::from_secs_f64(asked));
            let schedule = Schedule::new(BEGUN, life, margin, asked, 0.5);
            let moment = schedule.soft.unwrap().monotonic.as_secs_f64();
            assert!((moment - soft).abs() < 1e-6, "{life:?} {asked:?}: {moment}");
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
        for life in [0, 1, u64::MAX] {
            for skew in [None, Some(0), Some(u64::MAX)] {
                let life = Duration::from_secs(life);
                let margin = Margin::new(skew.map(Duration::from_secs), Some(life));
                let schedule = Schedule::new(BEGUN, life, margin.length, None, 1.0);
                assert!(schedule.soft.unwrap().monotonic <= schedule.hard.unwrap().monotonic);
            }
        }
    }
}
