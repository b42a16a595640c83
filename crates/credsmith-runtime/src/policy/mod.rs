//! The pure policy: decides on a call from the time and the known state. It has no IO, no lock and no clock, so that
//! tests can pass all inputs as values.
//!
//! A token's lifetime has two deadlines. After the *refresh-ahead time* callers keep the token while one refresh
//! runs. After the *expiry*, from which the clock skew is subtracted, they wait. Both are fixed when the token is
//! set, on both clocks.

pub(crate) mod backoff;
#[cfg(test)]
mod conformance;
pub(crate) mod lifetime;
pub(crate) mod limits;
#[cfg(test)]
mod properties;
pub(crate) mod retry;
pub(crate) mod window;

use std::time::Duration;

use crate::clock::Moment;
use lifetime::Schedule;
use window::Window;

/// The state of the engine at the time of a call.
#[derive(Debug)]
pub(crate) struct View {
    /// The deadlines of the current token, if there is one.
    pub(crate) schedule: Option<Schedule>,
    /// A failed early refresh is not repeated before this monotonic time.
    pub(crate) early_not_before: Duration,
    /// After a final failure, nothing is sent before this monotonic time.
    pub(crate) cool_down_until: Option<Duration>,
    /// Whether the engine may request tokens itself.
    pub(crate) automatic: bool,
    /// Whether the engine has credentials or a refresh token to obtain a token with.
    pub(crate) can_refresh: bool,
    /// Whether a refresh is in flight that does not depend on callers.
    pub(crate) refreshing: bool,
}

/// The next step of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Return the current token.
    Serve,
    /// Return the token, and start a refresh unless one runs.
    ServeAndRefresh,
    /// Join the refresh, or start it.
    Wait,
    /// Return the last error.
    Fail,
    /// Return an error, because the application requests tokens itself.
    AskCaller,
}

/// Decides on one call.
pub(crate) fn decide(now: Moment, view: &View) -> Decision {
    match view.schedule {
        Some(schedule) if !schedule.is_expired(now) => {
            let due = schedule.is_due(now) && now.monotonic >= view.early_not_before;
            if due && view.automatic && view.can_refresh && !view.refreshing {
                Decision::ServeAndRefresh
            } else {
                Decision::Serve
            }
        }
        _ if !view.automatic => Decision::AskCaller,
        _ if view
            .cool_down_until
            .is_some_and(|until| now.monotonic < until) =>
        {
            Decision::Fail
        }
        _ => Decision::Wait,
    }
}

/// Returns the window in which the decision for `now` stays [`Decision::Serve`]; closed if it is another decision.
/// The clocks of the window are compared with their readings at `reference`.
pub(crate) fn window(now: Moment, view: &View, reference: Moment) -> Window {
    let Some(schedule) = view.schedule.filter(|schedule| !schedule.is_expired(now)) else {
        return Window::CLOSED;
    };
    if !(view.automatic && view.can_refresh) || view.refreshing {
        return Window::until(schedule.expiry, reference);
    }
    if !schedule.is_due(now) {
        return Window::until(schedule.refresh_ahead, reference);
    }
    let pause = view.early_not_before.saturating_sub(now.monotonic);
    match now.checked_add(pause) {
        Some(end) if !pause.is_zero() => {
            Window::until(Some(end.earlier(schedule.expiry)), reference)
        }
        _ => Window::CLOSED,
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn at(seconds: u64) -> Moment {
        let passed = Duration::from_secs(seconds);
        Moment {
            monotonic: passed,
            wall: UNIX_EPOCH + passed,
        }
    }

    fn view() -> View {
        View {
            schedule: Some(Schedule {
                refresh_ahead: Some(at(60)),
                expiry: Some(at(90)),
            }),
            early_not_before: Duration::ZERO,
            cool_down_until: None,
            automatic: true,
            can_refresh: true,
            refreshing: false,
        }
    }

    #[test]
    fn a_life_goes_from_serving_over_refreshing_to_waiting() {
        for (second, expected) in [
            (0, Decision::Serve),
            (59, Decision::Serve),
            (60, Decision::ServeAndRefresh),
            (89, Decision::ServeAndRefresh),
            (90, Decision::Wait),
        ] {
            assert_eq!(decide(at(second), &view()), expected, "after {second} s");
        }
    }

    #[test]
    fn either_clock_ends_a_lifetime() {
        let asleep = Moment {
            monotonic: Duration::from_secs(10),
            ..at(95)
        };
        let set_back = Moment {
            wall: UNIX_EPOCH,
            ..at(95)
        };
        assert_eq!(decide(asleep, &view()), Decision::Wait);
        assert_eq!(decide(set_back, &view()), Decision::Wait);
    }

    #[test]
    fn cool_down_fails_only_those_who_have_no_token() {
        let cooling = View {
            cool_down_until: Some(Duration::from_secs(95)),
            ..view()
        };
        assert_eq!(decide(at(70), &cooling), Decision::ServeAndRefresh);
        assert_eq!(decide(at(94), &cooling), Decision::Fail);
        assert_eq!(decide(at(95), &cooling), Decision::Wait);
    }

    #[test]
    fn a_failed_early_refresh_pauses_only_the_refreshing() {
        let pausing = View {
            early_not_before: Duration::from_secs(80),
            ..view()
        };
        assert_eq!(decide(at(79), &pausing), Decision::Serve);
        assert_eq!(decide(at(80), &pausing), Decision::ServeAndRefresh);
        assert_eq!(decide(at(90), &pausing), Decision::Wait);
    }

    #[test]
    fn manual_and_bare_tokens_are_never_refreshed_ahead() {
        let manual = View {
            automatic: false,
            ..view()
        };
        assert_eq!(decide(at(70), &manual), Decision::Serve);
        assert_eq!(decide(at(90), &manual), Decision::AskCaller);
        let bare = View {
            can_refresh: false,
            ..view()
        };
        assert_eq!(decide(at(70), &bare), Decision::Serve);
        assert_eq!(decide(at(90), &bare), Decision::Wait);
    }

    #[test]
    fn windows_lie_where_calls_are_served_and_start_nothing() {
        let pausing = View {
            early_not_before: Duration::from_secs(80),
            ..view()
        };
        let manual = View {
            automatic: false,
            ..view()
        };
        for (second, view, end) in [
            (0, view(), Some(60)),
            (59, view(), Some(60)),
            (60, view(), None),
            (60, pausing, Some(80)),
            (70, manual, Some(90)),
            (90, view(), None),
        ] {
            let expected = end.map_or(Window::CLOSED, |end| Window::until(Some(at(end)), at(0)));
            assert_eq!(
                window(at(second), &view, at(0)),
                expected,
                "after {second} s"
            );
        }
    }
}
