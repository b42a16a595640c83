//! What the application has to say and to hear about tokens.

use super::{TokenFetch, TokenManagerBuilder};
use crate::manager::TokenManager;
use crate::provider::{TokenProvider, TokenUpdateCallback};
use crate::token::Token;

impl TokenManagerBuilder {
    /// A token from an earlier run.
    pub fn token(mut self, token: Token) -> Self {
        self.token = Some(token);
        self
    }

    /// Who fetches tokens; the manager by default.
    pub fn token_fetch(mut self, token_fetch: TokenFetch) -> Self {
        self.token_fetch = token_fetch;
        self
    }

    /// A provider that is asked before the endpoint.
    pub fn token_provider(mut self, provider: TokenProvider<TokenManager>) -> Self {
        self.provider = Some(provider);
        self
    }

    /// A provider that takes a manager type of its own.
    pub fn provider_of<M>(self, provider: TokenProvider<M>) -> Self
    where
        M: From<TokenManager> + Send + 'static,
    {
        self.token_provider(provider.adapted())
    }

    /// A callback for every token that the automatic path installs.
    pub fn on_token_update(mut self, callback: TokenUpdateCallback) -> Self {
        self.callback = Some(callback);
        self
    }
}
