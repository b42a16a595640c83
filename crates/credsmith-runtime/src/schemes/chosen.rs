//! The schemes of one request. They authorize it, and drop refused tokens after a 401. `send_secured`, the tower
//! layer and the middleware share this.

use bytes::Bytes;
use http::Request;
#[cfg(any(feature = "tower", feature = "reqwest-middleware"))]
use http::request::Parts;

use super::{Applied, Authorizer, check_url};
use crate::error::SendError;

/// The schemes of one request.
pub(crate) struct Chosen<'a>(Vec<&'a dyn Authorizer>);

/// Credentials that the API refused and another attempt may replace, each with the position of its scheme.
pub(crate) struct Refused(Vec<(usize, Applied)>);

impl<'a> Chosen<'a> {
    /// Orders the schemes. Schemes that sign are last, since they sign the output of the others.
    pub(crate) fn new(authorizers: impl Iterator<Item = &'a dyn Authorizer>) -> Self {
        let mut all: Vec<_> = authorizers.collect();
        all.sort_by_key(|authorizer| authorizer.signs());
        Self(all)
    }

    /// Puts the credentials of all schemes on `request`. No token is requested for a request that would send
    /// credentials in the clear.
    pub(crate) async fn apply(
        &self,
        request: &mut Request<Bytes>,
    ) -> Result<Vec<Applied>, SendError> {
        for authorizer in &self.0 {
            check_url(*authorizer, request.uri())?;
        }
        let mut applied = Vec::with_capacity(self.0.len());
        for authorizer in &self.0 {
            applied.push(authorizer.apply(request).await?);
        }
        Ok(applied)
    }

    /// Returns the body that schemes sign; empty if no scheme signs. `read` returns the body if it can be read before
    /// it is sent.
    #[cfg(any(feature = "tower", feature = "reqwest-middleware"))]
    pub(crate) fn signed_body(
        &self,
        read: impl FnOnce() -> Option<Bytes>,
    ) -> Result<Bytes, SendError> {
        let Some(signer) = self.0.iter().find(|authorizer| authorizer.signs()) else {
            return Ok(Bytes::new());
        };
        read().ok_or_else(|| signer_error(*signer, "its body cannot be read before it is sent"))
    }

    /// Does the same as [`apply`](Self::apply) for a request whose body stays with the caller. `body` is the output
    /// of [`signed_body`](Self::signed_body).
    #[cfg(any(feature = "tower", feature = "reqwest-middleware"))]
    pub(crate) async fn apply_to_head(
        &self,
        head: Parts,
        body: Bytes,
    ) -> Result<(Parts, Vec<Applied>), SendError> {
        let mut request = Request::from_parts(head, body.clone());
        let applied = self.apply(&mut request).await?;
        let (head, after) = request.into_parts();
        match self.0.last() {
            Some(last) if after != body => {
                Err(signer_error(*last, "a scheme cannot change the body here"))
            }
            _ => Ok((head, applied)),
        }
    }

    /// Drops the tokens that were sent, after the API responded with 401 to a request with `applied`. Returns `None`
    /// if another attempt would send the same credentials.
    pub(crate) fn refused(&self, applied: Vec<Applied>) -> Option<Refused> {
        let mut all: Vec<_> = applied.into_iter().enumerate().collect();
        all.retain(|(index, applied)| self.0[*index].refused(applied));
        (!all.is_empty()).then_some(Refused(all))
    }
}

impl Refused {
    /// Returns whether `applied` has other credentials than the refused ones. Otherwise another attempt is
    /// pointless.
    pub(crate) fn is_replaced_by(&self, applied: &[Applied]) -> bool {
        let mut refused = self.0.iter();
        refused.any(|(index, refused)| !applied[*index].is_known_to_be(refused))
    }
}

#[cfg(any(feature = "tower", feature = "reqwest-middleware"))]
fn signer_error(signer: &dyn Authorizer, why: &str) -> SendError {
    SendError::unfit(format!(
        "the request could not be signed for {}: {why}",
        signer.scheme()
    ))
}
