//! The token endpoint.

use std::collections::{BTreeMap, BTreeSet};

use super::flag;
use crate::diagnostic::Problems;
use crate::located::Located;
use crate::model::{TokenEndpoint, TokenUrls};
use crate::raw::{Entries, RawScheme, Url};
use crate::rules::{contradiction, environment, missing_key, token_url};
use crate::source::Span;
use crate::suggest::closest;

pub(super) fn check(
    raw: &RawScheme,
    at: Span,
    declared: &[&Located<String>],
    default: usize,
    problems: &mut Problems,
) -> Option<TokenEndpoint> {
    let allow_insecure = flag(raw.allow_insecure.as_ref(), false);
    let urls = match (&raw.token_url, &raw.token_urls) {
        (None, None) => {
            let key = if declared.is_empty() {
                "token_url"
            } else {
                "token_urls"
            };
            problems.push(missing_key::missing(key, at));
            None
        }
        (Some(one), Some(many)) => {
            let other = many.at;
            let message = "`token_url` and `token_urls` say the same thing twice";
            let help = "remove one of the two";
            problems.push(contradiction::between(message, one.span, other, help));
            None
        }
        (Some(url), None) => {
            token_url::check(url, allow_insecure, problems).map(TokenUrls::Everywhere)
        }
        (None, Some(urls)) => {
            let checked = check_urls(urls, declared, allow_insecure, problems);
            checked.map(|mut urls| {
                urls[..=default].rotate_right(1);
                TokenUrls::PerEnvironment(urls)
            })
        }
    };
    Some(TokenEndpoint {
        urls: urls?,
        allow_insecure,
    })
}

/// One URL for each declared environment, in their order; at least one.
fn check_urls(
    urls: &Entries<Url>,
    declared: &[&Located<String>],
    allow_insecure: bool,
    problems: &mut Problems,
) -> Option<Vec<String>> {
    let mut given: BTreeMap<&str, &Url> = BTreeMap::new();
    let mut misspelt = Vec::new();
    let known: BTreeSet<&str> = declared.iter().map(|name| name.as_str()).collect();
    for (name, url) in &urls.items {
        if known.contains(name.as_str()) {
            given.insert(name, url);
        } else {
            problems.push(environment::unknown(name, declared));
            let names = declared.iter().map(|name| name.as_str());
            misspelt.extend(closest(name, names));
        }
    }
    let mut checked = Vec::new();
    for name in declared {
        let url = given.get(name.as_str());
        if url.is_none() && !misspelt.contains(&name.as_str()) {
            problems.push(environment::missing(name, urls.at));
        }
        checked.push(url.and_then(|url| token_url::check(url, allow_insecure, problems)));
    }
    checked
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .filter(|urls| !urls.is_empty())
}
