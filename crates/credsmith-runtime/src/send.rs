//! Sending an authorized request, with one new token after a 401.

use bytes::Bytes;
use http::{Request, Response, StatusCode};

use crate::error::SendError;
use crate::manager::TokenManager;
use crate::schemes::{Authorizer, Chosen, SecurityGroup};
use crate::transport::Transport;

/// Authorizes `request` and sends it. After a 401 the token that was sent is dropped, and the request is sent once
/// more with another token; the second response is returned. Other statuses, such as 403, are returned at once.
///
/// With [`TokenFetch::Manual`](crate::TokenFetch::Manual), the request is not sent again. If the server issues the
/// same token again, the 401 is returned. If an API refuses one token after the other, requests are no longer
/// repeated: see [`TokenManager::invalidate`].
///
/// # Errors
///
/// Returns an error if no token can be obtained, also after a 401: credentials are missing, the user has to sign in,
/// or the server refuses the token request. Returns an error if the request cannot be sent, or if it would send the
/// token over plain http to another machine ([`SendErrorKind::InsecureUrl`](crate::SendErrorKind::InsecureUrl));
/// nothing is sent in that case.
pub async fn send_authorized(
    transport: &dyn Transport,
    manager: &TokenManager,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, SendError> {
    let only = Chosen::new([manager as &dyn Authorizer].into_iter());
    exchange(transport, &only, request).await
}

/// Authorizes `request` with the first alternative of `security` whose schemes are all configured, and sends it.
/// Choosing the alternative requests no token.
///
/// After a 401 all tokens that were sent are dropped, and the request is authorized and sent once more, as with
/// [`send_authorized`]. Signatures are made again.
///
/// # Errors
///
/// Returns an error if no alternative is configured; it names the credentials that each of them needs. Also returns
/// the errors of [`send_authorized`], for each scheme of the alternative.
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
