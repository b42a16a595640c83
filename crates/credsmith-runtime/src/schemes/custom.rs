//! Custom schemes: code of an SDK that signs requests.

use std::fmt;
use std::future::ready;
use std::sync::Arc;

use bytes::Bytes;
use http::Request;

use super::{Applied, Authorizer, check_url};
use crate::error::SendError;
use crate::{BoxError, BoxFuture};

/// Signs a whole request: method, URL, headers and body.
///
/// It is called for each attempt, after all other schemes of the request, and may change anything. Mark secret
/// headers with [`HeaderValue::set_sensitive`](http::HeaderValue::set_sensitive).
///
/// It does not see the headers that transports add, such as `Host` and `Content-Length`. Transports may also change
/// the spelling of the URL: the transport over reqwest resolves `.` and `..` segments and percent-encodes the same
/// characters as a browser, for example a `'` in the query. If you sign the URL, normalize it first.
///
/// ```
/// use credsmith_runtime::bytes::Bytes;
/// use credsmith_runtime::http::Request;
/// use credsmith_runtime::{BoxError, SignRequest};
///
/// struct ChecksumCredentials;
///
/// impl SignRequest for ChecksumCredentials {
///     fn sign(&self, request: &mut Request<Bytes>) -> Result<(), BoxError> {
///         let sum: u64 = request.body().iter().map(|&byte| u64::from(byte)).sum();
///         request.headers_mut().insert("x-checksum", sum.into());
///         Ok(())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not sign requests yet",
    label = "the signing of this custom scheme is not written",
    note = "write `impl credsmith_runtime::SignRequest for {Self}`: the spec declares the scheme `custom`, so that its signing is the SDK's own code"
)]
pub trait SignRequest: Send + Sync + 'static {
    /// Signs `request`.
    ///
    /// # Errors
    ///
    /// Returns an error if the request cannot be signed. The text of the error becomes part of a [`SendError`], so it
    /// must not contain a secret.
    fn sign(&self, request: &mut Request<Bytes>) -> Result<(), BoxError>;
}

/// A custom scheme: a [`SignRequest`], if there are credentials for it.
#[derive(Clone)]
pub struct CustomAuth {
    scheme: &'static str,
    signer: Option<Arc<dyn SignRequest>>,
    allow_insecure_http: bool,
}

impl CustomAuth {
    /// Makes a scheme. Errors name `scheme`. It is configured if there is a signer.
    pub fn new(scheme: &'static str, signer: Option<Arc<dyn SignRequest>>) -> Self {
        Self {
            scheme,
            signer,
            allow_insecure_http: false,
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

    /// Signs `request`.
    ///
    /// # Errors
    ///
    /// Returns an error if there are no credentials, if signing fails, or if `request` would send the credentials
    /// over plain http to another machine.
    pub fn sign(&self, request: &mut Request<Bytes>) -> Result<(), SendError> {
        let scheme = self.scheme;
        let signer = self
            .signer
            .as_ref()
            .ok_or_else(|| SendError::missing(format!("no credentials for {scheme} are set")))?;
        check_url(self, request.uri())?;
        let signed = signer.sign(request);
        signed.map_err(|source| SendError::signing(scheme, source))
    }
}

impl Authorizer for CustomAuth {
    fn scheme(&self) -> &str {
        self.scheme
    }

    fn is_configured(&self) -> bool {
        self.signer.is_some()
    }

    fn allows_insecure_http(&self) -> bool {
        self.allow_insecure_http
    }

    fn apply<'a>(
        &'a self,
        request: &'a mut Request<Bytes>,
    ) -> BoxFuture<'a, Result<Applied, SendError>> {
        Box::pin(ready(self.sign(request).map(|()| Applied::default())))
    }

    fn signs(&self) -> bool {
        true
    }
}

/// Shows nothing of the signer, which may contain secrets.
impl fmt::Debug for CustomAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomAuth")
            .field("scheme", &self.scheme)
            .field("is_configured", &self.is_configured())
            .finish_non_exhaustive()
    }
}
