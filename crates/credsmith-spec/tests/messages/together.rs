//! All mistakes are told in one run: none hides another that it did not cause.

use super::check;

#[test]
fn two_keys_for_one_endpoint_are_both_looked_into() {
    let text = "\
credsmith: 1
sdk: { name: Acme, environments: { sandbox: {}, production: {} } }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: http://api.example.com/token
    token_urls:
      sandbox: https://sandbox.example.com/token
      prodution: api.example.com/token
";
    check(
        text,
        &[
            "7:16 CS0301 `token_url` and `token_urls` say the same thing twice | remove one of the two",
            "7:16 CS0204 the URL is plain `http` | write `https`, or add `allow_insecure_token_url: true` if it must be",
            "10:7 CS0302 the environment `prodution` is not declared | did you mean `production`?",
            "10:18 CS0203 the URL is not absolute | write `https://api.example.com/token`",
        ],
    );
    let right = text
        .replace("http:", "https:")
        .replace("prodution: ", "production: https://");
    check(
        &right,
        &[
            "7:16 CS0301 `token_url` and `token_urls` say the same thing twice | remove one of the two",
        ],
    );
}

#[test]
fn an_environment_that_only_one_of_the_two_keys_covers_is_told() {
    let text = "\
credsmith: 1
sdk: { name: Acme, environments: { sandbox: {}, production: {} } }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    token_urls: { sandbox: https://sandbox.example.com/token }
";
    check(
        text,
        &[
            "7:16 CS0301 `token_url` and `token_urls` say the same thing twice | remove one of the two",
            "8:5 CS0302 the environment `production` has no URL in `token_urls` | add `production:` and its URL",
        ],
    );
}

#[test]
fn all_that_is_wrong_with_one_url_is_told() {
    let text = "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: http://user:pw@api.example.com/token#now
  other:
    type: oauth2
    grant: client_credentials
    issuer: http://api.example.com/?tenant=acme
";
    check(
        text,
        &[
            "7:16 CS0203 an endpoint's URL has no fragment (RFC 6749 section 3) | remove the part from `#` on",
            "7:16 CS0203 an endpoint's URL has no user info | remove the part up to `@`; secrets belong into the environment",
            "7:16 CS0204 the URL is plain `http` | write `https`, or add `allow_insecure_token_url: true` if it must be",
            "11:13 CS0203 an issuer has no query (RFC 8414 section 2) | remove the part from `?` on",
            "11:13 CS0204 the URL is plain `http` | write `https`, or add `allow_insecure_token_url: true` if it must be",
        ],
    );
}
