//! CS0306: every alternative can be chosen.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::source::Span;

/// Every alternative can be chosen.
pub(crate) static RULE: Rule = Rule {
    code: "CS0306",
    title: "every alternative can be chosen",
    explanation: "\
The client takes the first alternative whose credentials are there. The same alternative twice is an
error. An alternative that needs all that an earlier one needs, and more, is never taken, which is a
warning: put the one that needs more first, and `[]`, which needs nothing, last.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  basic: { type: basic }
  api_key: { type: api_key, keys: [{ name: X-Api-Key, in: header }] }
security:
  default: [[basic, api_key], [api_key, basic]]
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  basic: { type: basic }
  api_key: { type: api_key, keys: [{ name: X-Api-Key, in: header }] }
security:
  default: [[basic, api_key], basic]
",
};

/// The most earlier alternatives that one is compared with; equal ones are always found.
const MOST_COMPARED: usize = 100;

/// Notes alternatives of one group that are never chosen: their schemes, and where they stand.
pub(crate) fn check(alternatives: &[(BTreeSet<usize>, Span)], problems: &mut Problems) {
    let mut first = BTreeMap::new();
    for (index, (schemes, span)) in alternatives.iter().enumerate() {
        if let Some(&earlier) = first.get(schemes) {
            let twice = Diagnostic::error(&RULE, *span, "this alternative is here twice");
            let twice = twice.label("again here").also(earlier, "first here");
            problems.push(twice.help("remove one of the two"));
            continue;
        }
        first.insert(schemes, *span);
        let mut compared = alternatives[..index].iter().take(MOST_COMPARED);
        if let Some((_, earlier)) = compared.find(|(fewer, _)| fewer.is_subset(schemes)) {
            let vain = Diagnostic::warning(&RULE, *span, "this alternative is never chosen");
            let vain = vain.also(*earlier, "this needs less, and comes first");
            problems.push(vain.help("put the alternative that needs more first"));
        }
    }
}
