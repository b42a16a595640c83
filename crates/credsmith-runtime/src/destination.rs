//! Checks the destination of credentials: https, or this machine. Code that puts credentials on a request calls this
//! first, before a token is requested and before anything is sent.

use http::Uri;

use crate::protocol::url::is_loopback;

/// Returns an error text if a request would send the credentials of `scheme` in the clear.
///
/// A URL without scheme and host cannot be checked, so it is refused as well.
pub(crate) fn check(scheme: &str, uri: &Uri, allow_insecure_http: bool) -> Result<(), String> {
    check_parts(scheme, uri.scheme_str(), uri.host(), allow_insecure_http)
}

/// Does the same for a URL of another library.
pub(crate) fn check_parts(
    scheme: &str,
    url_scheme: Option<&str>,
    host: Option<&str>,
    allow_insecure_http: bool,
) -> Result<(), String> {
    let host = host.filter(|host| !host.is_empty());
    match (url_scheme, host) {
        _ if allow_insecure_http => Ok(()),
        (Some("https"), Some(_)) => Ok(()),
        (Some("http"), Some(host)) if is_loopback(host) => Ok(()),
        (Some(url_scheme), Some(host)) => Err(format!(
            "the credentials of {scheme} are not sent to {url_scheme}://{host} in the clear: use https, or allow insecure http explicitly"
        )),
        _ => Err(format!(
            "the credentials of {scheme} are not sent with a URL that names no host: use an absolute https URL, or allow insecure http explicitly"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fault_f07_only_https_and_loopback_are_secure() {
        for url in [
            "https://api.acme.example/things",
            "HTTPS://api.acme.example",
            "http://localhost:8080/",
            "http://127.0.0.1/",
            "http://[::1]:80/",
        ] {
            assert_eq!(check("key", &url.parse().unwrap(), false), Ok(()), "{url}");
        }
        for (url, named) in [
            (
                "http://api.acme.example/things?key=1",
                "http://api.acme.example in",
            ),
            ("HTTP://api.acme.example:443/", "http://api.acme.example in"),
            (
                "http://localhost.evil.example/",
                "http://localhost.evil.example in",
            ),
            ("http://localhost@evil.example/", "http://evil.example in"),
            (
                "http://127.0.0.1.evil.example/",
                "http://127.0.0.1.evil.example in",
            ),
            ("ws://api.acme.example/", "ws://api.acme.example in"),
            ("/things", "names no host"),
            ("api.acme.example:443", "names no host"),
            ("*", "names no host"),
        ] {
            let uri = url.parse().unwrap();
            let said = check("key", &uri, false).unwrap_err();
            assert!(said.contains(named) && !said.contains("key="), "{said}");
            assert_eq!(check("key", &uri, true), Ok(()), "{url}");
        }
    }
}
