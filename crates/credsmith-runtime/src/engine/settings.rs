//! The settings of a manager, which never change.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Uri};
use secrecy::SecretString;

use crate::clock::{Clock, CoarseTime, machine_coarse};
use crate::error::Endpoint;
use crate::grant::Grant;
use crate::manager::TokenManager;
use crate::policy::lifetime::Margin;
use crate::policy::limits::Limits;
#[cfg(feature = "jwt")]
use crate::protocol::assertion::SigningKey;
use crate::protocol::authentication::{ClientAuthentication, Credentials};
use crate::protocol::request::TokenRequestFormat;
use crate::protocol::response::TokenRules;
use crate::provider::{TokenProvider, TokenUpdateCallback, UserSignIn};
use crate::store::TokenStore;
use crate::token::Token;
use crate::transport::Transport;

#[expect(clippy::struct_excessive_bools, reason = "each is a setting")]
pub(crate) struct Settings {
    pub(crate) scheme: &'static str,
    pub(crate) endpoints: Endpoints,
    pub(crate) grant: Grant,
    pub(crate) authentication: ClientAuthentication,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<SecretString>,
    #[cfg(feature = "jwt")]
    pub(crate) signing_key: Option<SigningKey>,
    /// The audience of a client assertion, if it is not the token URL without its query.
    pub(crate) assertion_audience: Option<String>,
    pub(crate) scope: String,
    /// Extra parameters of token requests.
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) token_request_format: TokenRequestFormat,
    /// Header fields of the requests to endpoints.
    pub(crate) endpoint_headers: Option<Box<HeaderMap>>,
    /// Token types that count as Bearer.
    pub(crate) bearer_token_types: Box<[String]>,
    pub(crate) authorization: Authorization,
    pub(crate) credential_names: (&'static str, &'static str),
    /// The names of fields other than client id and secret in errors.
    pub(crate) field_names: &'static [(&'static str, &'static str)],
    /// Further codes with which this server refuses a refresh token.
    pub(crate) refresh_token_error_codes: Box<[String]>,
    pub(crate) clock_skew: Option<Duration>,
    pub(crate) default_lifetime: Option<Duration>,
    pub(crate) automatic: bool,
    /// The limits, if they differ from the defaults.
    pub(crate) limits: Option<Box<Limits>>,
    pub(crate) provider: Option<TokenProvider<TokenManager>>,
    pub(crate) user_sign_in: Option<UserSignIn<TokenManager>>,
    pub(crate) callback: Option<TokenUpdateCallback>,
    pub(crate) store: Option<Arc<dyn TokenStore>>,
    /// Whether the store grants leases. It is called once, since the call may block.
    pub(crate) store_grants_leases: bool,
    /// The account that the tokens belong to, among those that share the store.
    pub(crate) store_account: String,
    pub(crate) transport: Arc<dyn Transport>,
    /// Whether `transport` may block the thread that polls it.
    pub(crate) transport_may_block: bool,
    pub(crate) clock: Arc<dyn Clock>,
    /// Whether `clock` is the machine's, which can be read without a virtual call.
    pub(crate) is_machine_clock: bool,
}

/// The parameters of sign-in requests.
pub(crate) struct Authorization {
    pub(crate) redirect_uri: String,
    pub(crate) pkce: bool,
    pub(crate) parameters: Vec<(String, String)>,
}

/// The configured addresses. If there is an issuer, the others are discovered. Boxed, since most managers have one.
pub(crate) struct Endpoints {
    pub(crate) token: Option<Box<Address>>,
    pub(crate) authorization: Option<Box<Address>>,
    pub(crate) device_authorization: Option<Box<Address>>,
    pub(crate) revocation: Option<Box<Address>>,
    pub(crate) introspection: Option<Box<Address>>,
    pub(crate) issuer: Option<String>,
    pub(crate) allow_insecure_http: bool,
}

/// An address as configured, and parsed.
pub(crate) struct Address {
    pub(crate) given: String,
    pub(crate) uri: Uri,
}

impl Endpoints {
    pub(crate) fn configured(&self, endpoint: Endpoint) -> Option<&Address> {
        match endpoint {
            Endpoint::Token => self.token.as_deref(),
            Endpoint::Authorization => self.authorization.as_deref(),
            Endpoint::DeviceAuthorization => self.device_authorization.as_deref(),
            Endpoint::Revocation => self.revocation.as_deref(),
            Endpoint::Introspection => self.introspection.as_deref(),
            Endpoint::Metadata => None,
        }
    }
}

impl Settings {
    #[inline]
    pub(super) fn coarse(&self) -> CoarseTime {
        if self.is_machine_clock {
            machine_coarse()
        } else {
            self.clock.coarse()
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        self.limits.as_deref().unwrap_or(&Limits::DEFAULT)
    }

    /// Returns the client's credentials, or the names of the missing ones, including those of the grant.
    pub(crate) fn credentials(&self) -> Result<Credentials<'_>, Vec<&'static str>> {
        let missing = self.missing();
        if !missing.is_empty() {
            return Err(missing);
        }
        Ok(Credentials {
            client_id: self.client_id.as_deref().unwrap_or_default(),
            client_secret: self.client_secret.as_ref(),
            #[cfg(feature = "jwt")]
            signing_key: self.signing_key.as_ref(),
        })
    }

    fn missing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        if !self.has_client() {
            missing.push(self.credential_names.0);
        }
        if self.authentication.needs_secret() && self.client_secret.is_none() {
            missing.push(self.credential_names.1);
        }
        #[cfg(feature = "jwt")]
        if self.authentication == ClientAuthentication::PrivateKeyJwt && self.signing_key.is_none()
        {
            missing.push(self.name_of("private_key"));
        }
        let of_the_grant = self.grant.missing().into_iter();
        missing.extend(of_the_grant.map(|what| self.name_of(what)));
        missing
    }

    /// Returns the rules for reading the server's tokens.
    pub(super) fn token_rules(&self) -> TokenRules<'_> {
        TokenRules {
            bearer_token_types: &self.bearer_token_types,
            zero_lifetime_is_unknown: self.grant.needs_user() || self.default_lifetime.is_none(),
        }
    }

    /// Returns the format of requests to `endpoint`. Servers that require JSON require it for token requests only.
    pub(super) fn format_of(&self, endpoint: Endpoint) -> TokenRequestFormat {
        match endpoint {
            Endpoint::Token => self.token_request_format,
            _ => TokenRequestFormat::Form,
        }
    }

    pub(crate) fn has_client_id(&self) -> bool {
        self.client_id.as_ref().is_some_and(|id| !id.is_empty())
    }

    /// Returns whether there is a client id, or none is needed.
    fn has_client(&self) -> bool {
        let is_anonymous =
            self.authentication == ClientAuthentication::None && self.grant.may_be_anonymous();
        self.has_client_id() || is_anonymous
    }

    /// Returns the name of the field `what` in errors.
    pub(super) fn name_of(&self, what: &'static str) -> &'static str {
        let named = self.field_names.iter().find(|(name, _)| *name == what);
        named.map_or(what, |(_, name)| name)
    }

    /// Returns whether there are credentials other than a token.
    pub(crate) fn is_configured(&self) -> bool {
        let has_credentials = self.has_client() && self.grant.missing().is_empty();
        has_credentials || self.provider.is_some() || self.user_sign_in.is_some()
    }

    /// Returns whether another token can be obtained without the user, who is not part of a refresh ahead of time.
    pub(crate) fn can_refresh(&self, has_refresh_token: bool) -> bool {
        let by_itself =
            !self.grant.needs_user() || has_refresh_token && self.grant.takes_refresh_tokens();
        self.provider.is_some() || by_itself && self.missing().is_empty()
    }

    pub(super) fn margin(&self, token: &Token) -> Margin {
        Margin::new(self.clock_skew, token.lifetime())
    }
}
