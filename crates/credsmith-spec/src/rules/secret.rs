//! CS0210: specs hold no secrets.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Problems, Rule, Severity};
use crate::located::Located;
use crate::source::Span;
use crate::syntax::{Node, Value};

/// Specs hold no secrets.
pub(crate) static RULE: Rule = Rule {
    code: "CS0210",
    title: "specs hold no secrets",
    explanation: "\
A spec is committed, generated from and published: whatever secret is in it is known. Client secrets,
passwords and tokens come from the application at run time, for example from the environment variables
that the generated credentials read. A key that asks for a secret, and a value in the form of a known
kind of secret, are errors; a value that merely looks random is a warning. A secret that was written
down once has to be revoked: removing the line does not remove it from the history.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    client_secret: not-a-real-one
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
",
};

const WAY_OUT: &str =
    "remove it, and revoke it if it is real; the application gives secrets at run time";

/// A key, or the name of a parameter, that asks for a secret.
pub(crate) fn key(name: &Located<String>) -> Diagnostic {
    let message = format!("`{}` has no place in a spec", super::excerpt(name));
    Diagnostic::error(&RULE, name.span, message)
        .label("secrets do not belong here")
        .help(WAY_OUT)
}

/// What stands where a scheme of HTTP Basic says whether it needs a password.
pub(crate) fn password(value: Span) -> Diagnostic {
    Diagnostic::error(&RULE, value, "a password has no place in a spec")
        .label("secrets do not belong here")
        .help(WAY_OUT)
        .help("`password` says whether one is needed: `required` or `optional`")
}

/// A URL with a secret in its query.
pub(crate) fn in_query(parameter: &str, url: Span) -> Diagnostic {
    let parameter = super::excerpt(parameter);
    let message = format!("the URL carries a secret, in its parameter `{parameter}`");
    Diagnostic::error(&RULE, url, message).help(WAY_OUT)
}

/// Whether a key of this name asks for a secret.
pub(crate) fn asks_for_secret(name: &str) -> bool {
    const PARTS: &[&str] = &[
        "secret",
        "password",
        "passphrase",
        "apikey",
        "privatekey",
        "accesstoken",
        "refreshtoken",
        "bearertoken",
    ];
    let kept = name.chars().filter(char::is_ascii_alphanumeric);
    let name = kept.collect::<String>().to_ascii_lowercase();
    name == "pwd" || PARTS.iter().any(|part| name.contains(part))
}

/// Looks at all values for what has the form of a secret, once all else has been looked at: of a key
/// that has no place in a spec, it is no news that its value looks like a secret.
pub(crate) fn check_values(root: &Node, problems: &mut Problems) {
    let noted = problems.places_of(&RULE);
    let mut found = Vec::new();
    look_into(root, root.span, &noted, &mut found);
    problems.extend(found);
}

/// Looks into a value that stands behind the key at `key`.
fn look_into(node: &Node, key: Span, noted: &BTreeSet<Span>, found: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::Text(text) => {
            let is_noted = noted.contains(&key) || noted.contains(&node.span);
            let is_news = |it: &Diagnostic| it.severity == Severity::Error || !is_noted;
            found.extend(check_text(text, node.span).filter(is_news));
        }
        Value::Sequence(items) => {
            for item in items {
                look_into(item, key, noted, found);
            }
        }
        Value::Mapping(entries) => {
            for entry in entries {
                look_into(&entry.node, entry.key.span, noted, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The message never repeats the value: logs are read by more people than specs.
fn check_text(text: &str, span: Span) -> Option<Diagnostic> {
    if let Some(kind) = known_secret(text) {
        let message = format!("this has the form of {kind}");
        return Some(Diagnostic::error(&RULE, span, message).help(WAY_OUT));
    }
    looks_random(text).then(|| {
        Diagnostic::warning(&RULE, span, "this looks like a secret")
            .help("if it is one, remove and revoke it; if it is public, all is well")
    })
}

/// Forms that providers of credentials document, and the shortest text that has them.
const FORMS: &[(&str, usize, &str)] = &[
    ("AIza", 35, "a Google API key"),
    ("AKIA", 20, "an AWS access key"),
    ("ASIA", 20, "an AWS access key"),
    ("ghp_", 36, "a GitHub token"),
    ("gho_", 36, "a GitHub token"),
    ("ghs_", 36, "a GitHub token"),
    ("github_pat_", 40, "a GitHub token"),
    ("glpat-", 20, "a GitLab token"),
    ("rk_live_", 24, "a Stripe key"),
    ("sk_live_", 24, "a Stripe key"),
    ("xoxb-", 24, "a Slack token"),
    ("xoxp-", 24, "a Slack token"),
    ("ya29.", 24, "a Google access token"),
];

fn known_secret(text: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    let words = || text.split(|c: char| !c.is_ascii_alphanumeric() && !"-_.+~".contains(c));
    let form = |word: &str| {
        let form = FORMS
            .iter()
            .find(|(start, length, _)| word.len() >= *length && word.starts_with(start))?;
        Some(form.2)
    };
    words()
        .find_map(form)
        .or_else(|| words().any(is_jwt).then_some("a JSON Web Token"))
}

/// Header, payload and signature (RFC 7519 section 3); `eyJ` is `{"` in base64url.
fn is_jwt(word: &str) -> bool {
    let parts: Vec<_> = word.split('.').collect();
    parts.len() == 3 && parts[..2].iter().all(|part| part.starts_with("eyJ")) && word.len() > 40
}

/// One long word in which letters and digits take turns as they do in no name.
fn looks_random(text: &str) -> bool {
    let characters: Vec<char> = text.trim().chars().collect();
    let alphabet = |c: &char| c.is_ascii_alphanumeric() || "+_-=".contains(*c);
    if characters.len() < 24 || !characters.iter().all(alphabet) || is_uuid(&characters) {
        return false;
    }
    let turns = characters
        .windows(2)
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit());
    turns.count() * 4 >= characters.len()
}

/// UUIDs name things: tenants, clients, resources.
fn is_uuid(characters: &[char]) -> bool {
    characters.len() == 36 && [8, 13, 18, 23].iter().all(|&dash| characters[dash] == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<Severity>) {
        let found = check_text(text, Span::START);
        assert_eq!(found.map(|found| found.severity), expected, "{text}");
    }

    // Joined at run time, so that scanners of this repository find no secrets in it.
    fn sample(start: &str, rest: &str) -> String {
        format!("{start}{}", rest.repeat(6))
    }

    #[test]
    fn forms_of_secrets_are_errors() {
        for text in [
            sample("ghp_", "a1B2c3d"),
            sample("see sk_live_", "0aB1c2"),
            sample("https://api.example.com?key=AIza", "a1B2c3d"),
            sample("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "a1B2"),
            format!("-----BEGIN RSA {} KEY-----\nMII", "PRIVATE"),
        ] {
            check(&text, Some(Severity::Error));
        }
    }

    #[test]
    fn random_text_is_a_warning() {
        check("a8f5f167f44f4964e6c998dee827110c", Some(Severity::Warning));
        check("Zk9xQ2mW7rT4yU1oP5sD8fG3hJ6k", Some(Severity::Warning));
    }

    #[test]
    fn names_urls_and_prose_are_no_secrets() {
        for text in [
            "ThingspaceOauth1CredentialsManagerFactory",
            "urn:ietf:params:oauth:grant-type:client_credentials",
            "https://example.com/a8f5f167f44f4964e6c998dee827110c/token",
            "6f2b9c1e-8d4a-4b7e-9c3f-2a1d5e6b7c8d",
            "Grant read-only access to discovery data of version 2",
            "sk_live_",
            "",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn keys_that_ask_for_secrets_are_known_by_their_words() {
        for key in [
            "client_secret",
            "clientSecret",
            "api-key",
            "PASSWORD",
            "pwd",
        ] {
            assert!(asks_for_secret(key), "{key}");
        }
        for key in ["token_url", "tokenUrl", "keys", "grant", "on_token_update"] {
            assert!(!asks_for_secret(key), "{key}");
        }
    }
}
