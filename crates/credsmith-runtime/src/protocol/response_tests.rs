//! Tests of reading token responses and of the errors for all other responses.

use std::time::UNIX_EPOCH;

use http::header::LOCATION;

use super::*;
use crate::protocol::request::MAX_BODY;

fn response(status: u16, body: &[u8]) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .body(Bytes::copy_from_slice(body))
        .unwrap()
}

fn check(status: u16, body: &str) -> Result<Issued, ErrorResponse> {
    read(
        &response(status, body.as_bytes()),
        UNIX_EPOCH,
        UNIX_EPOCH,
        TokenRules::default(),
        &["s3cret".into()],
    )
}

fn problem(status: u16, body: &str) -> String {
    check(status, body).unwrap_err().to_string()
}

fn issued(body: &str) -> Issued {
    check(200, body).unwrap_or_else(|error_response| panic!("{body}: {error_response}"))
}

#[test]
fn a_token_as_the_rfc_writes_it() {
    let issued = issued(
        r#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"bearer","expires_in":3600}"#,
    );
    assert_eq!(
        issued.token.access_token().expose_secret(),
        "2YotnFZFEjr1zCsicMWpAA"
    );
    assert_eq!(
        issued.token.expires_at(),
        Some(UNIX_EPOCH + Duration::from_secs(3_600))
    );
    assert_eq!(issued.token.token_type(), "Bearer");
}

#[test]
fn missing_and_unusual_members_are_accepted() {
    for (body, expires, scope) in [
        (r#"{"access_token":"a"}"#, None, None),
        (
            r#"{"access_token":"a","token_type":"BEARER","expires_in":"5"}"#,
            Some(5),
            None,
        ),
        (
            r#"{"access_token":"a","token_type":null,"scope":"x y"}"#,
            None,
            Some("x y"),
        ),
        (
            r#"{"access_token":"a","token_type":"","scope":["x","y"]}"#,
            None,
            Some("x y"),
        ),
        (
            r#"{"access_token":"a","error":null,"refresh_token":""}"#,
            None,
            None,
        ),
        (
            "\u{feff}\n {\"access_token\":\"a\",\"expires_in\":5.9}\n",
            Some(5),
            None,
        ),
    ] {
        let token = issued(body).token;
        let seconds = token
            .expires_at()
            .map(|at| at.duration_since(UNIX_EPOCH).unwrap().as_secs());
        assert_eq!((seconds, token.scope()), (expires, scope), "{body}");
        assert!(token.refresh_token().is_none(), "{body}");
    }
}

#[test]
fn unknown_members_are_kept_and_refresh_in_is_read() {
    let issued =
        issued(r#"{"access_token":"a","refresh_in":"60","id":7,"deep":{"x":[1]},"big":1e400}"#);
    assert_eq!(issued.refresh_in, Some(Duration::from_secs(60)));
    assert_eq!(issued.token.extra()["id"], 7);
    assert_eq!(issued.token.extra()["deep"]["x"][0], 1);
}

#[test]
fn fault_f04_a_form_encoded_token_is_read() {
    let body = "access_token=gho_16C%2B7&token_type=bearer&expires_in=5&scope=repo%2Cgist+x&refresh_token=r&id=7\n";
    let token = issued(body).token;
    assert_eq!(token.access_token().expose_secret(), "gho_16C+7");
    assert_eq!(
        token.expires_at(),
        Some(UNIX_EPOCH + Duration::from_secs(5))
    );
    assert_eq!(token.scope(), Some("repo,gist x"));
    assert_eq!(token.refresh_token().unwrap().expose_secret(), "r");
    assert_eq!(token.extra()["id"], "7");
    for (body, wanted) in [
        (
            "access_token=a&access_token=b",
            "the member `access_token` occurs twice",
        ),
        (
            "access_token=a+b",
            "characters that are not allowed in a header",
        ),
        ("access_token=%FF", "not a JSON object, 16 bytes"),
        ("access_token=a b", "not a JSON object, 16 bytes"),
        ("token=a", "not a JSON object, 7 bytes"),
        (
            "error=bad_code&error_description=no+s3cret+here",
            "bad_code: no [redacted] here",
        ),
    ] {
        assert!(
            problem(200, body).ends_with(wanted),
            "{}",
            problem(200, body)
        );
    }
    let refused = problem(400, "error=invalid_grant&error_uri=x");
    assert_eq!(refused, "answered 400: invalid_grant");
}

#[test]
fn fault_f06_a_lifetime_of_zero_is_unknown_if_the_settings_say_so() {
    for zero in ["0", "-1", "0.0", "\"0\""] {
        let body = format!(r#"{{"access_token":"a","expires_in":{zero}}}"#);
        assert_eq!(issued(&body).token.expires_at(), Some(UNIX_EPOCH));
        let rules = TokenRules {
            zero_lifetime_is_unknown: true,
            ..TokenRules::default()
        };
        let response = response(200, body.as_bytes());
        let read = read(&response, UNIX_EPOCH, UNIX_EPOCH, rules, &[]).unwrap();
        assert_eq!(read.token.expires_at(), None);
    }
}

#[test]
fn peer_defect_31_an_empty_access_token_is_an_error() {
    assert_eq!(
        problem(200, r#"{"access_token":""}"#),
        "answered 200: the `access_token` is empty"
    );
    for body in [r#"{"access_token":null}"#, r#"{"access_token":7}"#, "{}"] {
        assert_eq!(
            problem(200, body),
            "answered 200: the response has no `access_token`"
        );
    }
}

#[test]
fn tokens_unfit_for_a_header_or_the_bearer_scheme_are_errors() {
    for token in ["a b", "a\\nb", "ä", "a\\u0000"] {
        let said = problem(200, &format!(r#"{{"access_token":"{token}"}}"#));
        assert!(said.contains("not allowed in a header"), "{said}");
    }
    for token_type in ["DPoP", "N_A", "mac", " Bearer"] {
        let said = problem(
            200,
            &format!(r#"{{"access_token":"a","token_type":"{token_type}"}}"#),
        );
        assert!(said.contains("not of the type Bearer"), "{said}");
    }
}

#[test]
fn members_that_decide_must_not_occur_twice() {
    for name in SECURITY {
        let said = problem(
            200,
            &format!(r#"{{"access_token":"a","{name}":"1","{name}":"2"}}"#),
        );
        assert_eq!(
            said,
            format!("answered 200: the member `{name}` occurs twice")
        );
    }
    issued(r#"{"access_token":"a","other":1,"other":2}"#);
}

#[test]
fn server_errors_are_read_whatever_the_status() {
    let body = r#"{"error":"invalid_client","error_description":"Client\r\nauthentication failed","error_uri":"https://a.example/e"}"#;
    for status in [200, 400, 401, 500] {
        let error_response = check(status, body).unwrap_err();
        assert_eq!(error_response.error.as_deref(), Some("invalid_client"));
        assert_eq!(error_response.uri.as_deref(), Some("https://a.example/e"));
        let expected = format!("answered {status}: invalid_client: Client authentication failed");
        assert_eq!(error_response.to_string(), expected);
    }
}

#[test]
fn bodies_that_are_no_json_object_are_described() {
    assert_eq!(
        problem(500, "<h1>Down</h1>"),
        "answered 500: not a JSON object: <h1>Down</h1>"
    );
    assert_eq!(problem(503, " \n"), "answered 503: the body is empty");
    assert_eq!(problem(200, ""), "answered 200: the body is empty");
    assert_eq!(
        problem(400, r#"{"message":"x","code":1}"#),
        "answered 400: 1: x"
    );
    assert_eq!(problem(400, r#"{"error":{"code":1}}"#), "answered 400: 1");
    assert_eq!(
        problem(400, r#"{"error":{},"trace":1}"#),
        "answered 400: no error code, but the members error, trace"
    );
}

#[test]
fn peer_defect_32_no_secret_of_a_response_is_in_its_error() {
    for (status, body) in [
        (200, r#"{"access_token":"hidden-token","#),
        (200, "access_token=hidden-token&token_type=bearer\r\n.\r\n"),
        (200, "access_token=hidden-token&access_token=hidden-other"),
        (200, "hidden-token"),
        (500, "access_token=hidden-token"),
        (400, r#"{"access_token":"hidden-token"}"#),
        (
            400,
            r#"{"error":"invalid_client","error_description":"wrong secret s3cret"}"#,
        ),
        (500, "the password is hidden-token"),
        (
            200,
            r#"{"access_token":"hidden-token","token_type":"hidden-type"}"#,
        ),
    ] {
        let error_response = check(status, body).unwrap_err();
        let shown = format!("{error_response} {error_response:?}");
        assert!(
            !shown.contains("hidden") && !shown.contains("s3cret"),
            "{shown}"
        );
    }
}

#[test]
fn peer_defect_33_redirects_are_reported_without_their_query() {
    let mut redirect = response(307, b"");
    redirect.headers_mut().insert(
        LOCATION,
        "https://u:p@evil.example/steal?code=hidden"
            .parse()
            .unwrap(),
    );
    let error_response = read(
        &redirect,
        UNIX_EPOCH,
        UNIX_EPOCH,
        TokenRules::default(),
        &[],
    )
    .unwrap_err();
    assert_eq!(
        error_response.to_string(),
        "answered 307: a redirect to https://evil.example/steal, which is not followed"
    );
}

#[test]
fn responses_above_a_mebibyte_are_errors() {
    let said = problem(
        200,
        &format!(r#"{{"access_token":"a","pad":"{}"}}"#, "x".repeat(MAX_BODY)),
    );
    assert_eq!(said, "answered 200: the response is larger than 1 MiB");
}

#[test]
fn retry_after_is_kept() {
    let mut slow = response(429, b"");
    slow.headers_mut()
        .insert("retry-after", "7".parse().unwrap());
    let error_response =
        read(&slow, UNIX_EPOCH, UNIX_EPOCH, TokenRules::default(), &[]).unwrap_err();
    assert_eq!(error_response.retry_after, Some(Duration::from_secs(7)));
}

/// No response, however damaged, causes a panic or an error with a secret.
#[test]
fn mutilated_responses_are_read_without_a_panic_and_without_a_leak() {
    let whole = r#"{"access_token":"hidden-token","token_type":"Bearer","expires_in":3600,"refresh_token":"hidden-r","scope":"a b","x":{"y":[1,2.5e9,"\u00e4"]}}"#;
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..20_000 {
        let mut body = whole.as_bytes().to_vec();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..body.len().max(1));
            match random.u8(..4) {
                0 => body.truncate(at.max(1)),
                1 => body
                    .splice(at..body.len().min(at + 1), [random.u8(..)])
                    .for_each(drop),
                2 => body = [&body[..at], body.get(at + 1..).unwrap_or_default()].concat(),
                _ => body.insert(at, *b"{}[]\",:0-e".get(random.usize(..10)).unwrap()),
            }
        }
        let status = random.choice([200, 400, 500]).unwrap();
        if let Err(error_response) = read(
            &response(status, &body),
            UNIX_EPOCH,
            UNIX_EPOCH,
            TokenRules::default(),
            &[],
        ) {
            let shown = format!("{error_response} {error_response:?}");
            assert!(!shown.contains("hidden-"), "{shown}");
            assert!(shown.len() < 2_000);
        }
    }
}
