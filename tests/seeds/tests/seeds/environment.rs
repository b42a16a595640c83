//! Credentials from environment variables: typed, and every fault named at once.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::time::Duration;

use credsmith_runtime::ExposeSecret as _;
use credsmith_seeds::verizon_edge::{ClientCredentialsAuthCredentials, OauthScopeEnum};
use credsmith_seeds::verizon_thingspace::ThingspaceOauth1Credentials;

fn lookup<'a>(variables: &[(&'a str, &'a str)]) -> impl Fn(&str) -> Option<OsString> + 'a {
    let variables: BTreeMap<_, _> = variables.iter().copied().collect();
    move |name| variables.get(name).map(OsString::from)
}

#[test]
fn values_are_typed() {
    let credentials = ThingspaceOauth1Credentials::from_variables(lookup(&[
        ("VERIZON_THINGSPACE_OAUTH_1_OAUTH_CLIENT_ID", "id"),
        ("VERIZON_THINGSPACE_OAUTH_1_OAUTH_CLIENT_SECRET", "secret"),
        ("VERIZON_THINGSPACE_OAUTH_1_OAUTH_CLOCK_SKEW", "90"),
    ]))
    .unwrap();
    assert_eq!(credentials.oauth_client_id(), Some("id"));
    assert_eq!(
        credentials.oauth_client_secret().unwrap().expose_secret(),
        "secret"
    );
    assert_eq!(
        credentials.oauth_clock_skew(),
        Some(Duration::from_secs(90))
    );

    let credentials = ClientCredentialsAuthCredentials::from_variables(lookup(&[
        ("VERIZON_OAUTH_2_OAUTH_CLIENT_ID", "id"),
        ("VERIZON_OAUTH_2_OAUTH_CLIENT_SECRET", "secret"),
        (
            "VERIZON_OAUTH_2_OAUTH_SCOPES",
            "discovery:read ts.application.ro",
        ),
    ]))
    .unwrap();
    let scopes = [
        OauthScopeEnum::Discoveryread,
        OauthScopeEnum::TsApplicationRo,
    ];
    assert_eq!(credentials.oauth_scopes(), scopes);
}

#[test]
fn every_fault_is_named_at_once() {
    let error = ThingspaceOauth1Credentials::from_variables(lookup(&[
        ("VERIZON_THINGSPACE_OAUTH_1_OAUTH_CLIENT_SECRET", "hush"),
        ("VERIZON_THINGSPACE_OAUTH_1_OAUTH_CLOCK_SKEW", "soon"),
        ("USERNAME", "root"),
    ]))
    .unwrap_err()
    .to_string();
    assert!(
        error.contains("VERIZON_THINGSPACE_OAUTH_1_OAUTH_CLIENT_ID"),
        "{error}"
    );
    assert!(
        error.contains("VERIZON_THINGSPACE_OAUTH_1_OAUTH_CLOCK_SKEW"),
        "{error}"
    );
    assert!(!error.contains("hush"), "{error}");
}

#[test]
fn what_is_printed_holds_no_secret() {
    let credentials = ThingspaceOauth1Credentials::new("id", "hush");
    assert!(!format!("{credentials:?}").contains("hush"));
    let builder = credentials.to_builder().oauth_client_secret("other hush");
    assert!(!format!("{builder:?}").contains("hush"));
}
