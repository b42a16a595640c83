//! Settings for repeated requests.

use std::time::Duration;

/// Settings for repeating failed requests to the authorization server, and for pauses after failures.
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
        // Longer than the time-out of the transports.
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

    /// Sets the maximum number of attempts of one request. The default is 3. With 1, requests are not repeated.
    pub fn max_attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = max_attempts;
        self
    }

    /// Sets the time limit of one attempt. The default is 35 s. The default transports give up after 30 s
    /// ([`REQUEST_TIMEOUT`](crate::REQUEST_TIMEOUT)), so a longer limit also needs a
    /// [`transport`](crate::TokenManagerBuilder::transport) that waits longer.
    pub fn attempt_timeout(mut self, attempt_timeout: Duration) -> Self {
        self.attempt_timeout = attempt_timeout;
        self
    }

    /// Sets the time after the first attempt within which another one may begin. The default is 30 s. The second
    /// attempt is always allowed.
    pub fn retry_window(mut self, retry_window: Duration) -> Self {
        self.retry_window = retry_window;
        self
    }

    /// Sets the pauses between attempts. The pause before the second attempt is random, up to `min`. The limit
    /// doubles with each further attempt, up to `max`. The defaults are 200 ms and 2 s. A `Retry-After` of the server
    /// takes precedence, unless it is longer than the longest [`cool_down`](Self::cool_down).
    pub fn backoff(mut self, min: Duration, max: Duration) -> Self {
        self.backoff = Bounds { min, max };
        self
    }

    /// Sets how long all callers get the same error after the last attempt has failed. The time starts at about `min`
    /// and doubles with each further failure, up to `max`. The defaults are 100 ms and 5 s.
    pub fn cool_down(mut self, min: Duration, max: Duration) -> Self {
        self.cool_down = Bounds { min, max };
        self
    }

    /// Sets the same time for errors that a retry cannot fix, such as `invalid_client`. The default is 30 s.
    pub fn permanent_cool_down(mut self, permanent_cool_down: Duration) -> Self {
        self.permanent_cool_down = permanent_cool_down;
        self
    }

    /// Sets the pauses after a failed refresh ahead of time, while the token is still valid. The pause starts at
    /// `min` and doubles with each further failure, with jitter, up to `max`. The defaults are 1 s and 5 min.
    pub fn refresh_ahead_backoff(mut self, min: Duration, max: Duration) -> Self {
        self.early_backoff = Bounds { min, max };
        self
    }

    /// Checks that at least one attempt is made, and that each `min` is at most its `max`.
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
