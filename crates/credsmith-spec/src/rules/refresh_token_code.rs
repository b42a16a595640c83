//! CS0216: error code that cannot refuse a refresh token.

use super::{excerpt, text};
use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::located::Located;
use crate::source::Span;

/// Error code that cannot refuse a refresh token.
pub(crate) static RULE: Rule = Rule {
    code: "CS0216",
    title: "error code that cannot refuse a refresh token",
    explanation: "\
A server says with an error code that it no longer accepts a refresh token: `invalid_grant` (RFC 6749
section 5.2), or a code of its own, which `refresh_token_error_codes` lists, each once and exactly as the
server writes it. The codes of RFC 6749, GitHub, HubSpot, Slack and Microsoft Entra are known without being listed.
A code that says something about the client or the server must not be listed: it would cost a good refresh
token.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: authorization_code
    authorization_url: https://api.example.com/authorize
    token_url: https://api.example.com/token
    refresh_token_error_codes: [invalid_client]
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
    refresh_token_error_codes: [session_ended]
",
};

/// The codes that the engine knows.
const KNOWN: [&str; 10] = [
    "BAD_REFRESH_TOKEN",
    "bad_refresh_token",
    "consent_required",
    "expired_token",
    "interaction_required",
    "invalid_grant",
    "invalid_refresh_token",
    "login_required",
    "token_expired",
    "token_revoked",
];

/// Codes that say something else.
const OTHERS: [&str; 3] = ["invalid_client", "server_error", "temporarily_unavailable"];

/// The codes that keep the rule.
pub(crate) fn check<'a>(
    codes: impl Iterator<Item = &'a Located<String>>,
    problems: &mut Problems,
) -> Vec<String> {
    let mut kept: Vec<Located<String>> = Vec::new();
    for code in codes {
        let Some(code) = one(code, problems) else {
            continue;
        };
        match kept.iter().find(|earlier| earlier.value == code.value) {
            Some(earlier) => problems.push(twice(&code, earlier.span)),
            None => kept.push(code),
        }
    }
    kept.into_iter().map(|code| code.value).collect()
}

fn one(code: &Located<String>, problems: &mut Problems) -> Option<Located<String>> {
    let code = text::line(code, problems)?;
    let name = excerpt(&code);
    let (message, help) = if KNOWN.contains(&code.value.as_str()) {
        let message = format!("the error code `{name}` is known");
        (message, "remove it: it works without being listed")
    } else if OTHERS.contains(&code.value.as_str()) {
        let message = format!("the error code `{name}` says nothing about a refresh token");
        (message, "remove it: the refresh token may still be good")
    } else if !code.chars().all(is_allowed) {
        let message = format!("`{name}` is not an error code");
        (
            message,
            "write it as the server does (RFC 6749 section 5.2)",
        )
    } else {
        return Some(code);
    };
    problems.push(Diagnostic::error(&RULE, code.span, message).help(help));
    None
}

fn twice(code: &Located<String>, earlier: Span) -> Diagnostic {
    let message = format!("the error code `{}` is listed twice", excerpt(code));
    Diagnostic::error(&RULE, code.span, message)
        .label("again here")
        .also(earlier, "first here")
        .help("remove one of the two")
}

/// RFC 6749 section 5.2: printable ASCII without `"` and `\`.
fn is_allowed(c: char) -> bool {
    matches!(c, ' '..='~') && !matches!(c, '"' | '\\')
}

#[cfg(all(test, feature = "schema"))]
mod tests {
    use serde_json::Value;

    use super::KNOWN;

    #[test]
    fn the_known_codes_are_those_of_the_engines() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/conformance/refresh-token-codes.json"
        );
        let file = std::fs::read_to_string(file).unwrap();
        let file: Value = serde_json::from_str(&file).unwrap();
        let codes = file["codes"].as_array().unwrap().iter();
        let codes: Vec<_> = codes.map(|code| code.as_str().unwrap()).collect();
        assert_eq!(codes, KNOWN);
    }
}
