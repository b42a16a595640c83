//! Third stage: the raw form, judged by the rules, becomes the model.
//!
//! Every function notes what it finds and goes on; a `None` means that a part of the model is
//! missing, and that the reason has been noted.

use crate::diagnostic::Problems;
use crate::keyword::Keyword;
use crate::located::Located;
use crate::model::{
    BasicEncoding, ClientAuthentication, Environment, FieldNames, GetterStyle, OAuth2, Rust,
    Scheme, SchemeKind, SchemeNames, SchemeType, Scope, Scopes, Sdk, SdkNames, Spec, TokenEndpoint,
    TokenFetch, TokenUrls,
};
use crate::raw::{
    Entries, RawEnvironment, RawFieldNames, RawRust, RawScheme, RawSchemeNames, RawScope,
    RawScopes, RawSdk, RawSdkNames, RawSpec, Word,
};
use crate::rules::{
    contradiction, default_scope, duplicate_scope, environment, missing_key, nothing, number,
    parameter, scope_value, text, token_url, version,
};
use crate::source::Span;

/// Judges the raw form.
pub(crate) fn check(raw: &RawSpec, problems: &mut Problems) -> Option<Spec> {
    if let Some(version) = &raw.version.0 {
        version::check(version, problems);
    }
    let sdk = raw.sdk.0.as_ref();
    let environments = sdk.and_then(|sdk| sdk.environments.as_ref());
    let declared: Vec<&str> = environments.map(names_of).unwrap_or_default();
    let sdk = sdk.and_then(|sdk| check_sdk(sdk, &declared, problems));
    let schemes = raw.schemes.0.as_ref()?;
    if schemes.items.is_empty() {
        problems.push(nothing::empty("scheme", schemes.at));
    }
    let default = sdk.as_ref().map_or(0, |(_, default)| *default);
    let schemes: Vec<Option<Scheme>> = schemes
        .items
        .iter()
        .map(|(name, scheme)| check_scheme(name, scheme, &declared, default, problems))
        .collect();
    Some(Spec {
        sdk: sdk?.0,
        schemes: schemes.into_iter().collect::<Option<_>>()?,
    })
}

fn names_of<T>(entries: &Entries<T>) -> Vec<&str> {
    entries
        .items
        .iter()
        .map(|(name, _)| name.as_str())
        .collect()
}

/// The SDK, and which of the declared environments is the default.
fn check_sdk(raw: &RawSdk, declared: &[&str], problems: &mut Problems) -> Option<(Sdk, usize)> {
    let default = raw.default_environment.as_ref().map_or(0, |name| {
        let found = declared.iter().position(|declared| *declared == name.value);
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
        .map_or(&[][..], |words| &words.value);
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
    let entries = raw.map_or(&[][..], |entries| &entries.items);
    entries
        .iter()
        .filter_map(|(name, environment)| {
            Some(Environment {
                description: prose(environment.description.as_ref(), problems),
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

fn check_scheme(
    name: &Located<String>,
    raw: &RawScheme,
    declared: &[&str],
    default: usize,
    problems: &mut Problems,
) -> Option<Scheme> {
    let names = raw
        .names
        .as_ref()
        .map(|names| scheme_names(names, problems))
        .unwrap_or_default();
    let description = prose(raw.description.as_ref(), problems);
    let kind = check_oauth2(raw, name.span, declared, default, problems);
    Some(Scheme {
        name: text::line(name, problems)?,
        description,
        kind: SchemeKind::OAuth2(Box::new(kind?)),
        names,
    })
}

fn check_oauth2(
    raw: &RawScheme,
    at: Span,
    declared: &[&str],
    default: usize,
    problems: &mut Problems,
) -> Option<OAuth2> {
    let scheme_type: Option<SchemeType> = word(raw.scheme_type.0.as_ref(), problems);
    let grant = word(raw.grant.0.as_ref(), problems);
    let authentication = raw
        .client_authentication
        .as_ref()
        .and_then(|word| word.parse(problems));
    let fetch = raw
        .token_fetch
        .as_ref()
        .and_then(|word| word.parse(problems));
    check_encoding(raw, authentication.as_ref(), problems);
    check_manual(raw, fetch.as_ref(), problems);
    let token_fetch = fetch.map_or(TokenFetch::Automatic, |fetch| fetch.value);
    let automatic = token_fetch == TokenFetch::Automatic;
    let token_endpoint = check_endpoint(raw, at, declared, default, problems);
    let scopes = raw
        .scopes
        .as_ref()
        .map(|scopes| check_scopes(scopes, problems));
    let parameters = check_parameters(raw, problems);
    let lifetime = raw.default_token_lifetime.as_ref();
    let default_token_lifetime = lifetime.and_then(|seconds| number::lifetime(seconds, problems));
    scheme_type?;
    // A `scopes` key whose value is wrong leaves no model, a missing one leaves no scopes.
    let scopes = scopes.map_or(Some(None), |scopes| scopes.map(Some))?;
    Some(OAuth2 {
        grant: grant?,
        token_endpoint: token_endpoint?,
        client_authentication: authentication
            .map_or(ClientAuthentication::ClientSecretBasic, |word| word.value),
        basic_encoding: word(raw.basic_encoding.as_ref(), problems).unwrap_or(BasicEncoding::Form),
        token_fetch,
        token_provider: flag(raw.token_provider.as_ref(), automatic),
        on_token_update: flag(raw.on_token_update.as_ref(), automatic),
        clock_skew: flag(raw.clock_skew.as_ref(), automatic),
        default_token_lifetime,
        parameters,
        scopes,
    })
}

/// `basic_encoding` says something about HTTP Basic only.
fn check_encoding(
    raw: &RawScheme,
    authentication: Option<&Located<ClientAuthentication>>,
    problems: &mut Problems,
) {
    let (Some(encoding), Some(authentication)) = (&raw.basic_encoding, authentication) else {
        return;
    };
    if authentication.value != ClientAuthentication::ClientSecretBasic {
        let message = format!("`{}` has no Basic header", authentication.value.word());
        let help = "remove `basic_encoding`";
        problems.push(contradiction::between(
            message,
            encoding.span(),
            authentication.span,
            help,
        ));
    }
}

/// In the manual flow nothing is fetched or renewed, so nothing can be provided or announced.
fn check_manual(raw: &RawScheme, fetch: Option<&Located<TokenFetch>>, problems: &mut Problems) {
    let Some(manual) = fetch.filter(|fetch| fetch.value == TokenFetch::Manual) else {
        return;
    };
    let switches = [
        ("token_provider", &raw.token_provider, "is never asked"),
        ("on_token_update", &raw.on_token_update, "is never called"),
    ];
    for (key, switch, what) in switches {
        if let Some(on) = switch.as_ref().filter(|switch| switch.value) {
            let message = format!("where tokens are fetched by hand, `{key}` {what}");
            let help = format!("remove `{key}`, or write `token_fetch: automatic`");
            problems.push(contradiction::between(message, on.span, manual.span, help));
        }
    }
}

fn check_endpoint(
    raw: &RawScheme,
    at: Span,
    declared: &[&str],
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
    urls: &Entries<Located<String>>,
    declared: &[&str],
    allow_insecure: bool,
    problems: &mut Problems,
) -> Option<Vec<String>> {
    for (name, _) in urls
        .items
        .iter()
        .filter(|(name, _)| !declared.contains(&name.as_str()))
    {
        problems.push(environment::unknown(name, declared));
    }
    let mut checked = Vec::new();
    for name in declared {
        match urls
            .items
            .iter()
            .find(|(declared, _)| declared.value == *name)
        {
            Some((_, url)) => checked.push(token_url::check(url, allow_insecure, problems)),
            None => {
                problems.push(environment::missing(name, urls.at));
                checked.push(None);
            }
        }
    }
    checked
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .filter(|urls| !urls.is_empty())
}

fn check_parameters(raw: &RawScheme, problems: &mut Problems) -> Vec<(String, String)> {
    let audience = raw
        .audience
        .as_ref()
        .and_then(|audience| text::line(audience, problems));
    let audience = audience.map(|audience| ("audience".to_owned(), audience.value));
    let extra = raw
        .parameters
        .as_ref()
        .map_or(&[][..], |parameters| &parameters.items);
    let extra = extra
        .iter()
        .filter_map(|(name, value)| parameter::check(name, value, problems));
    audience.into_iter().chain(extra).collect()
}

fn check_scopes(raw: &RawScopes, problems: &mut Problems) -> Option<Scopes> {
    let separator = scope_value::separator(raw.separator.as_ref(), problems);
    let values = raw.values.0.as_ref()?;
    if values.value.is_empty() {
        problems.push(nothing::empty("scope", values.span));
    }
    let values: Vec<_> = values
        .iter()
        .filter_map(|scope| check_scope(scope, &separator, problems))
        .collect();
    let wire: Vec<_> = values.iter().map(|scope| scope.value.clone()).collect();
    duplicate_scope::check(&wire, problems);
    let default = raw
        .default
        .as_ref()
        .map_or(&[][..], |default| &default.value);
    Some(Scopes {
        enum_name: line(raw.enum_name.as_ref(), problems),
        separator,
        default: default_scope::resolve(default, &wire, problems),
        values,
    })
}

fn check_scope(raw: &RawScope, separator: &str, problems: &mut Problems) -> Option<Scope> {
    let name = line(raw.name.as_ref(), problems);
    let description = prose(raw.description.as_ref(), problems);
    let value = scope_value::check(raw.value.0.as_ref()?, separator, problems)?;
    Some(Scope {
        value,
        name,
        description,
    })
}

fn scheme_names(raw: &RawSchemeNames, problems: &mut Problems) -> SchemeNames {
    SchemeNames {
        credentials: line(raw.credentials.as_ref(), problems),
        parameter: line(raw.parameter.as_ref(), problems),
        manager: line(raw.manager.as_ref(), problems),
        accessor: line(raw.accessor.as_ref(), problems),
        module: line(raw.module.as_ref(), problems),
        env_prefix: line(raw.env_prefix.as_ref(), problems),
        fields: raw
            .fields
            .as_ref()
            .map(|names| field_names(names, problems))
            .unwrap_or_default(),
    }
}

fn field_names(raw: &RawFieldNames, problems: &mut Problems) -> FieldNames {
    FieldNames {
        client_id: line(raw.client_id.as_ref(), problems),
        client_secret: line(raw.client_secret.as_ref(), problems),
        token: line(raw.token.as_ref(), problems),
        scopes: line(raw.scopes.as_ref(), problems),
        token_provider: line(raw.token_provider.as_ref(), problems),
        on_token_update: line(raw.on_token_update.as_ref(), problems),
        clock_skew: line(raw.clock_skew.as_ref(), problems),
    }
}

fn prose(raw: Option<&Located<String>>, problems: &mut Problems) -> Option<String> {
    raw.and_then(|raw| text::prose(raw, problems))
}

fn line(raw: Option<&Located<String>>, problems: &mut Problems) -> Option<Located<String>> {
    raw.and_then(|raw| text::line(raw, problems))
}

fn word<K: Keyword>(raw: Option<&Word<K>>, problems: &mut Problems) -> Option<K> {
    raw.and_then(|raw| raw.parse(problems))
        .map(|word| word.value)
}

fn flag(raw: Option<&Located<bool>>, default: bool) -> bool {
    raw.map_or(default, |raw| raw.value)
}
