//! Sending an authorized request, with one fresh token after a 401.

use bytes::Bytes;
use http::{Request, Response, StatusCode};

use crate::error::SendError;
use crate::manager::TokenManager;
use crate::schemes::{Applied, Authorizer, Requirement, check_url, choose};
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
    exchange(transport, &[manager], request).await
}

/// Authorizes `request` by the first of `alternatives` whose schemes are all configured, and sends
/// it. An alternative is all of its requirements together; one without any sends the request as it
/// is. Nothing is fetched to choose, and where no alternative is configured, nothing is sent: the
/// error names what would satisfy each.
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
/// # async fn example(transport: &dyn credsmith_runtime::Transport, manager: credsmith_runtime::TokenManager)
/// # -> Result<(), Box<dyn std::error::Error>> {
/// use credsmith_runtime::bytes::Bytes;
/// use credsmith_runtime::{BasicAuth, Requirement, http, send_secured};
///
/// let basic = BasicAuth::new("basicAuth", Some("user"), Some(&"password".into()))?;
/// let oauth2 = Requirement { authorizer: &manager, parameter: "o_auth_2_credentials" };
/// let basic = Requirement { authorizer: &basic, parameter: "basic_auth_credentials" };
/// let request = http::Request::get("https://api.acme.example/things").body(Bytes::new())?;
/// let response = send_secured(transport, &[&[oauth2], &[basic]], request).await?;
/// # Ok(())
/// # }
/// ```
pub async fn send_secured(
    transport: &dyn Transport,
    alternatives: &[&[Requirement<'_>]],
    request: Request<Bytes>,
) -> Result<Response<Bytes>, SendError> {
    let authorizers = choose(alternatives)?;
    exchange(transport, &authorizers, request).await
}

async fn exchange(
    transport: &dyn Transport,
    authorizers: &[&dyn Authorizer],
    mut request: Request<Bytes>,
) -> Result<Response<Bytes>, SendError> {
    for authorizer in authorizers {
        check_url(*authorizer, request.uri())?;
    }
    let mut again = request.clone();
    let applied = apply(authorizers, &mut request).await?;
    let response = transport.send(request).await?;
    if response.status() != StatusCode::UNAUTHORIZED {
        return Ok(response);
    }
    let renewable = refused(authorizers, applied);
    if renewable.is_empty() {
        return Ok(response);
    }
    match apply(authorizers, &mut again).await {
        Ok(applied) if is_any_new(&renewable, &applied) => Ok(transport.send(again).await?),
        Ok(_) => Ok(response),
        Err(error) => Err(error),
    }
}

async fn apply(
    authorizers: &[&dyn Authorizer],
    request: &mut Request<Bytes>,
) -> Result<Vec<Applied>, SendError> {
    let mut applied = Vec::with_capacity(authorizers.len());
    for authorizer in authorizers {
        applied.push(authorizer.apply(request).await?);
    }
    Ok(applied)
}

/// Tells all of them. Which have something else to offer, and what of theirs was refused.
fn refused(authorizers: &[&dyn Authorizer], applied: Vec<Applied>) -> Vec<(usize, Applied)> {
    let mut all: Vec<_> = applied.into_iter().enumerate().collect();
    all.retain(|(index, applied)| authorizers[*index].refused(applied));
    all
}

/// Whether anything of what was refused has been replaced by something else.
fn is_any_new(refused: &[(usize, Applied)], applied: &[Applied]) -> bool {
    refused
        .iter()
        .any(|(index, refused)| !applied[*index].is_known_to_be(refused))
}
