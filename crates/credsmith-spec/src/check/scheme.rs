//! One scheme: its grant, its switches, its parameters, its names.

use super::{endpoint, field_names, flag, line, prose, scopes, word};
use crate::diagnostic::Problems;
use crate::keyword::Keyword;
use crate::located::Located;
use crate::model::{
    BasicEncoding, ClientAuthentication, FieldNames, Grant, OAuth2, Scheme, SchemeKind,
    SchemeNames, SchemeType, TokenEndpoint, TokenFetch, TokenUrls,
};
use crate::raw::{RawFieldNames, RawScheme, RawSchemeNames};
use crate::rules::{contradiction, number, parameter, retired_grant, text};
use crate::source::Span;

pub(super) fn check(
    name: &Located<String>,
    raw: &RawScheme,
    declared: &[&Located<String>],
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
        kind: SchemeKind::OAuth2(Box::new(kind)),
        names,
    })
}

fn check_oauth2(
    raw: &RawScheme,
    at: Span,
    declared: &[&Located<String>],
    default: usize,
    problems: &mut Problems,
) -> OAuth2 {
    let grant = check_grant(raw, problems);
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
    let token_fetch = fetch
        .as_ref()
        .map_or(TokenFetch::Automatic, |fetch| fetch.value);
    let automatic = token_fetch == TokenFetch::Automatic;
    field_names::check(raw, at, authentication.as_ref(), fetch.as_ref(), problems);
    let token_endpoint = endpoint::check(raw, at, declared, default, problems);
    let scopes = raw
        .scopes
        .as_ref()
        .map(|scopes| scopes::check(scopes, problems));
    let parameters = check_parameters(raw, problems);
    let lifetime = raw.default_token_lifetime.as_ref();
    let default_token_lifetime = lifetime.and_then(|seconds| number::lifetime(seconds, problems));
    let _: Option<SchemeType> = word(raw.scheme_type.0.as_ref(), problems);
    // What is wrong has been noted; a stand-in lets names and all else be looked at.
    OAuth2 {
        grant: grant.unwrap_or(Grant::ClientCredentials),
        token_endpoint: token_endpoint.unwrap_or(TokenEndpoint {
            urls: TokenUrls::Everywhere(String::new()),
            allow_insecure: false,
        }),
        client_authentication: authentication
            .map_or(ClientAuthentication::ClientSecretBasic, |word| word.value),
        basic_encoding: word(raw.basic_encoding.as_ref(), problems).unwrap_or(BasicEncoding::Form),
        token_fetch,
        token_provider: flag(raw.token_provider.as_ref(), automatic),
        on_token_update: flag(raw.on_token_update.as_ref(), automatic),
        clock_skew: flag(raw.clock_skew.as_ref(), automatic),
        default_token_lifetime,
        parameters,
        scopes: scopes.flatten(),
    }
}

fn check_grant(raw: &RawScheme, problems: &mut Problems) -> Option<Grant> {
    let grant = raw.grant.0.as_ref()?;
    if let Some(retired) = retired_grant::check(grant.text()) {
        problems.push(retired);
        return None;
    }
    grant.parse(problems).map(|grant| grant.value)
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

fn scheme_names(raw: &RawSchemeNames, problems: &mut Problems) -> SchemeNames {
    SchemeNames {
        credentials: line(raw.credentials.as_ref(), problems),
        parameter: line(raw.parameter.as_ref(), problems),
        manager: line(raw.manager.as_ref(), problems),
        accessor: line(raw.accessor.as_ref(), problems),
        token_url: line(raw.token_url.as_ref(), problems),
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
