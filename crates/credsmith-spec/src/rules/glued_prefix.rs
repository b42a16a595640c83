//! CS0218: prefix that runs into the key.

use super::excerpt;
use crate::diagnostic::{Diagnostic, Rule};
use crate::located::Located;
use crate::model::Place;

/// Prefix that runs into the key.
pub(crate) static RULE: Rule = Rule {
    code: "CS0218",
    title: "prefix that runs into the key",
    explanation: r#"The prefix of an API key is sent as it is written, with nothing between it and the key: with `prefix: Bearer`
the header says `Bearer0123`. Most servers expect a space or another mark, which belongs to the prefix and
needs quotes in YAML: `prefix: "Bearer "`. A few APIs do want letters right before the key, so this is a
warning.
"#,
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  api_key:
    type: api_key
    keys:
      - { name: Authorization, in: header, prefix: Bearer }
",
    good: r#"credsmith: 1
sdk: { name: Acme }
schemes:
  api_key:
    type: api_key
    keys:
      - { name: Authorization, in: header, prefix: "Bearer " }
"#,
};

/// A warning if nothing separates the prefix from the key.
pub(crate) fn check(prefix: &Located<String>, place: Place) -> Option<Diagnostic> {
    prefix.chars().next_back().filter(|c| c.is_alphanumeric())?;
    let shown = excerpt(prefix);
    let message = format!("nothing separates the prefix `{shown}` from the key");
    let glued = Diagnostic::warning(&RULE, prefix.span, message);
    Some(match place {
        Place::Header => glued.help(format!(
            "write `prefix: \"{shown} \"`, with the space, if the API's documentation shows one"
        )),
        Place::Query | Place::Cookie => {
            glued.help("end it with the mark that the API's documentation shows, if there is one")
        }
    })
}
