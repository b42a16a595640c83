//! URLs of environments: under the key for one URL, or beside their declaration.

use std::collections::BTreeSet;

use super::scheme::replace;
use super::{find, text_of};
use crate::diagnostic::Problems;
use crate::raw::RawScheme;
use crate::rules::{unknown_key, wrong_type};
use crate::syntax::{Entry, Value};

/// The key that the value of `entry` belongs to: that for one URL, or that for those of environments.
pub(super) fn in_other_number(entry: &Entry) -> Option<String> {
    let key = entry.key.as_str();
    let other = match &entry.node.value {
        Value::Mapping(_) => format!("{key}s"),
        Value::Text(_) => key.strip_suffix('s')?.to_owned(),
        _ => return None,
    };
    let is_of_urls = |key: &str| key.ends_with("_url") || key.ends_with("_urls");
    let keys = RawScheme::KEYS;
    (is_of_urls(key) && keys.contains(&key) && keys.contains(&other.as_str())).then_some(other)
}

/// URLs of environments where one URL belongs, and one where those belong.
pub(super) fn count_urls(entries: &mut [Entry], problems: &mut Problems) {
    let there: BTreeSet<_> = entries.iter().map(|it| it.key.value.clone()).collect();
    for entry in entries {
        let Some(other) = in_other_number(entry).filter(|other| !there.contains(other)) else {
            continue;
        };
        problems.push(wrong_type::urls(&entry.node, entry.key.span, &other));
        entry.key.value = other;
    }
}

/// Environments are declared once for all schemes, and each scheme has URLs for them.
pub(super) fn environments(entries: &mut Vec<Entry>, problems: &mut Problems) {
    let Some(found) = find(entries, "environments") else {
        return;
    };
    let help =
        "declare them in `sdk.environments`, and write the URLs as `token_urls` and the like";
    problems.extend(unknown_key::elsewhere(&[&found.key], help));
    let mut meant = found.clone();
    "token_urls".clone_into(&mut meant.key.value);
    let is_url = |url: &Entry| text_of(&url.node).is_some();
    let is_urls = matches!(&meant.node.value, Value::Mapping(urls) if urls.iter().all(is_url));
    let has_url = find(entries, "token_url").is_some();
    replace(
        entries,
        &["environments"],
        Some(meant).filter(|_| is_urls && !has_url),
    );
}
