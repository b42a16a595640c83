//! CS0212: API keys fit their place in the request.

use super::{excerpt, http_field, text};
use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::located::Located;
use crate::model::Place;

/// API keys fit their place in the request.
pub(crate) static RULE: Rule = Rule {
    code: "CS0212",
    title: "API keys fit their place in the request",
    explanation: "\
The name of a header or a cookie is a token: letters, digits and some marks, no spaces (RFC 9110
section 5.6.2, RFC 6265 section 4.1.1). Headers that HTTP itself needs, such as `Host` and
`Content-Length`, cannot carry a key, and `Cookie` is what `in: cookie` is for. What stands before the
value in a header is printable ASCII that does not begin with white space, and in a cookie without white
space, quotes, commas, semicolons and backslashes. In a query everything is possible.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  api_key:
    type: api_key
    keys:
      - { name: Api Key, in: header }
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  api_key:
    type: api_key
    keys:
      - { name: Api-Key, in: header }
",
};

/// Checks the name that a key is sent under.
pub(crate) fn name(
    name: &Located<String>,
    place: Place,
    problems: &mut Problems,
) -> Option<Located<String>> {
    let name = text::line(name, problems)?;
    let found = match place {
        Place::Query => None,
        Place::Header => {
            http_field::not_a_token(&RULE, &name, "header").or_else(|| needed_by_http(&name))
        }
        Place::Cookie => http_field::not_a_token(&RULE, &name, "cookie"),
    };
    match found {
        Some(found) => {
            problems.push(found);
            None
        }
        None => Some(name),
    }
}

fn needed_by_http(name: &Located<String>) -> Option<Diagnostic> {
    let lower = name.to_ascii_lowercase();
    let help = if lower == "cookie" {
        "write `in: cookie` and the cookie's name"
    } else if http_field::is_needed_by_http(&lower) {
        "check the API's documentation for the header of its key"
    } else {
        return None;
    };
    let message = format!("the header `{}` belongs to HTTP itself", excerpt(name));
    Some(Diagnostic::error(&RULE, name.span, message).help(help))
}

/// Checks what is sent before the value of a key.
pub(crate) fn prefix(prefix: &Located<String>, place: Place, problems: &mut Problems) -> String {
    let (wrong, what) = match place {
        Place::Query => (None, ""),
        Place::Header if prefix.starts_with([' ', '\t']) => (prefix.chars().next(), "begin with"),
        Place::Header => (prefix.chars().find(|&c| !http_field::is_text(c)), "hold"),
        Place::Cookie => (prefix.chars().find(|&c| !is_cookie_octet(c)), "hold"),
    };
    if let Some(wrong) = wrong {
        let message = format!("what stands before the value cannot {what} {wrong:?} here");
        let help = "remove it; `credsmith explain CS0212` says what is allowed";
        problems.push(Diagnostic::error(&RULE, prefix.span, message).help(help));
    } else if prefix.trim().is_empty() || prefix.contains(['\n', '\r']) {
        let message = "this has to be one line that is not blank";
        problems.push(Diagnostic::error(&RULE, prefix.span, message).help("leave `prefix` out"));
    }
    prefix.value.clone()
}

/// RFC 6265 section 4.1.1.
fn is_cookie_octet(c: char) -> bool {
    c.is_ascii_graphic() && !"\",;\\".contains(c)
}
