//! The counterpart of the tower layer for clients of the crate `reqwest-middleware`.

use async_trait::async_trait;
use bytes::Bytes;
use http::request::Parts;
use http::{Extensions, StatusCode};
use reqwest::{Body, Request, Response, Url};
use reqwest_middleware::{Error, Middleware, Next, Result};

use crate::error::SendError;
use crate::schemes::{Applied, Chosen, SecurityGroup};

/// Authorizes requests by a [`SecurityGroup`], or by a single scheme. It fits version 0.5 of `reqwest-middleware` and
/// version 0.13 of `reqwest`.
///
/// ```
/// # fn wrap(manager: credsmith_runtime::TokenManager) {
/// use credsmith_runtime::AuthorizationMiddleware;
/// use reqwest_middleware::ClientBuilder;
///
/// let client = ClientBuilder::new(reqwest::Client::new())
///     .with(AuthorizationMiddleware::new(manager))
///     .build();
/// # }
/// ```
///
/// Requests are authorized as by [`send_secured`](crate::send_secured). Credentials are sent only over https, and
/// over http to this machine. After a 401 the token that was sent is dropped, and the request is sent once more with
/// a new one. A request whose body is a stream is not sent again: the 401 is returned. Such a request cannot be
/// signed either ([`CustomAuth`](crate::CustomAuth)): it fails before anything is sent. Errors are a [`SendError`] in
/// [`Error::Middleware`].
///
/// A 401 of another origin, after a redirect, is returned and the token is kept, since it was not sent there. Place
/// middleware that sends requests to another origin before this one. A client that follows redirects sends API keys
/// to the target of the redirect, except those in the `Authorization` and `Cookie` headers: build it with
/// `redirect(reqwest::redirect::Policy::none())` if a scheme has such keys.
#[derive(Clone, Debug)]
pub struct AuthorizationMiddleware {
    security: SecurityGroup,
}

impl AuthorizationMiddleware {
    /// Makes middleware that authorizes requests by `security`: a group, a [`TokenManager`](crate::TokenManager), or
    /// another [`Authorizer`](crate::Authorizer).
    pub fn new(security: impl Into<SecurityGroup>) -> Self {
        Self {
            security: security.into(),
        }
    }
}

#[async_trait]
impl Middleware for AuthorizationMiddleware {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let schemes = self.security.choose().map_err(Error::middleware)?;
        let again = request.try_clone();
        let applied = authorize(&schemes, &mut request).await?;
        let origin = request.url().origin();
        let response = next.clone().run(request, extensions).await?;
        let is_refused = response.status() == StatusCode::UNAUTHORIZED;
        // reqwest does not send the token to another origin, so that origin has not refused it.
        if !is_refused || response.url().origin() != origin {
            return Ok(response);
        }
        let (Some(refused), Some(mut again)) = (schemes.refused(applied), again) else {
            return Ok(response);
        };
        let applied = authorize(&schemes, &mut again).await?;
        if !refused.is_replaced_by(&applied) {
            return Ok(response);
        }
        // Dropping it may free the connection, or the permit, that the next request waits for.
        drop(response);
        next.run(again, extensions).await
    }
}

async fn authorize(schemes: &Chosen<'_>, request: &mut Request) -> Result<Vec<Applied>> {
    let prepared = head_of(request).and_then(|head| {
        let body = schemes.signed_body(|| bytes_of(request.body()))?;
        Ok((head, body))
    });
    let (head, body) = prepared.map_err(Error::middleware)?;
    let (head, applied) = schemes
        .apply_to_head(head, body)
        .await
        .map_err(Error::middleware)?;
    set_head(request, head).map_err(Error::middleware)?;
    Ok(applied)
}

fn head_of(request: &Request) -> std::result::Result<Parts, SendError> {
    let (mut head, ()) = http::Request::new(()).into_parts();
    head.uri = request.url().as_str().parse().map_err(|_| bad_url())?;
    head.method.clone_from(request.method());
    head.version = request.version();
    head.headers.clone_from(request.headers());
    Ok(head)
}

fn set_head(request: &mut Request, head: Parts) -> std::result::Result<(), SendError> {
    let url = Url::parse(&head.uri.to_string()).map_err(|_| bad_url())?;
    *request.url_mut() = url;
    *request.method_mut() = head.method;
    *request.version_mut() = head.version;
    *request.headers_mut() = head.headers;
    Ok(())
}

fn bad_url() -> SendError {
    SendError::unfit("the URL of the request cannot be used for http")
}

/// Returns the bytes of the body, or `None` if it is a stream.
fn bytes_of(body: Option<&Body>) -> Option<Bytes> {
    body.map_or(Some(Bytes::new()), |body| {
        body.as_bytes().map(Bytes::copy_from_slice)
    })
}
