//! API keys: each in a header, the query or a cookie.

use std::fmt;
use std::future::ready;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::cookie::Cookie;
use super::query::Parameter;
use super::{Applied, Authorizer, check_url};
use crate::BoxFuture;
use crate::error::{ConfigError, SendError};
use crate::protocol::authentication::sensitive_header;

/// One or more API keys that are sent together.
///
/// ```
/// use credsmith_runtime::ApiKeys;
///
/// let keys = ApiKeys::builder("apiKey")
///     .header("X-Api-Key", "", Some(&"k-1".into()))?
///     .query("api-key", "", Some(&"k 2".into()))?
///     .build()?;
/// let mut request = http::Request::get("https://api.acme.example/things?page=2").body(())?;
/// keys.authorize(&mut request)?;
/// assert_eq!(request.headers()["x-api-key"], "k-1");
/// assert_eq!(request.uri(), "https://api.acme.example/things?page=2&api-key=k%202");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A key in the query is part of the URL, which `Debug` of a request shows. The errors and events of this crate show
/// no queries.
#[derive(Clone)]
pub struct ApiKeys {
    scheme: &'static str,
    keys: Vec<Key>,
    /// The names of keys without a value.
    missing: Vec<String>,
    allow_insecure_http: bool,
}

#[derive(Clone)]
enum Key {
    Header(HeaderName, HeaderValue),
    Query(Parameter),
    Cookie(Cookie),
}

impl ApiKeys {
    /// Returns a builder. Errors name `scheme`.
    pub fn builder(scheme: &'static str) -> ApiKeysBuilder {
        ApiKeysBuilder {
            built: Self {
                scheme,
                keys: Vec::new(),
                missing: Vec::new(),
                allow_insecure_http: false,
            },
        }
    }

    /// Sets whether credentials may be sent over plain http to other machines. The default is `false`: they are sent
    /// only over https, and over http to this machine. A URL without a host, such as `/things`, is refused too,
    /// since it cannot be checked.
    #[must_use]
    pub fn allow_insecure_http(mut self, allow: bool) -> Self {
        self.allow_insecure_http = allow;
        self
    }

    /// Sets all keys on `request`. A header, parameter or cookie of the same name is replaced.
    ///
    /// # Errors
    ///
    /// Returns an error if a key is missing, if `request` cannot carry one, or if it would send them over plain http to
    /// another machine.
    pub fn authorize<B>(&self, request: &mut Request<B>) -> Result<(), SendError> {
        if !self.missing.is_empty() {
            return Err(self.incomplete());
        }
        check_url(self, request.uri())?;
        for key in &self.keys {
            key.set(request).ok_or_else(|| {
                let scheme = self.scheme;
                SendError::unfit(format!("{key:?} of {scheme} does not fit the request"))
            })?;
        }
        Ok(())
    }

    fn incomplete(&self) -> SendError {
        let scheme = self.scheme;
        let verb = if self.missing.len() == 1 { "is" } else { "are" };
        let names: Vec<String> = self
            .missing
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        let names = names.join(" and ");
        SendError::missing(format!(
            "no credentials for {scheme}: {names} {verb} not set"
        ))
    }
}

impl Key {
    /// Sets the key. Returns `None` if the request cannot carry it.
    fn set<B>(&self, request: &mut Request<B>) -> Option<()> {
        match self {
            Self::Header(name, value) => {
                request.headers_mut().insert(name, value.clone());
            }
            Self::Query(parameter) => *request.uri_mut() = parameter.set(request.uri())?,
            Self::Cookie(cookie) => cookie.set(request.headers_mut())?,
        }
        Some(())
    }
}

/// Builds [`ApiKeys`]. If a key has no value, the scheme is not configured. An empty value is an error.
///
/// The prefix of a key is sent before its value, as in `Token 123`. Usually it is empty.
#[derive(Clone, Debug)]
pub struct ApiKeysBuilder {
    built: ApiKeys,
}

impl ApiKeysBuilder {
    /// Adds a key in a header. The value must consist of visible ASCII characters, with spaces only between them.
    ///
    /// # Errors
    ///
    /// Returns an error if the name or the value is empty or has other characters.
    pub fn header(
        self,
        name: &str,
        prefix: &str,
        value: Option<&SecretString>,
    ) -> Result<Self, ConfigError> {
        let header = self.token(name)?;
        self.key(name, prefix, value, |line| {
            Some(Key::Header(header, header_value(line)?))
        })
    }

    /// Adds a key in the query of the URL. Any text is allowed; it is sent percent-encoded.
    ///
    /// # Errors
    ///
    /// Returns an error if the name or the value is empty.
    pub fn query(
        self,
        name: &str,
        prefix: &str,
        value: Option<&SecretString>,
    ) -> Result<Self, ConfigError> {
        self.key(name, prefix, value, |line| {
            Some(Key::Query(Parameter::new(name, line)))
        })
    }

    /// Adds a key in a cookie. The value must consist of visible ASCII characters except `"`, `,`, `;` and `\` (RFC
    /// 6265 section 4.1.1).
    ///
    /// # Errors
    ///
    /// Returns an error if the name or the value is empty or has other characters.
    pub fn cookie(
        self,
        name: &str,
        prefix: &str,
        value: Option<&SecretString>,
    ) -> Result<Self, ConfigError> {
        self.token(name)?;
        self.key(name, prefix, value, |line| {
            Some(Key::Cookie(Cookie::new(name, line)?))
        })
    }

    /// Builds the scheme.
    ///
    /// # Errors
    ///
    /// Returns an error if no key was added.
    pub fn build(self) -> Result<ApiKeys, ConfigError> {
        if self.built.keys.is_empty() && self.built.missing.is_empty() {
            return Err(self.error("it has no keys"));
        }
        Ok(self.built)
    }

    fn key(
        mut self,
        name: &str,
        prefix: &str,
        value: Option<&SecretString>,
        key: impl FnOnce(&str) -> Option<Key>,
    ) -> Result<Self, ConfigError> {
        let Some(value) = value.map(ExposeSecret::expose_secret) else {
            self.built.missing.push(name.to_owned());
            return Ok(self);
        };
        if value.is_empty() {
            return Err(self.error(format!("the value of `{name}` is empty")));
        }
        let line = Zeroizing::new([prefix, value].concat());
        let key = key(&line).ok_or_else(|| {
            self.error(format!(
                "the value of `{name}` contains characters that are not allowed there"
            ))
        })?;
        self.built.keys.push(key);
        Ok(self)
    }

    /// Returns the name of a header or a cookie. Both are a token of RFC 9110 section 5.6.2.
    fn token(&self, name: &str) -> Result<HeaderName, ConfigError> {
        let token = HeaderName::from_bytes(name.as_bytes());
        token.map_err(|_| {
            self.error(format!(
                "`{name}` is not a valid name of a header or a cookie"
            ))
        })
    }

    fn error(&self, problem: impl Into<String>) -> ConfigError {
        ConfigError::new(self.built.scheme, problem)
    }
}

fn header_value(line: &str) -> Option<HeaderValue> {
    let is_sound = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    // Spaces at either end would be lost in transit.
    if line.trim().len() != line.len() || !line.bytes().all(is_sound) {
        return None;
    }
    sensitive_header(Zeroizing::new(line.as_bytes().to_vec()))
}

impl Authorizer for ApiKeys {
    fn scheme(&self) -> &str {
        self.scheme
    }

    fn is_configured(&self) -> bool {
        self.missing.is_empty()
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

impl fmt::Debug for ApiKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKeys")
            .field("scheme", &self.scheme)
            .field("keys", &self.keys)
            .field("missing", &self.missing)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name, _) => write!(f, "the header `{name}`"),
            Self::Query(parameter) => write!(f, "the query parameter `{}`", parameter.name),
            Self::Cookie(cookie) => write!(f, "the cookie `{}`", cookie.name),
        }
    }
}
