//! The endpoints of an authorization server.

use std::collections::{BTreeMap, BTreeSet};

use super::{Environments, flag, word};
use crate::diagnostic::{Diagnostic, Problems};
use crate::located::Located;
use crate::model::{Endpoints, Grant, SchemeType, Urls};
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
        introspection: urls(
            "introspection_url",
            &raw.introspection_url,
            &raw.introspection_urls,
        ),
        issuer: raw
            .issuer
            .as_ref()
            .and_then(|issuer| endpoint_url::check_issuer(issuer, allow_insecure, problems)),
        allow_insecure,
    }
}

/// The environments that the scheme has URLs for.
pub(super) fn used_environments(raw: &RawScheme) -> impl Iterator<Item = &Located<String>> {
    // What is wrong with the words is noted where they count.
    let unheard = &mut Problems::default();
    let scheme_type = word(raw.scheme_type.0.as_ref(), unheard);
    let grant = word(raw.grant.as_ref(), unheard);
    let counts = move |key: &str| {
        scheme_type.is_none_or(|it| it == SchemeType::OAuth2)
            && grant.is_none_or(|grant| applicable::goes_with(key, grant))
    };
    let all = [
        ("authorization_urls", &raw.authorization_urls),
        ("device_authorization_urls", &raw.device_authorization_urls),
        ("token_urls", &raw.token_urls),
        ("revocation_urls", &raw.revocation_urls),
        ("introspection_urls", &raw.introspection_urls),
    ];
    let all = all.into_iter().filter(move |(key, _)| counts(key));
    all.filter_map(|(_, urls)| urls.as_ref())
        .flat_map(Entries::names)
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
        match (self.one, self.many) {
            (None, None) if self.needed => problems.push(self.missing(at, environments)),
            (Some(one), Some(many)) => problems.push(self.twice(one, many)),
            _ => {}
        }
        let everywhere = self
            .one
            .and_then(|url| endpoint_url::check(url, allow_insecure, problems));
        let per_environment = self
            .many
            .and_then(|urls| self.check_urls(urls, environments, allow_insecure, problems));
        everywhere
            .map(Urls::Everywhere)
            .or(per_environment.map(Urls::PerEnvironment))
    }

    fn missing(&self, at: Span, environments: &Environments<'_>) -> Diagnostic {
        let plural = match environments.declared {
            Some([]) | None => "",
            Some(_) => "s",
        };
        missing_key::missing_endpoint(&format!("{}{plural}", self.key), at)
    }

    /// Both keys are there, and each is looked into: either may be the one that stays.
    fn twice(&self, one: &Url, many: &Entries<Url>) -> Diagnostic {
        let key = self.key;
        let message = format!("`{key}` and `{key}s` say the same thing twice");
        contradiction::between(message, one.span, many.at, "remove one of the two")
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
                endpoint_url::check(url, allow_insecure, problems);
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
