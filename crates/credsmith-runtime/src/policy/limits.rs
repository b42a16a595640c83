//! Time limits: those that an application can set, and those that follow from them.

use std::time::Duration;

use super::retry::{RetryPolicy, not_zero};

/// The longest wait for the lease of another process before a request that each process may make.
const FREE_LEASE_TIMEOUT: Duration = Duration::from_secs(10);

/// The limits of one manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) retry: RetryPolicy,
    /// For a provider, a subject token and an update callback.
    pub(crate) hook_timeout: Duration,
    /// For the user sign-in.
    pub(crate) sign_in_timeout: Duration,
    /// The time that one refresh, or one write, may spend on the store.
    pub(crate) store_timeout: Duration,
    /// The setting for [`Limits::lease_timeout`], if there is one.
    pub(crate) lease_timeout: Option<Duration>,
}

impl Limits {
    pub(crate) const DEFAULT: Self = Self {
        retry: RetryPolicy::DEFAULT,
        hook_timeout: Duration::from_secs(30),
        sign_in_timeout: Duration::from_secs(600),
        store_timeout: Duration::from_secs(10),
        lease_timeout: None,
    };

    /// Returns a text that names the setting if one of them cannot be used.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.retry.check()?;
        not_zero("hook_timeout", self.hook_timeout)?;
        not_zero("sign_in_timeout", self.sign_in_timeout)?;
        not_zero("store_timeout", self.store_timeout)?;
        self.lease_timeout
            .map_or(Ok(()), |limit| not_zero("lease_timeout", limit))
    }

    /// Returns the longest time of an exchange with the token endpoint: its attempts, their pauses, and the store.
    pub(crate) fn exchange_timeout(&self) -> Duration {
        let retry = &self.retry;
        let last_begins = retry.retry_window.saturating_add(self.store_timeout);
        // The second attempt begins however long the first took.
        let second_begins = retry.attempt_timeout.saturating_add(retry.cool_down.max);
        let begins = last_begins.max(second_begins);
        begins.saturating_add(retry.attempt_timeout)
    }

    /// Returns the longest wait for the lease of another process before a refresh token is sent. It is longer than a whole
    /// exchange. A server may end the authorization when it sees a refresh token twice (RFC 9700 section 4.14.2).
    pub(crate) fn lease_timeout(&self) -> Duration {
        self.lease_timeout
            .unwrap_or_else(|| self.exchange_timeout())
    }

    /// Returns the same for a request that each process may make.
    pub(crate) fn free_lease_timeout(&self) -> Duration {
        self.lease_timeout().min(FREE_LEASE_TIMEOUT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn another_process_is_waited_for_as_long_as_an_exchange_takes() {
        assert_eq!(Limits::DEFAULT.lease_timeout(), SECOND * 75);
        assert_eq!(Limits::DEFAULT.free_lease_timeout(), SECOND * 10);
        let slow = Limits {
            retry: RetryPolicy::default().attempt_timeout(SECOND * 120),
            ..Limits::DEFAULT
        };
        assert_eq!(slow.lease_timeout(), SECOND * 245);
        let endless = Limits {
            retry: RetryPolicy::default().attempt_timeout(Duration::MAX),
            lease_timeout: Some(SECOND),
            ..Limits::DEFAULT
        };
        assert_eq!(endless.exchange_timeout(), Duration::MAX);
        assert_eq!(endless.free_lease_timeout(), SECOND);
    }
}
