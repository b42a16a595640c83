//! A fixed bearer token (RFC 6750).

use std::fmt;
use std::future::ready;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::{Applied, Authorizer, check_url};
use crate::BoxFuture;
use crate::error::{ConfigError, SendError};
use crate::protocol::authentication::sensitive_header;
use crate::protocol::response::check_access_token;

/// A fixed token in the `Authorization` header (RFC 6750 section 2.1). It is not refreshed; use a
/// [`TokenManager`](crate::TokenManager) for tokens of an authorization server.
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
    allow_insecure_http: bool,
}

impl BearerAuth {
    /// Makes a scheme. Errors name `scheme`. It is configured if there is a token.
    ///
    /// # Errors
    ///
    /// Returns an error if the token is empty or contains characters other than visible ASCII.
    pub fn new(
        scheme: &'static str,
        access_token: Option<&SecretString>,
    ) -> Result<Self, ConfigError> {
        let value = access_token.map(header).transpose();
        let value = value.map_err(|problem| ConfigError::new(scheme, problem))?;
        Ok(Self {
            scheme,
            value,
            allow_insecure_http: false,
        })
    }

    /// Sets whether credentials may be sent over plain http to other machines. The default is `false`: they are sent
    /// only over https, and over http to this machine. A URL without a host, such as `/things`, is refused too,
    /// since it cannot be checked.
    #[must_use]
    pub fn allow_insecure_http(mut self, allow: bool) -> Self {
        self.allow_insecure_http = allow;
        self
    }

    /// Sets the `Authorization` header of `request`.
    ///
    /// # Errors
    ///
    /// Returns an error if there are no credentials, or if `request` would send them over plain http to another
    /// machine.
    pub fn authorize<B>(&self, request: &mut Request<B>) -> Result<(), SendError> {
        let value = self.value.clone().ok_or_else(|| {
            let scheme = self.scheme;
            SendError::missing(format!(
                "no credentials for {scheme}: the access token is not set"
            ))
        })?;
        check_url(self, request.uri())?;
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(())
    }
}

fn header(access_token: &SecretString) -> Result<HeaderValue, &'static str> {
    check_access_token(access_token)?;
    let line = ["Bearer ", access_token.expose_secret()].concat();
    sensitive_header(Zeroizing::new(line.into_bytes()))
        .ok_or("the access token is not a valid header value")
}

impl Authorizer for BearerAuth {
    fn scheme(&self) -> &str {
        self.scheme
    }

    fn is_configured(&self) -> bool {
        self.value.is_some()
    }

    fn allows_insecure_http(&self) -> bool {
        self.allow_insecure_http
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
