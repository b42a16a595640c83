//! Signing that the author of an SDK writes.

use std::fmt;
use std::future::ready;
use std::sync::Arc;

use bytes::Bytes;
use http::Request;

use super::{Applied, Authorizer, check_url};
use crate::error::SendError;
use crate::{BoxError, BoxFuture};

/// Authorizes a request by what the whole of it is: method, URL, headers and body.
///
/// It is called for every attempt, after all other schemes of the request, and may change anything.
/// What it sets is as secret as it marks it: [`HeaderValue::set_sensitive`](http::HeaderValue::set_sensitive).
///
/// Of what goes over the wire it does not see what transports add: `Host`, `Content-Length` and their
/// like. Transports may also write the URL anew. The one over reqwest resolves `.` and `..` segments
/// and percent-encodes what a browser would, a `'` in the query for example: where the signature is
/// over the URL, let the URL have these encoded already.
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
    /// Signs `request`. The text of an error becomes a part of a [`SendError`], so it must
    /// hold no secret.
    fn sign(&self, request: &mut Request<Bytes>) -> Result<(), BoxError>;
}

/// A custom scheme: somebody's [`SignRequest`], where there are credentials.
#[derive(Clone)]
pub struct CustomAuth {
    scheme: &'static str,
    signer: Option<Arc<dyn SignRequest>>,
    allow_insecure_http: bool,
}

impl CustomAuth {
    /// The scheme of this name, configured when there is a signer.
    pub fn new(scheme: &'static str, signer: Option<Arc<dyn SignRequest>>) -> Self {
        Self {
            scheme,
            signer,
            allow_insecure_http: false,
        }
    }

    /// Whether the credentials may go over plain http to any host. Off by default: they go only over
    /// https, and over http to this machine. A URL without a host, as `/things`, is refused as well, since
    /// it does not say how the request travels.
    #[must_use]
    pub fn allow_insecure_http(mut self, allow: bool) -> Self {
        self.allow_insecure_http = allow;
        self
    }

    /// Signs `request`.
    ///
    /// # Errors
    ///
    /// Returns an error if there are no credentials, if signing fails, or if `request` would send the
    /// credentials in the clear.
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

/// The signer says nothing of itself: what it holds is secret.
impl fmt::Debug for CustomAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomAuth")
            .field("scheme", &self.scheme)
            .field("is_configured", &self.is_configured())
            .finish_non_exhaustive()
    }
}
