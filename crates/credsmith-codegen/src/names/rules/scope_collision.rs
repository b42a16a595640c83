//! CS0405: no two scopes become one member.

use credsmith_spec::{Diagnostic, Rule, Span};

/// No two scopes become one member.
pub(crate) static RULE: Rule = Rule {
    code: "CS0405",
    title: "no two scopes become one member",
    explanation: "\
The member of a scope comes from its wire value: `.`, `_`, `-` and `/` separate words, `:` vanishes. Two
scopes that come out alike are an error, not a silent suffix: name one of them with `name`.
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
        - { value: user.read }
        - { value: user-read }
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
        - { value: user.read }
        - { value: user-read, name: USER_READ_OLD }
",
};

/// The scopes at `span` and `earlier` both become `member`.
pub(crate) fn clash(member: &str, span: Span, earlier: Span) -> Diagnostic {
    Diagnostic::error(
        &RULE,
        span,
        format!("two scopes become the member `{member}`"),
    )
    .also(earlier, "the other one")
    .help("give one of them a `name`")
}
