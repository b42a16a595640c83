//! What the application has to say and to hear about tokens.

use std::time::Duration;

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
        self.token_provider(provider.map())
    }

    /// Sets how long a token provider, a subject token or an update callback may take: 30 s by default. One that
    /// takes longer has failed. Time inside the manager's calls that it makes does not count.
    pub fn hook_timeout(mut self, hook_timeout: Duration) -> Self {
        self.hook_timeout = hook_timeout;
        self
    }

    /// Sets a callback for every token that the manager obtains by itself, and for every sign-in.
    ///
    /// Callbacks run after the token is usable, one at a time and in order. Callers wait for the callback only
    /// if the server has issued a new refresh token and there is no store, and at most 5 s, so that a short
    /// program does not end before the token is persisted. To wait for all of them, call
    /// [`TokenManager::flush`]. An async callback that needs a runtime which has ended fails with it.
    pub fn on_token_update(mut self, callback: TokenUpdateCallback) -> Self {
        self.callback = Some(callback);
        self
    }
}
