//! The builder of a manager. It collects all settings, and `build` checks them once.

mod application;
mod check;
mod client;
mod sign_in;
mod store;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use self::check::{check_redirect_uri, check_refresh_token_error_codes};
use super::TokenManager;
use crate::clock::{Clock, SystemClock};
use crate::engine::{Authorization, Engine, Settings};
use crate::error::ConfigError;
use crate::grant::Grant;
use crate::policy::lifetime::DEFAULT_LIFETIME;
use crate::policy::limits::Limits;
use crate::policy::retry::RetryPolicy;
#[cfg(feature = "jwt")]
use crate::protocol::assertion::SigningKey;
use crate::protocol::authentication::ClientAuthentication;
use crate::protocol::headers;
use crate::protocol::request::{
    TokenRequestFormat, check_authorization_parameters, check_parameters,
};
use crate::provider::{TokenProvider, TokenUpdateCallback, UserSignIn};
use crate::store::TokenStore;
use crate::token::Token;
use crate::transport::{Transport, token_transport};

/// Selects who requests tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenFetch {
    /// The manager, when one is needed.
    #[default]
    Automatic,
    /// The application: it calls [`TokenManager::fetch_token`] and [`TokenManager::set_token`].
    Manual,
}

/// Builds a [`TokenManager`].
#[must_use]
pub struct TokenManagerBuilder {
    scheme: &'static str,
    grant: Grant,
    token_url: String,
    authorization_url: String,
    device_authorization_url: String,
    revocation_url: String,
    introspection_url: String,
    issuer: String,
    authorization: Authorization,
    client_id: Option<String>,
    client_secret: Option<SecretString>,
    credential_names: (&'static str, &'static str),
    field_names: &'static [(&'static str, &'static str)],
    authentication: ClientAuthentication,
    #[cfg(feature = "jwt")]
    signing_key: Option<SigningKey>,
    assertion_audience: Option<String>,
    scope: String,
    parameters: Vec<(String, String)>,
    token_request_format: TokenRequestFormat,
    endpoint_headers: Vec<(String, String)>,
    bearer_token_types: Vec<String>,
    refresh_token_error_codes: Vec<String>,
    clock_skew: Option<Duration>,
    default_lifetime: Option<Duration>,
    token: Option<Token>,
    token_fetch: TokenFetch,
    limits: Limits,
    provider: Option<TokenProvider<TokenManager>>,
    user_sign_in: Option<UserSignIn<TokenManager>>,
    callback: Option<TokenUpdateCallback>,
    store: Option<Arc<dyn TokenStore>>,
    store_account: String,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    allow_insecure_http: bool,
}

/// Shows no secrets, and neither the URL's query nor values of parameters, which may contain secrets.
impl fmt::Debug for TokenManagerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parameters: Vec<_> = self.parameters.iter().map(|(name, _)| name).collect();
        f.debug_struct("TokenManagerBuilder")
            .field("scheme", &self.scheme)
            .field("grant", &self.grant)
            .field("client_id", &self.client_id)
            .field("client_secret", &self.client_secret)
            .field("client_authentication", &self.authentication)
            .field("scope", &self.scope)
            .field("parameters", &parameters)
            .field("clock_skew", &self.clock_skew)
            .field("token", &self.token)
            .field("token_fetch", &self.token_fetch)
            .finish_non_exhaustive()
    }
}

impl TokenManagerBuilder {
    pub(super) fn new(scheme: &'static str) -> Self {
        Self {
            scheme,
            grant: Grant::default(),
            token_url: String::new(),
            authorization_url: String::new(),
            device_authorization_url: String::new(),
            revocation_url: String::new(),
            introspection_url: String::new(),
            issuer: String::new(),
            authorization: Authorization {
                redirect_uri: String::new(),
                pkce: true,
                parameters: Vec::new(),
            },
            client_id: None,
            client_secret: None,
            credential_names: ("client_id", "client_secret"),
            field_names: &[],
            authentication: ClientAuthentication::default(),
            #[cfg(feature = "jwt")]
            signing_key: None,
            assertion_audience: None,
            scope: String::new(),
            parameters: Vec::new(),
            token_request_format: TokenRequestFormat::default(),
            endpoint_headers: Vec::new(),
            bearer_token_types: Vec::new(),
            refresh_token_error_codes: Vec::new(),
            clock_skew: None,
            default_lifetime: Some(DEFAULT_LIFETIME),
            token: None,
            token_fetch: TokenFetch::default(),
            limits: Limits::DEFAULT,
            provider: None,
            user_sign_in: None,
            callback: None,
            store: None,
            store_account: String::new(),
            transport: None,
            clock: None,
            allow_insecure_http: false,
        }
    }

    /// Sets the grant. The default is [`Grant::ClientCredentials`].
    pub fn grant(mut self, grant: Grant) -> Self {
        self.grant = grant;
        self
    }

    /// Sets the URL of the token endpoint: https, or http to loopback. If an [`issuer`](Self::issuer) is set,
    /// endpoints that are not set are discovered.
    pub fn token_url(mut self, token_url: impl Into<String>) -> Self {
        self.token_url = token_url.into();
        self
    }

    /// Sets the scope to request, joined with spaces. An empty scope is left out of the request.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = scope.into();
        self
    }

    /// Adds a parameter to token requests, for example `audience` or `resource` (RFC 8707). Only these two may be
    /// added more than once, in form requests. An empty value is left out.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Sets the format of token requests. The default is a form. Requests to other endpoints (device authorization,
    /// revocation, introspection) are always forms.
    pub fn token_request_format(mut self, format: TokenRequestFormat) -> Self {
        self.token_request_format = format;
        self
    }

    /// Adds a header field to requests to the server's endpoints (token, device authorization, revocation,
    /// introspection), for example the version of its API. An empty value is left out. A value of eight characters or
    /// more may be a key, so it is masked in errors.
    pub fn endpoint_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.endpoint_headers.push((name.into(), value.into()));
        self
    }

    /// Adds a token type that this server uses for bearer tokens, in any letter case. Tokens of that type are stored
    /// as `Bearer`. Tokens of other types are refused.
    pub fn bearer_token_type(mut self, token_type: impl Into<String>) -> Self {
        self.bearer_token_types.push(token_type.into());
        self
    }

    /// Adds an error code with which this server refuses a refresh token, under any status. The refresh token is then
    /// dropped, and the user has to sign in if the grant has a user. The following are known without being added:
    /// `invalid_grant`, the codes of GitHub, `HubSpot`, Slack and Microsoft Entra, and a 400 without a code.
    ///
    /// ```
    /// # fn configure(builder: credsmith_runtime::TokenManagerBuilder) {
    /// let builder = builder.refresh_token_error_code("invalid_session");
    /// # }
    /// ```
    pub fn refresh_token_error_code(mut self, code: impl Into<String>) -> Self {
        self.refresh_token_error_codes.push(code.into());
        self
    }

    /// Sets how long before its expiry a token counts as expired. The default is 30 s, but at most a quarter of the
    /// token's lifetime. A value set here is limited to half of the lifetime.
    pub fn clock_skew(mut self, clock_skew: Duration) -> Self {
        self.clock_skew = Some(clock_skew);
        self
    }

    /// Sets the policy for repeating failed requests to the server, and for pauses after failures.
    pub fn retry_policy(mut self, retry_policy: RetryPolicy) -> Self {
        self.limits.retry = retry_policy;
        self
    }

    /// Sets the transport to the authorization server. The default depends on the features: see
    /// [`default_transport`](crate::default_transport).
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Sets the clock. The default is the machine's. With another clock, such as the `ManualClock` of the feature
    /// `test-util`, requests and callbacks run in the tasks of their callers instead of in the background, so that a
    /// test that advances the time always sees the same order.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Sets the lifetime that is assumed for a token without an expiry, if the manager can obtain another one. The
    /// default is one hour. With `None` such a token is used until the API refuses it, and so is a token whose
    /// `expires_in` is zero or less: some servers use zero for tokens that never expire.
    pub fn default_lifetime(mut self, default_lifetime: Option<Duration>) -> Self {
        self.default_lifetime = default_lifetime;
        self
    }

    /// Allows plain http to other machines, for requests to the authorization server and for API requests. It also
    /// allows requests whose URL has no host, such as `/things`: set it for a tower service that adds the host
    /// itself, and only if that service connects over TLS.
    pub fn allow_insecure_http(mut self, allow: bool) -> Self {
        self.allow_insecure_http = allow;
        self
    }

    /// Checks the settings and builds the manager. Sends nothing.
    ///
    /// # Errors
    ///
    /// Returns an error if a setting is invalid or missing. It names the setting.
    pub fn build(self) -> Result<TokenManager, ConfigError> {
        let scheme = self.scheme;
        let refuse = |problem: String| ConfigError::new(scheme, problem);
        let endpoints = self.endpoints().map_err(refuse)?;
        check_authorization_parameters(&self.authorization.parameters).map_err(refuse)?;
        check_redirect_uri(&self.authorization.redirect_uri).map_err(refuse)?;
        check_parameters(&self.parameters, self.token_request_format).map_err(refuse)?;
        let endpoint_headers = headers::read(&self.endpoint_headers).map_err(refuse)?;
        self.check_raw_basic().map_err(refuse)?;
        check_refresh_token_error_codes(&self.refresh_token_error_codes).map_err(refuse)?;
        self.check_store_account().map_err(refuse)?;
        self.limits.check().map_err(refuse)?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => token_transport().map_err(|error| refuse(with_cause(&error)))?,
        };
        let engine = Engine::new(Settings {
            scheme,
            endpoints,
            grant: self.grant,
            authentication: self.authentication,
            assertion_audience: self.assertion_audience,
            scope: self.scope,
            parameters: self.parameters,
            token_request_format: self.token_request_format,
            endpoint_headers,
            bearer_token_types: self.bearer_token_types.into(),
            authorization: self.authorization,
            #[cfg(feature = "jwt")]
            signing_key: self.signing_key,
            client_id: self.client_id,
            client_secret: self
                .client_secret
                .filter(|secret| !secret.expose_secret().is_empty()),
            credential_names: self.credential_names,
            field_names: self.field_names,
            refresh_token_error_codes: self.refresh_token_error_codes.into(),
            clock_skew: self.clock_skew,
            default_lifetime: self.default_lifetime,
            limits: Some(self.limits)
                .filter(|limits| *limits != Limits::DEFAULT)
                .map(Box::new),
            automatic: self.token_fetch == TokenFetch::Automatic,
            provider: self.provider,
            user_sign_in: self.user_sign_in,
            callback: self.callback,
            store_grants_leases: self
                .store
                .as_ref()
                .is_some_and(|store| store.leases().is_some()),
            store: self.store,
            store_account: self.store_account,
            transport_may_block: transport.may_block(),
            transport,
            is_machine_clock: self.clock.is_none(),
            clock: self.clock.unwrap_or_else(SystemClock::shared),
        });
        if let Some(token) = self.token {
            engine.begin_with(token);
        }
        Ok(TokenManager::new(engine))
    }
}

fn with_cause(error: &crate::TransportError) -> String {
    std::error::Error::source(error)
        .map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}
