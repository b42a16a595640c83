//! A [`tower`](https://docs.rs/tower) layer that authorizes requests.
//!
//! After a 401 it drops exactly the token it sent, and sends the request once more with another,
//! where the body can be had twice. A 403 and a second 401 are the caller's, and so is the first where
//! the server has issued the same token again.

use std::future::poll_fn;
use std::mem;
use std::task::{Context, Poll};

use http::header::AUTHORIZATION;
use http::{Request, Response, StatusCode};
use tower_layer::Layer;
use tower_service::Service;

use crate::manager::TokenManager;
use crate::sent::Sent;
use crate::{BoxError, BoxFuture};

/// Wraps services in [`AuthorizationService`].
///
/// A layer that follows redirects belongs inside of this one, and must not take the token along to
/// another host. Outside of it, each host that a redirect leads to would be sent the token.
///
/// The token goes only over https, and over http to this machine; other requests fail with a
/// [`TokenError`](crate::TokenError) before anything is sent. A layer that makes the URL absolute, or
/// secure, therefore belongs outside of this one. For services that take URLs without a host, see
/// [`allow_insecure_http`](crate::TokenManagerBuilder::allow_insecure_http).
///
/// ```
/// # use credsmith_runtime::{AuthorizationLayer, TokenManager};
/// # fn wrap<S>(manager: TokenManager, client: S) {
/// use tower::Layer;
///
/// let client = AuthorizationLayer::new(manager).layer(client);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AuthorizationLayer<R = CloneBody> {
    manager: TokenManager,
    replay: R,
}

impl AuthorizationLayer {
    /// A layer for requests whose bodies can be cloned.
    pub fn new(manager: TokenManager) -> Self {
        Self {
            manager,
            replay: CloneBody,
        }
    }
}

impl<R> AuthorizationLayer<R> {
    /// The same with another way to have a body twice. A closure `Fn(&B) -> Option<B>` will do;
    /// where it returns nothing, the request is not sent again, and the 401 is the caller's.
    pub fn replaying<T>(self, replay: T) -> AuthorizationLayer<T> {
        AuthorizationLayer {
            manager: self.manager,
            replay,
        }
    }
}

impl<S, R: Clone> Layer<S> for AuthorizationLayer<R> {
    type Service = AuthorizationService<S, R>;

    fn layer(&self, inner: S) -> Self::Service {
        AuthorizationService {
            inner,
            manager: self.manager.clone(),
            replay: self.replay.clone(),
        }
    }
}

/// Has a body twice, if it can be had twice.
pub trait ReplayBody<B> {
    /// Another `body`, or nothing.
    fn replay(&self, body: &B) -> Option<B>;
}

/// Clones bodies.
#[derive(Clone, Copy, Debug, Default)]
pub struct CloneBody;

impl<B: Clone> ReplayBody<B> for CloneBody {
    fn replay(&self, body: &B) -> Option<B> {
        Some(body.clone())
    }
}

impl<B, F: Fn(&B) -> Option<B>> ReplayBody<B> for F {
    fn replay(&self, body: &B) -> Option<B> {
        self(body)
    }
}

/// Authorizes requests for the service inside. Its error is the inner one's, or a
/// [`TokenError`](crate::TokenError).
#[derive(Clone, Debug)]
pub struct AuthorizationService<S, R = CloneBody> {
    inner: S,
    manager: TokenManager,
    replay: R,
}

impl<S, R, B, C> Service<Request<B>> for AuthorizationService<S, R>
where
    S: Service<Request<B>, Response = Response<C>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    R: ReplayBody<B>,
    B: Send + 'static,
    C: Send + 'static,
{
    type Response = Response<C>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<C>, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let again = self.again(&request);
        // The one that is ready goes into the future; its clone is for the next call.
        let spare = self.inner.clone();
        let inner = mem::replace(&mut self.inner, spare);
        Box::pin(exchange(inner, self.manager.clone(), request, again))
    }
}

impl<S, R> AuthorizationService<S, R> {
    /// The request once more.
    fn again<B>(&self, request: &Request<B>) -> Option<Request<B>>
    where
        R: ReplayBody<B>,
    {
        let body = self.replay.replay(request.body())?;
        let mut again = Request::new(body);
        again.method_mut().clone_from(request.method());
        again.uri_mut().clone_from(request.uri());
        *again.version_mut() = request.version();
        again.headers_mut().clone_from(request.headers());
        again.extensions_mut().clone_from(request.extensions());
        Some(again)
    }
}

async fn exchange<S, B, C>(
    mut inner: S,
    manager: TokenManager,
    mut request: Request<B>,
    again: Option<Request<B>>,
) -> Result<Response<C>, BoxError>
where
    S: Service<Request<B>, Response = Response<C>>,
    S::Error: Into<BoxError>,
{
    manager.check_url(request.uri())?;
    let sent = Sent::next(&manager).await?;
    request.headers_mut().insert(AUTHORIZATION, sent.header()?);
    let response = inner.call(request).await.map_err(Into::into)?;
    if response.status() != StatusCode::UNAUTHORIZED {
        return Ok(response);
    }
    let Some(mut request) = again else {
        sent.refused();
        return Ok(response);
    };
    let Some(value) = sent.replaced().await? else {
        return Ok(response);
    };
    request.headers_mut().insert(AUTHORIZATION, value);
    // With its body may go the connection, or the permit, that the next call waits for.
    drop(response);
    poll_fn(|context| inner.poll_ready(context))
        .await
        .map_err(Into::into)?;
    inner.call(request).await.map_err(Into::into)
}
