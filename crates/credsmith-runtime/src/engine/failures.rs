//! Recent failures, and the pauses after them.
//!
//! Methods that change the failures return the error that is no longer stored: it may contain a value of the
//! application, which may call the manager when it is dropped.

use std::time::Duration;

use crate::error::TokenError;
use crate::policy::backoff;
use crate::policy::lifetime::EXPIRED_ON_ARRIVAL_PAUSE;
use crate::policy::retry::RetryPolicy;

/// Failures in a row, and the monotonic times until which they have an effect.
#[derive(Default)]
pub(super) struct Failures {
    in_a_row: u32,
    cooling: Option<(Duration, TokenError)>,
    /// The number of tokens in a row that the API refused, and the time of the last refusal.
    unauthorized: u32,
    unauthorized_at: Duration,
    early: u32,
    early_not_before: Duration,
    request_not_before: Duration,
}

impl Failures {
    /// Returns the time until which calls fail with the error of the last refresh.
    pub(super) fn cool_down_until(&self) -> Option<Duration> {
        self.cooling.as_ref().map(|(until, _)| *until)
    }

    pub(super) fn last(&self) -> Option<TokenError> {
        self.cooling.as_ref().map(|(_, error)| error.clone())
    }

    /// Returns the time until which no refresh ahead of time is started.
    pub(super) fn early_not_before(&self) -> Duration {
        self.early_not_before
    }

    /// Returns the time before which no request is sent to the endpoint.
    pub(super) fn request_not_before(&self) -> Duration {
        self.request_not_before
    }

    #[must_use = "to be dropped outside of the lock"]
    pub(super) fn end_cool_down(&mut self) -> Option<TokenError> {
        self.in_a_row = 0;
        self.request_not_before = Duration::ZERO;
        self.cooling.take().map(|(_, error)| error)
    }

    /// Ends the cool-down after a token was set. If the token had expired on arrival at the given time, requests
    /// pause for a moment.
    #[must_use = "to be dropped outside of the lock"]
    pub(super) fn recover(&mut self, expired_on_arrival: Option<Duration>) -> Option<TokenError> {
        self.early = 0;
        self.early_not_before = Duration::ZERO;
        let ended = self.end_cool_down();
        if let Some(now) = expired_on_arrival {
            self.request_not_before = now.saturating_add(EXPIRED_ON_ARRIVAL_PAUSE);
        }
        ended
    }

    /// Forgets all failures, after a change by the application.
    #[must_use = "to be dropped outside of the lock"]
    pub(super) fn forget(&mut self) -> Option<TokenError> {
        self.unauthorized = 0;
        self.recover(None)
    }

    /// Records a failed refresh while the token is still valid.
    pub(super) fn fail_early(&mut self, error: &TokenError, now: Duration, policy: &RetryPolicy) {
        self.early += 1;
        let pause = policy.early_pause(self.early, error.retry_after(), fastrand::f64());
        self.early_not_before = now.saturating_add(pause);
    }

    /// Records a failed refresh without a valid token. A failure that the server did not cause needs no pause.
    #[must_use = "to be dropped outside of the lock"]
    pub(super) fn fail(
        &mut self,
        error: &TokenError,
        now: Duration,
        policy: &RetryPolicy,
    ) -> Option<TokenError> {
        if error.is_local() {
            return None;
        }
        self.in_a_row += 1;
        let pause = policy.cool_down_after(
            self.in_a_row,
            error.is_permanent(),
            error.retry_after(),
            fastrand::f64(),
        );
        let cooling = (now.saturating_add(pause), error.clone());
        self.cooling.replace(cooling).map(|(_, error)| error)
    }

    /// Records that the API refused a token. Returns false if it refuses tokens too often for this one to be dropped.
    pub(super) fn unauthorized(&mut self, now: Duration) -> bool {
        let since = now.saturating_sub(self.unauthorized_at);
        if since >= backoff::REFUSALS_FORGOTTEN {
            self.unauthorized = 0;
        }
        if since < backoff::refused(self.unauthorized) {
            return false;
        }
        self.unauthorized += 1;
        self.unauthorized_at = now;
        true
    }
}
