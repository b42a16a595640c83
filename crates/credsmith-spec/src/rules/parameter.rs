//! CS0209: extra parameters do not replace the protocol's own.

use super::{secret, text};
use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::located::Located;

/// Extra parameters do not replace the protocol's own.
pub(crate) static RULE: Rule = Rule {
    code: "CS0209",
    title: "extra parameters do not replace the protocol's own",
    explanation: "\
`parameters` adds to the token request. The parameters of the grant and of the client authentication
(`grant_type`, `scope`, `client_id`, ...) are credsmith's to set: written twice, a server has to refuse
the request (RFC 6749 section 3.2).
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    parameters: { scope: read }
",
    good: r#"credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    parameters: { resource: "https://api.example.com" }
"#,
};

const RESERVED: &[(&str, &str)] = &[
    ("grant_type", "it is set by `grant`"),
    ("scope", "use `scopes`"),
    ("audience", "use the key `audience`"),
    ("client_id", "the application gives it with its credentials"),
    (
        "client_assertion",
        "it belongs to the client authentication",
    ),
    (
        "client_assertion_type",
        "it belongs to the client authentication",
    ),
];

/// Checks the name and the value of an extra parameter.
pub(crate) fn check(
    name: &Located<String>,
    value: &Located<String>,
    problems: &mut Problems,
) -> Option<(String, String)> {
    if let Some((_, help)) = RESERVED
        .iter()
        .find(|(reserved, _)| *reserved == name.value)
    {
        let message = format!("the parameter `{}` cannot be set here", name.value);
        problems.push(Diagnostic::error(&RULE, name.span, message).help(*help));
        return None;
    }
    if secret::asks_for_secret(name) {
        problems.push(secret::key(name));
        return None;
    }
    let name = text::line(name, problems)?;
    let value = text::line(value, problems)?;
    Some((name.value, value.value))
}
