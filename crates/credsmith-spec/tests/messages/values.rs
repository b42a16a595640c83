//! Values of the wrong type, and values that are not there.

use super::{check, client_credentials};

fn with_scheme(scheme: &str) -> String {
    format!("credsmith: 1\nsdk: {{ name: Acme }}\nschemes:\n  acme:\n{scheme}")
}

#[test]
fn what_is_left_empty_is_told_what_belongs_there() {
    let text = "\
credsmith: 1
sdk:
  name:
  description:
  unsplit_words:
schemes:
  acme:
";
    check(
        text,
        &[
            "3:3 CS0103 expected text, found nothing | give it a value",
            "4:3 CS0103 expected text, found nothing | give it a value | or leave it out",
            "5:3 CS0103 expected a list, found nothing | write its items below it, as lines with `- ` | or leave it out",
            "7:3 CS0103 expected a mapping, found nothing | write its keys below it, further indented",
        ],
    );
    check(
        "credsmith: 1\nsdk: { name: Acme }\nschemes:\n",
        &[
            "3:1 CS0103 expected a mapping, found nothing | write its keys below it, further indented",
        ],
    );
    check(
        &with_scheme("    type: oauth2\n    grant: ''\n    issuer: https://a.example\n"),
        &[
            "6:12 CS0201 the grant is empty | write one of `client_credentials`, `authorization_code`, \
           `password`, `implicit`, `device_code`, `jwt_bearer`, `token_exchange`",
        ],
    );
}

#[test]
fn a_value_that_is_a_comment_is_told_as_such() {
    let text = "\
credsmith: 1
sdk:
  name: #Acme
schemes:
  acme:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token #prod
    scopes:
      separator: #
      values: [{ value: read }]
";
    let told = "CS0103 expected text, found nothing | a `#` behind a space begins a comment: put the \
                value in quotes";
    check(text, &[&format!("3:9 {told}"), &format!("10:18 {told}")]);
    // A remark is no value.
    check(
        "credsmith: 1\nsdk:\n  name: # to be found\nschemes: { acme: { type: basic } }\n",
        &["3:3 CS0103 expected text, found nothing | give it a value"],
    );
}

#[test]
fn a_missing_space_is_told() {
    check(
        &with_scheme("    type:basic\n"),
        &["5:5 CS0103 expected a mapping, found text | a space belongs behind `type:`"],
    );
    check(
        "credsmith: 1\nsdk: { name:Acme }\nschemes: { acme: { type: basic } }\n",
        &["2:8 CS0101 unknown key `name:Acme` | a space belongs behind `name:`"],
    );
    check(
        &client_credentials("    scopes:\n      values:\n        -value: read\n"),
        &["10:9 CS0103 expected a list, found a mapping | a space belongs behind the `-`"],
    );
}

#[test]
fn mappings_and_lists_in_place_of_each_other_are_told_how_to_be_written() {
    check(
        "credsmith: 1\nsdk:\n  - name: Acme\nschemes: { acme: { type: basic } }\n",
        &[
            "3:5 CS0103 expected a mapping, found a list | write lines of `key: value`, without `- `",
        ],
    );
    check(
        &with_scheme(
            "    type: api_key\n    keys:\n      X-Api-Key: header\n      account: query\n",
        ),
        &[
            "7:7 CS0103 expected a list, found a mapping | write each as an item, as in `- name: X-Api-Key`",
        ],
    );
    check(
        &with_scheme("    type: custom\n    fields:\n      app_id: { secret: false }\n"),
        &[
            "7:7 CS0103 expected a list, found a mapping | write each as an item, as in `- name: app_id`",
        ],
    );
    check(
        "credsmith: 1\nsdk: { name: Acme, unsplit_words: { paypal: true } }\nschemes: { acme: { type: basic } }\n",
        &["2:35 CS0103 expected a list, found a mapping | write each as an item, a line with `- `"],
    );
    check(
        &client_credentials("    audience: [acme]\n"),
        &["8:15 CS0103 expected text, found a list | write one text, and no list"],
    );
}

#[test]
fn one_word_in_place_of_a_list_is_shown_as_a_list() {
    check(
        &client_credentials("    bearer_token_types: bot\n"),
        &["8:25 CS0103 expected a list, found text | write `[bot]`"],
    );
    let text = with_scheme("    type: basic\nsecurity:\n");
    check(
        &format!("{text}  default: acme\n"),
        &["7:12 CS0103 expected a list, found text | write `[acme]`"],
    );
    check(
        &format!("{text}  default: acmee\n"),
        &[
            "7:12 CS0103 expected a list, found text | write `[acmee]`",
            "7:12 CS0304 there is no scheme `acmee` | did you mean `acme`?",
        ],
    );
}

#[test]
fn lifetimes_are_seconds() {
    for (value, found, help) in [
        (
            "1h",
            "text",
            "write the seconds as a whole number, or `never`",
        ),
        (
            "1.5",
            "a fraction",
            "write the seconds as a whole number, or `never`",
        ),
        (
            "-1",
            "a negative number",
            "write the seconds as a whole number, or `never`",
        ),
        ("'3600'", "text", "write `3600`, without quotes"),
    ] {
        check(
            &client_credentials(&format!("    default_token_lifetime: {value}\n")),
            &[&format!(
                "8:29 CS0103 expected a whole number or `never`, found {found} | {help}"
            )],
        );
    }
}

#[test]
fn booleans_have_two_words() {
    let help = |word, meant| format!("in YAML 1.2, `{word}` is text: write `{meant}`");
    for (value, found, help) in [
        ("yes", "text", help("yes", "true")),
        ("Off", "text", help("Off", "false")),
        ("'true'", "text", "write `true`, without quotes".to_owned()),
        ("1", "a number", "write `true` or `false` here".to_owned()),
    ] {
        check(
            &client_credentials(&format!("    clock_skew: {value}\n")),
            &[&format!(
                "8:17 CS0103 expected `true` or `false`, found {found} | {help}"
            )],
        );
    }
}

#[test]
fn schemes_and_parameters_are_no_items() {
    check(
        "credsmith: 1\nsdk: { name: Acme }\nschemes:\n  - type: basic\n",
        &[
            "4:5 CS0103 expected a mapping, found a list | write each item below a name of its own, without `- `",
        ],
    );
}

#[test]
fn an_empty_item_can_be_removed() {
    check(
        &with_scheme("    type: basic\nsecurity:\n  default:\n    - acme\n    -\n"),
        &[
            "9:6 CS0103 expected a scheme's name or a list of names, found nothing | give it a value | or remove the item",
        ],
    );
}

#[test]
fn a_word_that_is_left_empty_is_one_of_few() {
    check(
        &with_scheme("    type:\n"),
        &[
            "5:5 CS0103 expected text, found nothing | write one of `oauth2`, `basic`, `bearer`, `api_key`, `custom`",
        ],
    );
    check(
        &with_scheme("    type: api_key\n"),
        &[
            "4:3 CS0104 the key `keys` is missing | add `keys:`, and each item below it as `- name: …`",
        ],
    );
}
