//! CS0308: every scheme is used.

use super::excerpt;
use crate::diagnostic::{Diagnostic, Rule};
use crate::located::Located;
use crate::source::Span;

/// Every scheme is used.
pub(crate) static RULE: Rule = Rule {
    code: "CS0308",
    title: "every scheme is used",
    explanation: "\
A scheme that no group of `security` names is generated, but the client never uses it by itself: its
credentials would be given in vain. This is a warning; without `security`, every scheme is used.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  basic: { type: basic }
  bearer: { type: bearer }
security:
  default: [basic]
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  basic: { type: basic }
  bearer: { type: bearer }
security:
  default: [basic, bearer]
",
};

/// No group of `security`, which stands at `security`, names `scheme`.
pub(crate) fn unused(scheme: &Located<String>, security: Span) -> Diagnostic {
    let message = format!(
        "no group of `security` uses the scheme `{}`",
        excerpt(scheme)
    );
    Diagnostic::warning(&RULE, scheme.span, message)
        .also(security, "not named here")
        .help("name it in an alternative of a group, or remove it")
}
