//! Which keys of a scheme belong to which types and grants: for the checker, the JSON Schema and the
//! reference alike.

use schemars::Schema;
use serde_json::{Value, json};

use super::RawScheme;
use crate::keyword::Keyword;
use crate::model::{Grant, SchemeType};
use crate::rules::list;

/// Where a key belongs.
#[derive(Clone, Copy)]
enum Home {
    /// To one type.
    Type(SchemeType),
    /// To some grants of the type `oauth2`.
    Grants(&'static [Grant]),
}

/// Grants that ask the token endpoint for tokens.
const AT_TOKEN_ENDPOINT: Home = Home::Grants(&[
    Grant::ClientCredentials,
    Grant::AuthorizationCode,
    Grant::Password,
    Grant::DeviceCode,
    Grant::JwtBearer,
    Grant::TokenExchange,
]);
/// Grants that send the user to the authorization endpoint.
const AT_AUTHORIZATION_ENDPOINT: Home = Home::Grants(&[Grant::AuthorizationCode, Grant::Implicit]);
const CODE: Home = Home::Grants(&[Grant::AuthorizationCode]);
const DEVICE: Home = Home::Grants(&[Grant::DeviceCode]);
const WITH_A_USER: Home =
    Home::Grants(&[Grant::AuthorizationCode, Grant::Implicit, Grant::DeviceCode]);
const JWT_BEARER: Home = Home::Grants(&[Grant::JwtBearer]);
const EXCHANGE: Home = Home::Grants(&[Grant::TokenExchange]);
const OAUTH2: Home = Home::Type(SchemeType::OAuth2);

/// The keys that do not belong to all schemes.
const HOMES: &[(&str, Home)] = &[
    ("grant", OAUTH2),
    ("keys", Home::Type(SchemeType::ApiKey)),
    ("fields", Home::Type(SchemeType::Custom)),
    ("authorization_url", AT_AUTHORIZATION_ENDPOINT),
    ("authorization_urls", AT_AUTHORIZATION_ENDPOINT),
    ("device_authorization_url", DEVICE),
    ("device_authorization_urls", DEVICE),
    ("token_url", AT_TOKEN_ENDPOINT),
    ("token_urls", AT_TOKEN_ENDPOINT),
    ("revocation_url", OAUTH2),
    ("revocation_urls", OAUTH2),
    ("issuer", OAUTH2),
    ("allow_insecure_token_url", OAUTH2),
    ("client_authentication", AT_TOKEN_ENDPOINT),
    ("basic_encoding", AT_TOKEN_ENDPOINT),
    ("pkce", CODE),
    ("token_fetch", OAUTH2),
    ("token_provider", OAUTH2),
    ("on_token_update", OAUTH2),
    ("clock_skew", OAUTH2),
    ("user_authorization", WITH_A_USER),
    ("default_token_lifetime", OAUTH2),
    ("audience", AT_TOKEN_ENDPOINT),
    ("parameters", AT_TOKEN_ENDPOINT),
    ("authorization_parameters", AT_AUTHORIZATION_ENDPOINT),
    ("assertion", JWT_BEARER),
    ("subject_token_type", EXCHANGE),
    ("requested_token_type", EXCHANGE),
    ("scopes", OAUTH2),
];

/// Endpoints that a grant needs, unless they are discovered: the key for all environments.
const NEEDED: &[(&str, Home)] = &[
    ("authorization_url", AT_AUTHORIZATION_ENDPOINT),
    ("device_authorization_url", DEVICE),
    ("token_url", AT_TOKEN_ENDPOINT),
];

impl Home {
    fn of(key: &str) -> Option<Self> {
        let (_, home) = HOMES.iter().find(|(name, _)| *name == key)?;
        Some(*home)
    }

    fn scheme_type(self) -> SchemeType {
        match self {
            Self::Type(scheme_type) => scheme_type,
            Self::Grants(_) => SchemeType::OAuth2,
        }
    }

    fn has(self, grant: Grant) -> bool {
        match self {
            Self::Type(scheme_type) => scheme_type == SchemeType::OAuth2,
            Self::Grants(grants) => grants.contains(&grant),
        }
    }
}

/// The type that `key` belongs to; `None` if it belongs to all.
pub(crate) fn type_of(key: &str) -> Option<SchemeType> {
    Home::of(key).map(Home::scheme_type)
}

/// Whether `key` belongs to `grant`.
pub(crate) fn goes_with(key: &str, grant: Grant) -> bool {
    Home::of(key).is_none_or(|home| home.has(grant))
}

/// Whether `grant` needs the endpoint of `key`.
pub(crate) fn needs(grant: Grant, key: &str) -> bool {
    NEEDED
        .iter()
        .any(|(name, home)| *name == key && home.has(grant))
}

/// Where `key` belongs, in words; `None` if it belongs to all schemes.
pub(crate) fn home_of(key: &str) -> Option<String> {
    Some(match Home::of(key)? {
        Home::Type(scheme_type) => format!("the type `{}`", scheme_type.word()),
        Home::Grants([grant]) => format!("the grant `{}`", grant.word()),
        Home::Grants(grants) => {
            format!(
                "the grants {}",
                list(grants.iter().map(|grant| grant.word()))
            )
        }
    })
}

/// Adds to the schema of a scheme what its type and its grant decide.
pub(crate) fn conditions(schema: &mut Schema) {
    let types = SchemeType::ALL.iter().map(|&scheme_type| {
        let foreign = |key: &str| type_of(key).is_some_and(|home| home != scheme_type);
        let mut then = without(&foreign);
        if let Some(key) = required_key(scheme_type) {
            then["required"] = json!([key]);
        }
        when("type", scheme_type.word(), &then)
    });
    let grants = Grant::ALL.iter().map(|&grant| {
        let foreign = |key: &str| !goes_with(key, grant) && type_of(key) == Some(SchemeType::OAuth2);
        let mut then = without(&foreign);
        let needed = NEEDED.iter().filter(|(_, home)| home.has(grant));
        let needed = needed.map(|(key, _)| {
            json!({ "anyOf": [required(&[key]), required(&[&format!("{key}s")]), required(&["issuer"])] })
        });
        then["allOf"] = needed.collect();
        when("grant", grant.word(), &then)
    });
    let twice = HOMES.iter().filter(|(key, _)| key.ends_with("_urls"));
    let twice = twice.map(|(key, _)| json!({ "not": required(&[key, key.trim_end_matches('s')]) }));
    let all: Value = types.chain(grants).chain(twice).collect();
    schema.insert("allOf".to_owned(), all);
}

/// The key that a type cannot do without.
pub(crate) fn required_key(scheme_type: SchemeType) -> Option<&'static str> {
    match scheme_type {
        SchemeType::OAuth2 => Some("grant"),
        SchemeType::ApiKey => Some("keys"),
        SchemeType::Custom => Some("fields"),
        SchemeType::Basic | SchemeType::Bearer => None,
    }
}

fn when(key: &str, word: &str, then: &Value) -> Value {
    json!({
        "if": { "properties": { key: { "const": word } }, "required": [key] },
        "then": then,
    })
}

/// A schema that refuses the keys of a scheme that are `foreign`.
fn without(foreign: &dyn Fn(&str) -> bool) -> Value {
    let keys = RawScheme::KEYS.iter().filter(|key| foreign(key));
    let properties: serde_json::Map<_, _> = keys
        .map(|key| ((*key).to_owned(), Value::Bool(false)))
        .collect();
    json!({ "properties": properties })
}

fn required(keys: &[&str]) -> Value {
    json!({ "required": keys })
}
