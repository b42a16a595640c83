//! A clock for tests.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, SystemTime};

use super::{Clock, CoarseTime};
use crate::BoxFuture;

/// The real time that work has before a time limit of a [`ManualClock`] ends it.
const GRACE: Duration = Duration::from_millis(200);

/// A clock for tests, whose time passes only when a test advances it.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use credsmith_runtime::{Clock, ManualClock};
///
/// let clock = ManualClock::new(SystemTime::UNIX_EPOCH);
/// clock.advance(Duration::from_secs(5));
/// assert_eq!(clock.monotonic(), Duration::from_secs(5));
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock {
    shared: Arc<Mutex<Hands>>,
}

#[derive(Debug)]
struct Hands {
    monotonic: Duration,
    wall: SystemTime,
    sleepers: Vec<Waker>,
    slept: Vec<Duration>,
    sleep_advances: bool,
}

impl ManualClock {
    /// Makes a clock that shows `wall`.
    pub fn new(wall: SystemTime) -> Self {
        let hands = Hands {
            monotonic: Duration::ZERO,
            wall,
            sleepers: Vec::new(),
            slept: Vec::new(),
            sleep_advances: false,
        };
        Self {
            shared: Arc::new(Mutex::new(hands)),
        }
    }

    /// Makes every sleep end at once and advance the time by its length. A time limit ends after 200 ms of real time,
    /// if the work has made no progress by then.
    #[must_use]
    pub fn with_sleep_advancing(self) -> Self {
        self.hands().sleep_advances = true;
        self
    }

    /// Advances both clocks by `duration`.
    pub fn advance(&self, duration: Duration) {
        self.step(|hands| {
            hands.monotonic += duration;
            hands.wall += duration;
        });
    }

    /// Advances only the wall clock by `duration`, as if the machine slept.
    pub fn suspend(&self, duration: Duration) {
        self.step(|hands| hands.wall += duration);
    }

    /// Sets the wall clock, as an administrator or a time service does.
    pub fn set_wall(&self, wall: SystemTime) {
        self.step(|hands| hands.wall = wall);
    }

    /// Returns the requested sleeps, in order.
    pub fn slept(&self) -> Vec<Duration> {
        self.hands().slept.clone()
    }

    fn step(&self, change: impl FnOnce(&mut Hands)) {
        let sleepers = {
            let mut hands = self.hands();
            change(&mut hands);
            std::mem::take(&mut hands.sleepers)
        };
        sleepers.into_iter().for_each(Waker::wake);
    }

    fn hands(&self) -> std::sync::MutexGuard<'_, Hands> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn monotonic(&self) -> Duration {
        self.hands().monotonic
    }

    fn wall(&self) -> SystemTime {
        self.hands().wall
    }

    fn coarse(&self) -> CoarseTime {
        let hands = self.hands();
        CoarseTime::new(hands.monotonic, hands.wall)
    }

    fn time_limit(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if !self.hands().sleep_advances {
            return self.sleep(duration);
        }
        let clock = self.clone();
        Box::pin(async move {
            futures_timer::Delay::new(GRACE).await;
            clock.sleep(duration).await;
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        let mut until = None;
        Box::pin(std::future::poll_fn(move |context| {
            let mut hands = clock.hands();
            let until = *until.get_or_insert_with(|| {
                hands.slept.push(duration);
                hands.monotonic.saturating_add(duration)
            });
            if hands.sleep_advances && hands.monotonic < until {
                let missing = until.saturating_sub(hands.monotonic);
                hands.monotonic += missing;
                hands.wall += missing;
            }
            if hands.monotonic >= until {
                return Poll::Ready(());
            }
            hands.sleepers.push(context.waker().clone());
            Poll::Pending
        }))
    }
}
