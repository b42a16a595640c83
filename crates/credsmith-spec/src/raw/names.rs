//! Names that an author sets: those of a scheme, and those that all schemes share.

use super::{Line, mapping};

/// Declares a mapping whose values are names.
macro_rules! names {
    (
        $(#[$meta:meta])*
        $name:ident { $( $(#[$field_meta:meta])* $key:literal => $field:ident: $type:ty, )* }
    ) => {
        mapping! {
            $(#[$meta])*
            $name { $( $(#[$field_meta])* $key => $field: $type, )* }
        }

        impl Names for $name {
            fn collect<'a>(&'a self, prefix: &str, names: &mut Vec<(String, &'a Line)>) {
                $( self.$field.collect(&format!("{prefix}.{}", $key), names); )*
            }
        }
    };
}

/// Names by the paths of their keys: `names.fields.client_id`.
pub(crate) trait Names {
    /// Adds the names, whose paths begin with `prefix`.
    fn collect<'a>(&'a self, prefix: &str, names: &mut Vec<(String, &'a Line)>);
}

impl Names for Line {
    fn collect<'a>(&'a self, path: &str, names: &mut Vec<(String, &'a Line)>) {
        names.push((path.to_owned(), self));
    }
}

impl<T: Names> Names for Option<T> {
    fn collect<'a>(&'a self, prefix: &str, names: &mut Vec<(String, &'a Line)>) {
        if let Some(some) = self {
            some.collect(prefix, names);
        }
    }
}

names! {
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
        /// Type name of the manager. Default: the scheme and `Manager`.
        #[schemars(extend("examples" = ["AuthManager"]))]
        "manager" => manager: Option<Line>,
        /// Name of the client's method that gives the manager. Default: the scheme in snake case.
        #[schemars(extend("examples" = ["oauth_2"]))]
        "accessor" => accessor: Option<Line>,
        /// Name of the client's parameter that takes another token URL. Default: `accessor` and
        /// `token_url`.
        #[schemars(extend("examples" = ["oauth_2_token_url"]))]
        "token_url" => token_url: Option<Line>,
        /// Name of the client's parameter that takes another authorization URL. Default: `accessor`
        /// and `authorization_url`.
        #[schemars(extend("examples" = ["oauth_2_authorization_url"]))]
        "authorization_url" => authorization_url: Option<Line>,
        /// Name of the client's parameter that takes another device authorization URL. Default:
        /// `accessor` and `device_authorization_url`.
        #[schemars(extend("examples" = ["oauth_2_device_authorization_url"]))]
        "device_authorization_url" => device_authorization_url: Option<Line>,
        /// Name of the client's parameter that takes another revocation URL. Default: `accessor` and
        /// `revocation_url`.
        #[schemars(extend("examples" = ["oauth_2_revocation_url"]))]
        "revocation_url" => revocation_url: Option<Line>,
        /// Name of the client's parameter that takes another introspection URL. Default: `accessor`
        /// and `introspection_url`.
        #[schemars(extend("examples" = ["oauth_2_introspection_url"]))]
        "introspection_url" => introspection_url: Option<Line>,
        /// Name of the client's parameter that takes another issuer. Default: `accessor` and
        /// `issuer`.
        #[schemars(extend("examples" = ["oauth_2_issuer"]))]
        "issuer" => issuer: Option<Line>,
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

names! {
    /// Names of single fields of the credentials, where the derived ones do not fit. Those of API keys
    /// and custom schemes have theirs in `keys` and `fields`.
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
        /// The redirect URI. Default: `oauth_redirect_uri` or `o_auth_redirect_uri`.
        #[schemars(extend("examples" = ["callback_url"]))]
        "redirect_uri" => redirect_uri: Option<Line>,
        /// The user name. Default: `username`; with the grant `password`, `oauth_username` or
        /// `o_auth_username`.
        #[schemars(extend("examples" = ["account_sid"]))]
        "username" => username: Option<Line>,
        /// The password. Default: `password`; with the grant `password`, `oauth_password` or
        /// `o_auth_password`.
        #[schemars(extend("examples" = ["auth_token"]))]
        "password" => password: Option<Line>,
        /// The access token of the type `bearer`. Default: `access_token`.
        #[schemars(extend("examples" = ["api_token"]))]
        "access_token" => access_token: Option<Line>,
        /// The private key, as PEM. Default: `oauth_private_key` or `o_auth_private_key`.
        #[schemars(extend("examples" = ["signing_key"]))]
        "private_key" => private_key: Option<Line>,
        /// The id of the private key, for the server to know it by. Default: `oauth_private_key_id`
        /// or `o_auth_private_key_id`.
        #[schemars(extend("examples" = ["key_id"]))]
        "private_key_id" => private_key_id: Option<Line>,
        /// Who issues assertions, with the grant `jwt_bearer`. Default: `oauth_issuer` or
        /// `o_auth_issuer`.
        #[schemars(extend("examples" = ["client_email"]))]
        "issuer" => issuer: Option<Line>,
        /// Whom assertions are about, with the grant `jwt_bearer`. Default: `oauth_subject` or
        /// `o_auth_subject`.
        #[schemars(extend("examples" = ["impersonated_user"]))]
        "subject" => subject: Option<Line>,
        /// The token to exchange. Default: `oauth_subject_token` or `o_auth_subject_token`.
        #[schemars(extend("examples" = ["id_token"]))]
        "subject_token" => subject_token: Option<Line>,
        /// The field for the hook that asks the user to sign in. Default: `oauth_user_sign_in` or `o_auth_user_sign_in`.
        #[schemars(extend("examples" = ["ask_user"]))]
        "user_sign_in" => user_sign_in: Option<Line>,
    }
}

names! {
    /// Names of items that all schemes share.
    #[schemars(rename = "SdkNames")]
    RawSdkNames {
        /// Type name of the token. Default: `OauthToken` or `OAuthToken`, by the getter style.
        #[schemars(extend("examples" = ["AcmeToken"]))]
        "token" => token: Option<Line>,
        /// Type name of the error of the token endpoint. Default: `OauthProviderException` or
        /// `OAuthProviderException`, by the getter style.
        #[schemars(extend("examples" = ["AcmeTokenError"]))]
        "provider_error" => provider_error: Option<Line>,
        /// Type name of the client's configuration. Default: the client's name and `Config`.
        #[schemars(extend("examples" = ["AcmeConfig"]))]
        "config" => config: Option<Line>,
        /// Type name of the environments. Default: `Environment`.
        #[schemars(extend("examples" = ["AcmeEnvironment"]))]
        "environment" => environment: Option<Line>,
        /// Beginning of the names of environment variables. Default: `name` in capitals.
        #[schemars(extend("examples" = ["VERIZON"]))]
        "env_prefix" => env_prefix: Option<Line>,
    }
}
