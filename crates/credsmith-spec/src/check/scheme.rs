//! One scheme: its type, and what all types have.

use super::{Environments, flag, key, named, names, oauth2, parsed, prose, word};
use crate::diagnostic::Problems;
use crate::located::Located;
use crate::model::{Basic, Custom, Grant, Presence, Scheme, SchemeKind, SchemeType};
use crate::raw::{List, RawCustomField, RawKey, RawScheme, Read, Word, applicable};
use crate::rules::{foreign_key, secret, text};

pub(super) fn check(
    name: &Located<String>,
    raw: &RawScheme,
    environments: &Environments<'_>,
    problems: &mut Problems,
) -> Option<Scheme> {
    let names = names::check(raw.names.as_ref(), "names", problems);
    let description = prose(raw.description.as_ref(), problems);
    let scheme_type = parsed(raw.scheme_type.0.as_ref(), problems);
    if let Some(scheme_type) = &scheme_type {
        check_keys(name, raw, scheme_type, problems);
        named::check(raw, name.span, scheme_type, problems);
    }
    let basic = check_basic(raw, problems);
    let scheme_type = scheme_type.map(|scheme_type| scheme_type.value);
    let kind = match scheme_type.or_else(|| guess(raw)) {
        Some(SchemeType::OAuth2) => {
            let oauth2 = oauth2::check(raw, name.span, environments, problems);
            SchemeKind::OAuth2(Box::new(oauth2))
        }
        Some(SchemeType::Basic) => SchemeKind::Basic(basic),
        Some(SchemeType::Bearer) => SchemeKind::Bearer,
        Some(SchemeType::ApiKey) => SchemeKind::ApiKey(key::check_keys(raw, problems)),
        Some(SchemeType::Custom) => SchemeKind::Custom(key::check_fields(raw, problems)),
        // What is wrong has been noted; a stand-in lets names and all else be looked at.
        None => SchemeKind::Custom(Custom { fields: Vec::new() }),
    };
    Some(Scheme {
        name: text::line(name, problems)?,
        description,
        kind,
        names,
    })
}

/// The keys that the type and the grant have, and the one that the type needs.
fn check_keys(
    name: &Located<String>,
    raw: &RawScheme,
    scheme_type: &Located<SchemeType>,
    problems: &mut Problems,
) {
    // An unknown grant is noted where it is looked at as the grant.
    let grant = parsed(raw.grant.as_ref(), &mut Problems::default());
    foreign_key::check(&raw.given, scheme_type, grant.as_ref(), problems);
    let required = applicable::required_key(scheme_type.value);
    if let Some(key) = required.filter(|key| raw.given.place_of(key).is_none()) {
        problems.push(match scheme_type.value {
            SchemeType::ApiKey => List::<RawKey>::missing(key, name.span),
            SchemeType::Custom => List::<RawCustomField>::missing(key, name.span),
            _ => Word::<Grant>::missing(key, name.span),
        });
    }
}

/// Looks at every scheme: whoever writes a password down is told so, whatever the type.
fn check_basic(raw: &RawScheme, problems: &mut Problems) -> Basic {
    // What is no word may be a password, which no message repeats.
    let password = word(raw.password.as_ref(), &mut Problems::default());
    if let (Some(text), None) = (&raw.password, password) {
        problems.push(secret::password(text.span()));
    }
    Basic {
        password: password.unwrap_or(Presence::Required),
        secret_username: flag(raw.secret_username.as_ref(), false),
    }
}

/// The type that the scheme's keys belong to, where its own is missing or unknown.
fn guess(raw: &RawScheme) -> Option<SchemeType> {
    raw.given.keys().find_map(|key| applicable::type_of(key))
}
