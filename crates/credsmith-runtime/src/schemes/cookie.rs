//! API keys in cookies (RFC 6265).

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use zeroize::Zeroizing;

use crate::protocol::authentication::sensitive_header;

/// One cookie, as it is sent.
#[derive(Clone)]
pub(super) struct Cookie {
    pub(super) name: String,
    pair: Zeroizing<Vec<u8>>,
}

impl Cookie {
    /// Returns `None` if `value` contains characters that are not allowed in a cookie.
    pub(super) fn new(name: &str, value: &str) -> Option<Self> {
        if !value.bytes().all(is_octet) {
            return None;
        }
        let mut pair = Zeroizing::new(Vec::with_capacity(name.len() + 1 + value.len()));
        pair.extend_from_slice(name.as_bytes());
        pair.push(b'=');
        pair.extend_from_slice(value.as_bytes());
        Some(Self {
            name: name.to_owned(),
            pair,
        })
    }

    /// Adds this cookie to the existing ones in one header, since a client must not send more than one (RFC 6265
    /// section 5.4). A cookie of the same name is replaced.
    pub(super) fn set(&self, headers: &mut HeaderMap) -> Option<()> {
        let value = self.joined(headers)?;
        headers.insert(COOKIE, value);
        Some(())
    }

    fn joined(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let there = || headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes);
        let length: usize = there().map(|value| 2 * value.len() + 2).sum();
        let mut line = Zeroizing::new(Vec::with_capacity(length + self.pair.len()));
        for other in there().flat_map(cookies) {
            if name(other) != self.name.as_bytes() {
                line.extend_from_slice(other);
                line.extend_from_slice(b"; ");
            }
        }
        line.extend_from_slice(&self.pair);
        sensitive_header(line)
    }
}

fn cookies(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let cookies = value.split(|&byte| byte == b';').map(<[u8]>::trim_ascii);
    cookies.filter(|cookie| !cookie.is_empty())
}

fn name(cookie: &[u8]) -> &[u8] {
    let name = cookie.split(|&byte| byte == b'=').next();
    name.unwrap_or_default().trim_ascii()
}

/// Returns whether `byte` is a `cookie-octet` of RFC 6265 section 4.1.1.
fn is_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(there: &[&'static str], name: &str, value: &str) -> String {
        let mut headers = HeaderMap::new();
        for value in there {
            headers.append(COOKIE, HeaderValue::from_static(value));
        }
        Cookie::new(name, value).unwrap().set(&mut headers).unwrap();
        assert_eq!(headers.get_all(COOKIE).iter().count(), 1);
        assert!(headers[COOKIE].is_sensitive());
        headers[COOKIE].to_str().unwrap().to_owned()
    }

    #[test]
    fn cookies_that_are_there_stay_in_one_header() {
        assert_eq!(set(&[], "k", "v"), "k=v");
        assert_eq!(
            set(&["a=1; b=x=y;c", "d=4"], "k", "v"),
            "a=1; b=x=y; c; d=4; k=v"
        );
    }

    #[test]
    fn a_cookie_of_the_same_name_is_replaced() {
        assert_eq!(set(&["k=1; K=2; kk=3", "k=4"], "k", "v"), "K=2; kk=3; k=v");
    }

    #[test]
    fn characters_not_allowed_in_a_cookie_are_refused() {
        for value in ["a b", "a;b", "a,b", "a\"b", "a\\b", "ä", "a\r\n", "\u{7f}"] {
            assert!(Cookie::new("k", value).is_none(), "{value:?}");
        }
        assert!(Cookie::new("k", "!#$%&'()*+-./:<=>?@[]^_`{|}~az09").is_some());
    }
}
