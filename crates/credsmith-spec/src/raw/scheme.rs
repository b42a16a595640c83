//! One entry of `schemes`.

use super::{
    Entries, ErrorCode, Issuer, Line, List, Pairs, Prose, RawAssertion, RawCustomField, RawKey,
    RawSchemeNames, RawScopes, RawTokenLifetime, Required, TokenType, Url, Word, mapping,
};
use crate::located::Located;
use crate::model::{
    BasicEncoding, ClientAuthentication, Grant, Pkce, Presence, SchemeType, TokenFetch,
    TokenRequestFormat,
};

mapping! {
    /// One authentication scheme. `type` and `grant` decide which of the other keys it has.
    #[schemars(rename = "Scheme", transform = super::conditions::conditions)]
    RawScheme, keeps given, elsewhere super::elsewhere::scheme, useful super::applicable::useful_keys {
        /// Kind of the scheme.
        #[schemars(extend("examples" = ["oauth2"]))]
        "type" => scheme_type: Required<Word<SchemeType>>,
        /// How tokens are obtained.
        #[schemars(extend("examples" = ["client_credentials"]))]
        "grant" => grant: Option<Word<Grant>>,
        /// What the scheme is for, for the documentation. It is shown as it is written: nothing in it
        /// is markup.
        #[schemars(extend("examples" = ["Client credentials for the ThingSpace APIs."]))]
        "description" => description: Option<Prose>,
        /// Whether the application has to give a password. Some APIs take a key as the user name, and no
        /// password. Default: `required`.
        #[schemars(extend("default" = "required"))]
        "password" => password: Option<Word<Presence>>,
        /// Whether the user name is a secret, which is never shown and is wiped when it is dropped.
        /// Default: `false`.
        #[schemars(extend("default" = false))]
        "secret_username" => secret_username: Option<Located<bool>>,
        /// The keys of the type `api_key`, which are sent together; at least one.
        #[schemars(length(min = 1))]
        #[schemars(extend("examples" = [[{ "name": "X-Api-Key", "in": "header" }, { "name": "account", "in": "query" }]]))]
        "keys" => keys: Option<List<RawKey>>,
        /// What the application gives for the type `custom`; at least one field.
        #[schemars(length(min = 1))]
        #[schemars(extend("examples" = [[{ "name": "app_id", "secret": false }, { "name": "app_secret" }]]))]
        "fields" => fields: Option<List<RawCustomField>>,
        /// The authorization endpoint, which the user's browser opens: an absolute `https` URL without
        /// user info and fragment (plain `http` on loopback).
        #[schemars(extend("examples" = ["https://api.example.com/oauth2/authorize"]))]
        "authorization_url" => authorization_url: Option<Url>,
        /// The authorization endpoint of each environment, by the names in `sdk.environments`; instead
        /// of `authorization_url`.
        #[schemars(extend("examples" = [{ "sandbox": "https://sandbox.example.com/authorize", "production": "https://api.example.com/authorize" }]))]
        "authorization_urls" => authorization_urls: Option<Entries<Url>>,
        /// The device authorization endpoint: an absolute URL like the others.
        #[schemars(extend("examples" = ["https://api.example.com/oauth2/device"]))]
        "device_authorization_url" => device_authorization_url: Option<Url>,
        /// The device authorization endpoint of each environment; instead of
        /// `device_authorization_url`.
        #[schemars(extend("examples" = [{ "sandbox": "https://sandbox.example.com/device", "production": "https://api.example.com/device" }]))]
        "device_authorization_urls" => device_authorization_urls: Option<Entries<Url>>,
        /// The token endpoint: an absolute `https` URL without user info and fragment (plain `http`
        /// on loopback).
        #[schemars(extend("examples" = ["https://api.example.com/oauth2/token"]))]
        "token_url" => token_url: Option<Url>,
        /// The token endpoint of each environment, by the names in `sdk.environments`; instead of
        /// `token_url`.
        #[schemars(extend("examples" = [{ "sandbox": "https://sandbox.example.com/token", "production": "https://api.example.com/token" }]))]
        "token_urls" => token_urls: Option<Entries<Url>>,
        /// The revocation endpoint: an absolute URL like the others.
        #[schemars(extend("examples" = ["https://api.example.com/oauth2/revoke"]))]
        "revocation_url" => revocation_url: Option<Url>,
        /// The revocation endpoint of each environment; instead of `revocation_url`.
        #[schemars(extend("examples" = [{ "sandbox": "https://sandbox.example.com/revoke", "production": "https://api.example.com/revoke" }]))]
        "revocation_urls" => revocation_urls: Option<Entries<Url>>,
        /// The introspection endpoint, which says whether a token is still accepted: an absolute URL
        /// like the others.
        #[schemars(extend("examples" = ["https://api.example.com/oauth2/introspect"]))]
        "introspection_url" => introspection_url: Option<Url>,
        /// The introspection endpoint of each environment; instead of `introspection_url`.
        #[schemars(extend("examples" = [{ "sandbox": "https://sandbox.example.com/introspect", "production": "https://api.example.com/introspect" }]))]
        "introspection_urls" => introspection_urls: Option<Entries<Url>>,
        /// The server's issuer identifier: an absolute URL without query and fragment. Endpoints that
        /// are not written are then discovered at run time (RFC 8414); without it, those that the grant
        /// needs are required.
        #[schemars(extend("examples" = ["https://login.example.com"]))]
        "issuer" => issuer: Option<Issuer>,
        /// Allows plain `http` beyond loopback, for all URLs of the scheme and for requests to the API
        /// with its tokens. Secrets then cross the network in clear text. Default: `false`.
        #[schemars(extend("default" = false))]
        "allow_insecure_token_url" => allow_insecure: Option<Located<bool>>,
        /// How the client authenticates at the token endpoint, by its registered name. Default:
        /// `client_secret_basic`, and `none` for the grant `jwt_bearer`.
        #[schemars(extend("examples" = ["client_secret_post"]))]
        "client_authentication" => client_authentication: Option<Word<ClientAuthentication>>,
        /// How client id and secret are written into the `Basic` header. Default: `form`.
        #[schemars(extend("default" = "form"))]
        "basic_encoding" => basic_encoding: Option<Word<BasicEncoding>>,
        /// How the parameters of the token request are written. Requests to other endpoints are forms.
        /// Default: `form`.
        #[schemars(extend("default" = "form"))]
        "token_request_format" => token_request_format: Option<Word<TokenRequestFormat>>,
        /// How authorization codes are bound to who asked for them. Default: `s256`.
        #[schemars(extend("default" = "s256"))]
        "pkce" => pkce: Option<Word<Pkce>>,
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
        /// Whether the application may supply what asks the user when only the user can help. Default:
        /// `true` when tokens are fetched automatically.
        #[schemars(extend("examples" = [false]))]
        "user_sign_in" => user_sign_in: Option<Located<bool>>,
        /// Seconds that a token is used when the server does not say how long it lives, or `never` when
        /// it expires only by being revoked: then it is used until the API answers 401, which ends any
        /// token. Default: one hour.
        #[schemars(extend("examples" = ["never", 3600]))]
        "default_token_lifetime" => default_token_lifetime: Option<RawTokenLifetime>,
        /// Types that the server gives to tokens which its API takes as bearer tokens, in whatever case.
        /// Tokens of any other type but `Bearer` are refused (RFC 6749 section 7.1). Default: none.
        #[schemars(length(min = 1), extend("examples" = [["bot", "user"]]))]
        "bearer_token_types" => bearer_token_types: Option<List<TokenType>>,
        /// Error codes by which the server refuses a refresh token, beside those that are known:
        /// `invalid_grant` and the codes of GitHub, `HubSpot`, Slack and Microsoft Entra. The refresh token is then
        /// dropped, and the user is asked if the grant has one. Default: none.
        #[schemars(length(min = 1), extend("examples" = [["session_ended"]]))]
        "refresh_token_error_codes" => refresh_token_error_codes: Option<List<ErrorCode>>,
        /// The API that tokens are requested for, sent as `audience`.
        #[schemars(extend("examples" = ["https://api.example.com"]))]
        "audience" => audience: Option<Line>,
        /// More parameters of the token request, by name. Default: none.
        #[schemars(extend("examples" = [{ "resource": "https://api.example.com" }]))]
        "parameters" => parameters: Option<Pairs<Line>>,
        /// More parameters of the authorization request, by name. Default: none.
        #[schemars(extend("examples" = [{ "access_type": "offline" }]))]
        "authorization_parameters" => authorization_parameters: Option<Pairs<Line>>,
        /// Header fields of the requests to the server's endpoints (token, device authorization, revocation,
        /// introspection), by
        /// name. Default: none.
        #[schemars(extend("examples" = [{ "Acme-Version": "2025-09-03" }]))]
        "endpoint_headers" => endpoint_headers: Option<Pairs<Line>>,
        /// The assertion that is signed. Default: each setting has its own.
        "assertion" => assertion: Option<RawAssertion>,
        /// The type of the token that is exchanged (RFC 8693 section 3). Default:
        /// `urn:ietf:params:oauth:token-type:access_token`.
        #[schemars(extend("default" = "urn:ietf:params:oauth:token-type:access_token"))]
        "subject_token_type" => subject_token_type: Option<Line>,
        /// The type of the token that is wanted (RFC 8693 section 3). Default: the server decides.
        #[schemars(extend("examples" = ["urn:ietf:params:oauth:token-type:jwt"]))]
        "requested_token_type" => requested_token_type: Option<Line>,
        /// The scopes that can be requested. Default: none.
        "scopes" => scopes: Option<RawScopes>,
        /// Names of generated items, if the derived ones do not fit. Each language writes them in its own
        /// case; a name that is in that case already stays as it is. Default: the derived names.
        "names" => names: Option<RawSchemeNames>,
    }
}
