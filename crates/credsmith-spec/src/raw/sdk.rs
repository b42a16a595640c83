//! The `sdk` section.

use super::{Entries, Line, List, Pairs, Prose, RawSdkNames, Required, Word, mapping};
use crate::located::Located;
use crate::model::{ClientSource, GetterStyle};

mapping! {
    /// The SDK that the generated modules belong to.
    #[schemars(rename = "Sdk")]
    RawSdk, keeps given {
        /// Name of the API or the company. Names of generated items begin with it.
        #[schemars(extend("examples" = ["Verizon"]))]
        "name" => name: Required<Line>,
        /// What the API is, for the documentation. It is shown as it is written: nothing in it is
        /// markup.
        #[schemars(extend("examples" = ["The Verizon ThingSpace platform for connected devices."]))]
        "description" => description: Option<Prose>,
        /// Type name of the client. Default: `name` and `Client`.
        #[schemars(extend("examples" = ["VerizonClient"]))]
        "client" => client: Option<Line>,
        /// How `OAuth` is split in names. Default: `oauth`.
        #[schemars(extend("default" = "oauth"))]
        "getter_style" => getter_style: Option<Word<GetterStyle>>,
        /// More words that are never split in names, whatever their case: letters and digits, since a name
        /// is always split at other characters. Default: none.
        #[schemars(extend("examples" = [["paypal"]]))]
        "unsplit_words" => unsplit_words: Option<List<Line>>,
        /// Environments of the API, by name. Where there are none, each scheme has one token URL.
        /// Default: none.
        #[schemars(extend("examples" = [{ "sandbox": { "description": "For tests." }, "production": {} }]))]
        "environments" => environments: Option<Entries<RawEnvironment>>,
        /// The environment that a client uses unless told otherwise. Default: the first.
        #[schemars(extend("examples" = ["production"]))]
        "default_environment" => default_environment: Option<Line>,
        /// Settings of the Rust output. Default: each setting has its own.
        "rust" => rust: Option<RawRust>,
        /// Names of items that all schemes share, if the derived ones do not fit. Each language writes
        /// them in its own case; a name that is in that case already stays as it is. Default: the derived
        /// names.
        "names" => names: Option<RawSdkNames>,
    }
}

mapping! {
    /// An environment of the API.
    #[schemars(rename = "Environment")]
    RawEnvironment, elsewhere super::elsewhere::environment {
        /// Name of the environment's variant in generated code. Default: the environment's name.
        #[schemars(extend("examples" = ["PreProduction"]))]
        "variant" => variant: Option<Line>,
        /// What the environment is for, for the documentation.
        #[schemars(extend("examples" = ["For tests; no money moves."]))]
        "description" => description: Option<Prose>,
    }
}

mapping! {
    /// Settings of the Rust output.
    #[schemars(rename = "Rust")]
    RawRust {
        /// Name of the crate (or the path of the module) that examples import from. Default: `name`
        /// in snake case.
        #[schemars(extend("examples" = ["verizon", "acme_sdk::auth"]))]
        "crate" => crate_name: Option<Line>,
        /// Whether the client is generated, or the SDK has its own. Default: `generated`.
        #[schemars(extend("default" = "generated"))]
        "client" => client: Option<Word<ClientSource>>,
        /// Whether a blocking client is generated beside the async one, behind the feature `blocking`
        /// of the SDK's crate, which is to be declared there as
        /// `blocking = ["credsmith-runtime/blocking"]`. Default: `false`.
        #[schemars(extend("default" = false))]
        "blocking" => blocking: Option<Located<bool>>,
        /// Exact names in Rust alone, by the paths that `credsmith plan` prints. Default: none.
        #[schemars(extend("examples" = [{ "client": "AcmeApi", "oauth2.scopes.read:all": "ReadAll" }]))]
        "names" => names: Option<Pairs<Line>>,
    }
}
