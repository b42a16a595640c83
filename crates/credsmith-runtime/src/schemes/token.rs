//! OAuth 2 as a scheme: a manager's token, and another token after a 401.

use bytes::Bytes;
use http::Request;
use http::header::AUTHORIZATION;

use super::{Applied, Authorizer, check_url};
use crate::BoxFuture;
use crate::error::SendError;
use crate::manager::TokenManager;

impl Authorizer for TokenManager {
    fn scheme(&self) -> &str {
        self.scheme()
    }

    fn is_configured(&self) -> bool {
        self.is_configured()
    }

    fn allows_insecure_http(&self) -> bool {
        self.allows_insecure_http()
    }

    fn apply<'a>(
        &'a self,
        request: &'a mut Request<Bytes>,
    ) -> BoxFuture<'a, Result<Applied, SendError>> {
        Box::pin(async move {
            check_url(self, request.uri())?;
            let cached = self.cached().await?;
            let value = self.header(&cached)?;
            request.headers_mut().insert(AUTHORIZATION, value);
            Ok(Applied {
                token: Some(cached),
            })
        })
    }

    fn refused(&self, applied: &Applied) -> bool {
        let refused = applied.token.as_deref();
        refused.is_some_and(|cached| self.refuse(cached)) && self.is_automatic()
    }
}
