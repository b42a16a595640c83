//! An OAuth 2.0 scheme: its grant, its switches, its parameters.

use super::{Environments, endpoints, flag, line, parsed, scopes, word};
use crate::diagnostic::Problems;
use crate::keyword::Keyword;
use crate::located::Located;
use crate::model::{
    Assertion, BasicEncoding, ClientAuthentication, Exchange, Grant, OAuth2, Pkce, TokenFetch,
    TokenLifetime, TokenRequestFormat,
};
use crate::raw::{Line, Pairs, RawScheme, RawTokenLifetime, applicable};
use crate::rules::parameter::{self, Request};
use crate::rules::{
    contradiction, endpoint_header, nothing, number, refresh_token_code, retired_grant, token_type,
    unauthenticated_client,
};
use crate::source::Span;

/// The type of a subject token unless it is set (RFC 8693 section 3).
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
/// Seconds that an assertion is good for unless it is set.
const ASSERTION_LIFETIME: u64 = 300;

pub(super) fn check(
    raw: &RawScheme,
    at: Span,
    environments: &Environments<'_>,
    problems: &mut Problems,
) -> OAuth2 {
    let grant = parsed(raw.grant.as_ref(), problems);
    problems.extend(grant.as_ref().and_then(retired_grant::check));
    let authentication = parsed(raw.client_authentication.as_ref(), problems);
    check_encoding(raw, grant.as_ref(), authentication.as_ref(), problems);
    let pair = grant.as_ref().zip(authentication.as_ref());
    problems.extend(pair.and_then(|(grant, word)| unauthenticated_client::check(grant, word)));
    let known_grant = grant.map(|grant| grant.value);
    // What is wrong has been noted; a stand-in lets names and all else be looked at.
    let grant = known_grant.unwrap_or(Grant::ClientCredentials);
    let has = |key| known_grant.is_none_or(|grant| applicable::goes_with(key, grant));
    let fetch = parsed(raw.token_fetch.as_ref(), problems);
    let basic_encoding = word(raw.basic_encoding.as_ref(), problems);
    let request_format = word(raw.token_request_format.as_ref(), problems);
    check_manual(raw, fetch.as_ref(), problems);
    let token_fetch = fetch.map_or(TokenFetch::Automatic, |fetch| fetch.value);
    let automatic = token_fetch == TokenFetch::Automatic;
    let pkce = word(raw.pkce.as_ref(), problems).unwrap_or(Pkce::S256);
    let endpoints = endpoints::check(raw, at, known_grant, environments, problems);
    let scopes = raw.scopes.as_ref();
    let assertion = check_assertion(raw, at, problems);
    let exchange = check_exchange(raw, problems);
    OAuth2 {
        grant,
        endpoints,
        client_authentication: authentication
            .filter(|_| has("client_authentication"))
            .map_or_else(|| ClientAuthentication::usual(grant), |word| word.value),
        basic_encoding: basic_encoding.unwrap_or(BasicEncoding::Form),
        token_request_format: request_format.unwrap_or(TokenRequestFormat::Form),
        pkce: if has("pkce") { pkce } else { Pkce::None },
        token_fetch,
        token_provider: flag(raw.token_provider.as_ref(), automatic),
        on_token_update: flag(raw.on_token_update.as_ref(), automatic),
        clock_skew: flag(raw.clock_skew.as_ref(), automatic),
        user_sign_in: has("user_sign_in") && flag(raw.user_sign_in.as_ref(), automatic),
        default_token_lifetime: check_lifetime(raw, problems),
        bearer_token_types: check_token_types(raw, problems),
        refresh_token_error_codes: check_refresh_token_codes(raw, problems),
        parameters: check_parameters(raw, problems),
        authorization_parameters: extra(
            raw.authorization_parameters.as_ref(),
            Request::Authorization,
            problems,
        ),
        endpoint_headers: check_headers(raw, problems),
        assertion: Some(assertion).filter(|_| grant == Grant::JwtBearer),
        exchange: Some(exchange).filter(|_| grant == Grant::TokenExchange),
        scopes: scopes.and_then(|scopes| scopes::check(scopes, problems)),
    }
}

/// `basic_encoding` says something about HTTP Basic only.
fn check_encoding(
    raw: &RawScheme,
    grant: Option<&Located<Grant>>,
    authentication: Option<&Located<ClientAuthentication>>,
    problems: &mut Problems,
) {
    let Some(encoding) = &raw.basic_encoding else {
        return;
    };
    let is_basic = |way| way == ClientAuthentication::ClientSecretBasic;
    let written = raw.given.place_of("client_authentication").is_some();
    let by_grant = grant.filter(|grant| !written && grant.value.uses_token_endpoint());
    let (message, reason) = match (authentication, by_grant) {
        (Some(way), _) if !is_basic(way.value) => {
            let message = format!("`{}` has no Basic header", way.value.word());
            (message, way.span)
        }
        (None, Some(grant)) if !is_basic(ClientAuthentication::usual(grant.value)) => {
            let word = grant.value.word();
            let message = format!(
                "the grant `{word}` has no Basic header unless `client_authentication` says so"
            );
            (message, grant.span)
        }
        _ => return,
    };
    let help = "remove `basic_encoding`";
    problems.push(contradiction::between(
        message,
        encoding.span(),
        reason,
        help,
    ));
}

/// In the manual flow nothing is fetched or renewed, so nothing can be provided or announced, and
/// nobody is asked.
fn check_manual(raw: &RawScheme, fetch: Option<&Located<TokenFetch>>, problems: &mut Problems) {
    let Some(manual) = fetch.filter(|fetch| fetch.value == TokenFetch::Manual) else {
        return;
    };
    let switches = [
        ("token_provider", &raw.token_provider, "is never asked"),
        ("on_token_update", &raw.on_token_update, "is never called"),
        ("user_sign_in", &raw.user_sign_in, "is never asked"),
    ];
    for (key, switch, what) in switches {
        if let Some(on) = switch.as_ref().filter(|switch| switch.value) {
            let message = format!("where tokens are fetched by hand, `{key}` {what}");
            let help = format!("remove `{key}`, or write `token_fetch: automatic`");
            problems.push(contradiction::between(message, on.span, manual.span, help));
        }
    }
}

fn check_lifetime(raw: &RawScheme, problems: &mut Problems) -> Option<TokenLifetime> {
    match raw.default_token_lifetime.as_ref()? {
        RawTokenLifetime::Never => Some(TokenLifetime::Never),
        RawTokenLifetime::Seconds(seconds) => {
            number::token_lifetime(seconds, problems).map(TokenLifetime::Seconds)
        }
    }
}

fn check_token_types(raw: &RawScheme, problems: &mut Problems) -> Vec<String> {
    let Some(types) = &raw.bearer_token_types else {
        return Vec::new();
    };
    if types.is_empty() {
        problems.push(nothing::empty("token type", types.at));
    }
    token_type::check(types.items.iter().map(|text| &**text), problems)
}

fn check_refresh_token_codes(raw: &RawScheme, problems: &mut Problems) -> Vec<String> {
    let Some(codes) = &raw.refresh_token_error_codes else {
        return Vec::new();
    };
    if codes.is_empty() {
        problems.push(nothing::empty("error code", codes.at));
    }
    refresh_token_code::check(codes.items.iter().map(|text| &**text), problems)
}

fn check_parameters(raw: &RawScheme, problems: &mut Problems) -> Vec<(String, String)> {
    let audience = line(raw.audience.as_ref(), problems);
    let audience = audience.map(|audience| ("audience".to_owned(), audience.value));
    let more = extra(raw.parameters.as_ref(), Request::Token, problems);
    audience.into_iter().chain(more).collect()
}

fn check_headers(raw: &RawScheme, problems: &mut Problems) -> Vec<(String, String)> {
    let headers = raw.endpoint_headers.as_ref();
    endpoint_header::check(headers.map_or(&[], |headers| &headers.items), problems)
}

fn extra(
    raw: Option<&Pairs<Line>>,
    request: Request,
    problems: &mut Problems,
) -> Vec<(String, String)> {
    let parameters = raw.map_or(&[][..], |parameters| &parameters.items);
    parameters
        .iter()
        .filter_map(|(name, value)| parameter::check(name, value, request, problems))
        .collect()
}

fn check_assertion(raw: &RawScheme, at: Span, problems: &mut Problems) -> Assertion {
    let assertion = raw.assertion.as_ref();
    let lifetime = assertion.and_then(|raw| raw.lifetime.as_ref());
    let lifetime = lifetime.and_then(|seconds| number::assertion_lifetime(seconds, problems));
    let audience = line(assertion.and_then(|raw| raw.audience.as_ref()), problems);
    let scope_claim = assertion.and_then(|raw| raw.scope_claim.as_ref());
    let has_scopes = raw.given.place_of("scopes").is_some();
    if let Some(claim) = scope_claim.filter(|claim| claim.value && !has_scopes) {
        let message = "the scheme has no scopes that the assertion could claim";
        let help = "add `scopes`, or remove `scope_claim`";
        problems.push(contradiction::between(message, claim.span, at, help));
    }
    Assertion {
        audience: audience.map(|audience| audience.value),
        scope_claim: flag(scope_claim, false),
        lifetime: lifetime.unwrap_or(ASSERTION_LIFETIME),
    }
}

fn check_exchange(raw: &RawScheme, problems: &mut Problems) -> Exchange {
    let subject = line(raw.subject_token_type.as_ref(), problems);
    let requested = line(raw.requested_token_type.as_ref(), problems);
    Exchange {
        subject_token_type: subject.map_or_else(|| ACCESS_TOKEN.to_owned(), |text| text.value),
        requested_token_type: requested.map(|text| text.value),
    }
}
