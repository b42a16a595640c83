//! The `sdk` section.

use super::{flag, line, names, prose, word};
use crate::diagnostic::Problems;
use crate::located::Located;
use crate::model::{Environment, GetterStyle, Rust, Sdk};
use crate::raw::{Entries, RawEnvironment, RawRust, RawSdk};
use crate::rules::{environment, text, unsplit_word};

/// The names of the environments, if they can be read.
pub(super) fn declared_environments(raw: &RawSdk) -> Option<Vec<&Located<String>>> {
    match &raw.environments {
        Some(environments) => Some(environments.names()),
        None if raw.given.place_of("environments").is_some() => None,
        None => Some(Vec::new()),
    }
}

/// The SDK, and which of the declared environments is the default.
pub(super) fn check(
    raw: &RawSdk,
    declared: Option<&[&Located<String>]>,
    problems: &mut Problems,
) -> Option<(Sdk, usize)> {
    let default = raw.default_environment.as_ref().zip(declared);
    let default = default.map_or(0, |(name, declared)| {
        let found = declared
            .iter()
            .position(|declared| declared.value == name.value);
        if found.is_none() {
            problems.push(environment::unknown(name, declared));
        }
        found.unwrap_or(0)
    });
    let mut environments = check_environments(raw.environments.as_ref(), problems);
    if default < environments.len() {
        environments[..=default].rotate_right(1);
    }
    let unsplit = raw
        .unsplit_words
        .as_ref()
        .map_or(&[][..], |words| &words.items);
    let sdk = Sdk {
        description: prose(raw.description.as_ref(), problems),
        client: line(raw.client.as_ref(), problems),
        getter_style: word(raw.getter_style.as_ref(), problems).unwrap_or(GetterStyle::Oauth),
        unsplit_words: unsplit_word::check(unsplit.iter().map(|word| &**word), problems),
        environments,
        rust: raw
            .rust
            .as_ref()
            .map(|rust| check_rust(rust, problems))
            .unwrap_or_default(),
        names: names::check(raw.names.as_ref(), "sdk.names", problems),
        name: text::line(raw.name.0.as_ref()?, problems)?,
    };
    Some((sdk, default))
}

fn check_environments(
    raw: Option<&Entries<RawEnvironment>>,
    problems: &mut Problems,
) -> Vec<Environment> {
    let environments = raw.map(Entries::all).unwrap_or_default();
    environments
        .into_iter()
        .filter_map(|(name, raw)| {
            Some(Environment {
                variant: line(raw.and_then(|raw| raw.variant.as_ref()), problems),
                description: prose(raw.and_then(|raw| raw.description.as_ref()), problems),
                name: text::line(name, problems)?,
            })
        })
        .collect()
}

fn check_rust(raw: &RawRust, problems: &mut Problems) -> Rust {
    Rust {
        crate_name: line(raw.crate_name.as_ref(), problems),
        client: word(raw.client.as_ref(), problems).unwrap_or_default(),
        blocking: flag(raw.blocking.as_ref(), false),
        names: raw
            .names
            .iter()
            .flat_map(|names| &names.items)
            .filter_map(|(path, name)| Some((path.clone(), line(Some(name), problems)?)))
            .collect(),
    }
}
