//! The endpoints of an OAuth 2.0 scheme: where they usually are, and how another one is named.

use credsmith_spec::model::{Endpoints, Urls};

use crate::naming::{EndpointKind, EndpointName, Ident};

/// One endpoint.
pub(crate) struct EndpointPlan<'a> {
    /// Which one.
    pub(crate) kind: EndpointKind,
    /// The client's parameter for another one.
    pub(crate) parameter: &'a Ident,
    /// Where it usually is.
    pub(crate) urls: EndpointUrls<'a>,
}

/// Where an endpoint usually is.
#[derive(Clone, Copy)]
pub(crate) enum EndpointUrls<'a> {
    /// The same in all environments.
    Everywhere(&'a str),
    /// One for each environment, in their order.
    PerEnvironment(&'a [String]),
    /// Where the issuer's metadata says.
    Discovered,
}

impl<'a> EndpointPlan<'a> {
    pub(super) fn new(endpoints: &'a Endpoints, name: &'a EndpointName) -> Self {
        let written = match name.kind {
            EndpointKind::Authorization => endpoints.authorization.as_ref(),
            EndpointKind::DeviceAuthorization => endpoints.device_authorization.as_ref(),
            EndpointKind::Token => endpoints.token.as_ref(),
            EndpointKind::Revocation => endpoints.revocation.as_ref(),
            EndpointKind::Introspection => endpoints.introspection.as_ref(),
            EndpointKind::Issuer => None,
        };
        let issuer = endpoints.issuer.as_deref();
        let issuer = issuer.filter(|_| name.kind == EndpointKind::Issuer);
        let urls = match (written, issuer) {
            (Some(urls), _) => urls.into(),
            (None, Some(issuer)) => EndpointUrls::Everywhere(issuer),
            (None, None) => EndpointUrls::Discovered,
        };
        Self {
            kind: name.kind,
            parameter: &name.parameter,
            urls,
        }
    }

    /// Whether it is not written, so that it is known when the server was asked.
    pub(crate) fn is_discovered(&self) -> bool {
        matches!(self.urls, EndpointUrls::Discovered)
    }

    /// Whether it differs from environment to environment.
    pub(crate) fn per_environment(&self) -> bool {
        matches!(self.urls, EndpointUrls::PerEnvironment(_))
    }

    /// The manager's constant for it, `TOKEN_URL`, or its function of the environment, `token_url`.
    pub(crate) fn item(&self) -> String {
        let name = self.kind.name();
        if self.per_environment() {
            name.to_owned()
        } else {
            name.to_uppercase()
        }
    }
}

impl<'a> From<&'a Urls> for EndpointUrls<'a> {
    fn from(urls: &'a Urls) -> Self {
        match urls {
            Urls::Everywhere(url) => Self::Everywhere(url),
            Urls::PerEnvironment(urls) => Self::PerEnvironment(urls),
        }
    }
}
