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
    /// Shared names, set by hand.
    pub names: SdkNames,
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
}

/// Names of items that all schemes share, set by hand.
#[derive(Debug, Default)]
pub struct SdkNames {
    /// The token's type.
    pub token: Option<Located<String>>,
    /// The token endpoint's error type.
    pub provider_error: Option<Located<String>>,
    /// The client configuration's type.
    pub config: Option<Located<String>>,
    /// The environments' type.
    pub environment: Option<Located<String>>,
    /// Beginning of environment variables.
    pub env_prefix: Option<Located<String>>,
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
    /// Names set by hand.
    pub names: SchemeNames,
}

/// What a scheme does.
#[derive(Debug)]
pub enum SchemeKind {
    /// OAuth 2.0 (RFC 6749).
    OAuth2(Box<OAuth2>),
}

/// An OAuth 2.0 scheme.
#[derive(Debug)]
pub struct OAuth2 {
    /// How tokens are obtained.
    pub grant: Grant,
    /// The token endpoint (RFC 6749 section 3.2).
    pub token_endpoint: TokenEndpoint,
    /// How the client authenticates there (RFC 6749 section 2.3).
    pub client_authentication: ClientAuthentication,
    /// How id and secret are written into the `Basic` header.
    pub basic_encoding: BasicEncoding,
    /// Who fetches tokens.
    pub token_fetch: TokenFetch,
    /// Whether the application may supply tokens.
    pub token_provider: bool,
    /// Whether the application can be told about new tokens.
    pub on_token_update: bool,
    /// Whether the application can set the clock skew.
    pub clock_skew: bool,
    /// Seconds a token is used when the server does not say how long it lives.
    pub default_token_lifetime: Option<u64>,
    /// Extra parameters of the token request, `audience` included.
    pub parameters: Vec<(String, String)>,
    /// The scopes, if the scheme has any.
    pub scopes: Option<Scopes>,
}

/// Where the token endpoint is.
#[derive(Debug)]
pub struct TokenEndpoint {
    /// One URL for all environments, or one for each in the order of [`Sdk::environments`].
    pub urls: TokenUrls,
    /// Whether plain `http` beyond loopback was asked for.
    pub allow_insecure: bool,
}

/// Token URLs.
#[derive(Debug)]
pub enum TokenUrls {
    /// The same in all environments.
    Everywhere(String),
    /// One for each environment, in their order.
    PerEnvironment(Vec<String>),
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

/// Names of what one scheme generates, set by hand.
#[derive(Debug, Default)]
pub struct SchemeNames {
    /// The credentials' type.
    pub credentials: Option<Located<String>>,
    /// The client's parameter.
    pub parameter: Option<Located<String>>,
    /// The manager's type.
    pub manager: Option<Located<String>>,
    /// The client's accessor of the manager.
    pub accessor: Option<Located<String>>,
    /// The client's parameter for another token URL.
    pub token_url: Option<Located<String>>,
    /// The module and the page.
    pub module: Option<Located<String>>,
    /// Beginning of environment variables.
    pub env_prefix: Option<Located<String>>,
    /// Single fields.
    pub fields: FieldNames,
}

/// Names of single fields of the credentials, set by hand.
#[derive(Debug, Default)]
pub struct FieldNames {
    /// The client id.
    pub client_id: Option<Located<String>>,
    /// The client secret.
    pub client_secret: Option<Located<String>>,
    /// The token.
    pub token: Option<Located<String>>,
    /// The scopes.
    pub scopes: Option<Located<String>>,
    /// The token provider.
    pub token_provider: Option<Located<String>>,
    /// The update callback.
    pub on_token_update: Option<Located<String>>,
    /// The clock skew.
    pub clock_skew: Option<Located<String>>,
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
}

keywords! {
    /// Kind of a scheme.
    SchemeType, "scheme type" {
        OAuth2 = "oauth2": "OAuth 2.0, RFC 6749.",
    }
}

keywords! {
    /// How tokens are obtained.
    Grant, "grant" {
        ClientCredentials = "client_credentials": "The client uses its own credentials, RFC 6749 section 4.4.",
    }
}

keywords! {
    /// How the client authenticates at the token endpoint, by the names registered for RFC 7591.
    ClientAuthentication, "client authentication" {
        ClientSecretBasic = "client_secret_basic": "HTTP Basic, RFC 6749 section 2.3.1.",
        ClientSecretPost = "client_secret_post": "Client id and secret in the request body, RFC 6749 section 2.3.1.",
        None = "none": "The client id alone: a public client.",
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
    /// Who fetches tokens.
    TokenFetch, "token fetch" {
        Automatic = "automatic": "The manager fetches and renews tokens when requests need them.",
        Manual = "manual": "Nothing is fetched behind the application's back: it calls `fetch_token` and hands the token in.",
    }
}
