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
/// can be cloned. The 401 itself is returned where there is no other token. There is no [`TokenError`]
/// lost: it is the source of `Error::Middleware`.
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
        let sent = Sent::next(&self.manager).await.map_err(no_token)?;
        let value = sent.header().map_err(no_token)?;
        request.headers_mut().insert(AUTHORIZATION, value);
        let again = request.try_clone();
        let response = next.clone().run(request, extensions).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
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
