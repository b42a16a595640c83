//! The `Retry-After` header (RFC 9110 section 10.2.3): seconds, or a date.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::RETRY_AFTER;

use crate::policy::lifetime::MAX_LIFETIME;

/// Returns the time that the server asked to wait. A date in the past is zero. The time is capped at about a century,
/// so that applications can add it to a clock.
pub(crate) fn read(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let asked = seconds(value).or_else(|| {
        let date = httpdate::parse_http_date(value).ok()?;
        Some(date.duration_since(now).unwrap_or_default())
    });
    Some(asked?.min(MAX_LIFETIME))
}

/// Reads seconds from any number of digits.
fn seconds(value: &str) -> Option<Duration> {
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| value.parse().map_or(Duration::MAX, Duration::from_secs))
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn seconds_dates_and_nonsense() {
        let now = UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (value, expected) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
            ("Sun, 06 Nov 1994 08:49:07 GMT", Some(0)),
            ("18446744073709551615", Some(MAX_LIFETIME.as_secs())),
            ("18446744073709551616", Some(MAX_LIFETIME.as_secs())),
            (&"9".repeat(60_000), Some(MAX_LIFETIME.as_secs())),
            (
                "Fri, 31 Dec 9999 23:59:59 GMT",
                Some(MAX_LIFETIME.as_secs()),
            ),
            ("-5", None),
            ("-18446744073709551616", None),
            ("99999999999999999999 s", None),
            ("", None),
            ("soon", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
            assert_eq!(
                read(&headers, now),
                expected.map(Duration::from_secs),
                "{value}"
            );
        }
    }
}
