//! Settings for repeated requests.

use std::time::Duration;

/// When a failed request to the authorization server is repeated, and how long the manager waits after a failure.
///
/// ```
/// use std::time::Duration;
///
/// use credsmith_runtime::RetryPolicy;
///
/// # fn configure(builder: credsmith_runtime::TokenManagerBuilder) {
/// let policy = RetryPolicy::default()
///     .max_attempts(5)
///     .attempt_timeout(Duration::from_secs(10));
/// let builder = builder.retry_policy(policy);
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    pub(super) max_attempts: u32,
    pub(crate) attempt_timeout: Duration,
    pub(super) retry_window: Duration,
    pub(super) backoff: Bounds,
    pub(super) cool_down: Bounds,
    pub(super) permanent_cool_down: Duration,
    pub(super) early_backoff: Bounds,
}

/// The shortest and the longest of pauses that grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) min: Duration,
    pub(super) max: Duration,
}

impl RetryPolicy {
    pub(super) const DEFAULT: Self = Self {
        max_attempts: 3,
        // The transports' own limit is lower.
        attempt_timeout: Duration::from_secs(35),
        retry_window: Duration::from_secs(30),
        backoff: Bounds {
            min: Duration::from_millis(200),
            max: Duration::from_secs(2),
        },
        cool_down: Bounds {
            min: Duration::from_millis(100),
            max: Duration::from_secs(5),
        },
        permanent_cool_down: Duration::from_secs(30),
        early_backoff: Bounds {
            min: Duration::from_secs(1),
            max: Duration::from_secs(300),
        },
    };

    /// Sets how often one request is sent at most: 3 times by default. With 1, nothing is repeated.
    pub fn max_attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = max_attempts;
        self
    }

    /// Sets how long one attempt may take, whatever the transport does: 35 s by default. The default transports give
    /// up after 30 s ([`REQUEST_TIMEOUT`](crate::REQUEST_TIMEOUT)), so a longer time needs a
    /// [`transport`](crate::TokenManagerBuilder::transport) that waits longer, too.
    pub fn attempt_timeout(mut self, attempt_timeout: Duration) -> Self {
        self.attempt_timeout = attempt_timeout;
        self
    }

    /// Sets how long after the first attempt another one may begin: 30 s by default. The second attempt always may.
    pub fn retry_window(mut self, retry_window: Duration) -> Self {
        self.retry_window = retry_window;
        self
    }

    /// Sets the pauses between attempts: at random up to `min` before the second, up to twice as long before each
    /// further one, and never longer than `max`; 200 ms and 2 s by default. A `Retry-After` of the server takes
    /// precedence, as long as it is not longer than the longest [`cool_down`](Self::cool_down).
    pub fn backoff(mut self, min: Duration, max: Duration) -> Self {
        self.backoff = Bounds { min, max };
        self
    }

    /// Sets how long all callers get the same error after the last attempt has failed: about `min` at first, twice as
    /// long after each further failure, and never longer than `max`; 100 ms and 5 s by default.
    pub fn cool_down(mut self, min: Duration, max: Duration) -> Self {
        self.cool_down = Bounds { min, max };
        self
    }

    /// The same after an error that no retry can mend, such as `invalid_client`: 30 s by default.
    pub fn permanent_cool_down(mut self, permanent_cool_down: Duration) -> Self {
        self.permanent_cool_down = permanent_cool_down;
        self
    }

    /// Sets the pauses after a refresh ahead of time has failed, while the token still lives: at least `min`, twice as
    /// long after each further failure, with jitter, and never longer than `max`; 1 s and 5 min by default.
    pub fn refresh_ahead_backoff(mut self, min: Duration, max: Duration) -> Self {
        self.early_backoff = Bounds { min, max };
        self
    }

    /// Checks that requests are sent, and that no pause is longer than the longest.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.max_attempts == 0 {
            return Err("`max_attempts` must be at least 1".to_owned());
        }
        not_zero("attempt_timeout", self.attempt_timeout)?;
        not_zero("refresh_ahead_backoff", self.early_backoff.min)?;
        self.backoff.check("backoff")?;
        self.cool_down.check("cool_down")?;
        self.early_backoff.check("refresh_ahead_backoff")
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Bounds {
    fn check(self, setting: &str) -> Result<(), String> {
        if self.min > self.max {
            let Self { min, max } = self;
            return Err(format!(
                "the shortest pause of `{setting}`, {min:?}, is longer than the longest, {max:?}"
            ));
        }
        Ok(())
    }
}

pub(super) fn not_zero(setting: &str, duration: Duration) -> Result<(), String> {
    if duration.is_zero() {
        return Err(format!("`{setting}` must be longer than zero"));
    }
    Ok(())
}
