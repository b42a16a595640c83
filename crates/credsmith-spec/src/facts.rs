//! Facts: which fields and endpoints a scheme has, and what it can do, by its type, its grant and its settings.
//!
//! This is the one place that knows. The checker asks it which names and settings have an effect, the plan which
//! fields and endpoints there are, the reference and the JSON Schema which keys belong where.

use crate::model::{ClientAuthentication, Grant, OAuth2, Presence, Scheme, SchemeKind, SchemeType};

/// A value that the credentials of a scheme hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The client id.
    ClientId,
    /// The client secret.
    ClientSecret,
    /// The private key that signs assertions, in PEM.
    PrivateKey,
    /// The id under which the server knows the private key.
    PrivateKeyId,
    /// The URI to which the server sends the browser back.
    RedirectUri,
    /// The user name.
    Username,
    /// The password.
    Password,
    /// The issuer of assertions.
    Issuer,
    /// The subject of assertions.
    Subject,
    /// The token to exchange.
    SubjectToken,
    /// A stored token.
    Token,
    /// The scopes to request.
    Scopes,
    /// The token provider.
    TokenProvider,
    /// The update callback.
    OnTokenUpdate,
    /// The function that asks the user to sign in.
    UserSignIn,
    /// The clock skew.
    ClockSkew,
    /// The token of a bearer scheme.
    AccessToken,
    /// An API key, by its position in the spec.
    Key(usize),
    /// A field of a custom scheme, by its position in the spec.
    Custom(usize),
}

/// An endpoint of an authorization server, or the issuer whose metadata lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// The authorization endpoint (RFC 6749 section 3.1).
    Authorization,
    /// The device authorization endpoint (RFC 8628 section 3.1).
    DeviceAuthorization,
    /// The token endpoint (RFC 6749 section 3.2).
    Token,
    /// The revocation endpoint (RFC 7009 section 2).
    Revocation,
    /// The introspection endpoint (RFC 7662 section 2).
    Introspection,
    /// The issuer (RFC 8414).
    Issuer,
}

/// The setting that keeps a scheme from having something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Because {
    /// Its type.
    Type,
    /// Its grant.
    Grant,
    /// Its client authentication, written or by the grant.
    ClientAuthentication,
    /// This key, which is missing or says no; if it is missing, `token_fetch` may be what says no.
    Key(&'static str),
}

/// The settings that decide what a scheme has. What is not known yet decides nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings<F> {
    /// The type.
    pub(crate) scheme_type: SchemeType,
    /// The grant.
    pub(crate) grant: Option<Grant>,
    /// The client authentication.
    pub(crate) authentication: Option<ClientAuthentication>,
    /// Whether a key is there and does not say no.
    pub(crate) has: F,
}

impl Field {
    /// All fields that `names.fields` can name, in the order of the documentation.
    pub const ALL: [Self; 17] = [
        Self::ClientId,
        Self::ClientSecret,
        Self::PrivateKey,
        Self::PrivateKeyId,
        Self::RedirectUri,
        Self::Username,
        Self::Password,
        Self::Issuer,
        Self::Subject,
        Self::SubjectToken,
        Self::Token,
        Self::Scopes,
        Self::TokenProvider,
        Self::OnTokenUpdate,
        Self::UserSignIn,
        Self::ClockSkew,
        Self::AccessToken,
    ];

    /// The key of `names.fields`. `None` for API keys and fields of custom schemes, whose names are in the spec.
    pub fn key(self) -> Option<&'static str> {
        Some(match self {
            Self::ClientId => "client_id",
            Self::ClientSecret => "client_secret",
            Self::PrivateKey => "private_key",
            Self::PrivateKeyId => "private_key_id",
            Self::RedirectUri => "redirect_uri",
            Self::Username => "username",
            Self::Password => "password",
            Self::Issuer => "issuer",
            Self::Subject => "subject",
            Self::SubjectToken => "subject_token",
            Self::Token => "token",
            Self::Scopes => "scopes",
            Self::TokenProvider => "token_provider",
            Self::OnTokenUpdate => "on_token_update",
            Self::UserSignIn => "user_sign_in",
            Self::ClockSkew => "clock_skew",
            Self::AccessToken => "access_token",
            Self::Key(_) | Self::Custom(_) => return None,
        })
    }

    /// Whether an environment variable can hold it: text that is not a token of the SDK's own, which belongs in a
    /// store.
    pub fn has_variable(self) -> bool {
        !matches!(
            self,
            Self::Token | Self::TokenProvider | Self::OnTokenUpdate | Self::UserSignIn
        )
    }

    /// Whether credentials of `scheme`, which has the field, are of no use without it.
    pub fn is_required(self, scheme: &SchemeKind) -> bool {
        match (self, scheme) {
            (Self::Password, SchemeKind::Basic(basic)) => basic.password == Presence::Required,
            (Self::Custom(index), SchemeKind::Custom(custom)) => custom
                .fields
                .get(index)
                .is_some_and(|field| !field.optional),
            _ => !matches!(
                self,
                Self::PrivateKeyId
                    | Self::Subject
                    | Self::Token
                    | Self::Scopes
                    | Self::TokenProvider
                    | Self::OnTokenUpdate
                    | Self::UserSignIn
                    | Self::ClockSkew
            ),
        }
    }

    /// Whether it is text that is kept and shown as a secret.
    pub fn is_secret(self, scheme: &SchemeKind) -> bool {
        match (self, scheme) {
            (Self::Username, SchemeKind::Basic(basic)) => basic.secret_username,
            (Self::Custom(index), SchemeKind::Custom(custom)) => {
                custom.fields.get(index).is_none_or(|field| field.secret)
            }
            _ => matches!(
                self,
                Self::ClientSecret
                    | Self::PrivateKey
                    | Self::Password
                    | Self::AccessToken
                    | Self::Key(_)
            ),
        }
    }
}

impl Endpoint {
    /// All endpoints, in the order of the documentation.
    pub const ALL: [Self; 6] = [
        Self::Authorization,
        Self::DeviceAuthorization,
        Self::Token,
        Self::Revocation,
        Self::Introspection,
        Self::Issuer,
    ];

    /// The key of a scheme that says where it is; URLs by environment have the same one with an `s`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Authorization => "authorization_url",
            Self::DeviceAuthorization => "device_authorization_url",
            Self::Token => "token_url",
            Self::Revocation => "revocation_url",
            Self::Introspection => "introspection_url",
            Self::Issuer => "issuer",
        }
    }
}

impl Grant {
    /// Whether tokens come from the token endpoint. The server gives those of the implicit grant to the browser.
    pub fn uses_token_endpoint(self) -> bool {
        self != Self::Implicit
    }

    /// Whether the user is sent to the authorization endpoint, and comes back to the redirect URI.
    pub fn uses_browser(self) -> bool {
        matches!(self, Self::AuthorizationCode | Self::Implicit)
    }

    /// Whether the user is shown a code to enter on another device.
    pub fn uses_device(self) -> bool {
        self == Self::DeviceCode
    }

    /// Whether the first token needs the user.
    pub fn asks_user(self) -> bool {
        self.uses_browser() || self.uses_device()
    }

    /// Whether the manager uses refresh tokens.
    pub fn uses_refresh_tokens(self) -> bool {
        matches!(
            self,
            Self::AuthorizationCode | Self::Password | Self::DeviceCode | Self::TokenExchange
        )
    }
}

impl ClientAuthentication {
    /// The client authentication of a grant unless the spec sets one. A signed assertion needs none beside it
    /// (RFC 7523 section 3.1), and without a token endpoint there is none.
    pub(crate) fn usual(grant: Grant) -> Self {
        match grant {
            Grant::JwtBearer | Grant::Implicit => Self::None,
            _ => Self::ClientSecretBasic,
        }
    }

    /// Whether the client has a secret.
    pub fn has_secret(self) -> bool {
        !matches!(self, Self::PrivateKeyJwt | Self::None)
    }
}

impl<F: Fn(&str) -> bool> Settings<F> {
    /// Why the credentials of the scheme do not have the field; `None` if they have it.
    pub(crate) fn lacks_field(&self, field: Field) -> Option<Because> {
        match (self.scheme_type, field) {
            (SchemeType::OAuth2, field) => self.oauth2_lacks(field),
            (SchemeType::Basic, Field::Username | Field::Password)
            | (SchemeType::Bearer, Field::AccessToken)
            | (SchemeType::ApiKey, Field::Key(_))
            | (SchemeType::Custom, Field::Custom(_)) => None,
            _ => Some(Because::Type),
        }
    }

    fn oauth2_lacks(&self, field: Field) -> Option<Because> {
        match field {
            Field::Token => None,
            // An issuer of assertions need not be a client that the server knows (RFC 7521 section 4.1).
            Field::ClientId => {
                let is_bearer = self.grant.is_some_and(|grant| grant == Grant::JwtBearer);
                let unknown = is_bearer && self.authentication == Some(ClientAuthentication::None);
                unknown.then_some(Because::ClientAuthentication)
            }
            Field::ClientSecret => self
                .unless(Grant::uses_token_endpoint)
                .or_else(|| self.unless_client(ClientAuthentication::has_secret)),
            Field::PrivateKey | Field::PrivateKeyId => match self.grant {
                Some(Grant::JwtBearer) => None,
                _ => self.unless(Grant::uses_token_endpoint).or_else(|| {
                    self.unless_client(|way| way == ClientAuthentication::PrivateKeyJwt)
                }),
            },
            Field::RedirectUri => self.unless(Grant::uses_browser),
            Field::Username | Field::Password => self.unless(|grant| grant == Grant::Password),
            Field::Issuer | Field::Subject => self.unless(|grant| grant == Grant::JwtBearer),
            Field::SubjectToken => self.unless(|grant| grant == Grant::TokenExchange),
            Field::Scopes => self.unless_key("scopes"),
            Field::TokenProvider => self.unless_key("token_provider"),
            Field::OnTokenUpdate => self.unless_key("on_token_update"),
            Field::UserSignIn => self
                .unless(Grant::asks_user)
                .or_else(|| self.unless_key("user_sign_in")),
            Field::ClockSkew => self.unless_key("clock_skew"),
            Field::AccessToken | Field::Key(_) | Field::Custom(_) => Some(Because::Type),
        }
    }

    /// Why the scheme does not have the endpoint; `None` if it has it, by its grant or since the spec names it. With
    /// an issuer, the server's metadata may name those that are not written.
    pub(crate) fn lacks_endpoint(&self, endpoint: Endpoint) -> Option<Because> {
        if self.scheme_type != SchemeType::OAuth2 {
            return Some(Because::Type);
        }
        match endpoint {
            Endpoint::Authorization => self.unless(Grant::uses_browser),
            Endpoint::DeviceAuthorization => self.unless(Grant::uses_device),
            Endpoint::Token => self.unless(Grant::uses_token_endpoint),
            Endpoint::Revocation | Endpoint::Introspection => {
                let key = self.unless_key(endpoint.key());
                key.filter(|_| !(self.has)("issuer"))
            }
            Endpoint::Issuer => self.unless_key("issuer"),
        }
    }

    fn unless(&self, has: impl Fn(Grant) -> bool) -> Option<Because> {
        let lacks = self.grant.is_some_and(|grant| !has(grant));
        lacks.then_some(Because::Grant)
    }

    fn unless_client(&self, has: impl Fn(ClientAuthentication) -> bool) -> Option<Because> {
        let lacks = self.authentication.is_some_and(|way| !has(way));
        lacks.then_some(Because::ClientAuthentication)
    }

    fn unless_key(&self, key: &'static str) -> Option<Because> {
        (!(self.has)(key)).then_some(Because::Key(key))
    }
}

impl Scheme {
    /// The fields of its credentials, in the order of the documentation.
    pub fn fields(&self) -> Vec<Field> {
        let oauth2 = |oauth2: &OAuth2| {
            let settings = oauth2.settings();
            let fields = Field::ALL.into_iter();
            fields
                .filter(|field| settings.lacks_field(*field).is_none())
                .collect()
        };
        match &self.kind {
            SchemeKind::OAuth2(scheme) => oauth2(scheme),
            SchemeKind::Basic(_) => vec![Field::Username, Field::Password],
            SchemeKind::Bearer => vec![Field::AccessToken],
            SchemeKind::ApiKey(api_key) => (0..api_key.keys.len()).map(Field::Key).collect(),
            SchemeKind::Custom(custom) => (0..custom.fields.len()).map(Field::Custom).collect(),
        }
    }
}

impl OAuth2 {
    /// The endpoints that it has, written or to be discovered, in the order of the documentation.
    pub fn endpoints(&self) -> Vec<Endpoint> {
        let settings = self.settings();
        let endpoints = Endpoint::ALL.into_iter();
        endpoints
            .filter(|endpoint| settings.lacks_endpoint(*endpoint).is_none())
            .collect()
    }

    /// Whether it signs with a private key.
    pub fn has_private_key(&self) -> bool {
        self.settings().lacks_field(Field::PrivateKey).is_none()
    }

    fn settings(&self) -> Settings<impl Fn(&str) -> bool + '_> {
        Settings {
            scheme_type: SchemeType::OAuth2,
            grant: Some(self.grant),
            authentication: Some(self.client_authentication),
            has: |key: &str| match key {
                "scopes" => self.scopes.is_some(),
                "token_provider" => self.token_provider,
                "on_token_update" => self.on_token_update,
                "user_sign_in" => self.user_sign_in,
                "clock_skew" => self.clock_skew,
                "revocation_url" => self.endpoints.revocation.is_some(),
                "introspection_url" => self.endpoints.introspection.is_some(),
                "issuer" => self.endpoints.issuer.is_some(),
                _ => false,
            },
        }
    }
}
