//! CS0304: `security` names schemes of the spec.

use super::{excerpt, list};
use crate::diagnostic::{Diagnostic, Rule};
use crate::located::Located;
use crate::suggest::did_you_mean;

/// `security` names schemes of the spec.
pub(crate) static RULE: Rule = Rule {
    code: "CS0304",
    title: "`security` names schemes of the spec",
    explanation: "\
An alternative in `security` is the name of a scheme, or a list of such names, as they stand in
`schemes`.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  basic: { type: basic }
security:
  default: [basik]
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  basic: { type: basic }
security:
  default: [basic]
",
};

/// `name` is none of `schemes`.
pub(crate) fn unknown(name: &Located<String>, schemes: &[&Located<String>]) -> Diagnostic {
    let names = || schemes.iter().map(|scheme| scheme.as_str());
    let message = format!("there is no scheme `{}`", excerpt(name));
    let others = format!("schemes: {}", list(names()));
    Diagnostic::error(&RULE, name.span, message).help(did_you_mean(name, names()).unwrap_or(others))
}
