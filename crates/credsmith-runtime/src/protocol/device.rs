//! The device authorization response (RFC 8628 section 3.2).

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Response, Uri};

use super::endpoint_response::{self, Expected};
use super::members::Members;
use crate::error::ErrorResponse;
use crate::sign_in::DeviceSignIn;

/// The time between two polls if the server names none (RFC 8628 section 3.2).
const INTERVAL: Duration = Duration::from_secs(5);

/// The maximum length of a text that is shown to the user.
const MAX_SHOWN: usize = 2_000;

/// All members that are used. They must not be repeated: whoever can add to the response must not choose what the
/// user sees.
const SINGLE: [&str; 8] = [
    "device_code",
    "user_code",
    "verification_uri",
    "verification_url",
    "verification_uri_complete",
    "expires_in",
    "interval",
    "error",
];

/// Reads the response to a request that was sent at `sent`, when the lifetime of the codes begins.
pub(crate) fn read(
    response: &Response<Bytes>,
    sent: SystemTime,
    now: SystemTime,
    secrets: &[Cow<'_, str>],
) -> Result<DeviceSignIn, ErrorResponse> {
    let expected = Expected {
        wanted: "device_code",
        single: &SINGLE,
    };
    endpoint_response::read(response, expected, now, secrets, |members| {
        authorization(members, sent)
    })
}

fn authorization(members: &Members, sent: SystemTime) -> Result<DeviceSignIn, &'static str> {
    let text = |name| members.text(name).filter(|value| !value.is_empty());
    let device_code = text("device_code").ok_or("the response has no `device_code`")?;
    let user_code = text("user_code").ok_or("the response has no `user_code`")?;
    // Some servers still use the name from drafts of the RFC.
    let page = text("verification_uri").or_else(|| text("verification_url"));
    let page = page.ok_or("the response has no `verification_uri`")?;
    let complete = text("verification_uri_complete").filter(|page| is_page(page));
    if !is_page(&page) {
        return Err("the `verification_uri` is not the URL of a web page");
    }
    if user_code.len() > MAX_SHOWN || user_code.chars().any(char::is_control) {
        return Err("the `user_code` cannot be shown");
    }
    let life = members.seconds("expires_in");
    let life = life.ok_or("the response has no `expires_in`")?;
    Ok(DeviceSignIn {
        device_code: device_code.into(),
        user_code,
        verification_uri: page,
        verification_uri_complete: complete,
        expires_at: sent.checked_add(life).unwrap_or(sent),
        interval: members.seconds("interval").unwrap_or(INTERVAL),
    })
}

/// Returns whether a terminal or a browser may be given this URL: http or https, in visible ASCII.
fn is_page(text: &str) -> bool {
    let scheme = text.parse::<Uri>().ok().and_then(|uri| {
        let scheme = uri.scheme_str().map(str::to_owned);
        scheme.filter(|_| uri.authority().is_some())
    });
    text.len() <= MAX_SHOWN
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && scheme.is_some_and(|scheme| scheme == "https" || scheme == "http")
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn codes(body: &str) -> Result<DeviceSignIn, ErrorResponse> {
        let response = Response::new(Bytes::from(body.to_owned()));
        read(&response, UNIX_EPOCH, UNIX_EPOCH, &[])
    }

    #[test]
    fn the_interval_is_five_seconds_unless_the_server_says_so() {
        let body = r#"{"device_code":"d","user_code":"U-1","verification_url":"https://a.example/d","expires_in":1800}"#;
        let device = codes(body).unwrap();
        assert_eq!(device.interval(), Duration::from_secs(5));
        assert_eq!(device.expires_at(), UNIX_EPOCH + Duration::from_secs(1_800));
        assert_eq!(device.verification_uri(), "https://a.example/d");
        let slower = body.replace("1800", r#"1800,"interval":"7""#);
        assert_eq!(codes(&slower).unwrap().interval(), Duration::from_secs(7));
    }

    #[test]
    fn no_member_that_is_used_may_occur_twice() {
        for name in SINGLE {
            let body = format!(
                r#"{{"device_code":"d","user_code":"U","verification_uri":"https://a.example","expires_in":9,"{name}":"1","{name}":"2"}}"#
            );
            let problem = codes(&body).unwrap_err().problem.unwrap();
            assert_eq!(problem, format!("the member `{name}` occurs twice"));
        }
    }

    #[test]
    fn pages_that_could_do_harm_are_refused() {
        for page in [
            "javascript:alert(1)",
            "/device",
            "https://a.example/\u{1b}[31m",
        ] {
            let body = format!(
                r#"{{"device_code":"d","user_code":"U","verification_uri":{},"expires_in":9}}"#,
                serde_json::Value::from(page)
            );
            let problem = codes(&body).unwrap_err().problem.unwrap();
            assert!(problem.contains("verification_uri"), "{problem}");
        }
        let body = r#"{"device_code":"d","verification_uri":"https://a.example","expires_in":9}"#;
        let problem = codes(body).unwrap_err().problem.unwrap();
        assert_eq!(problem, "the response has no `user_code`");
    }
}
