//! The `sdk` section.

use super::{flag, line, prose, word};
use crate::diagnostic::Problems;
use crate::located::Located;
use crate::model::{Environment, GetterStyle, Rust, Sdk, SdkNames};
use crate::raw::{Entries, RawEnvironment, RawRust, RawSdk, RawSdkNames};
use crate::rules::{environment, text};

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
        unsplit_words: unsplit
            .iter()
            .filter_map(|word| text::line(word, problems).map(|word| word.value))
            .collect(),
        environments,
        rust: raw
            .rust
            .as_ref()
            .map(|rust| check_rust(rust, problems))
            .unwrap_or_default(),
        names: raw
            .names
            .as_ref()
            .map(|names| sdk_names(names, problems))
            .unwrap_or_default(),
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
    }
}

fn sdk_names(raw: &RawSdkNames, problems: &mut Problems) -> SdkNames {
    SdkNames {
        token: line(raw.token.as_ref(), problems),
        provider_error: line(raw.provider_error.as_ref(), problems),
        config: line(raw.config.as_ref(), problems),
        environment: line(raw.environment.as_ref(), problems),
        env_prefix: line(raw.env_prefix.as_ref(), problems),
    }
}
