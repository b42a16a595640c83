//! Mistakes that passed without a word, by the ids under which they were found.

use super::{check, client_credentials};

fn with_sdk(keys: &str) -> String {
    format!(
        "credsmith: 1\nsdk: {{ name: Acme, {keys} }}\nschemes: {{ basic: {{ type: basic }} }}\n"
    )
}

fn with_key(prefix: &str, place: &str) -> String {
    let key = format!("{{ name: X-Key, in: {place}, prefix: {prefix} }}");
    format!(
        "credsmith: 1\nsdk: {{ name: Acme }}\nschemes:\n  key: {{ type: api_key, keys: [{key}] }}\n"
    )
}

#[test]
fn g01_white_space_hides_no_reserved_name() {
    check(
        &client_credentials(
            "    parameters: { \" grant_type\": password, \"scope\\t\": admin, \" client_secret\": x }\n",
        ),
        &[
            "8:19 CS0209 the parameter `grant_type` cannot be set here | it is set by `grant`",
            "8:44 CS0209 the parameter `scope` cannot be set here | use `scopes`",
            "8:62 CS0210 `client_secret` has no place in a spec | remove it, and revoke it if it is real; \
             the application gives secrets at run time",
        ],
    );
    check(
        &client_credentials("    endpoint_headers: { \" Accept\": text/html }\n"),
        &[
            "8:25 CS0215 the header `Accept` cannot be set here | remove it: answers of the endpoints are \
             JSON (RFC 6749 section 5.1)",
        ],
    );
}

#[test]
fn g01_white_space_makes_no_other_name() {
    let help = "remove one of the two: white space around a name does not count";
    check(
        &client_credentials("    parameters: { account: a, \" account\": b }\n"),
        &[&format!(
            "8:31 CS0102 the key `account` is here twice | {help}"
        )],
    );
    check(
        &client_credentials("    endpoint_headers: { Acme-Version: a, \"Acme-Version \": b }\n"),
        &[&format!(
            "8:42 CS0102 the key `Acme-Version` is here twice | {help}"
        )],
    );
}

#[test]
fn g01_white_space_around_names_does_not_count() {
    check(
        "\
credsmith: 1
sdk:
  name: Acme
  environments: { \" sandbox\": {}, production: {} }
  default_environment: \"sandbox \"
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_urls: { \"sandbox\": https://a.example/token, \"production \": https://b.example/token }
    parameters: { \" account\": \" a \" }
  \" basic\": { type: basic }
security:
  default: [\"oauth2 \", [basic]]
",
        &[],
    );
}

#[test]
fn g07_a_default_scope_is_listed_once() {
    let scopes = |default: &str| {
        client_credentials(&format!(
            "    scopes:\n      default: {default}\n      values: [{{ value: read }}, {{ value: write }}]\n"
        ))
    };
    check(
        &scopes("[read, read, write, read]"),
        &[
            "9:23 CS0206 the scope `read` is listed twice | remove one of the two",
            "9:36 CS0206 the scope `read` is listed twice | remove one of the two",
        ],
    );
    check(&scopes("[read, write]"), &[]);
}

#[test]
fn g07_words_are_listed_once() {
    let once = "remove one of the two; case does not count";
    check(
        &with_sdk("unsplit_words: [paypal, PayPal]"),
        &[&format!(
            "2:44 CS0217 the unsplit word `PayPal` is listed twice | {once}"
        )],
    );
    check(
        &client_credentials("    bearer_token_types: [bot, Bot]\n"),
        &[&format!(
            "8:31 CS0214 the token type `Bot` is listed twice | {once}"
        )],
    );
}

#[test]
fn g08_unsplit_words_can_match() {
    let told = |word: &str, joined: &str, mark: &str| {
        format!(
            "CS0217 the unsplit word `{word}` can never match | write `{joined}`: names are split at \
             '{mark}' before words are looked for"
        )
    };
    check(
        &with_sdk("unsplit_words: [Pay-Pal, x y, '::']"),
        &[
            &format!("2:36 {}", told("Pay-Pal", "paypal", "-")),
            &format!("2:45 {}", told("x y", "xy", " ")),
            "2:50 CS0217 the unsplit word `::` can never match | remove it: a word is made of letters and \
             digits",
        ],
    );
    check(
        &with_sdk("unsplit_words: [paypal, ' GitHub ', 2fa, Größe]"),
        &[],
    );
}

#[test]
fn g11_groups_have_different_names() {
    let spec = "\
credsmith: 1
sdk: { name: Acme }
schemes:
  basic: { type: basic }
security:
  default: [basic]
  \" default\": [[]]
";
    check(
        spec,
        &[
            "7:3 CS0102 the key `default` is here twice | remove one of the two: white space around a name \
           does not count",
        ],
    );
    check(&spec.replace("\" default\"", "health"), &[]);
}

#[test]
fn g11_environments_and_schemes_have_different_names() {
    let help = "remove one of the two: white space around a name does not count";
    check(
        &with_sdk("environments: { sandbox: {}, \"sandbox\\t\": {} }"),
        &[&format!(
            "2:49 CS0102 the key `sandbox` is here twice | {help}"
        )],
    );
    check(
        "credsmith: 1\nsdk: { name: Acme }\nschemes:\n  basic: { type: basic }\n  ' basic': { type: bearer }\n",
        &[&format!(
            "5:3 CS0102 the key `basic` is here twice | {help}"
        )],
    );
}

#[test]
fn g19_client_credentials_need_client_authentication() {
    let with = |grant: &str, word: &str| {
        client_credentials(&format!("    client_authentication: {word}\n"))
            .replace("grant: client_credentials", &format!("grant: {grant}"))
    };
    check(
        &with("client_credentials", "none"),
        &[
            "8:28 CS0309 the grant `client_credentials` needs client authentication (RFC 6749 section 4.4) | \
             remove `client_authentication`, or write how the server's clients authenticate",
        ],
    );
    check(&with("client_credentials", "client_secret_post"), &[]);
    check(&with("token_exchange", "none"), &[]);
    check(&with("jwt_bearer", "none"), &[]);
}

#[test]
fn n02_a_prefix_ends_with_what_separates_it() {
    let message = |prefix: &str| {
        format!("4:67 CS0218 nothing separates the prefix `{prefix}` from the key | ")
    };
    check(
        &with_key("Bearer", "header"),
        &[&(message("Bearer")
            + "write `prefix: \"Bearer \"`, with the space, if the API's documentation shows one")],
    );
    let mark = "end it with the mark that the API's documentation shows, if there is one";
    let in_query = message("v1").replace("4:67", "4:66");
    check(&with_key("v1", "query"), &[&(in_query + mark)]);
    check(&with_key("id", "cookie"), &[&(message("id") + mark)]);
    for prefix in ["\"Bearer \"", "'key='", "'Token token='", "'v1.'"] {
        check(&with_key(prefix, "header"), &[]);
    }
}

const LOST: &str = "CS0005 this is a comment, and not a part of the value before it | if it is a part of the \
                    value, put the value in quotes | if it is a comment, write a space after the `#`";

#[test]
fn n12_text_that_is_lost_in_a_comment_is_told() {
    for (keys, place) in [
        ("    audience: stock #1\n", "8:21"),
        ("    audience: stock\t #west side\n", "8:22"),
        ("    parameters: { account:\n      a #1\n    }\n", "9:9"),
        (
            "    endpoint_headers: # for all\n      X-Store: a #1\n",
            "9:18",
        ),
        ("    description: Größe #1\n", "8:24"),
        ("    description: some\n      more #1\n", "9:12"),
        (
            "    scopes:\n      values:\n        - value: a\n          name: b #c\n",
            "11:19",
        ),
        (
            "    scopes: { values: [ { value: a, description: b #c\n      } ] }\n",
            "8:52",
        ),
    ] {
        check(&client_credentials(keys), &[&format!("{place} {LOST}")]);
    }
    let alternative = "credsmith: 1\nsdk: { name: A }\nschemes: { basic: { type: basic } }\nsecurity:\n  \
                       default:\n    - basic #1\n";
    check(alternative, &[&format!("6:13 {LOST}")]);
}

#[test]
fn n12_comments_are_welcome() {
    for keys in [
        "    audience: stock # west\n",
        "    audience: stock #\n",
        "    audience: stock ## west\n",
        "    audience: stock#west\n",
        "    audience: stock\n    #west\n",
        "    audience: \"stock #west\" #east\n",
        "    audience: 'stock' #east\n",
        "    audience: stock #gitleaks:allow\n",
        "    description: |\n      stock #1\n    #west\n",
        "    description: > #folded\n      stock #1\n",
        // What cannot hold a `#` has lost none.
        "    client_authentication: client_secret_post #usual\n",
        "    clock_skew: true #usual\n",
        "    default_token_lifetime: 3600 #hour\n",
        "    revocation_url: https://api.example.com/revoke #new\n",
        "    scopes: { values: [{ value: a }] } #all\n",
    ] {
        check(&client_credentials(keys), &[]);
    }
}
