//! HTTP Basic (RFC 7617).

use std::fmt;
use std::future::ready;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::{Applied, Authorizer, check_url};
use crate::BoxFuture;
use crate::error::{ConfigError, SendError};
use crate::protocol::authentication::sensitive_header;

/// A user name and a password in the `Authorization` header (RFC 7617), both in UTF-8.
///
/// ```
/// use credsmith_runtime::BasicAuth;
///
/// let basic = BasicAuth::new("basicAuth", Some("Aladdin"), Some(&"open sesame".into()))?;
/// let mut request = http::Request::get("https://api.acme.example/things").body(())?;
/// basic.authorize(&mut request)?;
/// assert_eq!(request.headers()["authorization"], "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct BasicAuth {
    scheme: &'static str,
    /// The `Authorization` value, or the missing part.
    value: Result<HeaderValue, &'static str>,
    allow_insecure_http: bool,
}

impl BasicAuth {
    /// Makes a scheme. Errors name `scheme`. It is configured if both user name and password are set. Either may be
    /// empty, for APIs that take a single key.
    ///
    /// # Errors
    ///
    /// Returns an error if the user name contains a colon, since the server would treat the text after it as part of
    /// the password, or if either value contains control characters (RFC 7617 section 2).
    pub fn new(
        scheme: &'static str,
        username: Option<&str>,
        password: Option<&SecretString>,
    ) -> Result<Self, ConfigError> {
        if username.is_some_and(|name| name.contains(':')) {
            return Err(ConfigError::new(scheme, "the user name contains a colon"));
        }
        let password = password.map(ExposeSecret::expose_secret);
        check_part(scheme, "user name", username)?;
        check_part(scheme, "password", password)?;
        let value = match (username, password) {
            (Some(username), Some(password)) => {
                Ok(header(username, password).ok_or_else(|| {
                    ConfigError::new(scheme, "the credentials are not a valid header value")
                })?)
            }
            (None, Some(_)) => Err("the user name is not set"),
            (Some(_), None) => Err("the password is not set"),
            (None, None) => Err("user name and password are not set"),
        };
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
        let value = self.value.clone().map_err(|what| {
            SendError::missing(format!("no credentials for {}: {what}", self.scheme))
        })?;
        check_url(self, request.uri())?;
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(())
    }
}

fn check_part(scheme: &'static str, what: &str, text: Option<&str>) -> Result<(), ConfigError> {
    if text.is_some_and(|text| text.bytes().any(|byte| byte.is_ascii_control())) {
        let problem = format!("the {what} contains a control character");
        return Err(ConfigError::new(scheme, problem));
    }
    Ok(())
}

fn header(username: &str, password: &str) -> Option<HeaderValue> {
    // Allocated once and in full: a growing buffer would leave copies in memory.
    let mut pair = Zeroizing::new(Vec::with_capacity(username.len() + 1 + password.len()));
    pair.extend_from_slice(username.as_bytes());
    pair.push(b':');
    pair.extend_from_slice(password.as_bytes());
    let encoded = Zeroizing::new(STANDARD.encode(&*pair));
    let line = ["Basic ", &*encoded].concat();
    sensitive_header(Zeroizing::new(line.into_bytes()))
}

impl Authorizer for BasicAuth {
    fn scheme(&self) -> &str {
        self.scheme
    }

    fn is_configured(&self) -> bool {
        self.value.is_ok()
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

impl fmt::Debug for BasicAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BasicAuth")
            .field("scheme", &self.scheme)
            .field("is_configured", &self.is_configured())
            .finish_non_exhaustive()
    }
}
