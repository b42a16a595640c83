//! CS0211: grants are not retired ones.

use crate::diagnostic::{Diagnostic, Rule};
use crate::located::Located;

/// Grants are not retired ones.
pub(crate) static RULE: Rule = Rule {
    code: "CS0211",
    title: "grants are not retired ones",
    explanation: "\
The best current practice for OAuth 2.0 security, RFC 9700, retired two grants of RFC 6749. The grant
`password` (section 2.4) hands the user's password to the client; `implicit` (section 2.1.2) hands
access tokens to the browser's address bar. No code is generated for either. A service that acts for
itself uses `client_credentials`; for a server that offers nothing but `password`, write that part of
the client by hand.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: password
    token_url: https://api.example.com/token
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
",
};

/// Retired grants by the names they go by, and what retired them.
const RETIRED: &[(&str, &str)] = &[
    ("password", "RFC 9700 section 2.4"),
    ("resource_owner_password", "RFC 9700 section 2.4"),
    (
        "resource_owner_password_credentials",
        "RFC 9700 section 2.4",
    ),
    ("implicit", "RFC 9700 section 2.1.2"),
];

/// A diagnostic if `grant` is a retired one.
pub(crate) fn check(grant: &Located<String>) -> Option<Diagnostic> {
    let (_, source) = RETIRED.iter().find(|(name, _)| *name == grant.value)?;
    let message = format!("the grant `{}` is retired by {source}", grant.value);
    let found = Diagnostic::error(&RULE, grant.span, message);
    Some(found.help("write `client_credentials` if the application acts for itself"))
}
