//! A [`tower`](https://docs.rs/tower) layer that authorizes requests.
//!
//! After a 401 it drops exactly the token that was sent, and sends the request once more with another token, if its
//! body can be copied. A 403 and a second 401 are returned, and so is the first 401 if the server issues the same
//! token again.

use std::any::Any;
use std::future::poll_fn;
use std::mem;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use tower_layer::Layer;
use tower_service::Service;

use crate::schemes::SecurityGroup;
use crate::{BoxError, BoxFuture};

/// Wraps services in [`AuthorizationService`]. It fits version 0.5 of `tower`, and the versions 0.3 of `tower-layer`
/// and `tower-service`.
///
/// ```
/// # use credsmith_runtime::{AuthorizationLayer, TokenManager};
/// # fn wrap<S>(manager: TokenManager, client: S) {
/// use tower::Layer;
///
/// let client = AuthorizationLayer::new(manager).layer(client);
/// # }
/// ```
///
/// Place a layer that follows redirects inside this one; it must not send the credentials to another host. Outside of
/// this layer, each host in a chain of redirects would be sent the credentials.
///
/// Credentials are sent only over https, and over http to this machine; other requests fail with a
/// [`SendError`](crate::SendError) before anything is sent. Therefore place a layer that makes the URL absolute or
/// secure outside of this one. For services that take URLs without a host, see
/// [`allow_insecure_http`](crate::TokenManagerBuilder::allow_insecure_http).
#[derive(Clone, Debug)]
pub struct AuthorizationLayer<R = CloneBody> {
    security: SecurityGroup,
    replay: R,
}

impl AuthorizationLayer {
    /// Makes a layer for requests whose bodies can be cloned. It authorizes them by `security`: a [`SecurityGroup`],
    /// a [`TokenManager`](crate::TokenManager), or another [`Authorizer`](crate::Authorizer).
    pub fn new(security: impl Into<SecurityGroup>) -> Self {
        Self {
            security: security.into(),
            replay: CloneBody,
        }
    }
}

impl<R> AuthorizationLayer<R> {
    /// Replaces how bodies are copied. A closure `Fn(&B) -> Option<B>` can be used. If it returns `None`, the request
    /// is not sent again, and the 401 is returned.
    pub fn replaying<T>(self, replay: T) -> AuthorizationLayer<T> {
        AuthorizationLayer {
            security: self.security,
            replay,
        }
    }
}

impl<S, R: Clone> Layer<S> for AuthorizationLayer<R> {
    type Service = AuthorizationService<S, R>;

    fn layer(&self, inner: S) -> Self::Service {
        AuthorizationService {
            inner,
            security: self.security.clone(),
            replay: self.replay.clone(),
        }
    }
}

/// Copies the bodies of requests.
pub trait ReplayBody<B: 'static> {
    /// Returns a copy of `body`, or `None` if it cannot be copied.
    fn replay(&self, body: &B) -> Option<B>;

    /// Returns the bytes of `body`, for schemes that sign them ([`CustomAuth`](crate::CustomAuth)). If it returns
    /// `None`, such a request fails before anything is sent.
    ///
    /// The default supports [`Bytes`], `Vec<u8>`, `String`, `&'static str` and `()`. Implement it for other bodies.
    fn bytes(&self, body: &B) -> Option<Bytes> {
        let body: &dyn Any = body;
        if let Some(bytes) = body.downcast_ref::<Bytes>() {
            Some(bytes.clone())
        } else if let Some(bytes) = body.downcast_ref::<Vec<u8>>() {
            Some(bytes.clone().into())
        } else if let Some(text) = body.downcast_ref::<String>() {
            Some(text.clone().into())
        } else if let Some(text) = body.downcast_ref::<&'static str>() {
            Some(Bytes::from_static(text.as_bytes()))
        } else {
            body.is::<()>().then(Bytes::new)
        }
    }
}

/// Clones bodies.
#[derive(Clone, Copy, Debug, Default)]
pub struct CloneBody;

impl<B: Clone + 'static> ReplayBody<B> for CloneBody {
    fn replay(&self, body: &B) -> Option<B> {
        Some(body.clone())
    }
}

impl<B: 'static, F: Fn(&B) -> Option<B>> ReplayBody<B> for F {
    fn replay(&self, body: &B) -> Option<B> {
        self(body)
    }
}

/// Authorizes requests for the inner service. Its error is that of the inner service, or a
/// [`SendError`](crate::SendError).
#[derive(Clone, Debug)]
pub struct AuthorizationService<S, R = CloneBody> {
    inner: S,
    security: SecurityGroup,
    replay: R,
}

impl<S, R, B, C> Service<Request<B>> for AuthorizationService<S, R>
where
    S: Service<Request<B>, Response = Response<C>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    R: ReplayBody<B> + Clone + Send + 'static,
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
        // The service that is ready moves into the future; its clone is for the next call.
        let spare = self.inner.clone();
        let ready = Self {
            inner: mem::replace(&mut self.inner, spare),
            security: self.security.clone(),
            replay: self.replay.clone(),
        };
        Box::pin(ready.exchange(request))
    }
}

impl<S, R> AuthorizationService<S, R> {
    async fn exchange<B, C>(self, request: Request<B>) -> Result<Response<C>, BoxError>
    where
        S: Service<Request<B>, Response = Response<C>>,
        S::Error: Into<BoxError>,
        R: ReplayBody<B>,
        B: 'static,
    {
        let Self {
            mut inner,
            security,
            replay,
        } = self;
        let schemes = security.choose()?;
        let (head, body) = request.into_parts();
        let signed = schemes.signed_body(|| replay.bytes(&body))?;
        let again = replay.replay(&body).map(|body| (head.clone(), body));
        let (head, applied) = schemes.apply_to_head(head, signed.clone()).await?;
        let sent = inner.call(Request::from_parts(head, body));
        let response = sent.await.map_err(Into::into)?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        let (Some(refused), Some((head, body))) = (schemes.refused(applied), again) else {
            return Ok(response);
        };
        let (head, applied) = schemes.apply_to_head(head, signed).await?;
        if !refused.is_replaced_by(&applied) {
            return Ok(response);
        }
        // Dropping its body may free the connection, or the permit, that the next call waits for.
        drop(response);
        poll_fn(|context| inner.poll_ready(context))
            .await
            .map_err(Into::into)?;
        let again = inner.call(Request::from_parts(head, body));
        again.await.map_err(Into::into)
    }
}
