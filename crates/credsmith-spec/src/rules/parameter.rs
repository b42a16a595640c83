//! CS0209: extra parameters do not replace the protocol's own.

use super::{secret, text};
use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::located::Located;

/// Extra parameters do not replace the protocol's own.
pub(crate) static RULE: Rule = Rule {
    code: "CS0209",
    title: "extra parameters do not replace the protocol's own",
    explanation: "\
`parameters` adds to the token request, `authorization_parameters` to the authorization request. The
parameters of the grant and of the client authentication (`grant_type`, `scope`, `client_id`, `state`,
...) are credsmith's to set: written twice, a server has to refuse the request (RFC 6749 sections 3.1
and 3.2).
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    parameters: { scope: read }
",
    good: r#"credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    parameters: { resource: "https://api.example.com" }
"#,
};

/// What a parameter is added to.
#[derive(Clone, Copy)]
pub(crate) enum Request {
    Token,
    Authorization,
}

/// Names that are taken, and what to do instead.
type Reserved = &'static [(&'static str, &'static str)];

const ASSERTION: &str = "it belongs to the client authentication";
const GIVEN: &str = "the application gives it with its credentials";
const FRESH: &str = "it is made for each request";

const IN_TOKEN_REQUESTS: Reserved = &[
    ("grant_type", "it is set by `grant`"),
    ("scope", "use `scopes`"),
    ("audience", "use the key `audience`"),
    ("client_id", GIVEN),
    ("client_assertion", ASSERTION),
    ("client_assertion_type", ASSERTION),
    ("redirect_uri", GIVEN),
    ("code", FRESH),
    ("code_verifier", FRESH),
    ("device_code", FRESH),
    ("assertion", FRESH),
    ("username", GIVEN),
    ("subject_token", GIVEN),
    ("subject_token_type", "use the key `subject_token_type`"),
    ("requested_token_type", "use the key `requested_token_type`"),
];

const IN_AUTHORIZATION_REQUESTS: Reserved = &[
    ("response_type", "it is set by `grant`"),
    ("scope", "use `scopes`"),
    ("client_id", GIVEN),
    ("client_assertion", ASSERTION),
    ("client_assertion_type", ASSERTION),
    ("redirect_uri", GIVEN),
    ("state", FRESH),
    ("code_challenge", "it is set by `pkce`"),
    ("code_challenge_method", "it is set by `pkce`"),
];

impl Request {
    fn reserved(self) -> Reserved {
        match self {
            Self::Token => IN_TOKEN_REQUESTS,
            Self::Authorization => IN_AUTHORIZATION_REQUESTS,
        }
    }
}

/// Checks the name and the value of an extra parameter.
pub(crate) fn check(
    name: &Located<String>,
    value: &Located<String>,
    request: Request,
    problems: &mut Problems,
) -> Option<(String, String)> {
    let mut reserved = request.reserved().iter();
    if let Some((_, help)) = reserved.find(|(reserved, _)| *reserved == name.value) {
        let message = format!("the parameter `{}` cannot be set here", name.value);
        problems.push(Diagnostic::error(&RULE, name.span, message).help(*help));
        return None;
    }
    if secret::asks_for_secret(name) {
        problems.push(secret::key(name));
        return None;
    }
    let name = text::line(name, problems)?;
    let value = text::line(value, problems)?;
    Some((name.value, value.value))
}
