//! CS0309: client credentials without client authentication.

use crate::diagnostic::{Diagnostic, Rule};
use crate::located::Located;
use crate::model::{ClientAuthentication, Grant};

/// Client credentials without client authentication.
pub(crate) static RULE: Rule = Rule {
    code: "CS0309",
    title: "client credentials without client authentication",
    explanation: "\
With the grant `client_credentials` the client's own credentials are all that a token is given for, so the
client has to authenticate (RFC 6749 section 4.4), and only confidential clients may use it. With
`client_authentication: none` whoever knows the client id gets tokens. Some servers allow that, so this is
a warning.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    client_authentication: none
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    client_authentication: client_secret_post
",
};

/// A warning if tokens are given for the client's credentials, and the client has none.
pub(crate) fn check(
    grant: &Located<Grant>,
    authentication: &Located<ClientAuthentication>,
) -> Option<Diagnostic> {
    let is_both = grant.value == Grant::ClientCredentials
        && authentication.value == ClientAuthentication::None;
    is_both.then(|| {
        let message =
            "the grant `client_credentials` needs client authentication (RFC 6749 section 4.4)";
        Diagnostic::warning(&RULE, authentication.span, message)
            .also(grant.span, "the grant")
            .help("remove `client_authentication`, or write how the server's clients authenticate")
    })
}
