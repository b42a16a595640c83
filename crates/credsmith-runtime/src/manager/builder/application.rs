//! Settings of the application: its token, its hooks and their time limits.

use std::time::Duration;

use super::{TokenFetch, TokenManagerBuilder};
use crate::manager::TokenManager;
use crate::provider::{TokenProvider, TokenUpdateCallback};
use crate::token::Token;

impl TokenManagerBuilder {
    /// Sets a token from an earlier run. A newer token in the store takes precedence over it.
    pub fn token(mut self, token: Token) -> Self {
        self.token = Some(token);
        self
    }

    /// Sets who requests tokens. The default is the manager.
    pub fn token_fetch(mut self, token_fetch: TokenFetch) -> Self {
        self.token_fetch = token_fetch;
        self
    }

    /// Sets a provider that is called before a request to the token endpoint.
    pub fn token_provider(mut self, provider: TokenProvider<TokenManager>) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Sets the time limit of the token provider, the subject token and the update callback. The default is 30 s. A
    /// hook that takes longer fails. The time of its calls of the manager does not count.
    pub fn hook_timeout(mut self, hook_timeout: Duration) -> Self {
        self.limits.hook_timeout = hook_timeout;
        self
    }

    /// Sets a callback for each token that the manager obtains itself, including sign-ins.
    ///
    /// Callbacks run after the token is in use, one at a time and in order. Callers wait for the callback only if the
    /// server has issued a new refresh token and there is no store, and at most 5 s, so that a short program does not
    /// end before the token is persisted. [`TokenManager::flush`] waits for all of them. An async callback that needs
    /// a runtime that has ended fails.
    pub fn on_token_update(mut self, callback: TokenUpdateCallback) -> Self {
        self.callback = Some(callback);
        self
    }
}
