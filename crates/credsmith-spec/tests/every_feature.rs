//! A spec with every feature: it is accepted, and its model says what the text says.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use credsmith_spec::model::{
    ClientAuthentication, Grant, OAuth2, Pkce, Place, Presence, Scheme, SchemeKind, Spec,
    TokenFetch, TokenLifetime, TokenRequestFormat, Urls,
};
use credsmith_spec::{Severity, parse};

const TEXT: &str = include_str!("every_feature.yaml");

fn spec() -> Spec {
    parse("every_feature.yaml", TEXT).spec.unwrap()
}

fn scheme<'a>(spec: &'a Spec, name: &str) -> &'a Scheme {
    let mut schemes = spec.schemes.iter();
    schemes.find(|scheme| scheme.name.value == name).unwrap()
}

fn oauth2<'a>(spec: &'a Spec, name: &str) -> &'a OAuth2 {
    match &scheme(spec, name).kind {
        SchemeKind::OAuth2(oauth2) => oauth2,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn it_is_accepted_with_warnings_for_what_is_retired() {
    let checked = parse("every_feature.yaml", TEXT);
    let found = checked.diagnostics.iter();
    let found: Vec<_> = found
        .map(|found| {
            (
                found.rule.code,
                found.severity,
                checked.source.slice(found.primary.span),
            )
        })
        .collect();
    let warning = |text| ("CS0211", Severity::Warning, text);
    assert_eq!(found, [warning("password"), warning("implicit")]);
    assert!(checked.spec.is_some());
    assert!(checked.draft.is_none());
}

#[test]
fn endpoints_are_for_all_environments_or_for_each_the_default_first() {
    let spec = spec();
    let user = &oauth2(&spec, "user").endpoints;
    let Some(Urls::PerEnvironment(urls)) = &user.authorization else {
        panic!("{:?}", user.authorization);
    };
    assert_eq!(
        urls[..],
        [
            "https://acme.example/authorize?prompt=login",
            "https://sandbox.acme.example/authorize"
        ]
    );
    assert!(
        matches!(&user.token, Some(Urls::Everywhere(url)) if url == "https://acme.example/token")
    );
    assert!(matches!(&user.revocation, Some(Urls::PerEnvironment(urls)) if urls.len() == 2));
    assert!(matches!(&user.introspection, Some(Urls::PerEnvironment(urls)) if urls.len() == 2));
    assert_eq!(user.issuer.as_deref(), Some("https://acme.example"));
    let discovered = &oauth2(&spec, "discovered").endpoints;
    assert!(discovered.token.is_none() && discovered.authorization.is_none());
    let television = &oauth2(&spec, "television").endpoints;
    assert!(television.device_authorization.is_some());
    assert!(oauth2(&spec, "service").endpoints.allow_insecure);
}

#[test]
fn a_grant_decides_the_defaults() {
    let spec = spec();
    let switches = |name: &str| {
        let oauth2 = oauth2(&spec, name);
        (
            oauth2.grant,
            oauth2.client_authentication,
            oauth2.pkce,
            oauth2.user_sign_in,
            oauth2.token_provider,
        )
    };
    assert_eq!(
        switches("browser"),
        (
            Grant::Implicit,
            ClientAuthentication::None,
            Pkce::None,
            true,
            true
        )
    );
    assert_eq!(
        switches("robot"),
        (
            Grant::JwtBearer,
            ClientAuthentication::None,
            Pkce::None,
            false,
            true
        )
    );
    assert_eq!(
        switches("user"),
        (
            Grant::AuthorizationCode,
            ClientAuthentication::None,
            Pkce::S256,
            true,
            true
        )
    );
    assert_eq!(
        switches("legacy"),
        (
            Grant::Password,
            ClientAuthentication::ClientSecretBasic,
            Pkce::None,
            false,
            true
        )
    );
    let exchanged = oauth2(&spec, "exchanged");
    assert_eq!(exchanged.token_fetch, TokenFetch::Manual);
    assert!(!exchanged.token_provider && !exchanged.clock_skew);
}

#[test]
fn assertions_and_exchanges_are_where_their_grants_are() {
    let spec = spec();
    let assertion = oauth2(&spec, "robot").assertion.as_ref().unwrap();
    assert_eq!(assertion.audience.as_deref(), Some("https://acme.example/"));
    assert_eq!((assertion.scope_claim, assertion.lifetime), (true, 3600));
    let exchange = oauth2(&spec, "exchanged").exchange.as_ref().unwrap();
    assert!(exchange.subject_token_type.ends_with(":id_token"));
    assert!(
        exchange
            .requested_token_type
            .as_deref()
            .unwrap()
            .ends_with(":jwt")
    );
    let service = oauth2(&spec, "service");
    assert!(service.assertion.is_none() && service.exchange.is_none());
    let parameters = &oauth2(&spec, "user").authorization_parameters;
    assert_eq!(
        parameters[..],
        [("access_type".to_owned(), "offline".to_owned())]
    );
}

#[test]
fn requests_to_endpoints_have_the_headers_of_the_spec() {
    let spec = spec();
    let headers = &oauth2(&spec, "service").endpoint_headers;
    assert_eq!(
        headers[..],
        [
            ("Acme-Version".to_owned(), "2025-09-03".to_owned()),
            ("x-tenant".to_owned(), "north".to_owned()),
        ]
    );
    assert!(oauth2(&spec, "user").endpoint_headers.is_empty());
}

#[test]
fn the_token_request_is_a_form_unless_the_spec_says_json() {
    let spec = spec();
    let format = |name| oauth2(&spec, name).token_request_format;
    assert_eq!(format("exchanged"), TokenRequestFormat::Json);
    for name in ["service", "user", "browser"] {
        assert_eq!(format(name), TokenRequestFormat::Form, "{name}");
    }
}

#[test]
fn tokens_have_a_lifetime_and_types_of_the_servers_own() {
    let spec = spec();
    let lifetime = |name| oauth2(&spec, name).default_token_lifetime;
    assert_eq!(lifetime("service"), Some(TokenLifetime::Seconds(600)));
    assert_eq!(lifetime("legacy"), Some(TokenLifetime::Never));
    assert_eq!(lifetime("browser"), None);
    let types = |name| &oauth2(&spec, name).bearer_token_types[..];
    assert_eq!(
        types("legacy"),
        ["login", "https://acme.example/types#session"]
    );
    assert!(types("service").is_empty());
}

#[test]
fn a_server_may_refuse_refresh_tokens_with_codes_of_its_own() {
    let spec = spec();
    let codes = |name| &oauth2(&spec, name).refresh_token_error_codes[..];
    assert_eq!(codes("legacy"), ["session_ended", "no such login"]);
    assert!(codes("user").is_empty());
}

#[test]
fn a_password_may_be_left_out_and_a_user_name_a_secret() {
    let spec = spec();
    let facts = |name| match &scheme(&spec, name).kind {
        SchemeKind::Basic(basic) => (basic.password, basic.secret_username),
        other => panic!("{name} is {other:?}"),
    };
    assert_eq!(facts("account"), (Presence::Required, false));
    assert_eq!(facts("account_key"), (Presence::Optional, true));
    let plain = "credsmith: 1\nsdk: { name: A }\nschemes: { a: { type: basic } }\n";
    let spec = parse("plain.yaml", plain).spec.unwrap();
    let SchemeKind::Basic(basic) = &spec.schemes[0].kind else {
        panic!("{:?}", spec.schemes[0].kind);
    };
    assert_eq!(
        (basic.password, basic.secret_username),
        (Presence::Required, false)
    );
}

#[test]
fn keys_keep_their_names_places_and_prefixes() {
    let spec = spec();
    let SchemeKind::ApiKey(api_key) = &scheme(&spec, "keys").kind else {
        panic!("no API keys");
    };
    let keys = api_key.keys.iter();
    let keys: Vec<_> = keys
        .map(|key| (key.wire_name.as_str(), key.place, key.prefix.as_str()))
        .collect();
    assert_eq!(
        keys,
        [
            ("X-Api-Key", Place::Header, "Token "),
            ("account id", Place::Query, ""),
            ("TOTP-OTP", Place::Cookie, ""),
        ]
    );
    let SchemeKind::Custom(custom) = &scheme(&spec, "signature").kind else {
        panic!("no custom scheme");
    };
    let fields = custom.fields.iter();
    let fields: Vec<_> = fields.map(|field| (field.secret, field.optional)).collect();
    assert_eq!(fields, [(false, false), (true, false), (false, true)]);
}

#[test]
fn security_is_resolved_to_schemes() {
    let spec = spec();
    let named = |alternatives: &[Vec<usize>]| -> Vec<Vec<String>> {
        let name = |index: &usize| spec.schemes[*index].name.value.clone();
        let alternatives = alternatives.iter();
        alternatives
            .map(|all| all.iter().map(name).collect())
            .collect()
    };
    let groups = spec.security.iter();
    let groups: Vec<_> = groups.map(|group| group.name.as_str()).collect();
    assert_eq!(groups, ["default", "reports", "old", "health"]);
    assert_eq!(
        named(&spec.security[0].alternatives),
        [vec!["user"], vec!["signature", "keys"], vec!["account"]]
    );
    assert_eq!(spec.security[3].alternatives, [Vec::<usize>::new()]);
    assert!(spec.security[1].description.is_some());
}

#[test]
fn without_security_each_scheme_alone_is_enough() {
    let text = TEXT.split("security:\n").next().unwrap();
    let spec = parse("alone.yaml", text).spec.unwrap();
    assert_eq!(spec.security.len(), 1);
    let group = &spec.security[0];
    assert_eq!(group.name.value, "default");
    assert_eq!(&text[group.name.span.range()], "schemes");
    let each: Vec<_> = (0..spec.schemes.len()).map(|index| vec![index]).collect();
    assert_eq!(group.alternatives, each);
}

#[test]
fn the_default_group_comes_first_wherever_it_stands() {
    let text = "credsmith: 1\nsdk: { name: A }\nschemes: { a: { type: basic } }\n\
                security: { other: [[]], default: [a] }\n";
    let spec = parse("order.yaml", text).spec.unwrap();
    let groups = spec.security.iter();
    let groups: Vec<_> = groups.map(|group| group.name.as_str()).collect();
    assert_eq!(groups, ["default", "other"]);
}
