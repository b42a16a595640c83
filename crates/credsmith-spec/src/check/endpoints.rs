//! The endpoints of an authorization server.

use std::collections::{BTreeMap, BTreeSet};

use super::{Environments, flag};
use crate::diagnostic::Problems;
use crate::model::{Endpoints, Grant, Urls};
use crate::raw::{Entries, RawScheme, Url, applicable};
use crate::rules::{contradiction, endpoint_url, environment, missing_key};
use crate::source::Span;
use crate::suggest::closest;

pub(super) fn check(
    raw: &RawScheme,
    at: Span,
    grant: Option<Grant>,
    environments: &Environments<'_>,
    problems: &mut Problems,
) -> Endpoints {
    let allow_insecure = flag(raw.allow_insecure.as_ref(), false);
    // What was given and could not be read has been noted.
    let given = |key: &str| raw.given.place_of(key).is_some();
    let mut urls = |key, one: &Option<Url>, many: &Option<Entries<Url>>| {
        let endpoint = Endpoint {
            key,
            one: one.as_ref(),
            many: many.as_ref(),
            needed: !given("issuer")
                && !given(key)
                && !given(&format!("{key}s"))
                && grant.is_some_and(|it| applicable::needs(it, key)),
        };
        // A key that does not belong to the grant has been noted.
        let belongs = grant.is_none_or(|grant| applicable::goes_with(key, grant));
        belongs
            .then(|| endpoint.check(at, environments, allow_insecure, problems))
            .flatten()
    };
    Endpoints {
        authorization: urls(
            "authorization_url",
            &raw.authorization_url,
            &raw.authorization_urls,
        ),
        device_authorization: urls(
            "device_authorization_url",
            &raw.device_authorization_url,
            &raw.device_authorization_urls,
        ),
        token: urls("token_url", &raw.token_url, &raw.token_urls),
        revocation: urls("revocation_url", &raw.revocation_url, &raw.revocation_urls),
        issuer: raw
            .issuer
            .as_ref()
            .and_then(|issuer| endpoint_url::check_issuer(issuer, allow_insecure, problems)),
        allow_insecure,
    }
}

/// One endpoint as it is written.
struct Endpoint<'a> {
    /// The key for all environments; that for single ones ends with an `s` more.
    key: &'static str,
    one: Option<&'a Url>,
    many: Option<&'a Entries<Url>>,
    needed: bool,
}

impl Endpoint<'_> {
    fn check(
        &self,
        at: Span,
        environments: &Environments<'_>,
        allow_insecure: bool,
        problems: &mut Problems,
    ) -> Option<Urls> {
        let key = self.key;
        match (self.one, self.many) {
            (None, None) => {
                if self.needed {
                    let plural = match environments.declared {
                        Some([]) | None => "",
                        Some(_) => "s",
                    };
                    let key = format!("{key}{plural}");
                    problems.push(missing_key::missing_endpoint(&key, at));
                }
                None
            }
            (Some(one), Some(many)) => {
                let message = format!("`{key}` and `{key}s` say the same thing twice");
                let help = "remove one of the two";
                problems.push(contradiction::between(message, one.span, many.at, help));
                None
            }
            (Some(url), None) => {
                endpoint_url::check(url, allow_insecure, problems).map(Urls::Everywhere)
            }
            (None, Some(urls)) => self
                .check_urls(urls, environments, allow_insecure, problems)
                .map(Urls::PerEnvironment),
        }
    }

    /// One URL for each declared environment, the default one first; at least one.
    fn check_urls(
        &self,
        urls: &Entries<Url>,
        environments: &Environments<'_>,
        allow_insecure: bool,
        problems: &mut Problems,
    ) -> Option<Vec<String>> {
        let Some(declared) = environments.declared else {
            for (_, url) in &urls.items {
                endpoint_url::check(url, allow_insecure, problems);
            }
            return None;
        };
        let mut given: BTreeMap<&str, &Url> = BTreeMap::new();
        // What is misspelt, or cannot be read, is not missing.
        let mut told: BTreeSet<_> = urls.unread.iter().map(|name| name.as_str()).collect();
        let known: BTreeSet<&str> = declared.iter().map(|name| name.as_str()).collect();
        for (name, url) in &urls.items {
            if known.contains(name.as_str()) {
                given.insert(name, url);
            } else {
                problems.push(environment::unknown(name, declared));
                let names = declared.iter().map(|name| name.as_str());
                told.extend(closest(name, names));
            }
        }
        let mut checked = Vec::new();
        for name in declared {
            let url = given.get(name.as_str());
            if url.is_none() && !told.contains(name.as_str()) {
                let key = format!("{}s", self.key);
                problems.push(environment::missing(name, &key, urls.at));
            }
            checked.push(url.and_then(|url| endpoint_url::check(url, allow_insecure, problems)));
        }
        let mut checked = checked.into_iter().collect::<Option<Vec<_>>>()?;
        checked.get_mut(..=environments.default)?.rotate_right(1);
        Some(checked)
    }
}
