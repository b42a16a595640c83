//! CS0214: token types that are sent as Bearer are the server's own words.

use super::{excerpt, text};
use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::located::Located;
use crate::source::Span;

/// Token types that are sent as Bearer are the server's own words.
pub(crate) static RULE: Rule = Rule {
    code: "CS0214",
    title: "token types that are sent as Bearer are the server's own words",
    explanation: "\
A client must not use a token whose type it does not understand (RFC 6749 section 7.1). Some servers give
bearer tokens a type of their own, which `bearer_token_types` lists: words of letters, digits, `-`, `.`
and `_`, or URIs (RFC 6749 appendix A.13), each once, in whatever case. `Bearer` itself is always
understood, and the other registered types say that a token is something else than a bearer token.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    bearer_token_types: [DPoP]
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    bearer_token_types: [bot]
",
};

/// Types with a meaning of their own, and what they are.
const REGISTERED: &[(&str, &str)] = &[
    ("Bearer", "it is understood without being listed"),
    ("DPoP", "such a token is bound to a key, RFC 9449"),
    ("PoP", "such a token is bound to a key, RFC 9200"),
    (
        "N_A",
        "such a token is no access token, RFC 8693 section 2.2.1",
    ),
];

/// The types that keep the rule.
pub(crate) fn check<'a>(
    types: impl Iterator<Item = &'a Located<String>>,
    problems: &mut Problems,
) -> Vec<String> {
    let mut kept: Vec<Located<String>> = Vec::new();
    for token_type in types {
        let same = |earlier: &&Located<String>| earlier.eq_ignore_ascii_case(token_type);
        if let Some(earlier) = kept.iter().find(same) {
            problems.push(twice(token_type, earlier.span));
        } else {
            kept.extend(one(token_type, problems));
        }
    }
    kept.into_iter()
        .map(|token_type| token_type.value)
        .collect()
}

fn one(token_type: &Located<String>, problems: &mut Problems) -> Option<Located<String>> {
    let word = text::line(token_type, problems)?;
    let name = excerpt(&word);
    let mut registered = REGISTERED.iter();
    let registered = registered.find(|(name, _)| name.eq_ignore_ascii_case(&word));
    if let Some((_, reason)) = registered {
        let message = format!("the token type `{name}` cannot be listed");
        let found = Diagnostic::error(&RULE, token_type.span, message);
        problems.push(found.help(format!("remove it: {reason}")));
        return None;
    }
    if !token_type.chars().all(is_allowed) {
        let message = format!("`{name}` is no token type");
        let found = Diagnostic::error(&RULE, token_type.span, message);
        problems.push(found.help("write it as the server does: one word, or a URI"));
        return None;
    }
    Some(word)
}

fn twice(token_type: &Located<String>, earlier: Span) -> Diagnostic {
    let message = format!("the token type `{}` is listed twice", excerpt(token_type));
    Diagnostic::error(&RULE, token_type.span, message)
        .label("again here")
        .also(earlier, "first here")
        .help("remove one of the two; case does not count")
}

/// The characters of names and of URI references (RFC 3986 section 2).
fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c)
}
