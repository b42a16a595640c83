//! CS0213: no API key twice.

use std::collections::BTreeMap;

use super::excerpt;
use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::model::Key;

/// No API key twice.
pub(crate) static RULE: Rule = Rule {
    code: "CS0213",
    title: "no API key twice",
    explanation: "\
Two keys of one scheme with the same name in the same place would be one key with two values. Names of
headers are the same in any case.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  api_key:
    type: api_key
    keys:
      - { name: X-Api-Key, in: header }
      - { name: x-api-key, in: header, field: other_key }
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  api_key:
    type: api_key
    keys:
      - { name: X-Api-Key, in: header }
      - { name: X-Account, in: header }
",
};

/// Notes keys whose name stands earlier in the list, in the same place.
pub(crate) fn check(keys: &[Key], problems: &mut Problems) {
    let mut first = BTreeMap::new();
    for key in keys {
        let (name, span) = (key.slot(), key.wire_name.span);
        if let Some(&earlier) = first.get(&name) {
            let message = format!("the key `{}` is listed twice", excerpt(&key.wire_name));
            let twice = Diagnostic::error(&RULE, span, message).label("again here");
            let twice = twice.also(earlier, "first here");
            problems.push(twice.help("remove one of the two"));
        } else {
            first.insert(name, span);
        }
    }
}
