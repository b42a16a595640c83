//! One entry of `schemes`.

use super::{Entries, Line, Prose, Required, ScopeValue, Separator, Url, Word, mapping};
use crate::located::Located;
use crate::model::{BasicEncoding, ClientAuthentication, Grant, SchemeType, TokenFetch};

mapping! {
    /// One authentication scheme.
    #[schemars(
        rename = "Scheme",
        extend("oneOf" = [{ "required": ["token_url"] }, { "required": ["token_urls"] }])
    )]
    RawScheme {
        /// Kind of the scheme.
        #[schemars(extend("examples" = ["oauth2"]))]
        "type" => scheme_type: Required<Word<SchemeType>>,
        /// How tokens are obtained.
        #[schemars(extend("examples" = ["client_credentials"]))]
        "grant" => grant: Required<Word<Grant>>,
        /// What the scheme is for, for the documentation. It is shown as it is written: nothing in it
        /// is markup.
        #[schemars(extend("examples" = ["Client credentials for the ThingSpace APIs."]))]
        "description" => description: Option<Prose>,
        /// The token endpoint: an absolute `https` URL without user info and fragment (plain `http`
        /// on loopback).
        #[schemars(extend("examples" = ["https://api.example.com/oauth2/token"]))]
        "token_url" => token_url: Option<Url>,
        /// The token endpoint of each environment, by the names in `sdk.environments`; instead of
        /// `token_url`.
        #[schemars(extend("examples" = [{ "sandbox": "https://sandbox.example.com/token", "production": "https://api.example.com/token" }]))]
        "token_urls" => token_urls: Option<Entries<Url>>,
        /// Allows plain `http` token URLs beyond loopback. Secrets then cross the network in clear
        /// text. Default: `false`.
        #[schemars(extend("default" = false))]
        "allow_insecure_token_url" => allow_insecure: Option<Located<bool>>,
        /// How the client authenticates at the token endpoint, by its registered name. Default:
        /// `client_secret_basic`.
        #[schemars(extend("default" = "client_secret_basic"))]
        "client_authentication" => client_authentication: Option<Word<ClientAuthentication>>,
        /// How client id and secret are written into the `Basic` header. Default: `form`.
        #[schemars(extend("default" = "form"))]
        "basic_encoding" => basic_encoding: Option<Word<BasicEncoding>>,
        /// Who fetches tokens. Default: `automatic`.
        #[schemars(extend("default" = "automatic"))]
        "token_fetch" => token_fetch: Option<Word<TokenFetch>>,
        /// Whether the application may supply tokens from a store of its own. Default: `true` when
        /// tokens are fetched automatically.
        #[schemars(extend("examples" = [false]))]
        "token_provider" => token_provider: Option<Located<bool>>,
        /// Whether the application can be told about each new token. Default: `true` when tokens are
        /// fetched automatically.
        #[schemars(extend("examples" = [false]))]
        "on_token_update" => on_token_update: Option<Located<bool>>,
        /// Whether the application can set the clock skew. Default: `true` when tokens are fetched
        /// automatically.
        #[schemars(extend("examples" = [false]))]
        "clock_skew" => clock_skew: Option<Located<bool>>,
        /// Seconds that a token is used when the server does not say how long it lives. Default: one
        /// hour, and it is renewed when the API answers 401.
        #[schemars(range(min = 1, max = 315_360_000), extend("examples" = [3600]))]
        "default_token_lifetime" => default_token_lifetime: Option<Located<u64>>,
        /// The API that tokens are requested for, sent as `audience`.
        #[schemars(extend("examples" = ["https://api.example.com"]))]
        "audience" => audience: Option<Line>,
        /// More parameters of the token request, by name. Default: none.
        #[schemars(extend("examples" = [{ "resource": "https://api.example.com" }]))]
        "parameters" => parameters: Option<Entries<Line>>,
        /// The scopes that can be requested. Default: none.
        "scopes" => scopes: Option<RawScopes>,
        /// Names of generated items, where the derived ones do not fit. Default: the derived names.
        "names" => names: Option<RawSchemeNames>,
    }
}

mapping! {
    /// The scopes of a scheme.
    #[schemars(rename = "Scopes")]
    RawScopes {
        /// Type name of the scopes. Default: `OauthScope` or `OAuthScope`, the scheme, and `Enum`.
        #[schemars(extend("examples" = ["OauthScopeEnum"]))]
        "enum" => enum_name: Option<Line>,
        /// Name of the module that holds them. Default: the type's name in snake case.
        #[schemars(extend("examples" = ["oauth_scope_enum"]))]
        "module" => module: Option<Line>,
        /// What separates scopes in the token request. Default: one space, as RFC 6749 section 3.3
        /// wants it.
        #[schemars(extend("default" = " "))]
        "separator" => separator: Option<Separator>,
        /// Scopes that are requested when the application names none, by their wire values. Default:
        /// none.
        #[schemars(extend("examples" = [["discovery:read"]]))]
        "default" => default: Option<Located<Vec<ScopeValue>>>,
        /// The scopes, in the order of the documentation; at least one.
        #[schemars(length(min = 1))]
        #[schemars(extend("examples" = [[{ "value": "discovery:read" }, { "value": "ts.mec.fullaccess" }]]))]
        "values" => values: Required<Located<Vec<RawScope>>>,
    }
}

mapping! {
    /// One scope.
    #[schemars(rename = "Scope")]
    RawScope {
        /// The scope as it goes over the wire.
        #[schemars(extend("examples" = ["discovery:read"]))]
        "value" => value: Required<ScopeValue>,
        /// Name of the scope in tables and, in each language's case, of its member. Default: from
        /// `value`.
        #[schemars(extend("examples" = ["DISCOVERYREAD"]))]
        "name" => name: Option<Line>,
        /// What the scope grants, for the documentation.
        #[schemars(extend("examples" = ["Read-only access to discovery data"]))]
        "description" => description: Option<Prose>,
    }
}

mapping! {
    /// Names of what one scheme generates.
    #[schemars(rename = "SchemeNames")]
    RawSchemeNames {
        /// Type name of the credentials. Default: the scheme and `Credentials`.
        #[schemars(extend("examples" = ["ClientCredentialsAuthCredentials"]))]
        "credentials" => credentials: Option<Line>,
        /// Name of the client's parameter that takes the credentials. Default: the scheme and
        /// `credentials`, or `credentials` set by hand, in snake case.
        #[schemars(extend("examples" = ["oauth_2_credentials"]))]
        "parameter" => parameter: Option<Line>,
        /// Type name of the token manager. Default: the scheme and `Manager`.
        #[schemars(extend("examples" = ["AuthManager"]))]
        "manager" => manager: Option<Line>,
        /// Name of the client's method that gives the manager. Default: the scheme in snake case.
        #[schemars(extend("examples" = ["oauth_2"]))]
        "accessor" => accessor: Option<Line>,
        /// Name of the client's parameter that takes another token URL. Default: `accessor` and
        /// `token_url`.
        #[schemars(extend("examples" = ["oauth_2_token_url"]))]
        "token_url" => token_url: Option<Line>,
        /// Name of the module and the page. Default: the scheme in snake case.
        #[schemars(extend("examples" = ["o_auth_2"]))]
        "module" => module: Option<Line>,
        /// Beginning of the names of environment variables. Default: that of the SDK, and the
        /// scheme, in capitals.
        #[schemars(extend("examples" = ["ACME_AUTH"]))]
        "env_prefix" => env_prefix: Option<Line>,
        /// Names of the getters, setters and parameters of single fields. Default: the derived names.
        "fields" => fields: Option<RawFieldNames>,
    }
}

mapping! {
    /// Names of single fields of the credentials, where the derived ones do not fit.
    #[schemars(rename = "FieldNames")]
    RawFieldNames {
        /// The client id. Default: `oauth_client_id` or `o_auth_client_id`.
        #[schemars(extend("examples" = ["client_key"]))]
        "client_id" => client_id: Option<Line>,
        /// The client secret. Default: `oauth_client_secret` or `o_auth_client_secret`.
        #[schemars(extend("examples" = ["client_password"]))]
        "client_secret" => client_secret: Option<Line>,
        /// The stored token. Default: `oauth_token` or `o_auth_token`.
        #[schemars(extend("examples" = ["access_token"]))]
        "token" => token: Option<Line>,
        /// The scopes to request. Default: `oauth_scopes` or `o_auth_scopes`.
        #[schemars(extend("examples" = ["permissions"]))]
        "scopes" => scopes: Option<Line>,
        /// The token provider. Default: `oauth_token_provider` or `o_auth_token_provider`.
        #[schemars(extend("examples" = ["token_source"]))]
        "token_provider" => token_provider: Option<Line>,
        /// The update callback. Default: `oauth_on_token_update` or `o_auth_on_token_update`.
        #[schemars(extend("examples" = ["on_new_token"]))]
        "on_token_update" => on_token_update: Option<Line>,
        /// The clock skew. Default: `oauth_clock_skew` or `o_auth_clock_skew`.
        #[schemars(extend("examples" = ["expiry_margin"]))]
        "clock_skew" => clock_skew: Option<Line>,
    }
}
