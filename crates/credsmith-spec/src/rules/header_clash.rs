//! CS0307: schemes that are needed together do not overwrite each other.

use super::excerpt;
use crate::diagnostic::{Diagnostic, Rule};
use crate::located::Located;
use crate::model::Place;

/// Schemes that are needed together do not overwrite each other.
pub(crate) static RULE: Rule = Rule {
    code: "CS0307",
    title: "schemes that are needed together do not overwrite each other",
    explanation: "\
The schemes of one alternative are all put into the same request. HTTP Basic, bearer tokens and OAuth 2.0
set the header `Authorization`, API keys the headers, query parameters and cookies of their names: of two
that set the same, one would be lost. They can be alternatives, `[one, other]`, but not needed together,
`[[one, other]]`.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  basic: { type: basic }
  bearer: { type: bearer }
security:
  default: [[basic, bearer]]
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

/// Two schemes, where the alternative names them, set the same.
pub(crate) fn clash(
    scheme: &Located<String>,
    other: &Located<String>,
    (place, name): (Place, &str),
) -> Diagnostic {
    let (first, second) = (excerpt(other), excerpt(scheme));
    let place = match place {
        Place::Header => "header",
        Place::Query => "query parameter",
        Place::Cookie => "cookie",
    };
    let message = format!(
        "`{first}` and `{second}` both set the {place} `{}`",
        excerpt(name)
    );
    Diagnostic::error(&RULE, scheme.span, message)
        .label("sets it again")
        .also(other.span, "sets it first")
        .help(format!(
            "make them alternatives: `[{first}, {second}]`, not `[[{first}, {second}]]`"
        ))
}
