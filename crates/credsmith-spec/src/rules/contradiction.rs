//! CS0301: keys do not contradict each other.

use crate::diagnostic::{Diagnostic, Rule};
use crate::source::Span;

/// Keys do not contradict each other.
pub(crate) static RULE: Rule = Rule {
    code: "CS0301",
    title: "keys do not contradict each other",
    explanation: "\
Some keys make no sense together: `token_url` beside `token_urls`; a token provider, an update callback
or asking the user if tokens are fetched manually; `basic_encoding` without HTTP Basic; a name for
something that the scheme does not have; settings of the client beside `client: external`. Such keys would
change nothing, so the message says which of the two to remove.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    token_fetch: manual
    token_provider: true
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    token_fetch: manual
",
};

/// `key` at `span` does not go with what stands at `other`.
pub(crate) fn between(
    message: impl Into<String>,
    span: Span,
    other: Span,
    help: impl Into<String>,
) -> Diagnostic {
    Diagnostic::error(&RULE, span, message)
        .label("this")
        .also(other, "does not go with this")
        .help(help)
}
