//! CS0203: URLs of endpoints are absolute.

use super::{insecure_url, secret};
use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::located::Located;

/// URLs of endpoints are absolute.
pub(crate) static RULE: Rule = Rule {
    code: "CS0203",
    title: "URLs of endpoints are absolute",
    explanation: "\
The endpoints of an authorization server are absolute URLs with a host, without user info and fragment
(RFC 6749 sections 3.1 and 3.2). A query is kept; an issuer has none (RFC 8414 section 2). Credentials
never belong into a URL: they end up in logs.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://user:pw@api.example.com/token
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

/// Checks an issuer: a URL whose metadata is found by its path.
pub(crate) fn check_issuer(
    url: &Located<String>,
    insecure: bool,
    problems: &mut Problems,
) -> Option<String> {
    if url.contains('?') {
        let message = "an issuer has no query (RFC 8414 section 2)";
        let help = "remove the part from `?` on";
        problems.push(Diagnostic::error(&RULE, url.span, message).help(help));
        return None;
    }
    check(url, insecure, problems)
}

/// Checks the URL of an endpoint; `insecure` says that plain `http` was asked for.
pub(crate) fn check(
    url: &Located<String>,
    insecure: bool,
    problems: &mut Problems,
) -> Option<String> {
    match split(url) {
        Ok((scheme, host)) => {
            problems.extend(secret_in_query(url));
            let secure = scheme == "https" || insecure || is_loopback(host);
            if !secure {
                problems.push(insecure_url::plain_http(url));
            }
            secure.then(|| url.value.clone())
        }
        Err((what, help)) => {
            problems.push(Diagnostic::error(&RULE, url.span, what).help(help));
            None
        }
    }
}

/// The query is kept, but it goes into every log on the way.
fn secret_in_query(url: &Located<String>) -> Option<Diagnostic> {
    let (_, query) = url.split_once('?')?;
    let names = query.split('&').map(|pair| pair.split('=').next());
    let secret = names.flatten().find(|name| secret::asks_for_secret(name))?;
    Some(secret::in_query(secret, url.span))
}

type Reason = (&'static str, &'static str);

/// Scheme and host of an absolute http or https URL.
fn split(url: &str) -> Result<(String, &str), Reason> {
    const EXAMPLE: &str = "write it whole, as in `https://api.example.com/oauth2/token`";
    if url
        .chars()
        .any(|c| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(c))
    {
        return Err((
            "a URL holds neither spaces nor characters beyond ASCII",
            "percent-encode them",
        ));
    }
    let (scheme, rest) = url
        .split_once("://")
        .ok_or(("the URL is not absolute", EXAMPLE))?;
    let scheme = scheme.to_ascii_lowercase();
    if scheme != "https" && scheme != "http" {
        return Err(("the URL's scheme is neither `https` nor `http`", EXAMPLE));
    }
    if url.contains('#') {
        return Err((
            "an endpoint's URL has no fragment (RFC 6749 section 3)",
            "remove the part from `#` on",
        ));
    }
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err((
            "an endpoint's URL has no user info",
            "remove the part up to `@`; secrets belong into the environment",
        ));
    }
    let host = host_of(authority).ok_or(("the URL has no valid host", EXAMPLE))?;
    Ok((scheme, host))
}

/// The host of `host`, `host:port` or `[address]:port`.
fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (address, after) = rest.split_once(']')?;
        address.parse::<std::net::Ipv6Addr>().ok()?;
        (address, after)
    } else {
        let end = authority.find(':').unwrap_or(authority.len());
        authority.split_at(end)
    };
    let port_is_fine = match port.strip_prefix(':') {
        Some(number) => number.parse::<u16>().is_ok(),
        None => port.is_empty(),
    };
    let host_is_fine = !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._~:%".contains(c));
    (port_is_fine && host_is_fine).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
