//! One scheme: its fields, and what it does.

use credsmith_spec::facts;
use credsmith_spec::model::{ApiKey, Basic, Grant, Key, Place};

use super::OAuth2;

/// One scheme.
#[derive(Debug)]
pub(crate) struct Scheme<'s, N> {
    /// Its name in the spec.
    pub(crate) title: &'s str,
    /// What it is for.
    pub(crate) description: Option<&'s str>,
    /// The type of its credentials.
    pub(crate) credentials: N,
    /// The type of its manager.
    pub(crate) manager: N,
    /// The client's parameter for its credentials.
    pub(crate) parameter: N,
    /// The client's accessor of its manager.
    pub(crate) accessor: N,
    /// Its module, and its page.
    pub(crate) module: N,
    /// What it does.
    pub(crate) kind: Kind<'s, N>,
    /// The fields of its credentials, in the order of the documentation.
    pub(crate) fields: Vec<Field<'s, N>>,
}

/// What a scheme does.
#[derive(Debug)]
pub(crate) enum Kind<'s, N> {
    /// OAuth 2.0.
    OAuth2(OAuth2<'s, N>),
    /// A user name and a password.
    Basic(&'s Basic),
    /// A token that the application has.
    Bearer,
    /// API keys.
    ApiKey(&'s ApiKey),
    /// Signatures by code of the SDK.
    Custom,
}

/// One field of credentials.
#[derive(Debug)]
pub(crate) struct Field<'s, N> {
    /// What it holds.
    pub(crate) kind: facts::Field,
    /// Its name in tables.
    pub(crate) title: &'s str,
    /// What the spec says of it.
    pub(crate) description: Option<&'s str>,
    /// The API key that it holds, if it is one.
    pub(crate) key: Option<&'s Key>,
    /// Whether credentials are of no use without it.
    pub(crate) required: bool,
    /// Whether it is text that is kept and shown as a secret.
    pub(crate) secret: bool,
    /// Its getter, setter and parameter.
    pub(crate) name: N,
    /// The environment variable that it can be read from.
    pub(crate) variable: Option<N>,
}

impl<'s, N> Scheme<'s, N> {
    /// What it does as a scheme of OAuth 2.0, if it is one.
    pub(crate) fn oauth2(&self) -> Option<&OAuth2<'s, N>> {
        match &self.kind {
            Kind::OAuth2(oauth2) => Some(oauth2),
            _ => None,
        }
    }

    /// Its API keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (&'s Key, &Field<'s, N>)> {
        self.fields
            .iter()
            .filter_map(|field| Some((field.key?, field)))
    }

    /// Whether an API key goes to this place of a request.
    pub(crate) fn has_key_in(&self, place: Place) -> bool {
        self.keys().any(|(key, _)| key.place == place)
    }

    /// The field of a kind, if the scheme has it.
    pub(crate) fn field(&self, kind: facts::Field) -> Option<&Field<'s, N>> {
        self.fields.iter().find(|field| field.kind == kind)
    }

    /// The fields without which credentials are of no use.
    pub(crate) fn required(&self) -> impl Iterator<Item = &Field<'s, N>> {
        self.fields.iter().filter(|field| field.required)
    }

    /// What headings and tables call the kind of scheme.
    pub(crate) fn kind_title(&self) -> &'static str {
        match &self.kind {
            Kind::OAuth2(oauth2) => grant_title(oauth2.grant()),
            Kind::Basic(_) => "HTTP Basic Authentication",
            Kind::Bearer => "Bearer Token",
            Kind::ApiKey(api_key) if api_key.keys.len() > 1 => "API Keys",
            Kind::ApiKey(_) => "API Key",
            Kind::Custom => "Custom Signature",
        }
    }
}

fn grant_title(grant: Grant) -> &'static str {
    match grant {
        Grant::ClientCredentials => "OAuth 2 Client Credentials Grant",
        Grant::AuthorizationCode => "OAuth 2 Authorization Code Grant",
        Grant::Password => "OAuth 2 Password Grant",
        Grant::Implicit => "OAuth 2 Implicit Grant",
        Grant::DeviceCode => "OAuth 2 Device Authorization Grant",
        Grant::JwtBearer => "OAuth 2 JWT Bearer Grant",
        Grant::TokenExchange => "OAuth 2 Token Exchange",
    }
}
