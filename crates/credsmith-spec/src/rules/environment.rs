//! CS0302: environments are declared and complete.

use std::collections::BTreeSet;

use super::{excerpt, list, written};
use crate::diagnostic::{Diagnostic, Rule};
use crate::located::Located;
use crate::source::Span;
use crate::suggest::did_you_mean;

/// Environments are declared and complete.
pub(crate) static RULE: Rule = Rule {
    code: "CS0302",
    title: "environments are declared and complete",
    explanation: "\
The environments of an SDK are declared once, in `sdk.environments`. `default_environment` and the
URLs by environment (`token_urls` and the like) use those names, and there is a URL for each of them.
Environments that no endpoint has a URL for would change nothing.
",
    bad: "\
credsmith: 1
sdk:
  name: Acme
  environments: { sandbox: { description: To try things }, production: { description: The real one } }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_urls:
      sandbox: https://sandbox.example.com/token
      prodution: https://api.example.com/token
",
    good: "\
credsmith: 1
sdk:
  name: Acme
  environments: { sandbox: { description: To try things }, production: { description: The real one } }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_urls:
      sandbox: https://sandbox.example.com/token
      production: https://api.example.com/token
",
};

/// What to do where URLs stand with the declaration of an environment.
pub(crate) const WHERE_URLS_ARE: &str =
    "URLs of environments stand with each scheme, in `token_urls` and the like";

/// None is declared, and these are used.
pub(crate) fn none_declared(used: &[&Located<String>]) -> Option<Diagnostic> {
    let first = used.first()?;
    let mut seen = BTreeSet::new();
    let names = used.iter().filter(|name| seen.insert(name.as_str()));
    let declaration = written::outline(names.map(|name| (name.value.clone(), "{}")));
    let help = format!("add `environments: {declaration}` to `sdk`");
    let message = "no environments are declared";
    Some(Diagnostic::error(&RULE, first.span, message).help(help))
}

/// No endpoint differs among the environments, the first of which is declared here.
pub(crate) fn unused(declared: &Located<String>) -> Diagnostic {
    let message = "no endpoint has a URL by environment, so the environments change nothing";
    let help = "write URLs by environment, as in `token_urls`, or remove `environments`";
    Diagnostic::error(&RULE, declared.span, message).help(help)
}

/// `name` is none of the declared environments.
pub(crate) fn unknown(name: &Located<String>, declared: &[&Located<String>]) -> Diagnostic {
    let names = || declared.iter().map(|declared| declared.as_str());
    let others = format!("declared: {}", list(names()));
    let message = format!("the environment `{}` is not declared", excerpt(name));
    Diagnostic::error(&RULE, name.span, message).help(did_you_mean(name, names()).unwrap_or(others))
}

/// The URLs of `key` at `span` lack the environment `declared`.
pub(crate) fn missing(declared: &Located<String>, key: &str, span: Span) -> Diagnostic {
    let name = excerpt(declared);
    let message = format!("the environment `{name}` has no URL in `{key}`");
    Diagnostic::error(&RULE, span, message)
        .also(declared.span, "declared here")
        .help(format!("add `{name}:` and its URL"))
}
