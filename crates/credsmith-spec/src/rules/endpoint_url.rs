//! CS0203: URLs of endpoints are absolute.

use super::{excerpt, insecure_url, near_url, secret};
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
    let query = url.contains('?').then(|| {
        let message = "an issuer has no query (RFC 8414 section 2)";
        let help = "remove the part from `?` on";
        Diagnostic::error(&RULE, url.span, message).help(help)
    });
    let has_query = query.is_some();
    problems.extend(query);
    check(url, insecure, problems).filter(|_| !has_query)
}

/// Checks the URL of an endpoint; `insecure` says that plain `http` was asked for.
pub(crate) fn check(
    url: &Located<String>,
    insecure: bool,
    problems: &mut Problems,
) -> Option<String> {
    let parts = match split(url) {
        Ok(parts) => parts,
        Err((what, help)) => {
            let help = near_url::help(url).unwrap_or(help);
            problems.push(refused(url, (what, help)));
            return None;
        }
    };
    let faults = parts.faults();
    let is_fine = faults.is_empty();
    problems.extend(faults.into_iter().map(|reason| refused(url, reason)));
    problems.extend(secret_in_query(url));
    let is_secure = insecure || parts.is_secure();
    if !is_secure {
        problems.push(insecure_url::plain_http(url));
    }
    (is_fine && is_secure).then(|| url.value.clone())
}

fn refused(url: &Located<String>, (what, help): Reason) -> Diagnostic {
    Diagnostic::error(&RULE, url.span, what).help(help)
}

/// The query is kept, but it goes into every log on the way.
fn secret_in_query(url: &Located<String>) -> Option<Diagnostic> {
    let (_, query) = url.split_once('?')?;
    let names = query.split('&').map(|pair| pair.split('=').next());
    let secret = names.flatten().find(|name| secret::asks_for_secret(name))?;
    Some(secret::in_query(secret, url.span))
}

/// What is wrong, and what to do about it.
type Reason = (String, String);

fn reason(what: impl Into<String>, help: impl Into<String>) -> Reason {
    (what.into(), help.into())
}

/// An absolute http or https URL, whatever else is wrong with it.
struct Parts<'a> {
    url: &'a str,
    scheme: String,
    authority: &'a str,
}

/// Splits what is a URL at all.
fn split(url: &str) -> Result<Parts<'_>, Reason> {
    if let Some(placeholder) = near_url::placeholder(url) {
        let what = format!("nothing is filled in for `{}`", excerpt(placeholder));
        return Err(reason(what, near_url::IN_PLACE_OF_PLACEHOLDERS));
    }
    let is_foreign = |c: &char| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(*c);
    if let Some(foreign) = url.chars().find(is_foreign) {
        let what = format!("a URL cannot hold {foreign:?}");
        return Err(reason(what, "percent-encode it"));
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        let what = if url.is_empty() {
            "the URL is empty"
        } else {
            "the URL is not absolute"
        };
        return Err(reason(what, near_url::WHOLE));
    };
    let scheme = scheme.to_ascii_lowercase();
    if scheme != "https" && scheme != "http" {
        let what = "the URL's scheme is neither `https` nor `http`";
        return Err(reason(what, near_url::WHOLE));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    Ok(Parts {
        url,
        scheme,
        authority,
    })
}

impl<'a> Parts<'a> {
    /// All that is wrong with it, but for being plain `http`.
    fn faults(&self) -> Vec<Reason> {
        let fragment = self.url.contains('#').then(|| {
            let what = "an endpoint's URL has no fragment (RFC 6749 section 3)";
            reason(what, "remove the part from `#` on")
        });
        let user_info = self.authority.contains('@').then(|| {
            let help = "remove the part up to `@`; secrets belong into the environment";
            reason("an endpoint's URL has no user info", help)
        });
        let host = self.host().is_none();
        let host = host.then(|| reason("the URL has no valid host", near_url::WHOLE));
        [fragment, user_info, host].into_iter().flatten().collect()
    }

    fn host(&self) -> Option<&'a str> {
        let host = self.authority.rsplit('@').next().unwrap_or_default();
        host_of(host)
    }

    /// Whether nobody on the way can read what is sent there; of a host that is none, that is no news.
    fn is_secure(&self) -> bool {
        self.scheme == "https" || self.host().is_none_or(is_loopback)
    }
}

/// Whether a text is a URL that nothing is wrong with.
pub(super) fn is_fine(url: &str) -> bool {
    split(url).is_ok_and(|parts| parts.faults().is_empty())
}

/// The host of `host`, `host:port` or `[address]:port`; as strict as the token engine, which refuses what
/// libraries read in different ways.
pub(super) fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (address, after) = rest.split_once(']')?;
        address.parse::<std::net::Ipv6Addr>().ok()?;
        (address, after)
    } else {
        let end = authority.find(':').unwrap_or(authority.len());
        let (name, after) = authority.split_at(end);
        (is_name(name).then_some(name)?, after)
    };
    let port_is_fine = match port.strip_prefix(':') {
        Some(number) => number.parse::<std::num::NonZeroU16>().is_ok(),
        None => port.is_empty(),
    };
    port_is_fine.then_some(host)
}

fn is_name(host: &str) -> bool {
    let is_sound = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    !host.is_empty() && host.chars().all(is_sound)
}

pub(super) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
