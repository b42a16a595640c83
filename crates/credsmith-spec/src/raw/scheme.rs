//! One entry of `schemes`.

use super::{Entries, Required, Word, mapping};
use crate::located::Located;
use crate::model::{BasicEncoding, ClientAuthentication, Grant, SchemeType, TokenFetch};

mapping! {
    /// One authentication scheme.
    RawScheme {
        /// Kind of the scheme.
        "type" => scheme_type: Required<Word<SchemeType>>,
        /// How tokens are obtained.
        "grant" => grant: Required<Word<Grant>>,
        /// What the scheme is for, for the documentation.
        "description" => description: Option<Located<String>>,
        /// The token endpoint: an absolute `https` URL without user info and fragment (plain `http`
        /// on loopback).
        #[schemars(extend("examples" = ["https://api.example.com/oauth2/token"]))]
        "token_url" => token_url: Option<Located<String>>,
        /// The token endpoint of each environment; instead of `token_url`.
        "token_urls" => token_urls: Option<Entries<Located<String>>>,
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
        "token_provider" => token_provider: Option<Located<bool>>,
        /// Whether the application can be told about each new token. Default: `true` when tokens are
        /// fetched automatically.
        "on_token_update" => on_token_update: Option<Located<bool>>,
        /// Whether the application can set the clock skew. Default: `true` when tokens are fetched
        /// automatically.
        "clock_skew" => clock_skew: Option<Located<bool>>,
        /// Seconds that a token is used when the server does not say how long it lives. Default: one
        /// hour, and it is renewed when the API answers 401.
        #[schemars(range(min = 1), extend("examples" = [3600]))]
        "default_token_lifetime" => default_token_lifetime: Option<Located<u64>>,
        /// The API that tokens are requested for, sent as `audience`.
        "audience" => audience: Option<Located<String>>,
        /// More parameters of the token request, by name.
        "parameters" => parameters: Option<Entries<Located<String>>>,
        /// The scopes that can be requested.
        "scopes" => scopes: Option<RawScopes>,
        /// Names of generated items, where the derived ones do not fit.
        "names" => names: Option<RawSchemeNames>,
    }
}

mapping! {
    /// The scopes of a scheme.
    RawScopes {
        /// Type name of the scopes. Default: `OauthScope` or `OAuthScope`, the scheme, and `Enum`.
        #[schemars(extend("examples" = ["OauthScopeEnum"]))]
        "enum" => enum_name: Option<Located<String>>,
        /// What separates scopes in the token request. Default: one space, as RFC 6749 section 3.3
        /// wants it.
        #[schemars(extend("default" = " "))]
        "separator" => separator: Option<Located<String>>,
        /// Scopes that are requested when the application names none, by their wire values.
        "default" => default: Option<Located<Vec<Located<String>>>>,
        /// The scopes.
        "values" => values: Required<Located<Vec<RawScope>>>,
    }
}

mapping! {
    /// One scope.
    RawScope {
        /// The scope as it goes over the wire.
        #[schemars(extend("examples" = ["discovery:read"]))]
        "value" => value: Required<Located<String>>,
        /// Name of the scope in tables and, in each language's case, of its member. Default: from
        /// `value`.
        #[schemars(extend("examples" = ["DISCOVERYREAD"]))]
        "name" => name: Option<Located<String>>,
        /// What the scope grants.
        "description" => description: Option<Located<String>>,
    }
}

mapping! {
    /// Names of what one scheme generates.
    RawSchemeNames {
        /// Type name of the credentials. Default: the scheme and `Credentials`.
        "credentials" => credentials: Option<Located<String>>,
        /// Name of the client's parameter that takes the credentials. Default: the scheme and
        /// `credentials`, or `credentials` set by hand, in snake case.
        "parameter" => parameter: Option<Located<String>>,
        /// Type name of the token manager. Default: the scheme and `Manager`.
        "manager" => manager: Option<Located<String>>,
        /// Name of the client's method that gives the manager. Default: the scheme in snake case.
        "accessor" => accessor: Option<Located<String>>,
        /// Name of the module and the page. Default: the scheme in snake case.
        "module" => module: Option<Located<String>>,
        /// Beginning of the names of environment variables. Default: that of the SDK, and the
        /// scheme, in capitals.
        "env_prefix" => env_prefix: Option<Located<String>>,
        /// Names of the getters, setters and parameters of single fields.
        "fields" => fields: Option<RawFieldNames>,
    }
}

mapping! {
    /// Names of single fields of the credentials, where the derived ones do not fit.
    RawFieldNames {
        /// Default: `oauth_client_id` or `o_auth_client_id`.
        "client_id" => client_id: Option<Located<String>>,
        /// Default: `oauth_client_secret` or `o_auth_client_secret`.
        "client_secret" => client_secret: Option<Located<String>>,
        /// Default: `oauth_token` or `o_auth_token`.
        "token" => token: Option<Located<String>>,
        /// Default: `oauth_scopes` or `o_auth_scopes`.
        "scopes" => scopes: Option<Located<String>>,
        /// Default: `oauth_token_provider` or `o_auth_token_provider`.
        "token_provider" => token_provider: Option<Located<String>>,
        /// Default: `oauth_on_token_update` or `o_auth_on_token_update`.
        "on_token_update" => on_token_update: Option<Located<String>>,
        /// Default: `oauth_clock_skew` or `o_auth_clock_skew`.
        "clock_skew" => clock_skew: Option<Located<String>>,
    }
}
