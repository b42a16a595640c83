//! What is wrong is told once: nothing is said that merely follows from it.
//!
//! Each spec holds mistakes, and what they would bring with them: it is found that exactly the mistakes
//! are told, by code and line.

use credsmith_spec::parse;

/// The line of the first scheme, or of what else a test is about.
const FIRST: usize = 4;

/// Checks schemes, and what stands behind them, from line [`FIRST`] on.
#[track_caller]
fn check(schemes: &str, expected: &[(&str, usize)]) {
    let head = "credsmith: 1\nsdk: { name: Acme }\nschemes:\n";
    check_whole(&format!("{head}{schemes}"), expected);
}

#[track_caller]
fn check_whole(text: &str, expected: &[(&str, usize)]) {
    let checked = parse("follow-ups.yaml", text);
    let found = checked.diagnostics.iter().map(|found| {
        let line = checked.source.position(found.primary.span.start).line;
        (found.rule.code, line)
    });
    let found: Vec<_> = found.collect();
    assert_eq!(found, expected, "{:#?}", checked.diagnostics);
}

const TWO: &str = "  account: { type: basic }\n  session: { type: bearer }\nsecurity:\n";

#[test]
fn a_place_that_cannot_be_read_may_use_any_scheme() {
    for alternatives in ["[session, 5]", "[session, [5]]", "5"] {
        let spec = format!("{TWO}  default: {alternatives}\n");
        check(&spec, &[("CS0103", FIRST + 3)]);
    }
    let twice = format!("{TWO}  default: [session]\n  default: [account]\n");
    check(&twice, &[("CS0102", FIRST + 4)]);
}

#[test]
fn a_name_that_no_scheme_has_may_mean_any() {
    let spec = format!("{TWO}  default: [session, login]\n");
    check(&spec, &[("CS0304", FIRST + 3)]);
    // What is nearly the name of one means that one.
    let spec = format!("{TWO}  default: [sesion]\n");
    check(&spec, &[("CS0308", FIRST), ("CS0304", FIRST + 3)]);
}

#[test]
fn a_scheme_that_cannot_be_read_is_there() {
    let spec =
        "  account: 5\n  session: { type: bearer }\nsecurity: { default: [account, session] }\n";
    check(spec, &[("CS0103", FIRST)]);
    check("  account: 5\n", &[("CS0103", FIRST)]);
}

#[test]
fn alternatives_with_mistakes_are_not_compared() {
    let spec = format!("{TWO}  default: [[5], account, [session, 5], session]\n");
    check(&spec, &[("CS0103", FIRST + 3), ("CS0103", FIRST + 3)]);
    let spec = format!("{TWO}  default: [[account, account], account, session]\n");
    check(&spec, &[("CS0305", FIRST + 3)]);
}

const OAUTH2: &str = "type: oauth2, grant: client_credentials";

#[test]
fn endpoints_that_cannot_be_read_are_not_missing() {
    for (key, code) in [
        ("token_url: 5", "CS0103"),
        ("token_urls: [a]", "CS0103"),
        ("issuer: 5", "CS0103"),
        ("issuer: here", "CS0203"),
    ] {
        check(&format!("  a: {{ {OAUTH2}, {key} }}\n"), &[(code, FIRST)]);
    }
}

#[test]
fn lists_are_not_empty_where_their_items_are_wrong() {
    for scheme in [
        "{ type: api_key, keys: [5] }".to_owned(),
        "{ type: custom, fields: [5] }".to_owned(),
        format!("{{ {OAUTH2}, token_url: 'https://a.example', bearer_token_types: [5] }}"),
        format!("{{ {OAUTH2}, token_url: 'https://a.example', scopes: {{ values: [5] }} }}"),
    ] {
        check(&format!("  a: {scheme}\n"), &[("CS0103", FIRST)]);
    }
}

#[test]
fn default_scopes_are_not_missed_where_values_are_wrong() {
    for (values, default, code) in [
        ("{ value: no scope }", "no scope", "CS0205"),
        ("5", "read", "CS0103"),
        ("{ name: Read }", "read", "CS0104"),
    ] {
        let scopes = format!("{{ default: [{default}], values: [{{ value: write }}, {values}] }}");
        let scheme = format!("{{ {OAUTH2}, token_url: 'https://a.example', scopes: {scopes} }}");
        check(&format!("  a: {scheme}\n"), &[(code, FIRST)]);
    }
    let scopes = "{ default: [raed], values: [{ value: read }, { value: no scope }] }";
    let scheme = format!("{{ {OAUTH2}, token_url: 'https://a.example', scopes: {scopes} }}");
    let spec = format!("  a: {scheme}\n");
    check(&spec, &[("CS0207", FIRST), ("CS0205", FIRST)]);
}

#[test]
fn what_is_wrong_can_be_named() {
    for (keys, names, code) in [
        ("scopes: 5", "fields: { scopes: x }", "CS0103"),
        ("issuer: 5", "issuer: x", "CS0103"),
        (
            "client_authentication: mine",
            "fields: { private_key: x }",
            "CS0201",
        ),
        (
            "client_authentication: 5",
            "fields: { private_key: x }",
            "CS0103",
        ),
    ] {
        let scheme =
            format!("{{ {OAUTH2}, token_url: 'https://a.example', {keys}, names: {{ {names} }} }}");
        check(&format!("  a: {scheme}\n"), &[(code, FIRST)]);
    }
    let bearer = "type: oauth2, grant: jwt_bearer, token_url: 'https://a.example'";
    for (keys, code) in [
        (
            "client_authentication: mine, names: { fields: { client_secret: x } }",
            "CS0201",
        ),
        ("scopes: 5, assertion: { scope_claim: true }", "CS0103"),
    ] {
        check(&format!("  a: {{ {bearer}, {keys} }}\n"), &[(code, FIRST)]);
    }
}

#[test]
fn environments_that_cannot_be_read_are_declared() {
    let schemes = format!(
        "schemes:\n  a: {{ {OAUTH2}, token_urls: {{ production: 'https://a.example' }} }}\n"
    );
    for sdk in [
        "sdk: { name: Acme, environments: [production], default_environment: production }",
        "sdk: { name: Acme, environments: { production: 5 }, default_environment: production }",
        "sdk: Acme",
    ] {
        check_whole(&format!("credsmith: 1\n{sdk}\n{schemes}"), &[("CS0103", 2)]);
    }
    let no_url = "credsmith: 1\nsdk: { name: Acme, environments: { production: {} } }\n".to_owned()
        + &schemes.replace("'https://a.example'", "5");
    check_whole(&no_url, &[("CS0103", 4)]);
    // What is looked at besides still is.
    let no_url = "credsmith: 1\nsdk: Acme\n".to_owned() + &schemes.replace("https:", "");
    check_whole(&no_url, &[("CS0103", 2), ("CS0203", 4)]);
}

#[test]
fn the_value_of_an_unknown_key_says_nothing_of_another_key() {
    let scheme = "  a: { type: basic, name: Account }\n";
    check(scheme, &[("CS0101", FIRST)]);
    // One that fits is looked at.
    let scheme = "  a: { type: basic, name: { creds: Account } }\n";
    check(scheme, &[("CS0101", FIRST), ("CS0101", FIRST)]);
}

#[test]
fn a_secret_that_has_no_place_is_told_once() {
    let random = ["a8f5f167f44f", "4964e6c998dee827110c"].concat();
    check(
        &format!("  a: {{ type: basic, password: {random} }}\n"),
        &[("CS0210", FIRST)],
    );
    let url = "token_url: 'https://a.example'";
    let scheme = format!("  a: {{ {OAUTH2}, {url}, client_secret: {random} }}\n");
    check(&scheme, &[("CS0210", FIRST)]);
    let scheme = format!("  a: {{ {OAUTH2}, {url}, parameters: {{ api_key: {random} }} }}\n");
    check(&scheme, &[("CS0210", FIRST)]);
    // Where a name belongs, only the value tells.
    let scheme = format!("  a: {{ type: basic, names: {{ fields: {{ password: {random} }} }} }}\n");
    check(&scheme, &[("CS0210", FIRST)]);
}

#[test]
fn a_list_of_what_has_names_is_told_once_and_read_all_the_same() {
    let spec = "\
credsmith: 1
sdk: { name: Acme, environments: [production, sandbox] }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_urls:
      - production: https://api.example.com/token
      - { name: sandbox, url: https://sandbox.example.com/token }
    parameters: [{ name: resource, value: all }, { name: tenant, value: 5 }]
";
    // The last value is no text, which is another mistake.
    let expected = [("CS0103", 2), ("CS0103", 8), ("CS0103", 10), ("CS0103", 10)];
    check_whole(spec, &expected);
    // What has no name cannot be told apart.
    check("  - { type: basic }\n  - 5\n", &[("CS0103", FIRST)]);
}
