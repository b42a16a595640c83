//! The addresses of the authorization server: which are accepted, and how errors show them.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU16;

use http::Uri;

/// Reads an address. `what` is its name in the error ("token URL"). RFC 6749 sections 3.1 and 3.2: a query is kept, a
/// fragment is refused, and TLS is required except on loopback.
pub(crate) fn parse(what: &str, url: &str, allow_insecure_http: bool) -> Result<Uri, String> {
    if url.is_empty() {
        return Err(format!("there is no {what}"));
    }
    if url.contains('#') {
        return Err(format!("the {what} must not have a fragment"));
    }
    let uri: Uri = url
        .parse()
        .map_err(|_| format!("the {what} is not a valid URL"))?;
    let authority = uri
        .authority()
        .ok_or_else(|| format!("the {what} must begin with https:// and a host"))?;
    if authority.as_str().contains('@') {
        return Err(format!(
            "the {what} must not contain a user name or password"
        ));
    }
    let host = check_authority(what, authority.as_str())?;
    match uri.scheme_str() {
        Some("https") => Ok(uri),
        Some("http") if allow_insecure_http || is_loopback(host) => Ok(uri),
        Some("http") => Err(format!(
            "the {what} {} would send secrets in the clear: use https, or allow insecure http explicitly",
            shown(&uri)
        )),
        _ => Err(format!("the {what} must begin with https://")),
    }
}

/// Returns the URL without its query, which may contain a key.
pub(crate) fn shown(uri: &Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or("https");
    let host = uri.authority().map_or("", |authority| {
        authority.as_str().rsplit('@').next().unwrap_or_default()
    });
    format!("{scheme}://{host}{}", uri.path())
}

/// Returns the host, or the problem of the host or the port. Libraries read unusual addresses differently, and the
/// library that decides whether a host is loopback is not the one that connects to it.
fn check_authority<'a>(what: &str, authority: &'a str) -> Result<&'a str, String> {
    let (host, port) = split_port(authority);
    if host.is_empty() {
        return Err(format!("the {what} has no host"));
    }
    if !is_name(host) && in_brackets(host).is_none() {
        return Err(format!(
            "`{host}` in the {what} is neither a host name nor an address"
        ));
    }
    if !port.is_none_or(is_port) {
        let port = port.unwrap_or_default();
        return Err(format!("`{port}` in the {what} is not a valid port"));
    }
    Ok(host)
}

/// Splits off the port. Colons within an address are in brackets (RFC 3986 section 3.2.2).
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

/// Returns whether a resolver accepts the name. Some networks use underscores in names.
fn is_name(host: &str) -> bool {
    let is_sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    host.bytes().all(is_sound)
}

fn in_brackets(host: &str) -> Option<Ipv6Addr> {
    let address = host.strip_prefix('[')?.strip_suffix(']')?;
    address.parse().ok()
}

/// Returns whether the port is valid. An empty port stands for the default of the scheme.
fn is_port(port: &str) -> bool {
    let is_digits = port.bytes().all(|byte| byte.is_ascii_digit());
    port.is_empty() || is_digits && port.parse::<NonZeroU16>().is_ok()
}

/// Returns whether the URL is on this machine. Such requests must not use a proxy.
#[cfg(any(feature = "reqwest", feature = "blocking"))]
pub(crate) fn is_to_loopback(uri: &Uri) -> bool {
    uri.host().is_some_and(is_loopback)
}

pub(crate) fn is_loopback(host: &str) -> bool {
    let address = in_brackets(host).map(IpAddr::V6);
    host.eq_ignore_ascii_case("localhost")
        || address
            .or_else(|| host.parse().ok())
            .is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback_or_by_request() {
        for url in [
            "https://a.example/t?x=1",
            "http://127.0.0.1:80/t",
            "http://[::1]/t",
            "http://LOCALHOST/t",
        ] {
            assert!(parse("token URL", url, false).is_ok(), "{url}");
        }
        for url in [
            "http://a.example/t",
            "http://localhost.a.example/t",
            "http://127.0.0.1.a.example/",
        ] {
            assert!(parse("token URL", url, false).is_err(), "{url}");
            assert!(parse("token URL", url, true).is_ok(), "{url}");
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        for url in [
            "",
            "/token",
            "ftp://a/t",
            "https://u:p@a/t",
            "https://a/t#f",
            "http://127.0.0.1@a.example/",
        ] {
            assert!(parse("token URL", url, true).is_err(), "{url}");
        }
    }

    #[test]
    fn what_only_looks_like_loopback_is_not() {
        for url in [
            "http://localhost.evil.example/t",
            "http://127.0.0.1.nip.example/t",
            "http://0x7f.1/t",
            "http://127.1/t",
            "http://2130706433/t",
            "http://[::ffff:127.0.0.1]/t",
            "http://[::ffff:8.8.8.8]/t",
            "http://0.0.0.0/t",
            "http://localhost./t",
            "http://localhost%2eevil.example/t",
            "http://127.0.0.1,evil.example/t",
            "http://127.0.0.1\\@evil.example/t",
            "http://127.0.0.1 /t",
        ] {
            assert!(parse("token URL", url, false).is_err(), "{url}");
        }
    }

    #[test]
    fn invalid_hosts_and_ports_are_errors() {
        for (url, problem) in [
            (
                "http://[::1]evil.example/t",
                "neither a host name nor an address",
            ),
            (
                "http://[::1].evil.example/t",
                "neither a host name nor an address",
            ),
            ("https://[::1]x:80/t", "neither a host name nor an address"),
            ("http://[localhost]/t", "neither a host name nor an address"),
            ("http://[127.0.0.1]/t", "neither a host name nor an address"),
            ("http://[[::1]]/t", "the token URL"),
            ("http://[::1/t", "the token URL"),
            ("http://::1/t", "the token URL"),
            ("http://127.0.0.1:80:80/t", "the token URL"),
            ("https://a%2eexample/t", "the token URL"),
            ("https://a b/t", "not a valid URL"),
            ("https://a,b/t", "`a,b` in the token URL is neither"),
            ("https://:443/t", "has no host"),
            ("https:///t", "the token URL"),
            (
                "https://a.example:99999/t",
                "`99999` in the token URL is not a valid port",
            ),
            (
                "https://a.example:x/t",
                "`x` in the token URL is not a valid port",
            ),
            (
                "https://a.example:-1/t",
                "`-1` in the token URL is not a valid port",
            ),
            (
                "https://a.example:+1/t",
                "`+1` in the token URL is not a valid port",
            ),
            (
                "https://[::1]:0/t",
                "`0` in the token URL is not a valid port",
            ),
        ] {
            let said = parse("token URL", url, true).unwrap_err();
            assert!(said.contains(problem), "{url}: {said}");
        }
        for url in [
            "https://my_service-1.example./t",
            "https://a.example:/t",
            "https://[2001:db8::1]:8443/t",
            "https://192.0.2.1:65535",
            "https://xn--bcher-kva.example/t",
        ] {
            assert!(parse("token URL", url, false).is_ok(), "{url}");
        }
    }

    #[test]
    fn the_query_is_not_shown() {
        assert_eq!(
            shown(&parse("token URL", "https://a.example/t?key=1", false).unwrap()),
            "https://a.example/t"
        );
    }
}
