//! Runs the policy vectors of `tests/conformance`: each is turned into a call of one pure function.

use std::time::{Duration, UNIX_EPOCH};

use serde::Deserialize;

use self::files::vectors;
use super::lifetime::{DEFAULT_LIFETIME, Margin, Schedule};
use super::retry::RetryPolicy;
use super::{Decision, View, backoff, decide};
use crate::clock::Moment;

#[path = "../../tests/engine/conformance/files.rs"]
mod files;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DecisionVector {
    now: Time,
    view: ViewSettings,
    decision: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ViewSettings {
    token: Option<Moments>,
    early_refresh_not_before: f64,
    cool_down_until: Option<f64>,
    automatic: bool,
    can_refresh: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Moments {
    refresh_ahead: Option<f64>,
    expiry: Option<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Time {
    Both(f64),
    Each(Clocks),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clocks {
    monotonic: f64,
    wall: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MomentVector {
    lifetime: Option<f64>,
    clock_skew: Option<f64>,
    refresh_in: Option<f64>,
    random: f64,
    refresh_ahead: f64,
    expiry: f64,
    clock_skew_capped: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PauseVector {
    after: After,
    pause: Option<f64>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum After {
    FailedAttempt {
        attempts: u32,
        elapsed: f64,
        retry_after: Option<f64>,
        random: f64,
    },
    FinalFailure {
        failures: u32,
        permanent: bool,
        retry_after: Option<f64>,
        random: f64,
    },
    FailedEarlyRefresh {
        failures: u32,
        retry_after: Option<f64>,
        random: f64,
    },
    UnauthorizedToken {
        earlier: u32,
    },
}

#[test]
fn decisions_are_those_of_the_vectors() {
    for vector in vectors::<DecisionVector>("policy/decisions") {
        let DecisionVector {
            now,
            view,
            decision,
        } = vector.value;
        let decided = decide(now.into(), &view.into());
        assert_eq!(name(decided), decision, "{}", vector.label);
    }
}

#[test]
fn times_are_those_of_the_vectors() {
    for vector in vectors::<MomentVector>("policy/moments") {
        let MomentVector {
            refresh_ahead,
            expiry,
            clock_skew_capped,
            ..
        } = vector.value;
        let (schedule, margin) = schedule(&vector.value);
        let label = &vector.label;
        let monotonic = |moment: Option<Moment>| moment.map(|moment| moment.monotonic);
        check(
            label,
            monotonic(schedule.refresh_ahead),
            Some(refresh_ahead),
        );
        check(label, monotonic(schedule.expiry), Some(expiry));
        assert_eq!(margin.capped, clock_skew_capped, "{label}");
    }
}

#[test]
fn pauses_are_those_of_the_vectors() {
    for vector in vectors::<PauseVector>("policy/pauses") {
        check(
            &vector.label,
            vector.value.after.pause(),
            vector.value.pause,
        );
    }
}

fn schedule(vector: &MomentVector) -> (Schedule, Margin) {
    let lifetime = duration(vector.lifetime).unwrap_or(DEFAULT_LIFETIME);
    let margin = Margin::new(duration(vector.clock_skew), Some(lifetime));
    let asked = duration(vector.refresh_in);
    let schedule = Schedule::new(moment(0.0), lifetime, margin.length, asked, vector.random);
    (schedule, margin)
}

impl After {
    fn pause(&self) -> Option<Duration> {
        match *self {
            Self::FailedAttempt {
                attempts,
                elapsed,
                retry_after,
                random,
            } => {
                let elapsed = Duration::from_secs_f64(elapsed);
                RetryPolicy::DEFAULT.pause(attempts, elapsed, duration(retry_after), random)
            }
            Self::FinalFailure {
                failures,
                permanent,
                retry_after,
                random,
            } => {
                let asked = duration(retry_after);
                Some(RetryPolicy::DEFAULT.cool_down_after(failures, permanent, asked, random))
            }
            Self::FailedEarlyRefresh {
                failures,
                retry_after,
                random,
            } => Some(RetryPolicy::DEFAULT.early_pause(failures, duration(retry_after), random)),
            Self::UnauthorizedToken { earlier } => Some(backoff::refused(earlier)),
        }
    }
}

impl From<ViewSettings> for View {
    fn from(view: ViewSettings) -> Self {
        Self {
            schedule: view.token.map(|token| Schedule {
                refresh_ahead: token.refresh_ahead.map(moment),
                expiry: token.expiry.map(moment),
            }),
            early_not_before: Duration::from_secs_f64(view.early_refresh_not_before),
            cool_down_until: duration(view.cool_down_until),
            automatic: view.automatic,
            can_refresh: view.can_refresh,
            // The vectors define whether a refresh is due, not whether one is in flight.
            refreshing: false,
        }
    }
}

impl From<Time> for Moment {
    fn from(time: Time) -> Self {
        match time {
            Time::Both(seconds) => moment(seconds),
            Time::Each(clocks) => Self {
                monotonic: Duration::from_secs_f64(clocks.monotonic),
                wall: UNIX_EPOCH + Duration::from_secs_f64(clocks.wall),
            },
        }
    }
}

fn moment(seconds: f64) -> Moment {
    let passed = Duration::from_secs_f64(seconds);
    Moment {
        monotonic: passed,
        wall: UNIX_EPOCH + passed,
    }
}

fn duration(seconds: Option<f64>) -> Option<Duration> {
    seconds.map(Duration::from_secs_f64)
}

fn name(decision: Decision) -> &'static str {
    match decision {
        Decision::Serve => "serve",
        Decision::ServeAndRefresh => "serve_and_refresh",
        Decision::Wait => "wait",
        Decision::Fail => "fail",
        Decision::AskCaller => "ask_caller",
    }
}

/// Compares to the microsecond: the vectors hold decimals, and engines compute with floats.
#[track_caller]
fn check(label: &str, actual: Option<Duration>, expected: Option<f64>) {
    let micros = |seconds: f64| (seconds * 1e6).round();
    let actual = actual.map(|actual| micros(actual.as_secs_f64()));
    assert_eq!(actual, expected.map(micros), "{label} (in microseconds)");
}
