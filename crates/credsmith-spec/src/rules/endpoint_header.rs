//! CS0215: header fields fit the requests to endpoints.

use super::{excerpt, http_field, secret, text};
use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::located::Located;
use crate::raw::Line;

/// Header fields fit the requests to endpoints.
pub(crate) static RULE: Rule = Rule {
    code: "CS0215",
    title: "header fields fit the requests to endpoints",
    explanation: "\
`endpoint_headers` adds to the requests that the client sends to the server's endpoints. The name of a
field is a token: letters, digits and some marks, no spaces (RFC 9110 section 5.6.2). Its value is
printable ASCII. No name stands there twice, in whatever case. The fields that the request is made of are
credsmith's to set: `Authorization`, `Content-Type`, `Accept` and those that HTTP itself needs.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    endpoint_headers: { Content-Type: application/json }
",
    good: r#"credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    endpoint_headers: { Acme-Version: "2025-09-03" }
"#,
};

/// What requests set themselves beside what HTTP needs, in lower case, and what to do instead.
const SET: &[(&str, &str)] = &[
    (
        "accept",
        "remove it: answers of the endpoints are JSON (RFC 6749 section 5.1)",
    ),
    ("accept-encoding", "remove it: it is the transport's"),
    ("authorization", "it is set by `client_authentication`"),
    (
        "content-encoding",
        "remove it: the request is not compressed",
    ),
    ("content-type", "it is set by `token_request_format`"),
    (
        "cookie",
        "remove it: endpoints know a client by its authentication",
    ),
];

/// Checks names and values.
pub(crate) fn check(
    fields: &[(Located<String>, Line)],
    problems: &mut Problems,
) -> Vec<(String, String)> {
    let mut checked: Vec<(Located<String>, String)> = Vec::new();
    for (name, value) in fields {
        let (Some(name), Some(value)) = (check_name(name, problems), check_value(value, problems))
        else {
            continue;
        };
        let is_same = |(other, _): &&(Located<String>, String)| other.eq_ignore_ascii_case(&name);
        if let Some((other, _)) = checked.iter().find(is_same) {
            problems.push(twice(&name, other));
            continue;
        }
        checked.push((name, value));
    }
    checked
        .into_iter()
        .map(|(name, value)| (name.value, value))
        .collect()
}

fn check_name(name: &Located<String>, problems: &mut Problems) -> Option<Located<String>> {
    if secret::asks_for_secret(name) {
        problems.push(secret::key(name));
        return None;
    }
    let name = text::line(name, problems)?;
    match http_field::not_a_token(&RULE, &name, "header").or_else(|| set_already(&name)) {
        Some(found) => {
            problems.push(found);
            None
        }
        None => Some(name),
    }
}

fn set_already(name: &Located<String>) -> Option<Diagnostic> {
    let lower = name.to_ascii_lowercase();
    let known = SET.iter().find(|(set, _)| *set == lower);
    let help = match known {
        Some((_, help)) => help,
        None if http_field::is_needed_by_http(&lower) => "remove it: it belongs to HTTP itself",
        None => return None,
    };
    let message = format!("the header `{}` cannot be set here", excerpt(name));
    Some(Diagnostic::error(&RULE, name.span, message).help(help))
}

fn check_value(value: &Located<String>, problems: &mut Problems) -> Option<String> {
    let value = text::line(value, problems)?;
    if let Some(wrong) = value
        .chars()
        .find(|&c| !http_field::is_text(c) || c == '\t')
    {
        let message = format!("the value of a header cannot hold {wrong:?}");
        let help = "remove it; printable ASCII is allowed";
        problems.push(Diagnostic::error(&RULE, value.span, message).help(help));
        return None;
    }
    Some(value.value)
}

fn twice(name: &Located<String>, first: &Located<String>) -> Diagnostic {
    let message = format!("the header `{}` is set twice", excerpt(name));
    Diagnostic::error(&RULE, name.span, message)
        .label("sets it again")
        .also(first.span, "sets it first")
        .help("remove one: case does not matter in names of headers")
}
