//! Sending an authorized request, with one fresh token after a 401.

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{Request, Response, StatusCode};

use crate::error::SendError;
use crate::manager::TokenManager;
use crate::transport::Transport;

/// Authorizes `request` and sends it. After a 401 exactly the token that was sent is dropped; where
/// the manager fetches of its own accord, the request goes out once more with another token, and
/// the response to that is returned whatever it is. A 403 is the caller's at once.
pub async fn send_authorized(
    transport: &dyn Transport,
    manager: &TokenManager,
    mut request: Request<Bytes>,
) -> Result<Response<Bytes>, SendError> {
    let entry = manager.entry().await?;
    request
        .headers_mut()
        .insert(AUTHORIZATION, manager.header(&entry)?);
    let again = request.clone();
    let response = transport.send(request).await?;
    if response.status() != StatusCode::UNAUTHORIZED {
        return Ok(response);
    }
    manager.invalidate(&entry.token());
    if !manager.is_automatic() {
        return Ok(response);
    }
    let mut request = again;
    manager.authorize(&mut request).await?;
    Ok(transport.send(request).await?)
}
