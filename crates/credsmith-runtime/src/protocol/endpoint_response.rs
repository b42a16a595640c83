//! The response of an endpoint of the authorization server: a JSON object or an error response (RFC 6749 section
//! 5.2), and the variants that servers send in practice, including forms. The content type is ignored.

use std::borrow::Cow;
use std::time::SystemTime;

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, Response, StatusCode, Uri};

use super::members::Members;
use super::request::MAX_BODY;
use super::{retry_after, server_error};
use crate::error::ErrorResponse;
use crate::text;

/// The members that an endpoint's response must or must not have.
#[derive(Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// The member without which the response cannot be used.
    pub(crate) wanted: &'a str,
    /// Members that must not be repeated.
    pub(crate) single: &'a [&'a str],
}

/// Reads a response with `take` if it has a success status and is an object without an error. `secrets` are masked in
/// the texts of the server.
pub(crate) fn read<T>(
    response: &Response<Bytes>,
    expected: Expected<'_>,
    now: SystemTime,
    secrets: &[Cow<'_, str>],
    take: impl FnOnce(&Members) -> Result<T, &'static str>,
) -> Result<T, ErrorResponse> {
    refusing(response, now, secrets, |error_response| {
        let members = object(response, expected, secrets, error_response)?;
        take(&members).map_err(str::to_owned)
    })
}

/// Reads a response that only has to have a success status.
pub(crate) fn read_empty(
    response: &Response<Bytes>,
    now: SystemTime,
    secrets: &[Cow<'_, str>],
) -> Result<(), ErrorResponse> {
    refusing(response, now, secrets, |error_response| {
        if response.status().is_success() {
            return Ok(());
        }
        let expected = Expected {
            wanted: "",
            single: &["error"],
        };
        object(response, expected, secrets, error_response).map(drop)
    })
}

fn refusing<T>(
    response: &Response<Bytes>,
    now: SystemTime,
    secrets: &[Cow<'_, str>],
    body: impl FnOnce(&mut ErrorResponse) -> Result<T, String>,
) -> Result<T, ErrorResponse> {
    let status = response.status();
    let mut error_response = ErrorResponse {
        status,
        retry_after: retry_after::read(response.headers(), now),
        ..ErrorResponse::default()
    };
    let outcome = if response.body().len() > MAX_BODY {
        Err("the response is larger than 1 MiB".to_owned())
    } else if status.is_redirection() {
        Err(redirect(response.headers(), secrets))
    } else {
        body(&mut error_response)
    };
    outcome.map_err(|problem| {
        error_response.problem = (!problem.is_empty()).then_some(problem);
        error_response
    })
}

fn redirect(headers: &HeaderMap, secrets: &[Cow<'_, str>]) -> String {
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    match location.filter(|location| location.parse::<Uri>().is_ok()) {
        Some(location) => format!(
            "a redirect to {}, which is not followed",
            bare(&text::clean(location, MAX_BODY, secrets))
        ),
        None => "a redirect, which is not followed".to_owned(),
    }
}

/// Returns a URL without its user, query and fragment. It is masked before they are removed: a secret may contain
/// their delimiters.
fn bare(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let url = &url[..end];
    let (scheme, rest) = url.split_at(url.find("//").map_or(0, |at| at + 2));
    let authority = rest.find('/').unwrap_or(rest.len());
    let user = rest[..authority].rfind('@').map_or(0, |at| at + 1);
    text::clean(&format!("{scheme}{}", &rest[user..]), 200, &[])
}

fn object(
    response: &Response<Bytes>,
    expected: Expected<'_>,
    secrets: &[Cow<'_, str>],
    error_response: &mut ErrorResponse,
) -> Result<Members, String> {
    let (body, status) = (response.body(), response.status());
    let exact = Members::parse(body).or_else(|| form(body, expected.single));
    let members = exact.or_else(|| inexact_error(body, status, expected.wanted, secrets));
    let Some(members) = members else {
        error_response.is_without_code = is_blank(body);
        return Err(not_an_object(body, status, secrets));
    };
    if let Some(twice) = expected
        .single
        .iter()
        .find(|name| members.is_repeated(name))
    {
        return Err(format!("the member `{twice}` occurs twice"));
    }
    let said = server_error::read(&members, status, secrets);
    if status.is_success() && !server_error::is_error(&members, expected.wanted, &said) {
        return Ok(members);
    }
    let problem = match (&said.code, &said.description) {
        (None, None) => only_members(&members, secrets),
        _ => String::new(),
    };
    error_response.is_without_code = said.code.is_none();
    error_response.error = said.code;
    error_response.description = said.description;
    error_response.uri = said.uri;
    Err(problem)
}

fn only_members(members: &Members, secrets: &[Cow<'_, str>]) -> String {
    let names: Vec<_> = members.names().take(8).collect();
    let names = text::clean(&names.join(", "), 200, secrets);
    format!("no error code, but the members {names}")
}

/// Reads the parameters of a form-encoded body that has at least one of the known ones.
fn form(body: &[u8], single: &[&str]) -> Option<Members> {
    let form = Members::parse_form(body)?;
    let is_meant = form.names().any(|name| single.contains(&name));
    is_meant.then_some(form)
}

/// Reads the members of an error that is not one JSON object in UTF-8: servers send lists of errors, and descriptions
/// in other charsets. Only errors are read in this way, since a token has to be exact.
fn inexact_error(
    body: &[u8],
    status: StatusCode,
    wanted: &str,
    secrets: &[Cow<'_, str>],
) -> Option<Members> {
    let members = Members::first_of(&String::from_utf8_lossy(body))?;
    let said = server_error::read(&members, status, secrets);
    if !text::is_maskable(body, secrets) {
        let code = said.code.filter(|code| server_error::is_known_code(code))?;
        return Some(Members::of_pairs([("error".to_owned(), code)].iter()));
    }
    let is_error = !status.is_success() || server_error::is_error(&members, wanted, &said);
    is_error.then_some(members)
}

fn not_an_object(body: &[u8], status: StatusCode, secrets: &[Cow<'_, str>]) -> String {
    if is_blank(body) {
        return "the body is empty".to_owned();
    }
    // With a success status the body may contain a token in an unknown format, so it is not shown.
    match text::excerpt(body, secrets).filter(|_| !status.is_success()) {
        Some(excerpt) => format!("not a JSON object: {excerpt}"),
        None => format!("not a JSON object, {} bytes", body.len()),
    }
}

fn is_blank(body: &[u8]) -> bool {
    body.iter().all(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn error_response(status: u16, body: &[u8], secret: &str) -> ErrorResponse {
        let response = Response::builder().status(status);
        let response = response.body(Bytes::copy_from_slice(body)).unwrap();
        let expected = Expected {
            wanted: "access_token",
            single: &["error"],
        };
        let secrets = [secret.into()];
        read(&response, expected, UNIX_EPOCH, &secrets, |_| Ok(())).unwrap_err()
    }

    /// A response in ISO-8859-1, as some servers send it.
    const LATIN_1: &[u8] =
        b"{\"error\":\"invalid_grant\",\"error_description\":\"ung\xfcltig: s3cret p\xe4ss\"}";

    #[test]
    fn an_error_in_another_charset_is_still_that_error() {
        for status in [200, 400] {
            let error_response = error_response(status, LATIN_1, "s3cret");
            assert_eq!(error_response.error.as_deref(), Some("invalid_grant"));
            let description = error_response.description.unwrap();
            assert_eq!(description, "ung\u{fffd}ltig: [redacted] p\u{fffd}ss");
        }
        let other = error_response(400, b"{\"message\":\"ung\xfcltig\"}", "s3cret");
        assert_eq!(other.to_string(), "answered 400: ung\u{fffd}ltig");
    }

    #[test]
    fn what_could_hide_a_secret_from_the_mask_is_left_out() {
        let hidden = error_response(400, LATIN_1, "päss");
        assert_eq!(hidden.to_string(), "answered 400: invalid_grant");
        let hidden = error_response(500, b"no such user: p\xe4ss", "päss");
        let wanted = "answered 500: not a JSON object, 18 bytes";
        assert_eq!(hidden.to_string(), wanted);
    }

    #[test]
    fn fault_e01_a_redirect_shows_no_part_of_a_secret() {
        for (location, shown) in [
            (
                "https://a.example/e/p%3fss?x=1",
                "https://a.example/e/[redacted]",
            ),
            (
                "https://u:p@a.example/e/p?ss#f",
                "https://a.example/e/[redacted]",
            ),
            ("/e/p?ss", "/e/[redacted]"),
            ("/e?p%3Fss", "/e"),
        ] {
            let response = Response::builder().status(302).header(LOCATION, location);
            let response = response.body(Bytes::new()).unwrap();
            let error_response = read_empty(&response, UNIX_EPOCH, &["p?ss".into()]).unwrap_err();
            let wanted = format!("answered 302: a redirect to {shown}, which is not followed");
            assert_eq!(error_response.to_string(), wanted);
        }
    }

    #[test]
    fn fault_e01_no_part_of_a_secret_is_in_an_error() {
        let body = format!("no client{}hunter2-hunter2", " ".repeat(1_990));
        let error_response = error_response(400, body.as_bytes(), "hunter2-hunter2");
        let wanted = "answered 400: not a JSON object: no client [redacted]";
        assert_eq!(error_response.to_string(), wanted);
    }

    #[test]
    fn nothing_but_errors_is_read_in_another_charset() {
        let token = b"{\"access_token\":\"a\",\"name\":\"ung\xfcltig\"}";
        let error_response = error_response(200, token, "s3cret");
        let wanted = "not a JSON object, 38 bytes";
        assert_eq!(error_response.problem.as_deref(), Some(wanted));
    }
}
