//! Scopes, and those that are requested by default.

use super::{check, client_credentials};

fn scopes(keys: &str) -> String {
    client_credentials(&format!("    scopes:\n{keys}"))
}

#[test]
fn a_default_is_a_list_also_of_one() {
    check(
        &scopes("      default: read\n      values: [{ value: read }]\n"),
        &["9:16 CS0103 expected a list, found text | write `[read]`"],
    );
    check(
        &scopes("      default: read, write\n      values: [{ value: read }, { value: write }]\n"),
        &["9:16 CS0103 expected a list, found text | write `[read, write]`"],
    );
    check(
        &scopes("      default: [read]\n      values: [{ value: read }]\n"),
        &[],
    );
    // What it names is looked up all the same.
    check(
        &scopes("      default: reed\n      values: [{ value: read }]\n"),
        &[
            "9:16 CS0103 expected a list, found text | write `[reed]`",
            "9:16 CS0207 the scope `reed` is not listed in `values` | did you mean `read`?",
        ],
    );
}

#[test]
fn a_default_without_values_lacks_them() {
    check(
        &scopes("      default: read\n"),
        &[
            "8:5 CS0104 the key `values` is missing | add `values:`, and each item below it as `- value: …`",
            "9:16 CS0103 expected a list, found text | write `[read]`",
        ],
    );
}

#[test]
fn a_default_elsewhere_is_told_where_it_belongs() {
    let values = "    scopes: { values: [{ value: read }] }\n";
    for key in ["default", "default_scope", "default_scopes"] {
        check(
            &client_credentials(&format!("    {key}: read\n{values}")),
            &[&format!(
                "8:5 CS0101 unknown key `{key}` | write the default scopes into `scopes`, as the list \
                 `default`, beside `values`"
            )],
        );
    }
    check(
        &scopes("      values: [{ value: read, default: true }]\n"),
        &[
            "9:31 CS0101 unknown key `default` | write the scope into the list `default`, beside `values`",
        ],
    );
}

#[test]
fn scopes_as_names_beside_a_default_are_told_and_read() {
    check(
        &scopes("      default: [raed]\n      read: See things\n      write:\n"),
        &[
            "9:17 CS0207 the scope `raed` is not listed in `values` | did you mean `read`?",
            "10:7 CS0101 unknown keys `read`, `write` | write `values: [{ value: read, description: \
             \"See things\" }, { value: write }]` in their place",
        ],
    );
}
