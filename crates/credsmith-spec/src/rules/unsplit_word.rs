//! CS0217: unsplit word without effect.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{excerpt, text};
use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::located::Located;
use crate::source::Span;

/// Unsplit word without effect.
pub(crate) static RULE: Rule = Rule {
    code: "CS0217",
    title: "unsplit word without effect",
    explanation: "\
`unsplit_words` lists words that stay whole where a name would be split at capitals and digits: with
`paypal`, `PayPalToken` becomes `paypal_token`. A name is always split at spaces, `-`, `_` and other marks,
so a word is made of letters and digits; another one could never match. Case does not count, so each
word is listed once.
",
    bad: "\
credsmith: 1
sdk: { name: Acme, unsplit_words: [pay-pal] }
schemes:
  basic: { type: basic }
",
    good: "\
credsmith: 1
sdk: { name: Acme, unsplit_words: [paypal] }
schemes:
  basic: { type: basic }
",
};

/// The words that keep the rule.
pub(crate) fn check<'a>(
    words: impl Iterator<Item = &'a Located<String>>,
    problems: &mut Problems,
) -> Vec<String> {
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    let mut kept = Vec::new();
    for word in words {
        let Some(word) = one(word, problems) else {
            continue;
        };
        match first.entry(word.to_lowercase()) {
            Entry::Occupied(earlier) => problems.push(twice(&word, *earlier.get())),
            Entry::Vacant(place) => {
                place.insert(word.span);
                kept.push(word.value);
            }
        }
    }
    kept
}

fn one(word: &Located<String>, problems: &mut Problems) -> Option<Located<String>> {
    let word = text::line(word, problems)?;
    let Some(mark) = word.chars().find(|c| !c.is_alphanumeric()) else {
        return Some(word);
    };
    let message = format!("the unsplit word `{}` can never match", excerpt(&word));
    let joined: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
    let help = if joined.is_empty() {
        "remove it: a word is made of letters and digits".to_owned()
    } else {
        let joined = excerpt(&joined.to_lowercase());
        format!("write `{joined}`: names are split at {mark:?} before words are looked for")
    };
    problems.push(Diagnostic::error(&RULE, word.span, message).help(help));
    None
}

fn twice(word: &Located<String>, earlier: Span) -> Diagnostic {
    let message = format!("the unsplit word `{}` is listed twice", excerpt(word));
    Diagnostic::error(&RULE, word.span, message)
        .label("again here")
        .also(earlier, "first here")
        .help("remove one of the two; case does not count")
}
