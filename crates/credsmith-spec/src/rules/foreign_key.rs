//! CS0106: keys belong to the scheme's type and grant.

use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::keyword::Keyword;
use crate::located::Located;
use crate::model::{Grant, SchemeType};
use crate::raw::{Given, applicable};

/// Keys belong to the scheme's type and grant.
pub(crate) static RULE: Rule = Rule {
    code: "CS0106",
    title: "keys belong to the scheme's type and grant",
    explanation: "\
Most keys of a scheme belong to one type, and many of those of `oauth2` to some grants only: the keys of
API keys mean nothing to HTTP Basic, and PKCE means nothing where no code is exchanged. They would be
silently without effect, so they are errors. The message says where the key belongs.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    pkce: s256
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: authorization_code
    authorization_url: https://api.example.com/authorize
    token_url: https://api.example.com/token
    pkce: s256
",
};

/// Notes the keys that do not belong to the type, or else to the grant.
pub(crate) fn check(
    given: &Given,
    scheme_type: &Located<SchemeType>,
    grant: Option<&Located<Grant>>,
    problems: &mut Problems,
) {
    for key in given.keys() {
        let of_type = applicable::type_of(key).filter(|home| *home != scheme_type.value);
        let of_grant = grant.filter(|grant| !applicable::goes_with(key, grant.value));
        if let Some(home) = of_type {
            let foreign = foreign(
                key,
                &Located::new(scheme_type.value.word(), scheme_type.span),
                "type",
            );
            problems.push(foreign.help(way_out(&format!("the type `{}`", home.word()))));
        } else if let Some(grant) = of_grant {
            let foreign = foreign(key, &Located::new(grant.value.word(), grant.span), "grant");
            let home = applicable::home_of(key);
            problems.push(foreign.help_if(home.map(|home| way_out(&home))));
        }
    }
}

/// `key` does not belong to the `what` of this name.
fn foreign(key: &Located<String>, name: &Located<&str>, what: &str) -> Diagnostic {
    let message = format!(
        "the key `{}` does not belong to the {what} `{}`",
        key.value, name.value
    );
    Diagnostic::error(&RULE, key.span, message).also(name.span, format!("the {what}"))
}

fn way_out(home: &str) -> String {
    format!("remove it: it belongs to {home}")
}
