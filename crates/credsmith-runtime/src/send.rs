//! Sending an authorized request, with one fresh token after a 401.

use std::sync::Arc;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Response, StatusCode};

use crate::engine::Entry;
use crate::error::{SendError, TokenError};
use crate::manager::TokenManager;
use crate::transport::Transport;

/// Authorizes `request` and sends it. After a 401 exactly the token that was sent is dropped; where
/// the manager fetches of its own accord, the request goes out once more with another token, and
/// the response to that is returned whatever it is. A 403 is the caller's at once.
///
/// An API that refuses one fresh token after the other is not sent the same request twice for ever,
/// nor the token endpoint a request for each: see [`TokenManager::invalidate`].
pub async fn send_authorized(
    transport: &dyn Transport,
    manager: &TokenManager,
    mut request: Request<Bytes>,
) -> Result<Response<Bytes>, SendError> {
    let sent = Sent::next(manager).await?;
    request.headers_mut().insert(AUTHORIZATION, sent.header()?);
    let again = request.clone();
    let response = transport.send(request).await?;
    if response.status() != StatusCode::UNAUTHORIZED {
        return Ok(response);
    }
    let Some(value) = sent.replaced().await? else {
        return Ok(response);
    };
    let mut request = again;
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok(transport.send(request).await?)
}

/// The token a request goes out with, remembered for the case that the API refuses it.
pub(crate) struct Sent<'m> {
    manager: &'m TokenManager,
    entry: Arc<Entry>,
}

impl<'m> Sent<'m> {
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

    /// The API refused the token: the header value to try again with, if there is one.
    pub(crate) async fn replaced(&self) -> Result<Option<HeaderValue>, TokenError> {
        if !self.refused() || !self.manager.is_automatic() {
            return Ok(None);
        }
        Ok(Some(self.manager.authorization().await?))
    }
}
