//! How Rust writes names.

use crate::names::{Case, Place, Style};
use crate::plan::Role;

/// How Rust writes names.
pub(crate) static STYLE: Style = Style {
    case,
    keywords: KEYWORDS,
    reserved,
    place,
    companions,
};

fn case(role: Role) -> Case {
    match role {
        Role::Client
        | Role::Config
        | Role::Token
        | Role::TokenError
        | Role::Environments
        | Role::Environment
        | Role::Credentials
        | Role::Manager
        | Role::Endpoints
        | Role::ScopesType
        | Role::Scope => Case::Class,
        Role::Parameter
        | Role::Accessor
        | Role::Endpoint
        | Role::Module
        | Role::ScopesModule
        | Role::Field
        | Role::OwnField
        | Role::Execute
        | Role::Security => Case::Snake,
        Role::Variable => Case::Screaming,
    }
}

fn place(role: Role) -> Place {
    match role {
        Role::Client
        | Role::Config
        | Role::Token
        | Role::TokenError
        | Role::Environments
        | Role::Credentials
        | Role::Manager
        | Role::Endpoints
        | Role::ScopesType => Place::Types,
        Role::Module | Role::ScopesModule => Place::Modules,
        Role::Parameter | Role::Accessor | Role::Endpoint | Role::Execute | Role::Security => {
            Place::OfClient
        }
        Role::Environment => Place::OfEnvironments,
        Role::Scope => Place::OfScopes,
        Role::Field | Role::OwnField => Place::OfFields,
        Role::Variable => Place::Variables,
    }
}

/// Credentials and clients have builders.
fn companions(role: Role) -> &'static [&'static str] {
    match role {
        Role::Client | Role::Credentials => &["Builder"],
        _ => &[],
    }
}

fn reserved(role: Role) -> &'static [&'static str] {
    match role {
        Role::Field => CREDENTIALS_MEMBERS,
        Role::OwnField => OWN_FIELDS,
        Role::Environment | Role::Scope => ENUM_ITEMS,
        Role::Variable => &[],
        _ => match place(role) {
            Place::Types => TYPES,
            Place::Modules => MODULES,
            _ => CLIENT_MEMBERS,
        },
    }
}

/// Keywords and reserved words of Rust, all editions up to 2024.
const KEYWORDS: &[&str] = &[
    "Self",
    "abstract",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "macro_rules",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "raw",
    "ref",
    "return",
    "safe",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "union",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Associated items of enums of scopes and environments.
const ENUM_ITEMS: &[&str] = &["ALL", "Err", "NAME", "Self"];

/// Methods of the client, its configuration and its builder.
const CLIENT_MEMBERS: &[&str] = &[
    "blocking",
    "build",
    "builder",
    "clone",
    "config",
    "credentials",
    "default",
    "environment",
    "execute",
    "fmt",
    "from",
    "has_transport",
    "new",
    "security",
    "to_builder",
    "transport",
];

/// Methods of credentials and their builder.
const CREDENTIALS_MEMBERS: &[&str] = &[
    "build",
    "builder",
    "clone",
    "default",
    "fmt",
    "from",
    "from_env",
    "from_variables",
    "new",
    "to_builder",
];

/// The same, and locals of functions whose parameters are named after fields.
const OWN_FIELDS: &[&str] = &[
    "build",
    "builder",
    "clone",
    "credentials",
    "default",
    "fmt",
    "from",
    "from_env",
    "from_variables",
    "new",
    "to_builder",
    "variables",
];

/// Files beside those of the schemes, and what cannot name a file on Windows.
const MODULES: &[&str] = &[
    "aux",
    "blocking",
    "bytes",
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
    "core",
    "credsmith_runtime",
    "default_transport",
    "environment",
    "http",
    "http_clients",
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
    "std",
];

/// What generated modules import, re-export, or find in the prelude.
const TYPES: &[&str] = &[
    "ApiKeys",
    "Arc",
    "AsRef",
    "B",
    "BasicAuth",
    "BearerAuth",
    "Box",
    "BoxError",
    "Bytes",
    "CallbackReply",
    "ClientAuthentication",
    "Clone",
    "ConfigError",
    "Copy",
    "CustomAuth",
    "D",
    "Debug",
    "Default",
    "Deserialize",
    "Deserializer",
    "DeviceSignIn",
    "Display",
    "Drop",
    "Duration",
    "EnvError",
    "Eq",
    "Err",
    "ExposeSecret",
    "F",
    "Fn",
    "FnMut",
    "FnOnce",
    "Formatter",
    "From",
    "FromStr",
    "Grant",
    "Hash",
    "HeaderValue",
    "I",
    "Into",
    "IntoIterator",
    "Iterator",
    "JwtBearer",
    "K",
    "None",
    "Ok",
    "Option",
    "Ord",
    "OsString",
    "PartialEq",
    "PartialOrd",
    "PasswordGrant",
    "ProviderReply",
    "R",
    "Request",
    "Requirement",
    "Response",
    "Result",
    "S",
    "SecretString",
    "SecurityGroup",
    "Send",
    "SendError",
    "SendErrorKind",
    "Serialize",
    "Serializer",
    "ServerMetadata",
    "SignInRequest",
    "SignRequest",
    "SigningKey",
    "Sized",
    "Some",
    "String",
    "SubjectToken",
    "Sync",
    "ToString",
    "TokenErrorKind",
    "TokenExchange",
    "TokenFetch",
    "TokenIntrospection",
    "TokenManager",
    "TokenProvider",
    "TokenRequestFormat",
    "TokenUpdateCallback",
    "Transport",
    "TransportError",
    "UnknownScope",
    "UreqTransport",
    "UserSignIn",
    "Variables",
    "Vec",
];

/// Whether `name` is a keyword or reserved.
pub(super) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_syn_refuses_is_a_keyword() {
        for word in [
            "type", "async", "gen", "try", "Self", "dyn", "yield", "typeof",
        ] {
            assert!(is_keyword(word), "{word}");
        }
        for word in KEYWORDS {
            let soft = ["gen", "macro_rules", "raw", "safe", "union"].contains(word);
            assert_eq!(syn::parse_str::<syn::Ident>(word).is_ok(), soft, "{word}");
        }
    }
}
