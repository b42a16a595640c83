//! The two clocks of the engine, and the timer.
//!
//! Monotonic time measures the age of a token, so that a step of the wall clock cannot extend its lifetime. Wall time
//! is used for stored expiries, and detects that the machine slept, during which the monotonic clock of most systems
//! stands still. A token counts as expired if either of them says so. Both come from a [`Clock`], so that tests can
//! set the time.
//!
//! The precise clocks cost more than the rest of a call with a cached token. Such a call reads the coarse clocks,
//! which lag by one tick of the kernel. Near a deadline the precise clocks are used: see `policy::window`.

#[cfg(any(test, feature = "test-util"))]
mod manual;

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[cfg(any(test, feature = "test-util"))]
pub use self::manual::ManualClock;
use crate::BoxFuture;

/// The clocks of a manager.
///
/// They are read under the manager's lock, so an implementation must not call the manager.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Returns the time since some fixed moment. It never goes backwards.
    fn monotonic(&self) -> Duration;

    /// Returns the time of day, in UTC.
    fn wall(&self) -> SystemTime;

    /// Returns both clocks, read in the cheapest way. They may lag behind the precise ones by up to 20 ms.
    fn coarse(&self) -> CoarseTime {
        CoarseTime::new(self.monotonic(), self.wall())
    }

    /// Resolves once `duration` of monotonic time has passed.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// Resolves once the time limit of other work has passed. This is the same as [`Clock::sleep`], unless a clock
    /// for tests has to distinguish a pause from a limit.
    fn time_limit(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.sleep(duration)
    }
}

/// Both clocks at about the same moment, as [`Clock::coarse`] returns them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoarseTime {
    /// Nanoseconds of the monotonic clock.
    pub(crate) monotonic: u64,
    /// Nanoseconds since the Unix epoch; zero for earlier times.
    pub(crate) wall: u64,
}

impl CoarseTime {
    /// Makes the times that [`Clock::monotonic`] and [`Clock::wall`] show.
    pub fn new(monotonic: Duration, wall: SystemTime) -> Self {
        Self {
            monotonic: nanos(monotonic),
            wall: wall.duration_since(UNIX_EPOCH).map_or(0, nanos),
        }
    }
}

impl From<Moment> for CoarseTime {
    fn from(moment: Moment) -> Self {
        Self::new(moment.monotonic, moment.wall)
    }
}

/// Converts to nanoseconds, up to more than five centuries.
fn nanos(duration: Duration) -> u64 {
    duration
        .as_secs()
        .saturating_mul(1_000_000_000)
        .saturating_add(u64::from(duration.subsec_nanos()))
}

/// One moment on both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) monotonic: Duration,
    pub(crate) wall: SystemTime,
}

impl Moment {
    pub(crate) fn now(clock: &dyn Clock) -> Self {
        Self {
            monotonic: clock.monotonic(),
            wall: clock.wall(),
        }
    }

    /// Returns this moment plus `duration`, or `None`, which means never, if a clock cannot represent it.
    pub(crate) fn checked_add(self, duration: Duration) -> Option<Self> {
        Some(Self {
            monotonic: self.monotonic.checked_add(duration)?,
            wall: self.wall.checked_add(duration)?,
        })
    }

    /// Returns the earlier of this moment and `other`, on each clock. Without another moment, returns this one.
    pub(crate) fn earlier(self, other: Option<Self>) -> Self {
        other.map_or(self, |other| Self {
            monotonic: self.monotonic.min(other.monotonic),
            wall: self.wall.min(other.wall),
        })
    }

    /// Returns the clock step of the wall clock since `reference`: the first value is the step back, the second the
    /// step ahead.
    pub(crate) fn clock_step_since(self, reference: Self) -> (Duration, Duration) {
        let expected = reference
            .wall
            .checked_add(self.monotonic.saturating_sub(reference.monotonic));
        let Some(expected) = expected else {
            return (Duration::ZERO, Duration::ZERO);
        };
        match self.wall.duration_since(expected) {
            Ok(ahead) => (Duration::ZERO, ahead),
            Err(error) => (error.duration(), Duration::ZERO),
        }
    }

    /// Returns the same moment by the wall clock as it reads `now`: earlier, if the clock was set back since. A clock
    /// that went ahead may have slept, and changes nothing.
    pub(crate) fn as_read(self, now: Self) -> Self {
        let (back, _) = now.clock_step_since(self);
        Self {
            wall: self.wall.checked_sub(back).unwrap_or(self.wall),
            ..self
        }
    }

    /// Returns whether either clock has reached `moment`.
    pub(crate) fn has_reached(self, moment: Self) -> bool {
        self.monotonic >= moment.monotonic || self.wall >= moment.wall
    }
}

/// The clocks of the machine, and a timer that needs no async runtime.
#[derive(Debug)]
pub(crate) struct SystemClock;

impl SystemClock {
    /// Returns the clock of this process.
    pub(crate) fn shared() -> Arc<dyn Clock> {
        static SHARED: OnceLock<Arc<SystemClock>> = OnceLock::new();
        Arc::<Self>::clone(SHARED.get_or_init(|| Arc::new(Self)))
    }
}

impl Clock for SystemClock {
    fn monotonic(&self) -> Duration {
        machine::monotonic()
    }

    fn wall(&self) -> SystemTime {
        machine::wall()
    }

    fn coarse(&self) -> CoarseTime {
        machine::coarse()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(futures_timer::Delay::new(duration))
    }
}

/// Reads both clocks of the machine in the cheapest way.
#[inline]
pub(crate) fn machine_coarse() -> CoarseTime {
    machine::coarse()
}

/// Returns the time of day by the machine's clock, on every target.
pub(crate) fn wall_now() -> SystemTime {
    machine::wall()
}

/// On Linux the coarse clocks are read without a system call, from memory that the kernel updates at each tick (4 ms,
/// at most 10). Precise and coarse clocks have the same origin.
#[cfg(any(target_os = "linux", target_os = "android"))]
mod machine {
    use std::time::{Duration, SystemTime};

    use std::sync::atomic::{AtomicU64, Ordering};

    use rustix::time::{ClockId, Timespec, clock_gettime};

    use super::CoarseTime;

    /// The wall clock of the current tick, so that it is read once per tick instead of once per call.
    #[repr(align(64))]
    struct Tick {
        monotonic: AtomicU64,
        ahead: AtomicU64,
    }

    static TICK: Tick = Tick {
        monotonic: AtomicU64::new(0),
        ahead: AtomicU64::new(0),
    };

    pub(super) fn monotonic() -> Duration {
        Duration::from_nanos(nanos(clock_gettime(ClockId::Monotonic)))
    }

    pub(super) fn wall() -> SystemTime {
        SystemTime::now()
    }

    #[inline]
    pub(super) fn coarse() -> CoarseTime {
        let monotonic = nanos(clock_gettime(ClockId::MonotonicCoarse));
        if TICK.monotonic.load(Ordering::Acquire) == monotonic {
            let wall = monotonic.wrapping_add(TICK.ahead.load(Ordering::Relaxed));
            return CoarseTime { monotonic, wall };
        }
        next_tick(monotonic)
    }

    #[cold]
    fn next_tick(monotonic: u64) -> CoarseTime {
        let wall = nanos(clock_gettime(ClockId::RealtimeCoarse));
        TICK.ahead
            .store(wall.wrapping_sub(monotonic), Ordering::Relaxed);
        TICK.monotonic.store(monotonic, Ordering::Release);
        CoarseTime { monotonic, wall }
    }

    /// A wall clock before 1970 counts as 1970, and is detected as a step.
    #[inline]
    fn nanos(time: Timespec) -> u64 {
        let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
        let rest = u64::try_from(time.tv_nsec).unwrap_or_default();
        seconds.wrapping_mul(1_000_000_000).wrapping_add(rest)
    }
}

/// On other systems: the clocks of the standard library, or on bare wasm those of the host.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod machine {
    use std::sync::OnceLock;
    use std::time::{Duration, SystemTime};

    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    use std::time::Instant;
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use web_time::Instant;

    pub(super) fn monotonic() -> Duration {
        static ORIGIN: OnceLock<Instant> = OnceLock::new();
        ORIGIN.get_or_init(Instant::now).elapsed()
    }

    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub(super) fn wall() -> SystemTime {
        SystemTime::now()
    }

    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    pub(super) fn wall() -> SystemTime {
        use web_time::web::SystemTimeExt as _;
        web_time::SystemTime::now().to_std()
    }

    pub(super) fn coarse() -> super::CoarseTime {
        super::CoarseTime::new(monotonic(), wall())
    }
}
