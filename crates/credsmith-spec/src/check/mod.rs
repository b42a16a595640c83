//! Third stage: the raw form, judged by the rules, becomes the model.
//!
//! Every function notes what it finds and goes on; a `None` means that a part of the model is
//! missing, and that the reason has been noted. Where a stand-in can take the place of such a part,
//! it does: a draft with stand-ins can still be searched for more problems.

mod endpoint;
mod field_names;
mod scheme;
mod scopes;
mod sdk;

use crate::diagnostic::Problems;
use crate::keyword::Keyword;
use crate::located::Located;
use crate::model::{Scheme, Spec};
use crate::raw::{Entries, Line, Prose, RawSpec, Word};
use crate::rules::{nothing, text, version};

/// Judges the raw form.
pub(crate) fn check(raw: &RawSpec, problems: &mut Problems) -> Option<Spec> {
    if let Some(version) = &raw.version.0 {
        version::check(version, problems);
    }
    let sdk = raw.sdk.0.as_ref();
    let environments = sdk.and_then(|sdk| sdk.environments.as_ref());
    let declared: Vec<&Located<String>> = environments.map(names_of).unwrap_or_default();
    let sdk = sdk.and_then(|sdk| sdk::check(sdk, &declared, problems));
    let schemes = raw.schemes.0.as_ref()?;
    if schemes.items.is_empty() {
        problems.push(nothing::empty("scheme", schemes.at));
    }
    let default = sdk.as_ref().map_or(0, |(_, default)| *default);
    let schemes: Vec<Scheme> = schemes
        .items
        .iter()
        .filter_map(|(name, scheme)| scheme::check(name, scheme, &declared, default, problems))
        .collect();
    Some(Spec {
        sdk: sdk?.0,
        schemes,
    })
}

fn names_of<T>(entries: &Entries<T>) -> Vec<&Located<String>> {
    entries.items.iter().map(|(name, _)| name).collect()
}

fn prose(raw: Option<&Prose>, problems: &mut Problems) -> Option<String> {
    raw.and_then(|raw| text::prose(raw, problems))
}

fn line(raw: Option<&Line>, problems: &mut Problems) -> Option<Located<String>> {
    raw.and_then(|raw| text::line(raw, problems))
}

fn word<K: Keyword>(raw: Option<&Word<K>>, problems: &mut Problems) -> Option<K> {
    raw.and_then(|raw| raw.parse(problems))
        .map(|word| word.value)
}

fn flag(raw: Option<&Located<bool>>, default: bool) -> bool {
    raw.map_or(default, |raw| raw.value)
}
