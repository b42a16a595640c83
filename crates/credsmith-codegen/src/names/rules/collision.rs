//! CS0403: no two things have one name.

use std::collections::BTreeMap;

use credsmith_spec::{Diagnostic, Rule};

use crate::names::complaints::Complaints;
use crate::names::ident::Named;

/// No two things have one name.
pub(crate) static RULE: Rule = Rule {
    code: "CS0403",
    title: "no two things have one name",
    explanation: "\
Names come from schemes, so two schemes with much the same name can derive the same type, module,
parameter or environment variable. Module names must differ in more than case, for file systems that
do not tell `A` from `a`. Set one of the two by hand: names never get a number behind them, because a
new scheme must not rename what another one generated.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  my-auth:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
  my_auth:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token2
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  my-auth:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
  my_other_auth:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token2
",
};

/// One place where names must differ.
#[derive(Debug, Default)]
pub(crate) struct Namespace {
    taken: BTreeMap<String, Named>,
}

impl Namespace {
    /// Takes a name, or notes that it is taken.
    pub(crate) fn take(&mut self, name: &Named, problems: &mut Complaints) {
        match self.taken.get(&name.name.to_lowercase()) {
            Some(earlier) => problems.about(name, clash(name, earlier)),
            None => {
                self.taken.insert(name.name.to_lowercase(), name.clone());
            }
        }
    }
}

fn clash(name: &Named, earlier: &Named) -> Diagnostic {
    let message = match (name.name == earlier.name, name.what == earlier.what) {
        (true, true) => format!("{} is named `{}` twice", name.what, name.shown()),
        (true, false) => format!(
            "{} and {} have the name `{}`",
            earlier.what,
            name.what,
            name.shown()
        ),
        (false, _) => format!(
            "{} `{}` and {} `{}` differ only in case",
            earlier.what,
            earlier.shown(),
            name.what,
            name.shown()
        ),
    };
    let clash = Diagnostic::error(&RULE, name.span, message);
    if name.span == earlier.span {
        clash
    } else {
        clash.also(earlier.span, "the other one")
    }
}
