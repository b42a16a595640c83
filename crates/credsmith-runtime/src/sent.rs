//! What the layers remember of a request that is on its way.

use std::sync::Arc;

use http::HeaderValue;

use crate::engine::Entry;
use crate::error::TokenError;
use crate::manager::TokenManager;

/// The token a request goes out with, remembered for the case that the API refuses it.
pub(crate) struct Sent<'m> {
    manager: &'m TokenManager,
    entry: Arc<Entry>,
}

impl<'m> Sent<'m> {
    /// The token for a request whose URL has been checked.
    pub(crate) async fn next(manager: &'m TokenManager) -> Result<Self, TokenError> {
        let entry = manager.entry().await?;
        Ok(Self { manager, entry })
    }

    pub(crate) fn header(&self) -> Result<HeaderValue, TokenError> {
        self.manager.header(&self.entry)
    }

    /// The API refused the token. False where it stays nevertheless.
    pub(crate) fn refused(&self) -> bool {
        self.manager.refuse(&self.entry)
    }

    /// The API refused the token: the header value to try again with. None where the application fetches
    /// tokens itself, or the server has issued the same one once more: the API's answer is the caller's.
    pub(crate) async fn replaced(&self) -> Result<Option<HeaderValue>, TokenError> {
        if !self.refused() || !self.manager.is_automatic() {
            return Ok(None);
        }
        let entry = self.manager.entry().await?;
        if entry.has(&self.entry.token()) {
            return Ok(None);
        }
        self.manager.header(&entry).map(Some)
    }
}
