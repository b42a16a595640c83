//! The grant, endpoints and scopes of a scheme of OAuth 2.0.

use credsmith_spec::facts;
use credsmith_spec::model::{
    self, ClientAuthentication, Grant, Pkce, TokenFetch, TokenRequestFormat,
};

/// What a scheme of OAuth 2.0 does.
#[derive(Debug)]
pub(crate) struct OAuth2<'s, N> {
    /// Its settings, as the spec has them.
    pub(crate) model: &'s model::OAuth2,
    /// The type of its endpoints, if they are more than a token URL.
    pub(crate) endpoints_type: Option<N>,
    /// Its endpoints.
    pub(crate) endpoints: Vec<Endpoint<'s, N>>,
    /// Its scopes, if it has any.
    pub(crate) scopes: Option<Scopes<'s, N>>,
}

/// One endpoint.
#[derive(Debug)]
pub(crate) struct Endpoint<'s, N> {
    /// Which one.
    pub(crate) kind: facts::Endpoint,
    /// The client's parameter for another one.
    pub(crate) parameter: N,
    /// Where it usually is.
    pub(crate) urls: Urls<'s>,
}

/// Where an endpoint usually is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Urls<'s> {
    /// The same in all environments.
    Everywhere(&'s str),
    /// One for each environment, in their order.
    PerEnvironment(&'s [String]),
    /// Where the issuer's metadata says.
    Discovered,
}

/// The scopes of a scheme.
#[derive(Debug)]
pub(crate) struct Scopes<'s, N> {
    /// Their type.
    pub(crate) name: N,
    /// Their module.
    pub(crate) module: N,
    /// What separates them in a request.
    pub(crate) separator: &'s str,
    /// The scopes, in the order of the spec.
    pub(crate) values: Vec<Scope<'s, N>>,
    /// The positions of those that are requested by default.
    pub(crate) defaults: &'s [usize],
}

/// One scope.
#[derive(Debug)]
pub(crate) struct Scope<'s, N> {
    /// Its value on the wire.
    pub(crate) value: &'s str,
    /// Its name in tables: `DISCOVERYREAD`.
    pub(crate) title: String,
    /// What it grants.
    pub(crate) description: Option<&'s str>,
    /// Its name in code.
    pub(crate) name: N,
}

impl<N> Scopes<'_, N> {
    /// The scopes that are requested by default.
    pub(crate) fn defaults(&self) -> impl Iterator<Item = &Scope<'_, N>> {
        let positions = self.defaults.iter();
        positions.filter_map(|position| self.values.get(*position))
    }
}

impl<'s, N> OAuth2<'s, N> {
    /// How tokens are obtained.
    pub(crate) fn grant(&self) -> Grant {
        self.model.grant
    }

    /// Whether the application fetches tokens itself.
    pub(crate) fn manual(&self) -> bool {
        self.model.token_fetch == TokenFetch::Manual
    }

    /// Whether the user is sent to the authorization endpoint, and comes back with a callback URL.
    pub(crate) fn has_callback(&self) -> bool {
        self.grant().uses_browser()
    }

    /// Whether the user is shown a code.
    pub(crate) fn has_device(&self) -> bool {
        self.grant().uses_device()
    }

    /// Whether the first token needs the user.
    pub(crate) fn asks_user(&self) -> bool {
        self.grant().asks_user()
    }

    /// Whether there is a token endpoint to ask.
    pub(crate) fn asks_endpoint(&self) -> bool {
        self.grant().uses_token_endpoint()
    }

    /// Whether codes are bound to the client by PKCE (RFC 7636).
    pub(crate) fn has_pkce(&self) -> bool {
        self.grant() == Grant::AuthorizationCode && self.model.pkce == Pkce::S256
    }

    /// Whether tokens can be revoked.
    pub(crate) fn can_revoke(&self) -> bool {
        self.endpoint(facts::Endpoint::Revocation).is_some()
    }

    /// Whether the server can be asked about tokens.
    pub(crate) fn can_introspect(&self) -> bool {
        self.endpoint(facts::Endpoint::Introspection).is_some()
    }

    /// Whether there is an issuer whose metadata can be asked for.
    pub(crate) fn can_discover(&self) -> bool {
        self.endpoint(facts::Endpoint::Issuer).is_some()
    }

    /// Whether the scheme signs with a private key.
    pub(crate) fn has_private_key(&self) -> bool {
        self.model.has_private_key()
    }

    /// Whether the private key authenticates the client.
    pub(crate) fn authenticates_by_key(&self) -> bool {
        self.model.client_authentication == ClientAuthentication::PrivateKeyJwt
    }

    /// Whether token requests are JSON instead of forms.
    pub(crate) fn asks_in_json(&self) -> bool {
        self.asks_endpoint() && self.model.token_request_format == TokenRequestFormat::Json
    }

    /// The endpoint of a kind, if the scheme has it.
    pub(crate) fn endpoint(&self, kind: facts::Endpoint) -> Option<&Endpoint<'s, N>> {
        self.endpoints.iter().find(|endpoint| endpoint.kind == kind)
    }

    /// Whether an endpoint differs among environments.
    pub(crate) fn per_environment(&self) -> bool {
        self.endpoints.iter().any(Endpoint::per_environment)
    }
}

impl<N> Endpoint<'_, N> {
    /// Whether the server's metadata says where it is.
    pub(crate) fn is_discovered(&self) -> bool {
        matches!(self.urls, Urls::Discovered)
    }

    /// Whether it differs among environments.
    pub(crate) fn per_environment(&self) -> bool {
        matches!(self.urls, Urls::PerEnvironment(_))
    }

    /// What sentences call it.
    pub(crate) fn noun(&self) -> &'static str {
        match self.kind {
            facts::Endpoint::Authorization => "authorization endpoint",
            facts::Endpoint::DeviceAuthorization => "device authorization endpoint",
            facts::Endpoint::Token => "token endpoint",
            facts::Endpoint::Revocation => "revocation endpoint",
            facts::Endpoint::Introspection => "introspection endpoint",
            facts::Endpoint::Issuer => "issuer",
        }
    }
}
