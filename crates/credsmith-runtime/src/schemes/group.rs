//! Security groups: the first alternative whose schemes are all configured is used.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;

use super::{Authorizer, Chosen};
use crate::error::SendError;

/// One scheme of an alternative of a [`SecurityGroup`].
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The scheme with its credentials, if it has any.
    pub authorizer: Arc<dyn Authorizer>,
    /// The name of the parameter that configures it, for the error if it is not set. If the name is empty, the
    /// requirement counts as met, and the scheme's error names the missing part.
    pub parameter: &'static str,
}

impl Requirement {
    fn is_met(&self) -> bool {
        self.parameter.is_empty() || self.authorizer.is_configured()
    }
}

/// The credentials that requests need: alternatives, each of one or more schemes together.
///
/// A request takes the first alternative whose schemes are all configured. Choosing does no IO. With an alternative
/// without schemes, the request is sent unchanged. Clones are cheap and share the credentials.
///
/// A single scheme is a group too: pass a [`TokenManager`](crate::TokenManager) or another [`Authorizer`] to any
/// parameter of type `impl Into<SecurityGroup>`.
///
/// ```
/// # async fn example(manager: credsmith_runtime::TokenManager) -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::Arc;
///
/// use credsmith_runtime::bytes::Bytes;
/// use credsmith_runtime::{BasicAuth, Requirement, SecurityGroup, http};
///
/// let basic = BasicAuth::new("basicAuth", Some("user"), Some(&"password".into()))?;
/// let basic = Requirement { authorizer: Arc::new(basic), parameter: "basic_auth_credentials" };
/// let oauth = Requirement { authorizer: Arc::new(manager), parameter: "o_auth_2_credentials" };
/// let security = SecurityGroup::new(&[&[&oauth], &[&basic]]);
/// let mut request = http::Request::get("https://api.acme.example/things").body(Bytes::new())?;
/// security.authorize(&mut request).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SecurityGroup {
    alternatives: Arc<[Vec<Requirement>]>,
}

impl SecurityGroup {
    /// Makes a group of these alternatives, in order of preference.
    #[must_use]
    pub fn new(alternatives: &[&[&Requirement]]) -> Self {
        let together = |all: &&[&Requirement]| all.iter().copied().cloned().collect();
        Self {
            alternatives: alternatives.iter().map(together).collect(),
        }
    }

    /// Authorizes `request`, for any HTTP client. After a 401 the caller has to drop the token;
    /// [`send_secured`](crate::send_secured) and the adaptors do that.
    ///
    /// # Errors
    ///
    /// Returns an error if no alternative is configured, if there is no token, if `request` cannot carry the
    /// credentials, or if it would send them over plain http to another machine.
    pub async fn authorize(&self, request: &mut Request<Bytes>) -> Result<(), SendError> {
        self.choose()?.apply(request).await.map(drop)
    }

    /// Returns the schemes of the first alternative that is configured. Does no IO.
    pub(crate) fn choose(&self) -> Result<Chosen<'_>, SendError> {
        let is_met = |all: &&Vec<Requirement>| all.iter().all(Requirement::is_met);
        let chosen = self.alternatives.iter().find(is_met);
        let chosen = chosen.ok_or_else(|| SendError::missing(self.unmet()))?;
        #[cfg(feature = "tracing")]
        for one in chosen {
            crate::trace::event!(trace, scheme = one.authorizer.scheme(), "scheme chosen");
        }
        Ok(Chosen::new(chosen.iter().map(|one| &*one.authorizer)))
    }

    /// Returns the error text about the missing credentials of all alternatives.
    fn unmet(&self) -> String {
        let together = |all: &Vec<Requirement>| {
            let shown: Vec<_> = all
                .iter()
                .map(|one| format!("`{}`", one.parameter))
                .collect();
            shown.join(" and ")
        };
        let alternatives: Vec<_> = self.alternatives.iter().map(together).collect();
        if alternatives.is_empty() {
            return "no credentials for the request: its security group has no alternatives"
                .to_owned();
        }
        format!(
            "no credentials for the request: set {}",
            alternatives.join(", or ")
        )
    }
}

/// Makes a group of a single scheme. If it is not configured, its error says what to set.
impl<A: Authorizer + 'static> From<A> for SecurityGroup {
    fn from(authorizer: A) -> Self {
        let only = Requirement {
            authorizer: Arc::new(authorizer),
            parameter: "",
        };
        Self::new(&[&[&only]])
    }
}
