//! Unknown keys: what is listed and suggested is of use where it would stand.

use super::{check, client_credentials};

/// A scheme in line 4, of these keys.
fn scheme(keys: &str) -> String {
    format!("credsmith: 1\nsdk: {{ name: Acme }}\nschemes:\n  acme: {{ {keys} }}\n")
}

#[test]
fn only_keys_of_the_type_and_the_grant_are_listed() {
    check(
        &client_credentials("    retries: 3\n"),
        &[
            "8:5 CS0101 unknown key `retries` | known here: `type`, `grant`, `description`, `token_url`, \
           `token_urls`, `revocation_url`, `revocation_urls`, `introspection_url`, \
             `introspection_urls`, `issuer`, …",
        ],
    );
    check(
        &scheme("type: basic, realm: Acme"),
        &[
            "4:24 CS0101 unknown key `realm` | known here: `type`, `description`, `password`, \
           `secret_username`, `names`",
        ],
    );
    check(
        &scheme("type: api_key, keys: [{ name: X-Key, in: header }], retries: 3"),
        &["4:63 CS0101 unknown key `retries` | known here: `type`, `description`, `keys`, `names`"],
    );
}

#[test]
fn without_a_type_that_is_known_all_keys_are_listed() {
    let all = "known here: `type`, `grant`, `description`, `password`, `secret_username`, `keys`, \
               `fields`, `authorization_url`, `authorization_urls`, `device_authorization_url`, …";
    check(
        &scheme("type: kerberos, retries: 3"),
        &[
            "4:17 CS0201 unknown scheme type `kerberos` | write one of `oauth2`, `basic`, `bearer`, \
             `api_key`, `custom`",
            &format!("4:27 CS0101 unknown key `retries` | {all}"),
        ],
    );
    // Of `oauth2` with any grant, only the keys of other types are of no use.
    check(
        &scheme("type: oauth2, grant: magic, issuer: https://a.example, retries: 3"),
        &[
            "4:32 CS0201 unknown grant `magic` | write one of `client_credentials`, \
             `authorization_code`, `password`, `implicit`, `device_code`, `jwt_bearer`, `token_exchange`",
            "4:66 CS0101 unknown key `retries` | known here: `type`, `grant`, `description`, \
             `authorization_url`, `authorization_urls`, `device_authorization_url`, \
             `device_authorization_urls`, `token_url`, `token_urls`, `revocation_url`, …",
        ],
    );
}

#[test]
fn only_keys_of_the_type_and_the_grant_are_suggested() {
    check(
        &client_credentials("    audeince: acme\n    pkec: s256\n"),
        &[
            "8:5 CS0101 unknown key `audeince` | did you mean `audience`?",
            "9:5 CS0101 unknown key `pkec` | known here: `type`, `grant`, `description`, `token_url`, \
             `token_urls`, `revocation_url`, `revocation_urls`, `introspection_url`, \
             `introspection_urls`, `issuer`, …",
        ],
    );
}

#[test]
fn a_key_of_another_grant_is_told_as_such_once_however_it_is_spelt() {
    for key in ["authorization_url", "authorizationUrl", "Authorization-URL"] {
        check(
            &client_credentials(&format!("    {key}: https://api.example.com/authorize\n")),
            &[
                "8:5 CS0106 the key `authorization_url` does not belong to the grant \
               `client_credentials` | remove it: it belongs to the grants `authorization_code`, `implicit`",
            ],
        );
    }
}

#[test]
fn keys_as_metadata_and_other_tools_call_them_are_told_and_read() {
    let text = scheme(
        "type: oauth2, grant_type: client_credentials, token_endpoint: 'here', client_auth: client_secret_post",
    );
    check(
        &text,
        &[
            "4:25 CS0101 unknown key `grant_type` | write `grant` in its place",
            "4:57 CS0101 unknown key `token_endpoint` | write `token_url` in its place",
            "4:73 CS0203 the URL is not absolute | write it whole, as in `https://api.example.com/oauth2/token`",
            "4:81 CS0101 unknown key `client_auth` | write `client_authentication` in its place",
        ],
    );
    // This one is no secret, though its name says so.
    check(
        &scheme(
            "type: oauth2, grant: client_credentials, access_token_url: https://a.example/token",
        ),
        &["4:52 CS0101 unknown key `access_token_url` | write `token_url` in its place"],
    );
}

#[test]
fn a_missing_key_with_few_values_is_told_with_them() {
    check(
        "sdk: { name: Acme }\nschemes: { acme: { description: Ours } }\n",
        &[
            "1:1 CS0104 the key `credsmith` is missing | add `credsmith: 1`",
            "2:12 CS0104 the key `type` is missing | add `type:`, one of `oauth2`, `basic`, `bearer`, \
             `api_key`, `custom`",
        ],
    );
    check(
        &scheme("type: oauth2, issuer: https://a.example"),
        &[
            "4:3 CS0104 the key `grant` is missing | add `grant:`, one of `client_credentials`, \
           `authorization_code`, `password`, `implicit`, `device_code`, `jwt_bearer`, `token_exchange`",
        ],
    );
}
