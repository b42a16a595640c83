//! Environments, and the URLs of each.

use super::check;

/// A spec with these environments from line 5 on, and a scheme with URLs for two.
fn with_environments(environments: &str) -> String {
    format!(
        "\
credsmith: 1
sdk:
  name: Acme
  environments:
{environments}
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_urls: {{ sandbox: https://sandbox.example.com, production: https://api.example.com }}
"
    )
}

const URLS: &str = "URLs of environments stand with each scheme, in `token_urls` and the like";

#[test]
fn an_environment_without_anything_is_written_as_an_empty_mapping() {
    check(
        &with_environments("    sandbox:\n    production:"),
        &[
            &format!(
                "5:5 CS0103 expected a mapping, found nothing | write `{{}}` behind it | {URLS}"
            ),
            &format!(
                "6:5 CS0103 expected a mapping, found nothing | write `{{}}` behind it | {URLS}"
            ),
        ],
    );
    check(
        &with_environments("    sandbox: {}\n    production: {}"),
        &[],
    );
}

#[test]
fn urls_do_not_stand_with_the_declaration() {
    check(
        &with_environments("    sandbox: https://sandbox.example.com\n    production: {}"),
        &[&format!(
            "5:14 CS0103 expected a mapping, found text | write `{{}}` in its place | {URLS}"
        )],
    );
    check(
        &with_environments(
            "    sandbox: { url: https://sandbox.example.com }\n    production: { token_url: 'https://a.example' }",
        ),
        &[
            &format!("5:16 CS0101 unknown key `url` | remove it: {URLS}"),
            &format!("6:19 CS0101 unknown key `token_url` | remove it: {URLS}"),
        ],
    );
}

#[test]
fn the_default_is_named_once_for_all() {
    check(
        &with_environments("    sandbox: { default: true }\n    production: {}"),
        &[
            "5:16 CS0101 unknown key `default` | name the default environment in `sdk.default_environment`",
        ],
    );
}

#[test]
fn environments_without_any_name_are_told_once() {
    check(
        &with_environments(""),
        &[
            "4:3 CS0103 expected a mapping, found nothing | write its keys below it, further indented | or leave it out",
        ],
    );
}

#[test]
fn environments_that_nobody_declared_are_told_together() {
    let text = "\
credsmith: 1
sdk: { name: Acme }
schemes:
  user:
    type: oauth2
    grant: authorization_code
    authorization_urls: { sandbox: https://sandbox.example.com, production: https://api.example.com }
    token_urls: { sandbox: https://sandbox.example.com, production: https://api.example.com }
";
    check(
        text,
        &[
            "7:27 CS0302 no environments are declared | add `environments: { sandbox: {}, production: {} }` to `sdk`",
        ],
    );
    let default = text.replace("Acme", "Acme, default_environment: production");
    check(
        &default,
        &[
            "2:41 CS0302 no environments are declared | add `environments: { production: {}, sandbox: {} }` to `sdk`",
        ],
    );
    let declared = text.replace(
        "Acme",
        "Acme, environments: { sandbox: {}, production: {} }",
    );
    check(&declared, &[]);
}

#[test]
fn a_url_for_each_environment_has_a_key_of_its_own() {
    let text = with_environments("    sandbox: {}\n    production: {}");
    check(
        &text.replace("token_urls:", "token_url:"),
        &[
            "11:16 CS0103 expected text, found a mapping | write `token_urls` for the URLs of environments",
        ],
    );
    let one = text.replace(
        "{ sandbox: https://sandbox.example.com, production: https://api.example.com }",
        "https://api.example.com",
    );
    check(
        &one,
        &[
            "11:17 CS0103 expected a mapping, found text | write `token_url` for one URL, whatever the environment",
        ],
    );
}

#[test]
fn environments_of_a_scheme_are_its_urls() {
    let text = with_environments("    sandbox: {}\n    production: {}");
    check(
        &text.replace("token_urls:", "environments:"),
        &[
            "11:5 CS0101 unknown key `environments` | declare them in `sdk.environments`, and write the URLs as `token_urls` and the like",
        ],
    );
}
