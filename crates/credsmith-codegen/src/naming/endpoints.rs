//! Endpoints of an authorization server, and the client's parameters for other ones.

use credsmith_spec::Located;
use credsmith_spec::model::{Grant, OAuth2, SchemeNames};

use super::Pass;
use super::ident::{Ident, Named};

/// An endpoint, or the issuer that has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndpointKind {
    /// Where the user's browser is sent (RFC 6749 section 3.1).
    Authorization,
    /// Where devices begin (RFC 8628 section 3.1).
    DeviceAuthorization,
    /// Where tokens come from (RFC 6749 section 3.2).
    Token,
    /// Where tokens are revoked (RFC 7009 section 2).
    Revocation,
    /// Which says what a token is good for (RFC 7662 section 2).
    Introspection,
    /// Whose metadata has the other ones (RFC 8414).
    Issuer,
}

/// The name of one endpoint.
#[derive(Debug)]
pub(crate) struct EndpointName {
    /// Which one.
    pub(crate) kind: EndpointKind,
    /// The client's parameter for another one.
    pub(crate) parameter: Ident,
}

impl EndpointKind {
    const ALL: [Self; 6] = [
        Self::Authorization,
        Self::DeviceAuthorization,
        Self::Token,
        Self::Revocation,
        Self::Introspection,
        Self::Issuer,
    ];

    /// As fields, methods and parameters of the runtime name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Authorization => "authorization_url",
            Self::DeviceAuthorization => "device_authorization_url",
            Self::Token => "token_url",
            Self::Revocation => "revocation_url",
            Self::Introspection => "introspection_url",
            Self::Issuer => "issuer",
        }
    }

    /// As sentences name it.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Authorization => "authorization endpoint",
            Self::DeviceAuthorization => "device authorization endpoint",
            Self::Token => "token endpoint",
            Self::Revocation => "revocation endpoint",
            Self::Introspection => "introspection endpoint",
            Self::Issuer => "issuer",
        }
    }

    /// Whether the scheme has it: by its grant, or since the spec names it. With an issuer, what is not
    /// written is discovered.
    fn exists(self, oauth2: &OAuth2) -> bool {
        let (grant, endpoints) = (oauth2.grant, &oauth2.endpoints);
        match self {
            Self::Authorization => matches!(grant, Grant::AuthorizationCode | Grant::Implicit),
            Self::DeviceAuthorization => grant == Grant::DeviceCode,
            Self::Token => grant != Grant::Implicit,
            Self::Revocation => endpoints.revocation.is_some() || endpoints.issuer.is_some(),
            Self::Introspection => endpoints.introspection.is_some() || endpoints.issuer.is_some(),
            Self::Issuer => endpoints.issuer.is_some(),
        }
    }

    fn by_hand(self, names: &SchemeNames) -> (Option<&Located<String>>, &'static str) {
        match self {
            Self::Authorization => (names.authorization_url.as_ref(), "names.authorization_url"),
            Self::DeviceAuthorization => (
                names.device_authorization_url.as_ref(),
                "names.device_authorization_url",
            ),
            Self::Token => (names.token_url.as_ref(), "names.token_url"),
            Self::Revocation => (names.revocation_url.as_ref(), "names.revocation_url"),
            Self::Introspection => (names.introspection_url.as_ref(), "names.introspection_url"),
            Self::Issuer => (names.issuer.as_ref(), "names.issuer"),
        }
    }

    /// What diagnostics call the parameter.
    fn what(self) -> &'static str {
        match self {
            Self::Authorization => "the parameter for authorization URLs",
            Self::DeviceAuthorization => "the parameter for device authorization URLs",
            Self::Token => "the parameter for token URLs",
            Self::Revocation => "the parameter for revocation URLs",
            Self::Introspection => "the parameter for introspection URLs",
            Self::Issuer => "the parameter for issuers",
        }
    }
}

/// The names of the endpoints of a scheme. They follow the accessor, so that is what has to
/// be set if one does not fit; `has_accessor` says whether that did.
pub(super) fn decide(
    oauth2: &OAuth2,
    names: &SchemeNames,
    accessor: &Named,
    has_accessor: bool,
    pass: &mut Pass,
) -> Option<Vec<EndpointName>> {
    let kinds = EndpointKind::ALL.into_iter();
    let kinds = kinds.filter(|kind| kind.exists(oauth2));
    let decided = kinds.map(|kind| {
        let (by_hand, setting) = kind.by_hand(names);
        let named = match by_hand {
            Some(name) => Named {
                name: name.value.clone(),
                what: kind.what(),
                setting,
                span: name.span,
                by_hand: true,
            },
            None => Named {
                name: format!("{}_{}", accessor.name, kind.name()),
                ..accessor.clone()
            },
        };
        if !has_accessor {
            return None;
        }
        let parameter = pass.client_member(&named)?;
        Some(EndpointName { kind, parameter })
    });
    decided.collect::<Vec<_>>().into_iter().collect()
}
