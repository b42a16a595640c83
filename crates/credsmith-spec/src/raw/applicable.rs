//! Which keys of a scheme belong to which types and grants: for the checker, the JSON Schema and the
//! reference alike.

use super::RawScheme;
use crate::keyword::Keyword;
use crate::model::{Grant, SchemeType};
use crate::rules::list;
use crate::syntax::{Node, Value};

/// Where a key belongs.
#[derive(Clone, Copy)]
pub(super) enum Home {
    /// To one type.
    Type(SchemeType),
    /// To the grants of the type `oauth2` of which this is true.
    Grants(fn(Grant) -> bool),
}

const AT_TOKEN_ENDPOINT: Home = Home::Grants(Grant::uses_token_endpoint);
const AT_AUTHORIZATION_ENDPOINT: Home = Home::Grants(Grant::uses_browser);
const DEVICE: Home = Home::Grants(Grant::uses_device);
const WITH_A_USER: Home = Home::Grants(Grant::asks_user);
const WITH_REFRESH_TOKENS: Home = Home::Grants(Grant::uses_refresh_tokens);
const CODE: Home = Home::Grants(|grant| matches!(grant, Grant::AuthorizationCode));
const JWT_BEARER: Home = Home::Grants(|grant| matches!(grant, Grant::JwtBearer));
const EXCHANGE: Home = Home::Grants(|grant| matches!(grant, Grant::TokenExchange));
const OAUTH2: Home = Home::Type(SchemeType::OAuth2);

/// The keys that do not belong to all schemes.
pub(super) const HOMES: &[(&str, Home)] = &[
    ("grant", OAUTH2),
    ("password", Home::Type(SchemeType::Basic)),
    ("secret_username", Home::Type(SchemeType::Basic)),
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
    ("introspection_url", OAUTH2),
    ("introspection_urls", OAUTH2),
    ("issuer", OAUTH2),
    ("allow_insecure_token_url", OAUTH2),
    ("client_authentication", AT_TOKEN_ENDPOINT),
    ("basic_encoding", AT_TOKEN_ENDPOINT),
    ("token_request_format", AT_TOKEN_ENDPOINT),
    ("pkce", CODE),
    ("token_fetch", OAUTH2),
    ("token_provider", OAUTH2),
    ("on_token_update", OAUTH2),
    ("clock_skew", OAUTH2),
    ("user_sign_in", WITH_A_USER),
    ("default_token_lifetime", OAUTH2),
    ("bearer_token_types", OAUTH2),
    ("refresh_token_error_codes", WITH_REFRESH_TOKENS),
    ("audience", AT_TOKEN_ENDPOINT),
    ("parameters", AT_TOKEN_ENDPOINT),
    ("authorization_parameters", AT_AUTHORIZATION_ENDPOINT),
    ("endpoint_headers", AT_TOKEN_ENDPOINT),
    ("assertion", JWT_BEARER),
    ("subject_token_type", EXCHANGE),
    ("requested_token_type", EXCHANGE),
    ("scopes", OAUTH2),
];

/// Endpoints that a grant needs, unless they are discovered: the key for all environments.
pub(super) const NEEDED: &[(&str, Home)] = &[
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

    fn words(self) -> String {
        match self {
            Self::Type(scheme_type) => format!("the type `{}`", scheme_type.word()),
            Self::Grants(has) => {
                let grants = Grant::ALL.iter().copied().filter(|grant| has(*grant));
                let words: Vec<_> = grants.map(Keyword::word).collect();
                match words.as_slice() {
                    [only] => format!("the grant `{only}`"),
                    all => format!("the grants {}", list(all.iter().copied())),
                }
            }
        }
    }

    pub(super) fn has(self, grant: Grant) -> bool {
        match self {
            Self::Type(scheme_type) => scheme_type == SchemeType::OAuth2,
            Self::Grants(has) => has(grant),
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

/// The keys that have a meaning in the scheme at `node`: those of its type and its grant, as far as
/// these can be read.
pub(super) fn useful_keys(node: &Node) -> Vec<&'static str> {
    let scheme_type = word_of::<SchemeType>(node, "type");
    let grant = word_of::<Grant>(node, "grant").filter(|_| scheme_type == Some(SchemeType::OAuth2));
    let is_useful = |key: &&str| {
        let of_type = scheme_type.is_none_or(|it| type_of(key).is_none_or(|home| home == it));
        of_type && grant.is_none_or(|it| goes_with(key, it))
    };
    RawScheme::KEYS.iter().copied().filter(is_useful).collect()
}

/// The keyword that `key` has as its value, if it has one.
fn word_of<K: Keyword>(node: &Node, key: &str) -> Option<K> {
    let Value::Mapping(entries) = &node.value else {
        return None;
    };
    let entry = entries.iter().find(|entry| entry.key.value == key)?;
    let Value::Text(text) = &entry.node.value else {
        return None;
    };
    K::ALL.iter().copied().find(|word| word.word() == text)
}

/// Whether `grant` needs the endpoint of `key`.
pub(crate) fn needs(grant: Grant, key: &str) -> bool {
    NEEDED
        .iter()
        .any(|(name, home)| *name == key && home.has(grant))
}

/// Where `key` belongs, in words; `None` if it belongs to all schemes.
pub(crate) fn home_of(key: &str) -> Option<String> {
    Home::of(key).map(Home::words)
}

/// Who cannot do without `key`, in words, and what may stand in its place; `None` if nobody needs it,
/// or everybody.
#[cfg(feature = "schema")]
pub(crate) fn needed_by(key: &str) -> Option<String> {
    let mut types = SchemeType::ALL.iter().copied();
    if let Some(scheme_type) = types.find(|home| required_key(*home) == Some(key)) {
        return Some(Home::Type(scheme_type).words());
    }
    let singular = key.strip_suffix('s').unwrap_or(key);
    let (_, home) = NEEDED.iter().find(|(name, _)| *name == singular)?;
    let other = if singular == key {
        format!("{key}s")
    } else {
        singular.to_owned()
    };
    Some(format!(
        "{}, unless there is `{other}` or an `issuer`",
        home.words()
    ))
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
