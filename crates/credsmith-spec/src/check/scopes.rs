//! The scopes of a scheme.

use super::{line, prose};
use crate::diagnostic::Problems;
use crate::model::{Scope, Scopes};
use crate::raw::{RawScope, RawScopes};
use crate::rules::default_scope::Listed;
use crate::rules::scope_value::Separator;
use crate::rules::{default_scope, duplicate_scope, nothing, scope_value};

pub(super) fn check(raw: &RawScopes, problems: &mut Problems) -> Option<Scopes> {
    let separator = scope_value::separator(raw.separator.as_deref(), problems);
    let values = raw.values.0.as_ref()?;
    if values.is_empty() {
        problems.push(nothing::no_scope(values.at));
    }
    let listed = Listed::new(values);
    let values: Vec<_> = values
        .items
        .iter()
        .filter_map(|scope| check_scope(scope, &separator, problems))
        .collect();
    let wire: Vec<_> = values.iter().map(|scope| scope.value.clone()).collect();
    duplicate_scope::check(wire.iter(), problems);
    let default = raw
        .default
        .as_ref()
        .map_or(&[][..], |default| &default.items);
    duplicate_scope::check(default.iter().map(|scope| &**scope), problems);
    Some(Scopes {
        enum_name: line(raw.enum_name.as_ref(), problems),
        module: line(raw.module.as_ref(), problems),
        separator: separator.text,
        default: default_scope::resolve(default, &wire, &listed, problems),
        values,
    })
}

fn check_scope(raw: &RawScope, separator: &Separator, problems: &mut Problems) -> Option<Scope> {
    let name = line(raw.name.as_ref(), problems);
    let description = prose(raw.description.as_ref(), problems);
    let value = scope_value::check(raw.value.0.as_ref()?, separator, problems)?;
    Some(Scope {
        value,
        name,
        description,
    })
}
