//! A bearer token that the application has from elsewhere (RFC 6750).

use std::fmt;
use std::future::ready;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::{Applied, Authorizer};
use crate::BoxFuture;
use crate::error::{ConfigError, SendError};
use crate::protocol::authentication::sensitive_header;
use crate::protocol::response::check_access_token;

/// A fixed token in the `Authorization` header (RFC 6750 section 2.1). Nothing renews it; tokens
/// that are fetched are the business of a [`TokenManager`](crate::TokenManager).
///
/// ```
/// use credsmith_runtime::BearerAuth;
///
/// let bearer = BearerAuth::new("bearerAuth", Some(&"mF_9.B5f-4.1JqM".into()))?;
/// let mut request = http::Request::get("https://api.acme.example/things").body(())?;
/// bearer.authorize(&mut request)?;
/// assert_eq!(request.headers()["authorization"], "Bearer mF_9.B5f-4.1JqM");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct BearerAuth {
    scheme: &'static str,
    value: Option<HeaderValue>,
}

impl BearerAuth {
    /// The scheme of this name, configured when there is a token. A token that is empty, or holds
    /// anything but visible ASCII characters, is refused.
    pub fn new(
        scheme: &'static str,
        access_token: Option<&SecretString>,
    ) -> Result<Self, ConfigError> {
        let value = access_token.map(header).transpose();
        let value = value.map_err(|problem| ConfigError::new(scheme, problem))?;
        Ok(Self { scheme, value })
    }

    /// Sets the `Authorization` header of `request`.
    pub fn authorize<B>(&self, request: &mut Request<B>) -> Result<(), SendError> {
        let value = self.value.clone().ok_or_else(|| {
            let scheme = self.scheme;
            SendError::missing(format!(
                "no credentials for {scheme}: the access token is not set"
            ))
        })?;
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(())
    }
}

fn header(access_token: &SecretString) -> Result<HeaderValue, &'static str> {
    check_access_token(access_token)?;
    let line = ["Bearer ", access_token.expose_secret()].concat();
    sensitive_header(Zeroizing::new(line.into_bytes()))
        .ok_or("the access token does not fit a header")
}

impl Authorizer for BearerAuth {
    fn scheme(&self) -> &str {
        self.scheme
    }

    fn is_configured(&self) -> bool {
        self.value.is_some()
    }

    fn apply<'a>(
        &'a self,
        request: &'a mut Request<Bytes>,
    ) -> BoxFuture<'a, Result<Applied, SendError>> {
        Box::pin(ready(self.authorize(request).map(|()| Applied::default())))
    }
}

impl fmt::Debug for BearerAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BearerAuth")
            .field("scheme", &self.scheme)
            .field("is_configured", &self.is_configured())
            .finish_non_exhaustive()
    }
}
