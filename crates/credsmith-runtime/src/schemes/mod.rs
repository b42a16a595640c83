//! The schemes: whether they are configured, and the credentials that they put on a request.
//!
//! Basic, bearer, API keys and custom signing prepare their headers once, and do no IO. OAuth 2.0 is a
//! [`TokenManager`](crate::TokenManager). A [`SecurityGroup`] chooses among several schemes before any request.

mod api_keys;
mod basic;
mod bearer;
mod chosen;
mod cookie;
mod custom;
mod group;
mod query;
mod token;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Uri};

pub use self::api_keys::{ApiKeys, ApiKeysBuilder};
pub use self::basic::BasicAuth;
pub use self::bearer::BearerAuth;
pub(crate) use self::chosen::Chosen;
pub use self::custom::{CustomAuth, SignRequest};
pub use self::group::{Requirement, SecurityGroup};
use crate::BoxFuture;
use crate::destination;
use crate::engine::CachedToken;
use crate::error::SendError;

/// One scheme with its credentials, ready to authorize requests.
pub trait Authorizer: fmt::Debug + Send + Sync {
    /// Returns the name of the scheme, as errors show it.
    fn scheme(&self) -> &str;

    /// Returns whether its credentials are set. Does no IO, since a client asks all of its schemes before it uses
    /// one.
    fn is_configured(&self) -> bool;

    /// Returns whether credentials may be sent over plain http to other machines. Otherwise they are sent only over
    /// https, and over http to this machine.
    fn allows_insecure_http(&self) -> bool {
        false
    }

    /// Puts the credentials on `request`. A token is requested first if there is no valid one.
    ///
    /// # Errors
    ///
    /// Returns an error if there are no credentials, if `request` cannot carry them, or if it would send them over
    /// plain http to another machine ([`SendErrorKind::InsecureUrl`](crate::SendErrorKind::InsecureUrl)). A [`SecurityGroup`] checks the last for all
    /// schemes of a request before the first is applied.
    fn apply<'a>(
        &'a self,
        request: &'a mut Request<Bytes>,
    ) -> BoxFuture<'a, Result<Applied, SendError>>;

    /// Drops the credentials that the API refused with a 401 to a request with `applied`. Returns whether another
    /// [`apply`](Self::apply) may put other credentials on the request, so that it is worth sending again.
    fn refused(&self, applied: &Applied) -> bool {
        let _ = applied;
        false
    }

    /// Returns whether its credentials depend on the rest of the request, as signatures do. The scheme is then
    /// applied last.
    fn signs(&self) -> bool {
        false
    }
}

/// Returns an error if the request would send the credentials of `authorizer` in the clear.
pub(crate) fn check_url(authorizer: &dyn Authorizer, uri: &Uri) -> Result<(), SendError> {
    let allowed = authorizer.allows_insecure_http();
    destination::check(authorizer.scheme(), uri, allowed).map_err(SendError::insecure_url)
}

/// The credentials that an [`Authorizer`] has put on a request, in case the API refuses them. The default is for
/// schemes whose credentials never change.
#[derive(Clone, Default)]
pub struct Applied {
    token: Option<Arc<CachedToken>>,
}

impl Applied {
    /// Returns whether both are the same token; false if there is none to compare.
    pub(crate) fn is_known_to_be(&self, other: &Self) -> bool {
        match (&self.token, &other.token) {
            (Some(ours), Some(theirs)) => ours.has(&theirs.token()),
            _ => false,
        }
    }
}

impl fmt::Debug for Applied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Applied")
            .field("has_token", &self.token.is_some())
            .finish()
    }
}
