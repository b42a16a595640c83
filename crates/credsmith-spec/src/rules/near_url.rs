//! What is nearly a URL, and what was meant by it: for help lines that show what to write.

use super::endpoint_url::{host_of, is_fine, is_loopback};
use super::excerpt;
use crate::suggest::closest;

/// How a URL looks, where nothing is known of the one that was meant.
pub(super) const WHOLE: &str = "write it whole, as in `https://api.example.com/oauth2/token`";

/// Environment variables and templates have no meaning in a spec.
pub(super) const IN_PLACE_OF_PLACEHOLDERS: &str = "write the URL itself: one for each of \
`sdk.environments` where they differ; the application can set another one when it makes its client";

/// The URL to write, if it is clear which one is meant.
pub(super) fn help(text: &str) -> Option<String> {
    let meant = meant(text).filter(|url| is_fine(url))?;
    // What is in a query may be a secret, which no message repeats.
    let shown = match meant.split_once('?') {
        Some((path, _)) => format!("{path}?…"),
        None => meant,
    };
    Some(format!("write `{}`", excerpt(&shown)))
}

fn meant(text: &str) -> Option<String> {
    unquoted(text)
        .map(str::to_owned)
        .or_else(|| with_right_scheme(text))
        .or_else(|| with_scheme(text))
}

/// The text between quotation marks that are no quotes in YAML.
fn unquoted(text: &str) -> Option<&str> {
    let marks = [
        '\u{201C}', '\u{201D}', '\u{201E}', '\u{2018}', '\u{2019}', '\u{00AB}', '\u{00BB}',
    ];
    let inside = text.trim_matches(marks);
    (inside.len() < text.len()).then_some(inside)
}

/// `htps://host`, `https:/host`, `https//host`, `//host`.
fn with_right_scheme(text: &str) -> Option<String> {
    let end = text.find([':', '/'])?;
    let (scheme, rest) = text.split_at(end);
    let has_slash = rest.contains('/');
    let rest = rest.trim_start_matches([':', '/']);
    let scheme = match scheme {
        "" if text.starts_with("//") => "https",
        "" => return None,
        scheme => closest(scheme, ["https", "http"])?,
    };
    has_slash.then(|| format!("{scheme}://{rest}"))
}

/// `api.example.com/token`, `localhost:8080/token`.
fn with_scheme(text: &str) -> Option<String> {
    let authority = text.split(['/', '?']).next().unwrap_or_default();
    let host = host_of(authority)?;
    if is_loopback(host) {
        return Some(format!("http://{text}"));
    }
    let has_labels = host.contains('.') && host.split('.').all(|label| !label.is_empty());
    has_labels.then(|| format!("https://{text}"))
}

/// The first part of `text` that another tool would fill in: `${HOST}`, `{tenant}`, `<tenant>`, `$HOST`,
/// `%HOST%`.
pub(super) fn placeholder(text: &str) -> Option<&str> {
    let enclosed = [("${", "}"), ("{{", "}}"), ("{", "}"), ("<", ">")];
    let mut enclosed = enclosed.iter();
    enclosed
        .find_map(|(open, close)| between(text, open, close))
        .or_else(|| variable(text))
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let start = text.find(open)?;
    let length = text[start + open.len()..].find(close)?;
    Some(&text[start..start + open.len() + length + close.len()])
}

/// A variable where the scheme or the host belongs; beyond those, its mark may stand in a URL.
fn variable(text: &str) -> Option<&str> {
    let host = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    let is_in_percents = host.len() > 2 && host.starts_with('%') && host.ends_with('%');
    (is_in_percents || host.starts_with('$')).then_some(host)
}
