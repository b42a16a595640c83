//! What headings and tables call a scheme.

use credsmith_spec::model::Grant;

use super::{KindPlan, SchemePlan};

impl SchemePlan<'_> {
    /// The kind of scheme, as headings name it.
    pub(crate) fn title(&self) -> &'static str {
        match &self.kind {
            KindPlan::OAuth2(oauth2) => grant(oauth2.grant()),
            KindPlan::Basic(_) => "HTTP Basic Authentication",
            KindPlan::Bearer => "Bearer Token",
            KindPlan::ApiKey(api_key) if api_key.keys.len() > 1 => "API Keys",
            KindPlan::ApiKey(_) => "API Key",
            KindPlan::Custom => "Custom Signature",
        }
    }
}

fn grant(grant: Grant) -> &'static str {
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
