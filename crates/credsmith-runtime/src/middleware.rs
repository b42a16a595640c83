//! The same for clients of the crate `reqwest-middleware`.

use async_trait::async_trait;
use http::header::AUTHORIZATION;
use http::{Extensions, StatusCode};
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};

use crate::error::TokenError;
use crate::manager::TokenManager;
use crate::sent::Sent;

/// Authorizes requests, and sends them once more with another token after a 401, where their body
/// can be cloned. Where the server has issued the same one again, the 401 is the caller's. There is no [`TokenError`]
/// lost: `Error::Middleware` holds it.
///
/// The token goes only over https, and over http to this machine; other requests fail before anything is
/// sent: see [`TokenError::is_insecure_url`].
///
/// A 401 of another origin than that of the request, after a redirect, is the caller's too, and the
/// token stays: it was not sent there. Middleware that sends requests to another origin than theirs
/// therefore comes before this one.
#[derive(Clone, Debug)]
pub struct AuthorizationMiddleware {
    manager: TokenManager,
}

impl AuthorizationMiddleware {
    /// Middleware that takes its tokens from `manager`.
    pub fn new(manager: TokenManager) -> Self {
        Self { manager }
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
        let url = request.url();
        let checked = self
            .manager
            .check_url_parts(Some(url.scheme()), url.host_str());
        checked.map_err(no_token)?;
        let sent = Sent::next(&self.manager).await.map_err(no_token)?;
        let value = sent.header().map_err(no_token)?;
        request.headers_mut().insert(AUTHORIZATION, value);
        let again = request.try_clone();
        let origin = request.url().origin();
        let response = next.clone().run(request, extensions).await?;
        let is_refused = response.status() == StatusCode::UNAUTHORIZED;
        // reqwest takes no token along to another origin, so that one has not refused it.
        if !is_refused || response.url().origin() != origin {
            return Ok(response);
        }
        let Some(mut request) = again else {
            sent.refused();
            return Ok(response);
        };
        let Some(value) = sent.replaced().await.map_err(no_token)? else {
            return Ok(response);
        };
        request.headers_mut().insert(AUTHORIZATION, value);
        // With it may go the connection, or the permit, that the next request waits for.
        drop(response);
        next.run(request, extensions).await
    }
}

fn no_token(error: TokenError) -> Error {
    Error::middleware(error)
}
