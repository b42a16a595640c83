//! CS0211: grants are not retired ones.

use crate::diagnostic::{Diagnostic, Rule};
use crate::keyword::Keyword;
use crate::located::Located;
use crate::model::Grant;

/// Grants are not retired ones.
pub(crate) static RULE: Rule = Rule {
    code: "CS0211",
    title: "grants are not retired ones",
    explanation: "\
The best current practice for OAuth 2.0 security, RFC 9700, retired two grants of RFC 6749. The grant
`password` must not be used (section 2.4): it hands the user's password to the client. The grant
`implicit` should not be used (section 2.1.2): it hands access tokens to the browser's address bar.
Some APIs declare nothing else, so code is generated and this is a warning. Where the server offers it,
`authorization_code` takes the place of both, `device_code` where there is no browser, and
`client_credentials` where no user is needed.
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
    grant: authorization_code
    authorization_url: https://api.example.com/authorize
    token_url: https://api.example.com/token
",
};

/// A warning if `grant` is a retired one.
pub(crate) fn check(grant: &Located<Grant>) -> Option<Diagnostic> {
    let (verdict, instead) = match grant.value {
        Grant::Password => (
            "must not be used any more (RFC 9700 section 2.4)",
            "write `authorization_code` if the server offers it, or `client_credentials` if no user \
             is needed",
        ),
        Grant::Implicit => (
            "should not be used any more (RFC 9700 section 2.1.2)",
            "write `authorization_code` if the server offers it",
        ),
        _ => return None,
    };
    let message = format!(
        "the grant `{}` is retired: it {verdict}",
        grant.value.word()
    );
    Some(Diagnostic::warning(&RULE, grant.span, message).help(instead))
}
