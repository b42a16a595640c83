//! Third stage: the raw form, judged by the rules, becomes the model.
//!
//! Every function notes what it finds and goes on; a `None` means that a part of the model is
//! missing, and that the reason has been noted. Where a stand-in can take the place of such a part,
//! it does: a draft with stand-ins can still be searched for more problems.

mod endpoints;
mod key;
mod named;
mod names;
mod oauth2;
mod scheme;
mod scopes;
mod sdk;
mod security;
mod without_effect;

use crate::diagnostic::Problems;
use crate::keyword::Keyword;
use crate::located::Located;
use crate::model::{Scheme, Spec};
use crate::raw::{Line, Prose, RawSpec, Word};
use crate::rules::{environment, nothing, text, version};

/// Judges the raw form.
pub(crate) fn check(raw: &RawSpec, problems: &mut Problems) -> Option<Spec> {
    if let Some(version) = &raw.version.0 {
        version::check(&version.0, problems);
    }
    let sdk = raw.sdk.0.as_ref();
    let declared = declared_environments(raw, problems);
    let sdk = sdk.and_then(|sdk| sdk::check(sdk, declared.as_deref(), problems));
    let raw_schemes = raw.schemes.0.as_ref()?;
    if raw_schemes.is_empty() {
        problems.push(nothing::empty("scheme", raw_schemes.at));
    }
    let environments = Environments {
        declared: declared.as_deref(),
        default: sdk.as_ref().map_or(0, |(_, default)| *default),
    };
    let schemes: Vec<Scheme> = raw_schemes
        .items
        .iter()
        .filter_map(|(name, scheme)| scheme::check(name, scheme, &environments, problems))
        .collect();
    let security = match &raw.security {
        Some(groups) => security::check(groups, raw_schemes, &schemes, problems),
        None => vec![security::each_alone(&schemes, raw_schemes.at)],
    };
    let spec = Spec {
        sdk: sdk?.0,
        schemes,
        security,
    };
    // Beside other mistakes, a setting may be without effect for the time being.
    if !problems.any_error() {
        let rust = raw.sdk.0.as_ref().and_then(|sdk| sdk.rust.as_ref());
        without_effect::check(&spec, rust, raw_schemes.at, problems);
    }
    Some(spec)
}

/// The names of the environments, if they can be known.
fn declared_environments<'a>(
    raw: &'a RawSpec,
    problems: &mut Problems,
) -> Option<Vec<&'a Located<String>>> {
    let sdk = raw.sdk.0.as_ref()?;
    let declared = sdk::declared_environments(sdk)?;
    if !declared.is_empty() {
        return Some(declared);
    }
    // Where there are none at all, this is told once, and not of each use.
    let schemes = raw.schemes.0.iter().flat_map(|schemes| &schemes.items);
    let used = schemes.flat_map(|(_, scheme)| endpoints::used_environments(scheme));
    let used = sdk
        .default_environment
        .iter()
        .map(|name| &**name)
        .chain(used);
    let none = environment::none_declared(&used.collect::<Vec<_>>());
    let is_fine = none.is_none();
    problems.extend(none);
    is_fine.then_some(declared)
}

/// The environments that the SDK declares.
struct Environments<'a> {
    /// Their names; `None` if they cannot be read, which has been noted.
    declared: Option<&'a [&'a Located<String>]>,
    /// Which of them is the default.
    default: usize,
}

fn prose(raw: Option<&Prose>, problems: &mut Problems) -> Option<String> {
    raw.and_then(|raw| text::prose(raw, problems))
}

fn line(raw: Option<&Line>, problems: &mut Problems) -> Option<Located<String>> {
    raw.and_then(|raw| text::line(raw, problems))
}

fn word<K: Keyword>(raw: Option<&Word<K>>, problems: &mut Problems) -> Option<K> {
    parsed(raw, problems).map(|word| word.value)
}

fn parsed<K: Keyword>(raw: Option<&Word<K>>, problems: &mut Problems) -> Option<Located<K>> {
    raw.and_then(|raw| raw.parse(problems))
}

fn flag(raw: Option<&Located<bool>>, default: bool) -> bool {
    raw.map_or(default, |raw| raw.value)
}
