//! The checked spec: what code and pages are generated from.
//!
//! Everything here has passed the rules. Names that a target derives are not here: only the words
//! they come from, and the ones set by hand. What may still clash, when a target derives names
//! from it, keeps its place for the diagnostic.

use crate::keyword::keywords;
use crate::located::Located;

/// A spec that broke no rule.
#[derive(Debug)]
pub struct Spec {
    /// The SDK.
    pub sdk: Sdk,
    /// Its schemes, in the order of the text; at least one.
    pub schemes: Vec<Scheme>,
    /// What operations need, by group, in the order of the text but `default` first, which is always
    /// there.
    pub security: Vec<SecurityGroup>,
}

/// What the operations of one group need.
#[derive(Debug)]
pub struct SecurityGroup {
    /// Its name; its place is that of `schemes` where the spec has no `security`.
    pub name: Located<String>,
    /// What its operations have in common.
    pub description: Option<String>,
    /// Either of these, the first one preferred: indices into [`Spec::schemes`] of the schemes that
    /// are needed together. At least one; one without schemes needs nothing.
    pub alternatives: Vec<Vec<usize>>,
}

/// The SDK that the generated modules belong to.
#[derive(Debug)]
pub struct Sdk {
    /// Name of the API or the company.
    pub name: Located<String>,
    /// What the API is.
    pub description: Option<String>,
    /// Type name of the client, set by hand.
    pub client: Option<Located<String>>,
    /// How `OAuth` is split in names.
    pub getter_style: GetterStyle,
    /// More words that are never split.
    pub unsplit_words: Vec<String>,
    /// Environments, the default one first; may be empty.
    pub environments: Vec<Environment>,
    /// Settings of the Rust output.
    pub rust: Rust,
    /// Names that all schemes share, by paths such as `sdk.names.token`.
    pub names: Overrides,
}

/// An environment of the API.
#[derive(Debug)]
pub struct Environment {
    /// Its name.
    pub name: Located<String>,
    /// Name of its variant, set by hand.
    pub variant: Option<Located<String>>,
    /// What it is for.
    pub description: Option<String>,
}

/// Settings of the Rust output.
#[derive(Debug, Default)]
pub struct Rust {
    /// Crate or module path that examples import from, set by hand.
    pub crate_name: Option<Located<String>>,
    /// Whose client it is.
    pub client: ClientSource,
    /// Whether there is a blocking client.
    pub blocking: bool,
    /// Exact names, by the paths of what has them.
    pub names: Vec<(Located<String>, Located<String>)>,
}

/// Names that the author set, by the paths of their keys: `names.fields.client_id`.
#[derive(Debug, Default)]
pub struct Overrides(Vec<(String, Located<String>)>);

impl Overrides {
    /// The name at a path.
    pub fn get(&self, path: &str) -> Option<&Located<String>> {
        let mut names = self.iter();
        names
            .find(|(known, _)| *known == path)
            .map(|(_, name)| name)
    }

    /// All of them, with their paths, in the order of the documentation.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Located<String>)> {
        self.0.iter().map(|(path, name)| (path.as_str(), name))
    }
}

impl FromIterator<(String, Located<String>)> for Overrides {
    fn from_iter<I: IntoIterator<Item = (String, Located<String>)>>(names: I) -> Self {
        Self(names.into_iter().collect())
    }
}

/// One authentication scheme.
#[derive(Debug)]
pub struct Scheme {
    /// Its name in the API's documentation.
    pub name: Located<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What it does.
    pub kind: SchemeKind,
    /// Names of what it generates, by paths such as `names.fields.client_id`.
    pub names: Overrides,
}

/// What a scheme does.
#[derive(Debug)]
pub enum SchemeKind {
    /// OAuth 2.0 (RFC 6749).
    OAuth2(Box<OAuth2>),
    /// A user name and a password (RFC 7617).
    Basic(Basic),
    /// A token that the application has (RFC 6750).
    Bearer,
    /// API keys.
    ApiKey(ApiKey),
    /// Requests are signed by code of the SDK.
    Custom(Custom),
}

/// A scheme of HTTP Basic.
#[derive(Debug)]
pub struct Basic {
    /// Whether the application has to give a password; where it gives none, an empty one is sent.
    pub password: Presence,
    /// Whether the user name is kept and shown as a secret.
    pub secret_username: bool,
}

/// A scheme of API keys, which are sent together.
#[derive(Debug)]
pub struct ApiKey {
    /// The keys; at least one.
    pub keys: Vec<Key>,
}

/// One API key.
#[derive(Debug)]
pub struct Key {
    /// The name it is sent under: a token (RFC 9110 section 5.6.2) in headers and cookies, any text
    /// in a query.
    pub wire_name: Located<String>,
    /// Where in the request it goes.
    pub place: Place,
    /// Name of its field, set by hand.
    pub field: Option<Located<String>>,
    /// What is sent before the value, white space included; mostly empty.
    pub prefix: String,
    /// What the key is.
    pub description: Option<String>,
}

impl Key {
    /// What the key sets in a request: the place and, as names of headers are the same in any case,
    /// those in lower case, the name.
    pub(crate) fn slot(&self) -> (Place, String) {
        let name = &self.wire_name.value;
        let name = match self.place {
            Place::Header => name.to_ascii_lowercase(),
            Place::Query | Place::Cookie => name.clone(),
        };
        (self.place, name)
    }
}

/// A scheme whose requests are signed by code of the SDK.
#[derive(Debug)]
pub struct Custom {
    /// What the application gives; at least one.
    pub fields: Vec<CustomField>,
}

/// One field of a custom scheme.
#[derive(Debug)]
pub struct CustomField {
    /// Its name.
    pub name: Located<String>,
    /// Whether it is kept and shown as a secret.
    pub secret: bool,
    /// Whether the application may leave it out.
    pub optional: bool,
    /// What it is.
    pub description: Option<String>,
}

/// An OAuth 2.0 scheme.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the spec"
)]
pub struct OAuth2 {
    /// How tokens are obtained.
    pub grant: Grant,
    /// Where the server is.
    pub endpoints: Endpoints,
    /// How the client authenticates at the token endpoint (RFC 6749 section 2.3).
    pub client_authentication: ClientAuthentication,
    /// How id and secret are written into the `Basic` header.
    pub basic_encoding: BasicEncoding,
    /// How the parameters of the token request are written.
    pub token_request_format: TokenRequestFormat,
    /// How authorization codes are bound to who asked for them; `None` for grants without codes.
    pub pkce: Pkce,
    /// Who fetches tokens.
    pub token_fetch: TokenFetch,
    /// Whether the application may supply tokens.
    pub token_provider: bool,
    /// Whether the application can be told about new tokens.
    pub on_token_update: bool,
    /// Whether the application can set the clock skew.
    pub clock_skew: bool,
    /// Whether the application may supply what asks the user; only for grants that need one.
    pub user_sign_in: bool,
    /// How long a token is used when the server does not say how long it lives.
    pub default_token_lifetime: Option<TokenLifetime>,
    /// Types of tokens that are sent as bearer tokens beside those of the type `Bearer` itself.
    pub bearer_token_types: Vec<String>,
    /// Extra parameters of the token request, `audience` included.
    pub parameters: Vec<(String, String)>,
    /// Error codes by which the server refuses a refresh token, beside the known ones.
    pub refresh_token_error_codes: Vec<String>,
    /// Extra parameters of the authorization request.
    pub authorization_parameters: Vec<(String, String)>,
    /// Header fields of the requests to endpoints.
    pub endpoint_headers: Vec<(String, String)>,
    /// The assertion; there for [`Grant::JwtBearer`] alone.
    pub assertion: Option<Assertion>,
    /// The exchange; there for [`Grant::TokenExchange`] alone.
    pub exchange: Option<Exchange>,
    /// The scopes, if the scheme has any.
    pub scopes: Option<Scopes>,
}

/// How long a token is used when the server does not say how long it lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenLifetime {
    /// So many seconds.
    Seconds(u64),
    /// Until the API answers 401.
    Never,
}

/// Where an authorization server is. What the grant needs is here or, where there is an issuer,
/// discovered.
#[derive(Debug, Default)]
pub struct Endpoints {
    /// The token endpoint (RFC 6749 section 3.2).
    pub token: Option<Urls>,
    /// The authorization endpoint (RFC 6749 section 3.1).
    pub authorization: Option<Urls>,
    /// The device authorization endpoint (RFC 8628 section 3.1).
    pub device_authorization: Option<Urls>,
    /// The revocation endpoint (RFC 7009 section 2).
    pub revocation: Option<Urls>,
    /// The introspection endpoint (RFC 7662 section 2).
    pub introspection: Option<Urls>,
    /// The issuer, whose metadata has the other endpoints (RFC 8414).
    pub issuer: Option<String>,
    /// Whether plain `http` beyond loopback was asked for.
    pub allow_insecure: bool,
}

/// The URLs of one endpoint.
#[derive(Debug)]
pub enum Urls {
    /// The same in all environments.
    Everywhere(String),
    /// One for each environment, in the order of [`Sdk::environments`].
    PerEnvironment(Vec<String>),
}

/// The assertion that a JWT bearer grant makes (RFC 7523 section 2.1).
#[derive(Debug)]
pub struct Assertion {
    /// Whom it is for; the token URL unless set.
    pub audience: Option<String>,
    /// Whether the scopes are a claim of it, and no parameter of the request.
    pub scope_claim: bool,
    /// Seconds until it expires.
    pub lifetime: u64,
}

/// What a token exchange says of its tokens (RFC 8693 section 2.1).
#[derive(Debug)]
pub struct Exchange {
    /// The type of the token that is given.
    pub subject_token_type: String,
    /// The type of the token that is wanted.
    pub requested_token_type: Option<String>,
}

/// The scopes of a scheme.
#[derive(Debug)]
pub struct Scopes {
    /// Type name, set by hand.
    pub enum_name: Option<Located<String>>,
    /// Module, set by hand.
    pub module: Option<Located<String>>,
    /// What separates them in the request.
    pub separator: String,
    /// Requested when the application names none: indices into `values`.
    pub default: Vec<usize>,
    /// The scopes; at least one.
    pub values: Vec<Scope>,
}

/// One scope.
#[derive(Debug)]
pub struct Scope {
    /// As it goes over the wire (RFC 6749 section 3.3).
    pub value: Located<String>,
    /// Name set by hand.
    pub name: Option<Located<String>>,
    /// What it grants.
    pub description: Option<String>,
}

keywords! {
    /// How `OAuth` is split in names.
    GetterStyle, "getter style" {
        Oauth = "oauth": "`OAuthToken` becomes `oauth_token`.",
        OAuth = "o_auth": "`OAuthToken` becomes `o_auth_token`.",
    }
}

keywords! {
    /// Whose client it is.
    #[derive(Default)]
    ClientSource, "client" {
        #[default]
        Generated = "generated": "A client type is generated.",
        External = "external": "The SDK has its own client; what it plugs in is generated.",
    }
    elsewhere {
        "true" => "write `generated`",
        "false" => "write `external`",
    }
}

keywords! {
    /// Kind of a scheme.
    SchemeType, "scheme type" {
        OAuth2 = "oauth2": "OAuth 2.0, RFC 6749.",
        Basic = "basic": "A user name and a password in the header `Authorization`, RFC 7617.",
        Bearer = "bearer": "A token that the application has, in the header `Authorization`, RFC 6750.",
        ApiKey = "api_key": "API keys in headers, the query or cookies.",
        Custom = "custom": "Requests are signed by code that the SDK's author writes.",
    }
    elsewhere {
        "http" => "write `basic` or `bearer`; other schemes of HTTP are `custom`",
        "openIdConnect" | "oidc" => "write `oauth2`, and give the scheme a `grant` and the server's `issuer`",
        "http_basic" => "write `basic`",
        "http_bearer" | "jwt" | "token" => "write `bearer`",
        "digest" | "hmac" | "signature" => "write `custom`: the SDK signs such requests itself",
        "mutualTLS" | "mtls" => "leave the scheme out: client certificates belong to the SDK's transport",
    }
}

keywords! {
    /// How tokens are obtained.
    Grant, "grant" {
        ClientCredentials = "client_credentials": "The client uses its own credentials, RFC 6749 section 4.4.",
        AuthorizationCode = "authorization_code": "The user allows access in the browser, RFC 6749 section 4.1.",
        Password = "password": "The client is given the user's password, RFC 6749 section 4.3. Retired by RFC 9700 section 2.4.",
        Implicit = "implicit": "The browser hands the token to the client, RFC 6749 section 4.2. Retired by RFC 9700 section 2.1.2.",
        DeviceCode = "device_code": "The user allows access on another device, RFC 8628.",
        JwtBearer = "jwt_bearer": "The client signs an assertion, RFC 7523.",
        TokenExchange = "token_exchange": "The client has a token and is given another for it, RFC 8693.",
    }
    elsewhere {
        "accessCode" | "code" => "write `authorization_code`",
        "application" => "write `client_credentials`",
        "device" | "urn:ietf:params:oauth:grant-type:device_code" => "write `device_code`",
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => "write `jwt_bearer`",
        "urn:ietf:params:oauth:grant-type:token-exchange" => "write `token_exchange`",
        "refresh_token" => "write the grant that the first token comes from: refresh tokens are used wherever there are any",
    }
}

keywords! {
    /// How the client authenticates at the token endpoint, by the names registered for RFC 7591.
    ClientAuthentication, "client authentication" {
        ClientSecretBasic = "client_secret_basic": "HTTP Basic, RFC 6749 section 2.3.1.",
        ClientSecretPost = "client_secret_post": "Client id and secret in the request body, RFC 6749 section 2.3.1.",
        ClientSecretJwt = "client_secret_jwt": "An assertion signed with the client secret, RFC 7523 section 2.2.",
        PrivateKeyJwt = "private_key_jwt": "An assertion signed with a private key, RFC 7523 section 2.2.",
        None = "none": "The client id alone: a public client.",
    }
    elsewhere {
        "basic" | "header" => "write `client_secret_basic`",
        "post" | "body" => "write `client_secret_post`",
        "false" | "public" => "write `none`",
    }
}

keywords! {
    /// How client id and secret are written into the `Basic` header.
    BasicEncoding, "basic encoding" {
        Form = "form": "Form-encoded first, as RFC 6749 section 2.3.1 wants it.",
        Raw = "raw": "As they are, for servers that do not decode them.",
    }
}

keywords! {
    /// How the parameters of the token request are written.
    TokenRequestFormat, "token request format" {
        Form = "form": "A form, as RFC 6749 appendix B wants it.",
        Json = "json": "A JSON object whose members are strings, for servers that want it instead.",
    }
    elsewhere {
        "application/json" => "write `json`",
        "application/x-www-form-urlencoded" | "urlencoded" => "write `form`",
        "multipart/form-data" => "write `form`; RFC 6749 appendix B has it URL-encoded",
    }
}

keywords! {
    /// Who fetches tokens.
    TokenFetch, "token fetch" {
        Automatic = "automatic": "The manager fetches and renews tokens when requests need them.",
        Manual = "manual": "Nothing is fetched behind the application's back: it calls `fetch_token` and hands the token in.",
    }
    elsewhere {
        "true" | "auto" => "write `automatic`",
        "false" => "write `manual`",
    }
}

keywords! {
    /// How an authorization code is bound to who asked for it (RFC 7636).
    Pkce, "PKCE method" {
        S256 = "s256": "By the SHA-256 hash of a secret made for each request, RFC 7636 section 4.2.",
        None = "none": "Not at all, for servers that refuse what they do not know.",
    }
    elsewhere {
        "true" | "yes" | "on" | "required" | "sha256" => "write `s256`",
        "false" | "no" | "off" | "disabled" => "write `none`",
        "plain" => "write `s256`, which every server with PKCE takes (RFC 7636 section 4.2)",
    }
}

keywords! {
    /// Whether something has to be given.
    Presence, "presence" {
        Required = "required": "It has to be given.",
        Optional = "optional": "It may be left out; an empty one is sent then.",
    }
    elsewhere {
        "true" => "write `required`",
        "false" => "write `optional`",
    }
}

keywords! {
    /// Where in the request an API key goes.
    #[derive(PartialOrd, Ord)]
    Place, "place" {
        Header = "header": "A header field.",
        Query = "query": "A parameter in the URL's query.",
        Cookie = "cookie": "A cookie.",
    }
}
