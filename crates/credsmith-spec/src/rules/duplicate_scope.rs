//! CS0206: no scope twice.

use std::collections::BTreeMap;

use super::excerpt;
use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::located::Located;

/// No scope twice.
pub(crate) static RULE: Rule = Rule {
    code: "CS0206",
    title: "no scope twice",
    explanation: "\
Two entries of `values` with the same wire value would be two members for one scope, and two in `default`
would request it twice.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    scopes:
      values:
        - { value: read }
        - { value: read }
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    scopes:
      values:
        - { value: read }
        - { value: write }
",
};

/// Notes scopes whose wire value is earlier in the list.
pub(crate) fn check<'a>(
    values: impl Iterator<Item = &'a Located<String>>,
    problems: &mut Problems,
) {
    let mut first = BTreeMap::new();
    for value in values {
        if let Some(&earlier) = first.get(value.as_str()) {
            let message = format!("the scope `{}` is listed twice", excerpt(value));
            let twice = Diagnostic::error(&RULE, value.span, message).label("again here");
            problems.push(
                twice
                    .also(earlier, "first here")
                    .help("remove one of the two"),
            );
        } else {
            first.insert(value.as_str(), value.span);
        }
    }
}
