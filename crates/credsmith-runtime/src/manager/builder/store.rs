//! Where tokens are kept, and whose they are.

use std::sync::Arc;

use super::TokenManagerBuilder;
use crate::grant::Grant;
use crate::store::TokenStore;

impl TokenManagerBuilder {
    /// A store that is asked for a token before the endpoint, after the provider, and is told what
    /// the endpoint issued. The manual flow leaves it alone.
    ///
    /// Where users share a store, each one's manager must name its user with
    /// [`store_account`](Self::store_account): server, client and scopes are the same for all of
    /// them. A token exchange whose subject token comes from a closure is refused without.
    pub fn store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// Whose tokens these are, among those who share the store: any text that tells the users of an
    /// application apart. It is hashed into the key.
    pub fn store_account(mut self, account: impl Into<String>) -> Self {
        self.store_account = account.into();
        self
    }

    /// What a closure gives is not known beforehand, so that the tokens of all subjects would have one
    /// key.
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
