//! The addresses of the authorization server: what is accepted, and how it is shown.

use http::Uri;

/// Reads an address, `what` being its name in the error ("token URL"), or says what is wrong with
/// it. RFC 6749 sections 3.1 and 3.2: a query is kept, a fragment is refused, and TLS is demanded,
/// which loopback may do without.
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
        return Err(format!("the {what} must not hold a user name or password"));
    }
    match uri.scheme_str() {
        Some("https") => Ok(uri),
        Some("http") if allow_insecure_http || is_loopback(authority.host()) => Ok(uri),
        Some("http") => Err(format!(
            "the {what} {} would send secrets in the clear: use https, or allow insecure http explicitly",
            shown(&uri)
        )),
        _ => Err(format!("the {what} must begin with https://")),
    }
}

/// The URL without its query, which may hold a key.
pub(crate) fn shown(uri: &Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or("https");
    let host = uri.authority().map_or("", |authority| {
        authority.as_str().rsplit('@').next().unwrap_or_default()
    });
    format!("{scheme}://{host}{}", uri.path())
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
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
    fn the_query_is_not_shown() {
        assert_eq!(
            shown(&parse("token URL", "https://a.example/t?key=1", false).unwrap()),
            "https://a.example/t"
        );
    }
}
