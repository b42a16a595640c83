//! CS0204: URLs of endpoints are https.

use crate::diagnostic::{Diagnostic, Rule};
use crate::located::Located;

/// URLs of endpoints are https.
pub(crate) static RULE: Rule = Rule {
    code: "CS0204",
    title: "URLs of endpoints are https",
    explanation: "\
Client secrets, codes and tokens cross the network on the way to the authorization server, so plain
`http` is refused (RFC 6749 sections 3.1 and 3.2). Loopback addresses are fine. A server that really
has nothing else can be allowed with `allow_insecure_token_url: true`, which holds for all URLs of the
scheme, and for requests to the API with its tokens.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: http://api.example.com/token
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: http://127.0.0.1:8080/token
",
};

/// `url` is plain http, and not on loopback.
pub(crate) fn plain_http(url: &Located<String>) -> Diagnostic {
    Diagnostic::error(&RULE, url.span, "the URL is plain `http`")
        .label("secrets would cross the network in clear text")
        .help("write `https`, or add `allow_insecure_token_url: true` if it must be")
}
