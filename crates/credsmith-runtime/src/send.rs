//! Sending an authorized request, with one fresh token after a 401.

use bytes::Bytes;
use http::{Request, Response, StatusCode};

use crate::error::SendError;
use crate::manager::TokenManager;
use crate::schemes::{Authorizer, Chosen, SecurityGroup};
use crate::transport::Transport;

/// Authorizes `request` and sends it. After a 401 exactly the token that was sent is dropped; where
/// the manager fetches of its own accord, the request goes out once more with another token, and
/// the response to that is returned whatever it is. A 403 is the caller's at once.
///
/// Where no other token can be had, the error says what it takes: credentials, the user, or what the
/// server said. Where the server has issued the same one again, the 401 is returned.
///
/// A request that would send the token over plain http to another machine is refused before a token is
/// fetched: see [`SendError::is_insecure_url`].
///
/// An API that refuses one fresh token after the other is not sent the same request twice for ever,
/// nor the token endpoint a request for each: see [`TokenManager::invalidate`].
pub async fn send_authorized(
    transport: &dyn Transport,
    manager: &TokenManager,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, SendError> {
    let only = Chosen::new([manager as &dyn Authorizer].into_iter());
    exchange(transport, &only, request).await
}

/// Authorizes `request` by the first alternative of `security` whose schemes are all configured, and sends it. Nothing
/// is fetched to choose. If no alternative is configured, nothing is sent: the error names what would satisfy each.
///
/// A request that would send credentials over plain http to another machine is refused before anything is
/// fetched or sent, whatever schemes it takes: see [`SendError::is_insecure_url`].
///
/// After a 401 every token that was sent is dropped. Where one of them is fetched automatically, the
/// request is authorized once more from the beginning, signatures included, and the response to that
/// is returned whatever it is. As with [`send_authorized`], the 401 is returned where the server has issued
/// the same token again.
///
/// ```no_run
/// # async fn example(transport: &dyn credsmith_runtime::Transport, security: credsmith_runtime::SecurityGroup)
/// # -> Result<(), Box<dyn std::error::Error>> {
/// use credsmith_runtime::bytes::Bytes;
/// use credsmith_runtime::{http, send_secured};
///
/// let request = http::Request::get("https://api.acme.example/things").body(Bytes::new())?;
/// let response = send_secured(transport, &security, request).await?;
/// # Ok(())
/// # }
/// ```
pub async fn send_secured(
    transport: &dyn Transport,
    security: &SecurityGroup,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, SendError> {
    exchange(transport, &security.choose()?, request).await
}

async fn exchange(
    transport: &dyn Transport,
    schemes: &Chosen<'_>,
    mut request: Request<Bytes>,
) -> Result<Response<Bytes>, SendError> {
    let mut again = request.clone();
    let applied = schemes.apply(&mut request).await?;
    let response = transport.send(request).await?;
    if response.status() != StatusCode::UNAUTHORIZED {
        return Ok(response);
    }
    let Some(refused) = schemes.refused(applied) else {
        return Ok(response);
    };
    let applied = schemes.apply(&mut again).await?;
    if !refused.is_replaced_by(&applied) {
        return Ok(response);
    }
    Ok(transport.send(again).await?)
}
