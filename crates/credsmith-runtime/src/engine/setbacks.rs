//! What went wrong lately, and what has to wait because of it.
//!
//! Changes return the error that is remembered no longer: it may be the application's, and may call
//! the manager when it is dropped.

use std::time::Duration;

use crate::error::TokenError;
use crate::policy::backoff;
use crate::policy::lifetime::STILLBORN_PAUSE;

/// Failures in a row, and the moments on the monotonic clock until which they count.
#[derive(Default)]
pub(super) struct Setbacks {
    failures: u32,
    cooling: Option<(Duration, TokenError)>,
    /// Tokens in a row that the API refused, and when it refused the last.
    refusals: u32,
    refused_at: Duration,
    early_failures: u32,
    early_not_before: Duration,
    fetch_not_before: Duration,
}

impl Setbacks {
    /// Until when calls fail as the last refresh did.
    pub(super) fn cool_until(&self) -> Option<Duration> {
        self.cooling.as_ref().map(|(until, _)| *until)
    }

    pub(super) fn last_failure(&self) -> Option<TokenError> {
        self.cooling.as_ref().map(|(_, error)| error.clone())
    }

    /// Until when nothing is refreshed ahead of time.
    pub(super) fn early_not_before(&self) -> Duration {
        self.early_not_before
    }

    /// Until when the endpoint is left in peace.
    pub(super) fn fetch_not_before(&self) -> Duration {
        self.fetch_not_before
    }

    #[must_use = "to be dropped outside of the lock"]
    pub(super) fn end_cool_down(&mut self) -> Option<TokenError> {
        self.failures = 0;
        self.fetch_not_before = Duration::ZERO;
        self.cooling.take().map(|(_, error)| error)
    }

    /// A token was installed. One that was over on arrival, at the moment given, gives the endpoint a
    /// rest.
    #[must_use = "to be dropped outside of the lock"]
    pub(super) fn recover(&mut self, over_on_arrival: Option<Duration>) -> Option<TokenError> {
        self.early_failures = 0;
        self.early_not_before = Duration::ZERO;
        let ended = self.end_cool_down();
        if let Some(now) = over_on_arrival {
            self.fetch_not_before = now.saturating_add(STILLBORN_PAUSE);
        }
        ended
    }

    /// The application has seen to it.
    #[must_use = "to be dropped outside of the lock"]
    pub(super) fn forget(&mut self) -> Option<TokenError> {
        self.refusals = 0;
        self.recover(None)
    }

    /// A refresh failed while the token still lives.
    pub(super) fn fail_early(&mut self, error: &TokenError, now: Duration) {
        self.early_failures += 1;
        let pause = backoff::early(self.early_failures, error.retry_after(), fastrand::f64());
        self.early_not_before = now.saturating_add(pause);
    }

    /// A refresh failed, and there is no token. What is no fault of the server's needs no pause.
    #[must_use = "to be dropped outside of the lock"]
    pub(super) fn fail(&mut self, error: &TokenError, now: Duration) -> Option<TokenError> {
        if error.is_local() {
            return None;
        }
        self.failures += 1;
        let pause = backoff::cool_down(
            self.failures,
            error.is_permanent(),
            error.retry_after(),
            fastrand::f64(),
        );
        let cooling = (now.saturating_add(pause), error.clone());
        self.cooling.replace(cooling).map(|(_, error)| error)
    }

    /// The API refused a token. False where it refuses them too often to drop this one.
    pub(super) fn refuse(&mut self, now: Duration) -> bool {
        let since = now.saturating_sub(self.refused_at);
        if since >= backoff::REFUSALS_FORGOTTEN {
            self.refusals = 0;
        }
        if since < backoff::refused(self.refusals) {
            return false;
        }
        self.refusals += 1;
        self.refused_at = now;
        true
    }
}
