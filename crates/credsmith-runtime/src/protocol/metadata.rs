//! The metadata of an authorization server (RFC 8414): their addresses and their content.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::{Response, Uri};
use serde_json::{Map, Value};

use super::endpoint_response::{self, Expected};
use super::members::Members;
use super::{issuer, url};
use crate::error::ErrorResponse;
use crate::text;

/// The metadata of an authorization server (RFC 8414 section 2). Clones are cheap.
///
/// The issuer is the configured one. The endpoints are not checked; a manager checks them when it uses them.
#[derive(Clone, Debug)]
pub struct ServerMetadata {
    members: Arc<Map<String, Value>>,
}

impl ServerMetadata {
    /// Returns the issuer identifier.
    pub fn issuer(&self) -> &str {
        self.text("issuer").unwrap_or_default()
    }

    /// Returns the URL of the token endpoint.
    pub fn token_endpoint(&self) -> Option<&str> {
        self.text("token_endpoint")
    }

    /// Returns the URL of the authorization endpoint.
    pub fn authorization_endpoint(&self) -> Option<&str> {
        self.text("authorization_endpoint")
    }

    /// Returns the URL of the device authorization endpoint (RFC 8628 section 4).
    pub fn device_authorization_endpoint(&self) -> Option<&str> {
        self.text("device_authorization_endpoint")
    }

    /// Returns the URL of the revocation endpoint.
    pub fn revocation_endpoint(&self) -> Option<&str> {
        self.text("revocation_endpoint")
    }

    /// Returns the URL of the introspection endpoint.
    pub fn introspection_endpoint(&self) -> Option<&str> {
        self.text("introspection_endpoint")
    }

    /// Returns whether each authorization response names the issuer (RFC 9207 section 3).
    pub fn names_itself_in_responses(&self) -> bool {
        let name = "authorization_response_iss_parameter_supported";
        self.member(name) == Some(&Value::Bool(true))
    }

    /// Returns the member called `name`, as the server wrote it.
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.member(name)?.as_str()
    }
}

/// Returns the addresses of the metadata of `issuer`: with the well-known part between host and path (RFC 8414
/// section 3.1), and with the older `openid-configuration` after the path.
pub(crate) fn addresses(issuer: &str, allow_insecure_http: bool) -> Result<[Uri; 2], String> {
    let uri = url::parse("issuer", issuer, allow_insecure_http)?;
    if uri.query().is_some() {
        return Err("the issuer must not have a query".to_owned());
    }
    let scheme = uri.scheme_str().unwrap_or("https");
    let host = uri.authority().map_or("", http::uri::Authority::as_str);
    let path = uri.path().trim_end_matches('/');
    let address = |path: String| {
        let address = format!("{scheme}://{host}{path}");
        address
            .parse()
            .map_err(|_| "the issuer is not a valid URL".to_owned())
    };
    Ok([
        address(format!("/.well-known/oauth-authorization-server{path}"))?,
        address(format!("{path}/.well-known/openid-configuration"))?,
    ])
}

/// The reason why a response has no usable metadata.
#[derive(Debug)]
pub(crate) enum Unread {
    /// The response is not a metadata document: the metadata may be at the other address.
    Elsewhere(ErrorResponse),
    /// The document is the metadata, but must not be used.
    Unusable(String),
}

/// Reads the metadata of `issuer`. Metadata that name another issuer must not be used (RFC 8414 section 3.3).
pub(crate) fn read(
    response: &Response<Bytes>,
    issuer: &str,
    now: SystemTime,
) -> Result<ServerMetadata, Unread> {
    let secrets: &[Cow<'_, str>] = &[];
    let expected = Expected {
        wanted: "issuer",
        single: &["error"],
    };
    let checked = endpoint_response::read(response, expected, now, secrets, |members| {
        if !members.contains("issuer") {
            return Err("the metadata do not name an issuer");
        }
        Ok(check(members, issuer).map(|()| members.others(&[])))
    });
    let members = checked.map_err(Unread::Elsewhere)?;
    Ok(ServerMetadata {
        members: Arc::new(members.map_err(Unread::Unusable)?),
    })
}

fn check(members: &Members, issuer: &str) -> Result<(), String> {
    // Whoever can add to the response must not choose an endpoint.
    if let Some(twice) = members.repeated(is_decisive) {
        let twice = text::clean(twice, 100, &[]);
        return Err(format!("the member `{twice}` occurs twice"));
    }
    let named = members.text("issuer");
    if named.as_deref() == Some(issuer) {
        return Ok(());
    }
    let named = named.map_or("something else".to_owned(), |named| issuer::shown(&named));
    let hint = issuer::hint(issuer, &named);
    Err(format!(
        "they name another issuer: {named} instead of {issuer}{hint}"
    ))
}

/// Returns whether the member names an endpoint or decides how a response is checked.
fn is_decisive(name: &str) -> bool {
    const OTHERS: [&str; 4] = [
        "issuer",
        "jwks_uri",
        "mtls_endpoint_aliases",
        "authorization_response_iss_parameter_supported",
    ];
    name.ends_with("_endpoint") || OTHERS.contains(&name)
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn the_well_known_part_goes_before_the_path_and_after_it() {
        for (issuer, first, second) in [
            (
                "https://a.example",
                "https://a.example/.well-known/oauth-authorization-server",
                "https://a.example/.well-known/openid-configuration",
            ),
            (
                "https://a.example:8443/tenant/1/",
                "https://a.example:8443/.well-known/oauth-authorization-server/tenant/1",
                "https://a.example:8443/tenant/1/.well-known/openid-configuration",
            ),
        ] {
            let addresses = addresses(issuer, false).unwrap();
            assert_eq!(addresses.map(|uri| uri.to_string()), [first, second]);
        }
        assert!(addresses("https://a.example/?x=1", false).is_err());
        assert!(addresses("http://a.example", false).is_err());
    }

    fn read_body(body: &str, issuer: &str) -> Result<ServerMetadata, Unread> {
        let response = Response::new(Bytes::from(body.to_owned()));
        read(&response, issuer, UNIX_EPOCH)
    }

    #[test]
    fn metadata_of_another_issuer_are_not_used() {
        let body = r#"{"issuer":"https://a.example","token_endpoint":"https://a.example/t"}"#;
        let metadata = read_body(body, "https://a.example").unwrap();
        assert_eq!(metadata.token_endpoint(), Some("https://a.example/t"));
        assert!(!metadata.names_itself_in_responses());
        for other in [
            "https://a.example/",
            "https://b.example",
            "https://A.example",
        ] {
            let Err(Unread::Unusable(problem)) = read_body(body, other) else {
                panic!("used for {other}");
            };
            assert!(problem.contains("another issuer"), "{problem}");
        }
        for (other, hint) in [
            ("https://b.example", ""),
            (
                "https://a.example/",
                "; they differ in a slash at the end: write the issuer as the server does",
            ),
        ] {
            let Err(Unread::Unusable(m01)) = read_body(body, other) else {
                panic!("used for {other}");
            };
            let wanted =
                format!("they name another issuer: https://a.example instead of {other}{hint}");
            assert_eq!(m01, wanted);
        }
    }

    #[test]
    fn what_is_no_metadata_says_nothing_of_another_address() {
        for (body, wanted) in [
            ("<!doctype html><html></html>", "not a JSON object"),
            ("", "the body is empty"),
            ("{}", "do not name an issuer"),
            (r#"{"issuer":null}"#, "do not name an issuer"),
            (r#"{"error":"a","error":"b"}"#, "`error` occurs twice"),
        ] {
            let Err(Unread::Elsewhere(error_response)) = read_body(body, "https://a.example")
            else {
                panic!("{body} is final");
            };
            assert!(
                error_response.to_string().contains(wanted),
                "{error_response}"
            );
        }
    }

    #[test]
    fn metadata_that_name_an_endpoint_twice_are_not_used() {
        for name in [
            "issuer",
            "token_endpoint",
            "revocation_endpoint",
            "introspection_endpoint",
            "jwks_uri",
            "authorization_response_iss_parameter_supported",
        ] {
            let body = format!(r#"{{"issuer":"https://a.example","{name}":"b","{name}":"c"}}"#);
            let Err(Unread::Unusable(problem)) = read_body(&body, "https://a.example") else {
                panic!("{name} may occur twice");
            };
            assert_eq!(problem, format!("the member `{name}` occurs twice"));
        }
        let body = r#"{"issuer":"https://a.example","x":1,"x":2}"#;
        assert!(read_body(body, "https://a.example").is_ok());
    }
}
