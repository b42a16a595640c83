//! API keys, and the fields of custom schemes.

use super::{flag, line, prose, word};
use crate::diagnostic::Problems;
use crate::model::{ApiKey, Custom, CustomField, Key};
use crate::raw::{RawCustomField, RawKey, RawScheme};
use crate::rules::{api_key, duplicate_api_key, glued_prefix, nothing};

pub(super) fn check_keys(raw: &RawScheme, problems: &mut Problems) -> ApiKey {
    let Some(raw) = &raw.keys else {
        return ApiKey { keys: Vec::new() };
    };
    if raw.is_empty() {
        problems.push(nothing::empty("key", raw.at));
    }
    let keys: Vec<_> = raw
        .items
        .iter()
        .filter_map(|key| check_key(key, problems))
        .collect();
    duplicate_api_key::check(&keys, problems);
    ApiKey { keys }
}

fn check_key(raw: &RawKey, problems: &mut Problems) -> Option<Key> {
    let field = line(raw.field.as_ref(), problems);
    let description = prose(raw.description.as_ref(), problems);
    let place = word(raw.place.0.as_ref(), problems)?;
    let prefix = raw.prefix.as_ref();
    problems.extend(prefix.and_then(|text| glued_prefix::check(text, place)));
    Some(Key {
        prefix: prefix.map_or_else(String::new, |text| api_key::prefix(text, place, problems)),
        wire_name: api_key::name(raw.name.0.as_ref()?, place, problems)?,
        place,
        field,
        description,
    })
}

pub(super) fn check_fields(raw: &RawScheme, problems: &mut Problems) -> Custom {
    let Some(raw) = &raw.fields else {
        return Custom { fields: Vec::new() };
    };
    if raw.is_empty() {
        problems.push(nothing::empty("field", raw.at));
    }
    let fields = raw
        .items
        .iter()
        .filter_map(|field| check_field(field, problems));
    Custom {
        fields: fields.collect(),
    }
}

fn check_field(raw: &RawCustomField, problems: &mut Problems) -> Option<CustomField> {
    let description = prose(raw.description.as_ref(), problems);
    Some(CustomField {
        name: line(raw.name.0.as_ref(), problems)?,
        secret: flag(raw.secret.as_ref(), true),
        optional: flag(raw.optional.as_ref(), false),
        description,
    })
}
