//! Settings of the token store.

use std::sync::Arc;
use std::time::Duration;

use super::TokenManagerBuilder;
use crate::grant::Grant;
use crate::store::TokenStore;

impl TokenManagerBuilder {
    /// Sets a token store. A refresh loads a token from it after calling the provider and before a request to the
    /// token endpoint. Tokens that the endpoint issues are saved to it. It is not used with
    /// [`TokenFetch::Manual`](crate::TokenFetch::Manual).
    ///
    /// If the store has the tokens of several users, each manager must name its user with
    /// [`store_account`](Self::store_account), since server, client and scopes are the same for all of them. This
    /// also applies to a token exchange whose subject token comes from a closure.
    pub fn store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// Sets the user that the tokens belong to, among those in the store: any text that is different for each user of
    /// the application. It is hashed into the key.
    pub fn store_account(mut self, account: impl Into<String>) -> Self {
        self.store_account = account.into();
        self
    }

    /// Sets how long a refresh, or a write, may wait for a store that does not respond. The default is 10 s. After
    /// that the store is not called for a while, and the manager works without it.
    pub fn store_timeout(mut self, store_timeout: Duration) -> Self {
        self.limits.store_timeout = store_timeout;
        self
    }

    /// Sets how long the manager waits for the store's lease while another process holds it, before it sends a
    /// refresh token. The default is the maximum time that the other process may take, which is 75 s with the default
    /// [`retry_policy`](Self::retry_policy). After that the refresh fails, and the refresh token is kept. Other
    /// requests wait at most 10 s, and are then sent without a lease.
    pub fn lease_timeout(mut self, lease_timeout: Duration) -> Self {
        self.limits.lease_timeout = Some(lease_timeout);
        self
    }

    /// Checks that there is an account if the subject token comes from a closure: its subject is not known
    /// beforehand, so the tokens of all subjects would have the same key.
    pub(super) fn check_store_account(&self) -> Result<(), String> {
        let Grant::TokenExchange(grant) = &self.grant else {
            return Ok(());
        };
        let is_known = grant.0.subject_token.fixed().is_some() || !self.store_account.is_empty();
        if self.store.is_none() || is_known {
            return Ok(());
        }
        Err("a store needs `store_account` where the subject token comes from a closure: the tokens \
             of all subjects would be kept as one"
            .to_owned())
    }
}
