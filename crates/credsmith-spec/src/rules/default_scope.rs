//! CS0207: default scopes are listed.

use std::collections::{BTreeMap, BTreeSet};

use super::{excerpt, list};
use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::located::Located;
use crate::raw::{List, RawScope, ScopeValue};
use crate::suggest::did_you_mean;

/// Default scopes are listed.
pub(crate) static RULE: Rule = Rule {
    code: "CS0207",
    title: "default scopes are listed",
    explanation: "\
The entries of `default` are wire values from the `values` of the same scheme.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    scopes:
      default: [reed]
      values:
        - { value: read }
        - { value: write }
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    scopes:
      default: [read]
      values:
        - { value: read }
        - { value: write }
",
};

/// What is listed, right or wrong: of what is wrong there, more has not to be said.
pub(crate) struct Listed<'a> {
    values: BTreeSet<&'a str>,
    /// Whether it is known of each item what it lists.
    whole: bool,
}

impl<'a> Listed<'a> {
    pub(crate) fn new(values: &'a List<RawScope>) -> Self {
        let value_of = |scope: &'a RawScope| scope.value.0.as_ref();
        let items = || values.items.iter();
        Self {
            values: items()
                .filter_map(value_of)
                .map(|value| value.as_str())
                .collect(),
            whole: values.whole && items().all(|scope| value_of(scope).is_some()),
        }
    }

    fn may_hold(&self, value: &str) -> bool {
        !self.whole || self.values.contains(value)
    }
}

/// Finds each default scope among the values, which are those of `listed` that are right.
pub(crate) fn resolve(
    defaults: &[ScopeValue],
    values: &[Located<String>],
    listed: &Listed<'_>,
    problems: &mut Problems,
) -> Vec<usize> {
    let indices = values.iter().enumerate();
    let indices: BTreeMap<_, _> = indices
        .rev()
        .map(|(index, value)| (value.as_str(), index))
        .collect();
    let mut found = Vec::new();
    for default in defaults {
        match indices.get(default.as_str()) {
            Some(index) => found.push(*index),
            None if listed.may_hold(default) => {}
            None => problems.push(unknown(default, values)),
        }
    }
    found
}

fn unknown(default: &Located<String>, values: &[Located<String>]) -> Diagnostic {
    let known = || values.iter().map(|value| value.as_str());
    let message = format!("the scope `{}` is not listed in `values`", excerpt(default));
    let others = format!("listed: {}", list(known()));
    Diagnostic::error(&RULE, default.span, message)
        .help(did_you_mean(default, known()).unwrap_or(others))
}
