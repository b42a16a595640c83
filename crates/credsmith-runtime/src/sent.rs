//! What the layers remember of a request that is on its way.

use std::sync::Arc;

use http::HeaderValue;

use crate::engine::CachedToken;
use crate::error::TokenError;
use crate::manager::TokenManager;

/// The token a request goes out with, remembered for the case that the API refuses it.
pub(crate) struct Sent<'m> {
    manager: &'m TokenManager,
    cached: Arc<CachedToken>,
}

impl<'m> Sent<'m> {
    /// The token for a request whose URL has been checked.
    pub(crate) async fn next(manager: &'m TokenManager) -> Result<Self, TokenError> {
        let cached = manager.cached().await?;
        Ok(Self { manager, cached })
    }

    pub(crate) fn header(&self) -> Result<HeaderValue, TokenError> {
        self.manager.header(&self.cached)
    }

    /// The API refused the token. False where it stays nevertheless.
    pub(crate) fn refused(&self) -> bool {
        self.manager.refuse(&self.cached)
    }

    /// The API refused the token: the header value to try again with. None where the application fetches
    /// tokens itself, or the server has issued the same one once more: the API's answer is the caller's.
    pub(crate) async fn replaced(&self) -> Result<Option<HeaderValue>, TokenError> {
        if !self.refused() || !self.manager.is_automatic() {
            return Ok(None);
        }
        let cached = self.manager.cached().await?;
        if cached.has(&self.cached.token()) {
            return Ok(None);
        }
        self.manager.header(&cached).map(Some)
    }
}
