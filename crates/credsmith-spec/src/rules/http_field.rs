//! What names and values of header fields are made of, for the rules that look at them.

use crate::diagnostic::{Diagnostic, Rule};
use crate::located::Located;

/// Headers that frame a message or steer its way (RFC 9110, RFC 9112), in lower case.
const NEEDED_BY_HTTP: &[&str] = &[
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Whether a header, in lower case, is one of HTTP itself.
pub(super) fn is_needed_by_http(lower: &str) -> bool {
    NEEDED_BY_HTTP.contains(&lower)
}

/// A name that is no token, as those of headers and cookies are.
pub(super) fn not_a_token(
    rule: &'static Rule,
    name: &Located<String>,
    what: &str,
) -> Option<Diagnostic> {
    let wrong = name.chars().find(|&c| !is_token(c))?;
    let message = format!("the name of a {what} cannot hold {wrong:?}");
    let help = "letters, digits and !#$%&'*+-.^_`|~ are allowed (RFC 9110 section 5.6.2)";
    Some(Diagnostic::error(rule, name.span, message).help(help))
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

/// Whether a header's value may hold the character.
pub(super) fn is_text(c: char) -> bool {
    c.is_ascii_graphic() || c == ' ' || c == '\t'
}
