//! Counters, for applications without a metrics library.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counters of a manager, from when it was built. They never decrease.
///
/// Of the requests to the authorization server, only those to the token endpoint are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// Requests sent to the token endpoint, including retries and the polls of a device sign-in.
    pub token_requests: u64,
    /// Tokens set by a refresh, by a [`fetch_token`](crate::TokenManager::fetch_token) that used a refresh token,
    /// or by a user's sign-in. Tokens that the application has set are not counted.
    pub refreshes: u64,
    /// Calls that waited for a token.
    pub waits: u64,
    /// Calls of the token provider.
    pub provider_calls: u64,
    /// Calls of the token provider that failed or panicked.
    pub provider_failures: u64,
    /// Calls of the user sign-in.
    pub user_sign_ins: u64,
    /// Calls of the user sign-in that failed or panicked.
    pub user_sign_in_failures: u64,
    /// Calls of the update callback that failed or panicked.
    pub callback_failures: u64,
    /// Token requests that failed for a temporary reason, so that another attempt may succeed.
    pub transient_failures: u64,
    /// Token requests that failed permanently: the server refused them, or the response had no token. A poll before
    /// the user has entered the code of a device is not a failure.
    pub permanent_failures: u64,
    /// Refreshes ahead of time that failed before the token had expired.
    pub early_refresh_failures: u64,
    /// Tokens dropped because the API refused them.
    pub invalidations: u64,
    /// Tokens loaded from the store and used.
    pub store_loads: u64,
    /// Calls of the store that failed or took too long.
    pub store_failures: u64,
}

/// One counter. Its changes are not ordered with anything else.
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
    pub(crate) user_sign_ins: Counter,
    pub(crate) user_sign_in_failures: Counter,
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
            user_sign_ins: self.user_sign_ins.get(),
            user_sign_in_failures: self.user_sign_in_failures.get(),
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
