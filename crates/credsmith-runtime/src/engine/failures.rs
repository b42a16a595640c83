//! What went wrong lately, and what has to wait because of it.
//!
//! Changes return the error that is remembered no longer: it may be the application's, and may call
//! the manager when it is dropped.

use std::time::Duration;

use crate::error::TokenError;
use crate::policy::backoff;
use crate::policy::lifetime::EXPIRED_ON_ARRIVAL_PAUSE;
use crate::policy::retry::RetryPolicy;

/// Failures in a row, and the moments on the monotonic clock until which they count.
#[derive(Default)]
pub(super) struct Failures {
    in_a_row: u32,
    cooling: Option<(Duration, TokenError)>,
    /// Tokens in a row that the API refused, and when it refused the last.
    unauthorized: u32,
    unauthorized_at: Duration,
    early: u32,
    early_not_before: Duration,
    request_not_before: Duration,
}

impl Failures {
    /// Until when calls fail as the last refresh did.
    pub(super) fn cool_down_until(&self) -> Option<Duration> {
        self.cooling.as_ref().map(|(until, _)| *until)
    }

    pub(super) fn last(&self) -> Option<TokenError> {
        self.cooling.as_ref().map(|(_, error)| error.clone())
    }

    /// Until when nothing is refreshed ahead of time.
    pub(super) fn early_not_before(&self) -> Duration {
        self.early_not_before
    }

    /// Until when the endpoint is left in peace.
    pub(super) fn request_not_before(&self) -> Duration {
        self.request_not_before
    }

    #[must_use = "to be dropped outside of the lock"]
    pub(super) fn end_cool_down(&mut self) -> Option<TokenError> {
        self.in_a_row = 0;
        self.request_not_before = Duration::ZERO;
        self.cooling.take().map(|(_, error)| error)
    }

    /// A token was installed. One that was over on arrival, at the moment given, gives the endpoint a
    /// rest.
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

    /// The application has seen to it.
    #[must_use = "to be dropped outside of the lock"]
    pub(super) fn forget(&mut self) -> Option<TokenError> {
        self.unauthorized = 0;
        self.recover(None)
    }

    /// A refresh failed while the token still lives.
    pub(super) fn fail_early(&mut self, error: &TokenError, now: Duration, policy: &RetryPolicy) {
        self.early += 1;
        let pause = policy.early_pause(self.early, error.retry_after(), fastrand::f64());
        self.early_not_before = now.saturating_add(pause);
    }

    /// A refresh failed, and there is no token. What is no fault of the server's needs no pause.
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

    /// The API refused a token. False where it refuses them too often to drop this one.
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
