//! Properties of reading responses: no input causes a panic, a token that cannot be sent, or a secret in an error.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::Response;
use proptest::prelude::*;
use secrecy::ExposeSecret;

use super::response::{Issued, TokenRules, read};
use crate::error::ErrorResponse;
use crate::policy::lifetime::MAX_LIFETIME;

const SECRET: &str = "s3cret-Value_0123456789";

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn token_of(status: u16, body: impl Into<Bytes>) -> Result<Issued, ErrorResponse> {
    let response = Response::builder().status(status).body(body.into());
    let sent = at(1_767_225_600);
    read(
        &response.unwrap(),
        sent,
        sent,
        TokenRules::default(),
        &[SECRET.into()],
    )
}

/// Values of members, valid and invalid.
fn values() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("\"Bearer\"".to_owned()),
        Just(format!("\"{SECRET}\"")),
        Just("1e999".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| number.to_string()),
        any::<String>().prop_map(|text| serde_json::Value::from(text).to_string()),
        "[0-9]{1,40}",
        "\"[ -~]{0,40}\"",
    ]
}

fn names() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "access_token",
        "token_type",
        "expires_in",
        "refresh_in",
        "refresh_token",
        "scope",
        "error",
        "error_description",
        "other",
    ])
}

/// Objects with such members, some of them repeated.
fn objects() -> impl Strategy<Value = String> {
    prop::collection::vec((names(), values()), 0..8).prop_map(|members| {
        let members: Vec<_> = members
            .into_iter()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        format!("{{{}}}", members.join(","))
    })
}

fn check(status: u16, outcome: Result<Issued, ErrorResponse>) -> Result<(), TestCaseError> {
    match outcome {
        Ok(issued) => {
            prop_assert!((200..300).contains(&status));
            let token = issued.token.access_token().expose_secret();
            prop_assert!(!token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()));
            prop_assert_eq!(issued.token.token_type(), "Bearer");
            prop_assert!(
                issued
                    .token
                    .lifetime()
                    .is_none_or(|life| life <= MAX_LIFETIME)
            );
        }
        Err(error_response) => {
            let shown = format!("{error_response} {error_response:?}");
            prop_assert!(!shown.contains(SECRET), "{}", shown);
            prop_assert!(error_response.to_string().chars().count() < 1_500);
            prop_assert!(!error_response.to_string().chars().any(char::is_control));
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_read(
        status in 100_u16..1_000,
        body in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        check(status, token_of(status, body))?;
    }

    #[test]
    fn any_object_is_read(
        status in prop::sample::select(vec![200_u16, 201, 302, 400, 401, 500]),
        body in objects(),
        mark in any::<bool>(),
    ) {
        let body = if mark { format!("\u{feff}{body}") } else { body };
        check(status, token_of(status, body))?;
    }

    #[test]
    fn a_plain_response_is_a_token_with_that_lifetime(
        token in "[!-~]{1,200}",
        seconds in 0_u64..10_000_000,
        form in prop::sample::select(vec!["{}", "\"{}\"", "{}.0", "\" {} \""]),
    ) {
        let token_json = serde_json::Value::from(token.as_str());
        let life = form.replace("{}", &seconds.to_string());
        let issued = token_of(200, format!(
            r#"{{"access_token":{token_json},"token_type":"bEARER","expires_in":{life}}}"#
        ));
        let issued = issued.map_err(|error_response| TestCaseError::fail(error_response.to_string()))?;
        prop_assert_eq!(issued.token.access_token().expose_secret(), token);
        prop_assert_eq!(issued.token.expires_at(), Some(at(1_767_225_600 + seconds)));
    }

    #[test]
    fn a_repeated_member_that_matters_is_no_token(twice in prop::sample::select(vec![
        "access_token", "token_type", "expires_in", "refresh_token", "scope",
    ])) {
        let body = format!(
            r#"{{"access_token":"a","token_type":"Bearer","{twice}":"Bearer","{twice}":"Bearer"}}"#
        );
        prop_assert!(token_of(200, body).is_err());
    }
}
