//! The `sdk` section.

use super::{Entries, Required, Word, mapping};
use crate::located::Located;
use crate::model::{ClientSource, GetterStyle};

mapping! {
    /// The SDK that the generated modules belong to.
    RawSdk {
        /// Name of the API or the company. Names of generated items begin with it.
        #[schemars(extend("examples" = ["Verizon"]))]
        "name" => name: Required<Located<String>>,
        /// What the API is, for the documentation.
        "description" => description: Option<Located<String>>,
        /// Type name of the client. Default: `name` and `Client`.
        #[schemars(extend("examples" = ["VerizonClient"]))]
        "client" => client: Option<Located<String>>,
        /// How `OAuth` is split in names. Default: `oauth`.
        #[schemars(extend("default" = "oauth"))]
        "getter_style" => getter_style: Option<Word<GetterStyle>>,
        /// More words that are never split in names, whatever their case.
        #[schemars(extend("examples" = [["paypal"]]))]
        "unsplit_words" => unsplit_words: Option<Located<Vec<Located<String>>>>,
        /// Environments of the API, by name. Where there are none, each scheme has one token URL.
        "environments" => environments: Option<Entries<RawEnvironment>>,
        /// The environment that a client uses unless told otherwise. Default: the first.
        "default_environment" => default_environment: Option<Located<String>>,
        /// Settings of the Rust output.
        "rust" => rust: Option<RawRust>,
        /// Names of items that all schemes share, where the derived ones do not fit.
        "names" => names: Option<RawSdkNames>,
    }
}

mapping! {
    /// An environment of the API.
    RawEnvironment {
        /// What the environment is for.
        "description" => description: Option<Located<String>>,
    }
}

mapping! {
    /// Settings of the Rust output.
    RawRust {
        /// Name of the crate (or the path of the module) that examples import from. Default: `name`
        /// in snake case.
        #[schemars(extend("examples" = ["verizon"]))]
        "crate" => crate_name: Option<Located<String>>,
        /// Whether the client is generated, or the SDK has its own. Default: `generated`.
        #[schemars(extend("default" = "generated"))]
        "client" => client: Option<Word<ClientSource>>,
        /// Whether a blocking client is generated beside the async one, behind the feature
        /// `blocking` of the SDK's crate. Default: `false`.
        #[schemars(extend("default" = false))]
        "blocking" => blocking: Option<Located<bool>>,
    }
}

mapping! {
    /// Names of items that all schemes share.
    RawSdkNames {
        /// Type name of the token. Default: `OauthToken` or `OAuthToken`, by the getter style.
        "token" => token: Option<Located<String>>,
        /// Type name of the error of the token endpoint. Default: `OauthProviderException` or
        /// `OAuthProviderException`, by the getter style.
        "provider_error" => provider_error: Option<Located<String>>,
        /// Type name of the client's configuration. Default: the client's name and `Config`.
        "config" => config: Option<Located<String>>,
        /// Type name of the environments. Default: `Environment`.
        "environment" => environment: Option<Located<String>>,
        /// Beginning of the names of environment variables. Default: `name` in capitals.
        #[schemars(extend("examples" = ["VERIZON"]))]
        "env_prefix" => env_prefix: Option<Located<String>>,
    }
}
