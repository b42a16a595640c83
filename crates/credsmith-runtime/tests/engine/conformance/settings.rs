//! The settings of a vector, and the manager they describe.

use std::sync::Arc;

#[cfg(feature = "jwt")]
use credsmith_runtime::SigningKey;
use credsmith_runtime::{
    ClientAuthentication, ManualClock, SecretString, TokenManagerBuilder, TokenRequestFormat,
};
use serde::Deserialize;

use crate::support::{Endpoint, bare};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    token_url: String,
    #[serde(default)]
    device_authorization_url: String,
    #[serde(default)]
    revocation_url: String,
    client_id: Option<String>,
    client_secret: Option<String>,
    client_authentication: Authentication,
    signing_key: Option<Key>,
    assertion_audience: Option<String>,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    parameters: Vec<(String, String)>,
    #[serde(default)]
    authorization_parameters: Vec<(String, String)>,
    #[serde(default)]
    token_request_format: Format,
    #[serde(default)]
    endpoint_headers: Vec<(String, String)>,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Authentication {
    ClientSecretBasic,
    ClientSecretBasicRaw,
    ClientSecretPost,
    PrivateKeyJwt,
    ClientSecretJwt,
    None,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    #[default]
    Form,
    Json,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(
    not(feature = "jwt"),
    expect(dead_code, reason = "only assertions have keys")
)]
pub(super) struct Key {
    algorithm: Algorithm,
    pub(super) key_id: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
enum Algorithm {
    #[serde(rename = "ES256")]
    Es256,
    #[serde(rename = "RS256")]
    Rs256,
}

impl Settings {
    /// Whether the client signs assertions, which takes the feature `jwt`.
    pub(super) fn needs_jwt(&self) -> bool {
        use Authentication::{ClientSecretJwt, PrivateKeyJwt};
        matches!(self.client_authentication, ClientSecretJwt | PrivateKeyJwt)
    }

    pub(super) fn builder(
        &self,
        endpoint: &Arc<Endpoint>,
        clock: &ManualClock,
    ) -> TokenManagerBuilder {
        let mut builder = bare(endpoint, clock)
            .token_url(&self.token_url)
            .device_authorization_url(&self.device_authorization_url)
            .revocation_url(&self.revocation_url)
            .client_authentication(self.client_authentication.into())
            .scope(&self.scope)
            .token_request_format(self.token_request_format.into());
        if let Some(id) = &self.client_id {
            builder = builder.client_id(id);
        }
        if let Some(secret) = &self.client_secret {
            builder = builder.client_secret(SecretString::from(secret.as_str()));
        }
        for (name, value) in &self.parameters {
            builder = builder.parameter(name, value);
        }
        for (name, value) in &self.authorization_parameters {
            builder = builder.authorization_parameter(name, value);
        }
        for (name, value) in &self.endpoint_headers {
            builder = builder.endpoint_header(name, value);
        }
        self.with_assertions(builder)
    }

    #[cfg(feature = "jwt")]
    fn with_assertions(&self, mut builder: TokenManagerBuilder) -> TokenManagerBuilder {
        if let Some(audience) = &self.assertion_audience {
            builder = builder.assertion_audience(audience);
        }
        match &self.signing_key {
            Some(key) => builder.signing_key(key.read()),
            None => builder,
        }
    }

    #[cfg(not(feature = "jwt"))]
    fn with_assertions(&self, builder: TokenManagerBuilder) -> TokenManagerBuilder {
        assert!(self.assertion_audience.is_none() && self.signing_key.is_none());
        builder
    }
}

impl From<Authentication> for ClientAuthentication {
    fn from(authentication: Authentication) -> Self {
        match authentication {
            Authentication::ClientSecretBasic => Self::ClientSecretBasic,
            Authentication::ClientSecretBasicRaw => Self::ClientSecretBasicRaw,
            Authentication::ClientSecretPost => Self::ClientSecretPost,
            Authentication::None => Self::None,
            #[cfg(feature = "jwt")]
            Authentication::PrivateKeyJwt => Self::PrivateKeyJwt,
            #[cfg(feature = "jwt")]
            Authentication::ClientSecretJwt => Self::ClientSecretJwt,
            #[cfg(not(feature = "jwt"))]
            _ => unreachable!("vectors with assertions are left out without the feature `jwt`"),
        }
    }
}

impl From<Format> for TokenRequestFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Form => Self::Form,
            Format::Json => Self::Json,
        }
    }
}

#[cfg(feature = "jwt")]
impl Key {
    /// A key of the algorithm: which one it is does not matter.
    pub(super) fn read(&self) -> SigningKey {
        use credsmith_token_server::keys::{P256, RSA};
        let pem = match self.algorithm {
            Algorithm::Es256 => P256,
            Algorithm::Rs256 => RSA,
        };
        let key = SigningKey::from_pem(&pem.into()).unwrap();
        match &self.key_id {
            Some(key_id) => key.with_key_id(key_id),
            None => key,
        }
    }
}
