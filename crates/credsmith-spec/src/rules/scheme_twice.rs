//! CS0305: no scheme twice in one alternative.

use super::excerpt;
use crate::diagnostic::{Diagnostic, Rule};
use crate::located::Located;
use crate::source::Span;

/// No scheme twice in one alternative.
pub(crate) static RULE: Rule = Rule {
    code: "CS0305",
    title: "no scheme twice in one alternative",
    explanation: "\
The schemes of an alternative are needed together; naming one of them twice adds nothing, and is
probably a mistake for another one.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  basic: { type: basic }
security:
  default: [[basic, basic]]
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  basic: { type: basic }
security:
  default: [[basic]]
",
};

/// `name` stood at `earlier` in the same alternative.
pub(crate) fn twice(name: &Located<String>, earlier: Span) -> Diagnostic {
    let message = format!("the scheme `{}` is here twice", excerpt(name));
    Diagnostic::error(&RULE, name.span, message)
        .label("again here")
        .also(earlier, "first here")
        .help("remove one of the two")
}
