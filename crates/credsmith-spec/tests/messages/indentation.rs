//! Keys at the wrong depth, where YAML sees nothing wrong.

use super::check;

#[test]
fn keys_of_a_scheme_beside_its_name() {
    let text = "\
credsmith: 1
sdk: { name: Acme }
schemes:
  service:
  type: oauth2
  grant: client_credentials
  token_url: https://api.example.com/token
  scopes: { values: [{ value: read all }] }
";
    check(
        text,
        &[
            "5:3 CS0101 `type`, `grant`, `token_url`, `scopes` stand beside `service` | indent them further than `service:`",
            "8:31 CS0205 a scope cannot hold ' ' | two scopes are two entries",
        ],
    );
}

#[test]
fn keys_of_a_scheme_without_a_name() {
    let text = "\
credsmith: 1
sdk: { name: Acme }
schemes:
  type: basic
  realm: Acme
";
    check(
        text,
        &[
            "4:3 CS0101 `type`, `realm` stand where the name of a scheme belongs | write them below a name, as in `basic:`, further indented",
            "5:3 CS0101 unknown key `realm` | known here: `type`, `description`, `password`, `secret_username`, `names`",
        ],
    );
}

#[test]
fn schemes_beside_their_key() {
    let text = "\
credsmith: 1
sdk: { name: Acme }
schemes:
service: { type: basic }
user: { type: bearer, realm: Acme }
";
    check(
        text,
        &[
            "4:1 CS0101 `service`, `user` stand beside `schemes` | indent them further than `schemes:`",
            "5:23 CS0101 unknown key `realm` | known here: `type`, `description`, `names`",
        ],
    );
}

#[test]
fn keys_of_the_sdk_beside_it() {
    const REST: &str = "schemes: { acme: { type: basic } }\n";
    check(
        &format!("credsmith: 1\nsdk:\nname: Acme\nenvironments: {{ sandbox: }}\n{REST}"),
        &[
            "3:1 CS0101 `name`, `environments` stand beside `sdk` | indent them further than `sdk:`",
            "4:17 CS0103 expected a mapping, found nothing | write `{}` behind it | URLs of environments \
             stand with each scheme, in `token_urls` and the like",
        ],
    );
    check(
        &format!("credsmith: 1\nname: Acme\n{REST}"),
        &["2:1 CS0101 `name` belongs into `sdk` | write it below `sdk:`, further indented"],
    );
    check(
        &format!("credsmith: 1\nsdk: {{ name: Acme }}\nenvironments: {{ sandbox: {{}} }}\n{REST}"),
        &["3:1 CS0101 `environments` belongs into `sdk` | write it below `sdk:`, further indented"],
    );
}
