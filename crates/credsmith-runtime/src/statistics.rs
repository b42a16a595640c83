//! Counters that can be read without a metrics library.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a manager has done so far. Every number only grows.
///
/// Of the authorization server's endpoints only the token endpoint is counted: revocations, requests
/// for the codes of a device and for the server's metadata are not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// Requests sent to the token endpoint, retries and the polls of a device included.
    pub token_requests: u64,
    /// Tokens installed that the application did not hand in: by a refresh, from wherever it had them, by
    /// [`fetch_token`](crate::TokenManager::fetch_token) where it uses a refresh token, and at the end of a
    /// user's authorization.
    pub refreshes: u64,
    /// Calls that had to wait for a token.
    pub waits: u64,
    /// Calls of the token provider.
    pub provider_calls: u64,
    /// Token providers that failed or panicked.
    pub provider_failures: u64,
    /// Calls of the user authorization.
    pub user_authorizations: u64,
    /// User authorizations that failed or panicked.
    pub user_authorization_failures: u64,
    /// Update callbacks that failed or panicked.
    pub callback_failures: u64,
    /// Those of the token requests that failed in a way worth another attempt.
    pub transient_failures: u64,
    /// Those of the token requests that failed for good: the server refused them, or answered with no
    /// token. That a user has not entered the code of a device yet is no failure.
    pub permanent_failures: u64,
    /// Refreshes ahead of time that failed while the token still lived.
    pub early_refresh_failures: u64,
    /// Tokens dropped because the API did not accept them.
    pub invalidations: u64,
    /// Tokens taken from the store.
    pub store_loads: u64,
    /// Stores that failed or took too long.
    pub store_failures: u64,
}

/// One counter; the order of its changes against anything else carries no meaning.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) token_requests: Counter,
    pub(crate) refreshes: Counter,
    pub(crate) waits: Counter,
    pub(crate) provider_calls: Counter,
    pub(crate) provider_failures: Counter,
    pub(crate) user_authorizations: Counter,
    pub(crate) user_authorization_failures: Counter,
    pub(crate) callback_failures: Counter,
    pub(crate) transient_failures: Counter,
    pub(crate) permanent_failures: Counter,
    pub(crate) early_refresh_failures: Counter,
    pub(crate) invalidations: Counter,
    pub(crate) store_loads: Counter,
    pub(crate) store_failures: Counter,
}

impl Counters {
    pub(crate) fn read(&self) -> Statistics {
        Statistics {
            token_requests: self.token_requests.get(),
            refreshes: self.refreshes.get(),
            waits: self.waits.get(),
            provider_calls: self.provider_calls.get(),
            provider_failures: self.provider_failures.get(),
            user_authorizations: self.user_authorizations.get(),
            user_authorization_failures: self.user_authorization_failures.get(),
            callback_failures: self.callback_failures.get(),
            transient_failures: self.transient_failures.get(),
            permanent_failures: self.permanent_failures.get(),
            early_refresh_failures: self.early_refresh_failures.get(),
            invalidations: self.invalidations.get(),
            store_loads: self.store_loads.get(),
            store_failures: self.store_failures.get(),
        }
    }
}
