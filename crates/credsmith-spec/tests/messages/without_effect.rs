//! Settings that change nothing are errors.

use super::{check, client_credentials};

const TOKEN_URL: &str = "token_url: https://api.example.com/token";

/// A spec with these lines in `sdk`, and one scheme.
fn sdk(lines: &str, scheme: &str) -> String {
    format!("credsmith: 1\nsdk:\n  name: Acme\n{lines}schemes:\n  login: {scheme}\n")
}

#[test]
fn g03_basic_encoding_needs_the_header() {
    let spec = "\
credsmith: 1
sdk: { name: Acme }
schemes:
  robot:
    type: oauth2
    grant: jwt_bearer
    token_url: https://api.example.com/token
    basic_encoding: raw
";
    check(
        spec,
        &[
            "8:21 CS0301 the grant `jwt_bearer` has no Basic header unless `client_authentication` says so | remove `basic_encoding`",
        ],
    );
    let basic = spec.to_owned() + "    client_authentication: client_secret_basic\n";
    check(&basic, &[]);
    check(&client_credentials("    basic_encoding: raw\n"), &[]);
}

#[test]
fn g04_names_of_fields_that_the_client_authentication_does_not_have() {
    let spec = "\
credsmith: 1
sdk: { name: Acme }
schemes:
  robot:
    type: oauth2
    grant: jwt_bearer
    token_url: https://api.example.com/token
    names: { fields: { client_id: app } }
";
    check(
        spec,
        &[
            "8:35 CS0301 the scheme has no `client_id` that could be named | remove `client_id` from `names.fields`",
        ],
    );
    let post = spec.to_owned() + "    client_authentication: client_secret_post\n";
    check(&post, &[]);
    let key = "    client_authentication: client_secret_post\n    names: { fields: { private_key: key } }\n";
    check(
        &client_credentials(key),
        &[
            "9:37 CS0301 the scheme has no `private_key` that could be named | remove `private_key` from `names.fields`",
        ],
    );
}

#[test]
fn g05_settings_of_a_client_that_is_not_generated() {
    let scheme = format!(
        "{{ type: oauth2, grant: client_credentials, {TOKEN_URL}, names: {{ accessor: sign_in, token_url: other, credentials: Login }} }}"
    );
    let text = sdk(
        "  client: AcmeApi\n  names: { config: AcmeConfig }\n  rust: { client: external, blocking: true }\n",
        &scheme,
    );
    let says = |place: &str, key: &str| {
        format!(
            "{place} CS0301 no client is generated, so `{key}` changes nothing | remove `{key}`"
        )
    };
    let expected = [
        says("4:11", "sdk.client"),
        says("5:20", "sdk.names.config"),
        says("6:39", "sdk.rust.blocking"),
        says("8:114", "names.accessor"),
        says("8:134", "names.token_url"),
    ];
    check(&text, &expected.each_ref().map(String::as_str));
    let generated = text.replace("external", "generated");
    check(&generated, &[]);
}

#[test]
fn g05_names_of_what_no_scheme_has() {
    let lines = "  names: { token: AcmeToken, provider_error: AcmeError, environment: Stage }\n";
    check(
        &sdk(lines, "{ type: basic }"),
        &[
            "4:19 CS0301 `sdk.names.token` names nothing: no scheme has tokens | remove `sdk.names.token`",
            "4:46 CS0301 `sdk.names.provider_error` names nothing: no scheme has tokens | remove `sdk.names.provider_error`",
            "4:70 CS0301 `sdk.names.environment` names nothing: there are no environments | remove `sdk.names.environment`",
        ],
    );
    let lines = "  names: { env_prefix: ACME }\n";
    check(
        &sdk(lines, "{ type: basic, names: { env_prefix: LOGIN } }"),
        &[
            "4:24 CS0301 `sdk.names.env_prefix` names nothing: each scheme sets its own `env_prefix` | remove `sdk.names.env_prefix`",
        ],
    );
    check(&sdk(lines, "{ type: basic }"), &[]);
}

#[test]
fn g10_environments_that_no_endpoint_has() {
    let lines = "  environments: { sandbox: {}, production: {} }\n";
    check(
        &sdk(lines, "{ type: basic }"),
        &[
            "4:19 CS0302 no endpoint has a URL by environment, so the environments change nothing | write URLs by environment, as in `token_urls`, or remove `environments`",
        ],
    );
    let scheme = "{ type: oauth2, grant: client_credentials, token_urls: { sandbox: https://a.example/token, production: https://b.example/token } }";
    check(&sdk(lines, scheme), &[]);
}
