//! CS0102: no key twice.

use super::excerpt;
use crate::diagnostic::{Diagnostic, Rule};
use crate::located::Located;

/// No key twice.
pub(crate) static RULE: Rule = Rule {
    code: "CS0102",
    title: "no key twice",
    explanation: r#"The same key twice in one mapping leaves open which value counts, so it is an error. This holds for names
that you choose, too: of schemes, environments, groups, parameters and header fields. White space around
such a name does not count: `" acme"` and `acme` are one name.
"#,
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    token_url: https://api.example.com/other
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

/// `key` is at `earlier` already, maybe with other white space around it.
pub(crate) fn duplicate(key: &Located<String>, earlier: &Located<String>) -> Diagnostic {
    let name = key.trim();
    let message = format!("the key `{}` is here twice", excerpt(name));
    let twice = Diagnostic::error(&RULE, key.span, message)
        .label("again here")
        .also(earlier.span, "first here");
    if key.value == earlier.value {
        twice.help("remove one of the two")
    } else {
        twice.help("remove one of the two: white space around a name does not count")
    }
}
