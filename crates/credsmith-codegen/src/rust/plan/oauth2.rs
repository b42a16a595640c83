//! What an OAuth 2.0 scheme does, as code.

use credsmith_spec::model::{
    BasicEncoding, ClientAuthentication, Grant, OAuth2, Pkce, TokenFetch, TokenLifetime,
    TokenRequestFormat,
};

use super::EndpointPlan;
use crate::leaf::{Code, Leaf, literal};
use crate::naming::{EndpointKind, SchemeNames};

/// What an OAuth 2.0 scheme does.
pub(crate) struct OAuth2Plan<'a> {
    /// As the spec has it.
    pub(crate) model: &'a OAuth2,
    /// Its endpoints.
    pub(crate) endpoints: Vec<EndpointPlan<'a>>,
}

impl<'a> OAuth2Plan<'a> {
    pub(super) fn new(model: &'a OAuth2, names: &'a SchemeNames) -> Self {
        let endpoints = names.endpoints.iter();
        let endpoints = endpoints.map(|name| EndpointPlan::new(&model.endpoints, name));
        Self {
            model,
            endpoints: endpoints.collect(),
        }
    }

    /// How tokens are obtained.
    pub(crate) fn grant(&self) -> Grant {
        self.model.grant
    }

    /// Whether nothing is fetched by itself.
    pub(crate) fn manual(&self) -> bool {
        self.model.token_fetch == TokenFetch::Manual
    }

    /// Whether the user is sent to the authorization endpoint, and comes back with a callback URL.
    pub(crate) fn has_callback(&self) -> bool {
        matches!(self.grant(), Grant::AuthorizationCode | Grant::Implicit)
    }

    /// Whether the user is shown a code.
    pub(crate) fn has_device(&self) -> bool {
        self.grant() == Grant::DeviceCode
    }

    /// Whether the first token needs the user.
    pub(crate) fn asks_user(&self) -> bool {
        self.has_callback() || self.has_device()
    }

    /// Whether there is a token endpoint to ask.
    pub(crate) fn asks_endpoint(&self) -> bool {
        self.grant() != Grant::Implicit
    }

    /// Whether tokens can be revoked, at an endpoint that is written or discovered.
    pub(crate) fn can_revoke(&self) -> bool {
        self.endpoint(EndpointKind::Revocation).is_some()
    }

    /// Whether the server can be asked about tokens, at an endpoint that is written or discovered.
    pub(crate) fn can_introspect(&self) -> bool {
        self.endpoint(EndpointKind::Introspection).is_some()
    }

    /// Whether there is an issuer whose metadata can be asked for.
    pub(crate) fn can_discover(&self) -> bool {
        self.endpoint(EndpointKind::Issuer).is_some()
    }

    /// The endpoint of a kind, if the scheme has it.
    pub(crate) fn endpoint(&self, kind: EndpointKind) -> Option<&EndpointPlan<'a>> {
        self.endpoints.iter().find(|endpoint| endpoint.kind == kind)
    }

    /// Whether an endpoint differs from environment to environment.
    pub(crate) fn per_environment(&self) -> bool {
        self.endpoints.iter().any(EndpointPlan::per_environment)
    }

    /// Whether the scheme signs with a private key.
    pub(crate) fn has_private_key(&self) -> bool {
        let signs = self.model.client_authentication == ClientAuthentication::PrivateKeyJwt;
        (signs && self.asks_endpoint()) || self.grant() == Grant::JwtBearer
    }

    /// The variant of the runtime's `ClientAuthentication`.
    pub(crate) fn authentication(&self) -> Leaf<Code> {
        let form = self.model.basic_encoding == BasicEncoding::Form;
        Code::rendered(match self.model.client_authentication {
            _ if !self.asks_endpoint() => "None",
            ClientAuthentication::ClientSecretBasic if form => "ClientSecretBasic",
            ClientAuthentication::ClientSecretBasic => "ClientSecretBasicRaw",
            ClientAuthentication::ClientSecretPost => "ClientSecretPost",
            ClientAuthentication::ClientSecretJwt => "ClientSecretJwt",
            ClientAuthentication::PrivateKeyJwt => "PrivateKeyJwt",
            ClientAuthentication::None => "None",
        })
    }

    /// Whether token requests are JSON, and no forms.
    pub(crate) fn asks_in_json(&self) -> bool {
        self.asks_endpoint() && self.model.token_request_format == TokenRequestFormat::Json
    }

    /// Calls on the manager's builder that this scheme needs beyond the usual ones.
    pub(crate) fn calls(&self) -> Vec<Leaf<Code>> {
        let mut calls = Vec::new();
        if self.manual() {
            calls.push(".token_fetch(TokenFetch::Manual)".to_owned());
        }
        if self.asks_in_json() {
            calls.push(".token_request_format(TokenRequestFormat::Json)".to_owned());
        }
        if self.model.endpoints.allow_insecure {
            calls.push(".allow_insecure_http(true)".to_owned());
        }
        if self.grant() == Grant::AuthorizationCode && self.model.pkce == Pkce::None {
            calls.push(".pkce(false)".to_owned());
        }
        if let Some(lifetime) = self.model.default_token_lifetime {
            let lifetime = match lifetime {
                TokenLifetime::Seconds(seconds) => {
                    format!("Some(Duration::new({}, 0))", grouped(seconds))
                }
                TokenLifetime::Never => "None".to_owned(),
            };
            calls.push(format!(".default_lifetime({lifetime})"));
        }
        let types = self.model.bearer_token_types.iter();
        calls.extend(types.map(|text| format!(".bearer_token_type({})", literal(text).0)));
        let codes = self.model.refresh_token_error_codes.iter();
        calls.extend(codes.map(|code| format!(".refresh_token_error_code({})", literal(code).0)));
        calls.extend(pairs("parameter", &self.model.parameters));
        let authorization = &self.model.authorization_parameters;
        calls.extend(pairs("authorization_parameter", authorization));
        calls.extend(pairs("endpoint_header", &self.model.endpoint_headers));
        calls.into_iter().map(Code::rendered).collect()
    }

    /// Whether the module needs `Duration`.
    pub(crate) fn uses_duration(&self) -> bool {
        let lifetime = self.model.default_token_lifetime;
        self.model.clock_skew
            || matches!(lifetime, Some(TokenLifetime::Seconds(_)))
            || self.model.assertion.is_some()
    }
}

fn pairs(method: &str, pairs: &[(String, String)]) -> impl Iterator<Item = String> {
    pairs
        .iter()
        .map(move |(name, value)| format!(".{method}({}, {})", literal(name).0, literal(value).0))
}

/// A number literal as clippy wants it: `86_400`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && digits.len() > 4 {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}
