//! Facts of the seeds' own documentation: names, getters, objects, parameters, scopes.
//!
//! A page may say everything else in its own words.

use credsmith_seeds::{multiauthsample, paypal, verizon_edge, verizon_thingspace};

/// The rows of the table that begins with `head`, each as its cells without code marks.
fn table(page: &str, head: &str) -> Vec<Vec<String>> {
    let (_, rest) = page
        .split_once(head)
        .unwrap_or_else(|| panic!("no table {head}"));
    let rows = rest
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let cells = |row: &str| {
        let cells = row.trim_matches('|').split(" | ");
        cells
            .map(|cell| cell.trim().trim_matches('`').to_owned())
            .collect()
    };
    rows.map(cells).collect()
}

#[track_caller]
fn check_fields(page: &str, expected: &[(&str, &str)]) {
    let rows = table(page, "| Name | Type | Description | Getter |");
    let fields: Vec<_> = rows
        .iter()
        .map(|row| (row[0].as_str(), row[3].as_str()))
        .collect();
    assert_eq!(fields, expected);
}

#[track_caller]
fn check_note(page: &str, scheme: &str, object: &str, parameter: &str) {
    assert!(
        page.contains(&format!("credentials for {scheme}.\n")),
        "{scheme}"
    );
    let note = page
        .lines()
        .find(|line| line.starts_with("**Note:**"))
        .unwrap();
    assert!(note.contains(&format!("`{object}` object")), "{note}");
    assert!(note.contains(&format!("parameter `{parameter}`")), "{note}");
    assert!(page.contains("# OAuth 2 Client Credentials Grant\n"));
}

#[test]
fn seeds_000_and_002_verizon_thingspace() {
    let page = verizon_thingspace::pages::THINGSPACE_OAUTH_1;
    check_note(
        page,
        "thingspace_oauth1",
        "ThingspaceOauth1Credentials",
        "thingspace_oauth_1_credentials",
    );
    check_fields(
        page,
        &[
            ("OAuthClientId", "oauth_client_id"),
            ("OAuthClientSecret", "oauth_client_secret"),
            ("OAuthToken", "oauth_token"),
            ("OAuthTokenProvider", "oauth_token_provider"),
            ("OAuthOnTokenUpdate", "oauth_on_token_update"),
            ("OAuthClockSkew", "oauth_clock_skew"),
        ],
    );
}

#[test]
fn seed_001_multiauthsample() {
    let page = multiauthsample::pages::O_AUTH_CCG;
    check_note(
        page,
        "OAuthCCG",
        "OAuthCCGCredentials",
        "o_auth_ccg_credentials",
    );
    check_fields(page, &O_AUTH_FIELDS);
}

#[test]
fn seed_003_paypal() {
    let page = paypal::pages::O_AUTH_2;
    check_note(
        page,
        "Oauth2",
        "ClientCredentialsAuthCredentials",
        "client_credentials_auth_credentials",
    );
    check_fields(page, &O_AUTH_FIELDS);
}

const O_AUTH_FIELDS: [(&str, &str); 6] = [
    ("OAuthClientId", "o_auth_client_id"),
    ("OAuthClientSecret", "o_auth_client_secret"),
    ("OAuthToken", "o_auth_token"),
    ("OAuthTokenProvider", "o_auth_token_provider"),
    ("OAuthOnTokenUpdate", "o_auth_on_token_update"),
    ("OAuthClockSkew", "o_auth_clock_skew"),
];

#[test]
fn seed_004_verizon_edge() {
    let page = verizon_edge::pages::OAUTH_2;
    check_note(
        page,
        "oAuth2",
        "ClientCredentialsAuthCredentials",
        "client_credentials_auth_credentials",
    );
    check_fields(
        page,
        &[
            ("OAuthClientId", "oauth_client_id"),
            ("OAuthClientSecret", "oauth_client_secret"),
            ("OAuthToken", "oauth_token"),
            ("OAuthScopes", "oauth_scopes"),
        ],
    );
    let scopes = table(page, "| Scope Name | Description |");
    let scopes: Vec<_> = scopes
        .iter()
        .map(|row| (row[0].as_str(), row[1].as_str()))
        .collect();
    let expected = [
        ("DISCOVERYREAD", "Grant read-only access to discovery data"),
        (
            "SERVICEPROFILEREAD",
            "Grant read-only access to service profile data",
        ),
        (
            "SERVICEPROFILEWRITE",
            "Grant write access to service profile data",
        ),
        (
            "SERVICEREGISTRYREAD",
            "Grant read-only access to Service registry data",
        ),
        (
            "SERVICEREGISTRYWRITE",
            "Grant write access to Service registry data",
        ),
        (
            "TS_MEC_FULLACCESS",
            "Full access for /serviceprofiles and /serviceendpoints.",
        ),
        (
            "TS_MEC_LIMITACCESS",
            "Limited access. Will not allow use of /serviceprofiles and /serviceendpoints but will \
             allow discovery.",
        ),
        ("TS_APPLICATION_RO", ""),
        ("READ", "read access"),
        ("WRITE", "read/write access"),
    ];
    assert_eq!(scopes, expected);
}

#[test]
fn what_a_spec_switches_off_is_absent() {
    let page = verizon_edge::pages::OAUTH_2.to_lowercase();
    for word in [
        "provider_error",
        "token_provider",
        "on_token_update",
        "clock skew",
        "callback",
    ] {
        assert!(!page.contains(word), "{word}");
    }
    let module = include_str!(concat!(
        env!("SEEDS_DIR"),
        "/modules/verizon-edge/oauth_2.rs"
    ));
    for word in [
        "TokenProvider",
        "TokenUpdateCallback",
        "clock_skew",
        "Duration",
    ] {
        assert!(!module.contains(word), "{word}");
    }
    let page = verizon_thingspace::pages::THINGSPACE_OAUTH_1;
    assert!(
        !page.contains("Scope"),
        "a scheme without scopes has no section on them"
    );
}
