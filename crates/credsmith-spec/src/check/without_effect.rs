//! Settings of the SDK that change nothing: an error, since their author expects an effect.

use super::flag;
use crate::diagnostic::Problems;
use crate::model::{ClientSource, Overrides, Scheme, SchemeKind, Spec, Urls};
use crate::raw::RawRust;
use crate::rules::{contradiction, environment};
use crate::source::Span;

/// Checks the settings of `spec` against its schemes; `schemes_at` is the key `schemes`, `rust` the section
/// `sdk.rust`.
pub(super) fn check(
    spec: &Spec,
    rust: Option<&RawRust>,
    schemes_at: Span,
    problems: &mut Problems,
) {
    check_environments(spec, problems);
    check_shared_names(spec, schemes_at, problems);
    check_client(spec, rust, problems);
}

/// Environments differ by their endpoints.
fn check_environments(spec: &Spec, problems: &mut Problems) {
    let Some(first) = spec.sdk.environments.first() else {
        return;
    };
    if !spec.schemes.iter().any(has_urls_by_environment) {
        problems.push(environment::unused(&first.name));
    }
}

fn has_urls_by_environment(scheme: &Scheme) -> bool {
    let SchemeKind::OAuth2(oauth2) = &scheme.kind else {
        return false;
    };
    let endpoints = &oauth2.endpoints;
    let urls = [
        &endpoints.authorization,
        &endpoints.device_authorization,
        &endpoints.token,
        &endpoints.revocation,
        &endpoints.introspection,
    ];
    urls.iter()
        .any(|urls| matches!(urls, Some(Urls::PerEnvironment(_))))
}

/// Names of items that no scheme of the spec brings about.
fn check_shared_names(spec: &Spec, schemes_at: Span, problems: &mut Problems) {
    let mut schemes = spec.schemes.iter();
    let has_tokens = schemes.any(|scheme| matches!(scheme.kind, SchemeKind::OAuth2(_)));
    let mut schemes = spec.schemes.iter();
    let use_the_prefix = schemes.any(|scheme| scheme.names.get("names.env_prefix").is_none());
    for (path, name) in spec.sdk.names.iter() {
        let reason = match path {
            "sdk.names.token" | "sdk.names.provider_error" if !has_tokens => "no scheme has tokens",
            "sdk.names.environment" if spec.sdk.environments.is_empty() => {
                "there are no environments"
            }
            "sdk.names.env_prefix" if !use_the_prefix => "each scheme sets its own `env_prefix`",
            _ => continue,
        };
        let message = format!("`{path}` names nothing: {reason}");
        let help = format!("remove `{path}`");
        problems.push(contradiction::between(message, name.span, schemes_at, help));
    }
}

/// An SDK with its own client gets none generated, and so no names of one.
fn check_client(spec: &Spec, rust: Option<&RawRust>, problems: &mut Problems) {
    let Some(external) = rust.and_then(|rust| rust.client.as_ref()) else {
        return;
    };
    if spec.sdk.rust.client != ClientSource::External {
        return;
    }
    let mut note = |key: &str, span| {
        let message = format!("no client is generated, so `{key}` changes nothing");
        let help = format!("remove `{key}`");
        problems.push(contradiction::between(message, span, external.span(), help));
    };
    let blocking = rust.and_then(|rust| rust.blocking.as_ref());
    if let Some(blocking) = blocking.filter(|blocking| flag(Some(blocking), false)) {
        note("sdk.rust.blocking", blocking.span);
    }
    if let Some(client) = &spec.sdk.client {
        note("sdk.client", client.span);
    }
    if let Some(config) = spec.sdk.names.get("sdk.names.config") {
        note("sdk.names.config", config.span);
    }
    for (key, span) in spec
        .schemes
        .iter()
        .flat_map(|scheme| client_names(&scheme.names))
    {
        note(key, span);
    }
}

/// The names of a scheme that name members of the client.
fn client_names(names: &Overrides) -> impl Iterator<Item = (&str, Span)> {
    let of_scheme = [
        "names.credentials",
        "names.manager",
        "names.module",
        "names.env_prefix",
    ];
    let of_client =
        move |path: &str| !path.starts_with("names.fields.") && !of_scheme.contains(&path);
    let names = names.iter();
    names
        .filter(move |(path, _)| of_client(path))
        .map(|(path, name)| (path, name.span))
}
