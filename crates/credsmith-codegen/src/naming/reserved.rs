//! Names that the generated code itself uses.

/// Groups of names that specs cannot take.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reserved {
    /// Types and traits in scope of generated modules.
    Types,
    /// Modules beside those of the schemes.
    Modules,
    /// Methods of the client, its configuration and its builder.
    ClientMembers,
    /// Methods of credentials and their builder.
    CredentialsMembers,
    /// Associated items of scopes.
    Scopes,
}

impl Reserved {
    /// The names of the group.
    pub(crate) fn words(self) -> &'static [&'static str] {
        match self {
            Self::Types => TYPES,
            Self::Modules => MODULES,
            Self::ClientMembers => &[
                "blocking",
                "build",
                "builder",
                "clone",
                "clone_with",
                "config",
                "environment",
                "execute",
                "fmt",
                "new",
                "transport",
            ],
            Self::CredentialsMembers => &[
                "build",
                "builder",
                "clone",
                "clone_with",
                "fmt",
                "from_env",
                "from_variables",
                "new",
            ],
            Self::Scopes => &["Err", "ALL", "Self"],
        }
    }
}

/// Files beside those of the schemes, and what cannot name a file on Windows.
const MODULES: &[&str] = &[
    "aux",
    "blocking",
    "client",
    "com0",
    "com1",
    "com2",
    "com3",
    "com4",
    "com5",
    "com6",
    "com7",
    "com8",
    "com9",
    "con",
    "environment",
    "index",
    "lpt0",
    "lpt1",
    "lpt2",
    "lpt3",
    "lpt4",
    "lpt5",
    "lpt6",
    "lpt7",
    "lpt8",
    "lpt9",
    "mod",
    "nul",
    "prn",
    "runtime",
];

/// What generated modules import, re-export, or find in the prelude.
const TYPES: &[&str] = &[
    "Arc",
    "Bytes",
    "CallbackReply",
    "Clone",
    "ConfigError",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Display",
    "Drop",
    "Duration",
    "EnvError",
    "Eq",
    "Err",
    "ExposeSecret",
    "Fn",
    "FnMut",
    "FnOnce",
    "Formatter",
    "From",
    "FromStr",
    "Hash",
    "HeaderValue",
    "Into",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "OsString",
    "PartialEq",
    "PartialOrd",
    "ProviderReply",
    "Request",
    "Response",
    "Result",
    "SecretString",
    "SendError",
    "Send",
    "Serialize",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToString",
    "TokenManager",
    "TokenProvider",
    "TokenUpdateCallback",
    "Transport",
    "TransportError",
    "UnknownScope",
    "Variables",
    "Vec",
];
