//! Settings of the token store.

use std::sync::Arc;

use super::TokenManagerBuilder;
use crate::grant::Grant;
use crate::store::TokenStore;

impl TokenManagerBuilder {
    /// Sets a token store. Tokens are loaded from it after the provider was called and before the token endpoint is asked,
    /// and saved to it when the endpoint has issued them. It is not used with [`TokenFetch::Manual`](crate::TokenFetch::Manual).
    ///
    /// If the tokens of several users are in one store, each manager must name its user with
    /// [`store_account`](Self::store_account), since server, client and scopes are the same for all of them. A token
    /// exchange whose subject token comes from a closure needs it too.
    pub fn store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// Sets the user whose tokens these are, among those in the store: any text that is different for each user of the
    /// application. It is hashed into the key.
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
