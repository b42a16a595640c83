//! API keys in the query of a URL.

use std::borrow::Cow;

use bytes::Bytes;
use http::Uri;
use http::uri::PathAndQuery;
use zeroize::Zeroizing;

/// One parameter, as it is sent.
#[derive(Clone)]
pub(super) struct Parameter {
    pub(super) name: String,
    pair: Zeroizing<String>,
}

impl Parameter {
    /// Percent-encodes all characters except the unreserved ones (RFC 3986 section 2.3). The space is encoded too, so
    /// that servers which decode forms and servers which decode URLs read the same text.
    pub(super) fn new(name: &str, value: &str) -> Self {
        let most = 3 * (name.len() + value.len()) + 1;
        let mut pair = Zeroizing::new(String::with_capacity(most));
        encode(name, &mut pair);
        pair.push('=');
        encode(value, &mut pair);
        Self {
            name: name.to_owned(),
            pair,
        }
    }

    /// Returns `uri` with this parameter at the end of its query. A parameter of the same name is replaced; the rest
    /// of the query is unchanged. Returns `None` if the URL would be too long, or cannot have a query.
    pub(super) fn set(&self, uri: &Uri) -> Option<Uri> {
        let path = Some(uri.path()).filter(|path| !path.is_empty());
        let path = path.unwrap_or("/");
        let query = uri.query().unwrap_or_default();
        let length = path.len() + query.len() + self.pair.len() + 2;
        // Allocated once and in full: a growing buffer would leave copies in memory.
        let mut line = Zeroizing::new(Vec::with_capacity(length));
        line.extend_from_slice(path.as_bytes());
        line.push(b'?');
        for other in others(query, &self.name) {
            line.extend_from_slice(other.as_bytes());
            line.push(b'&');
        }
        line.extend_from_slice(self.pair.as_bytes());
        let mut parts = uri.clone().into_parts();
        let line = PathAndQuery::from_maybe_shared(Bytes::from_owner(line)).ok()?;
        parts.path_and_query = Some(line);
        Uri::from_parts(parts).ok()
    }
}

/// Returns the parameters of `query` that have another name.
fn others<'q>(query: &'q str, name: &str) -> impl Iterator<Item = &'q str> {
    let has_name = move |pair: &str| {
        let mut decoded = form_urlencoded::parse(pair.as_bytes());
        decoded
            .next()
            .is_some_and(|(other, _)| other == Cow::Borrowed(name))
    };
    let pairs = (!query.is_empty()).then(|| query.split('&'));
    pairs
        .into_iter()
        .flatten()
        .filter(move |pair| !has_name(pair))
}

fn encode(text: &str, out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(DIGITS[usize::from(byte >> 4)]));
            out.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(url: &str, name: &str, value: &str) -> String {
        let uri = Parameter::new(name, value).set(&url.parse().unwrap());
        uri.unwrap().to_string()
    }

    #[test]
    fn the_query_that_is_there_stays_as_it_is() {
        assert_eq!(set("https://a.example", "k", "v"), "https://a.example/?k=v");
        assert_eq!(
            set("https://a.example/p?", "k", "v"),
            "https://a.example/p?k=v"
        );
        assert_eq!(
            set("https://a.example/p?x=%61+b&&y&kk=1", "k", "v"),
            "https://a.example/p?x=%61+b&&y&kk=1&k=v"
        );
        assert_eq!(set("/p/q?x", "k", "v"), "/p/q?x&k=v");
    }

    #[test]
    fn a_parameter_of_the_same_name_is_replaced_however_it_was_written() {
        assert_eq!(set("/p?a%2Db=1&x=2&a-b", "a-b", "3"), "/p?x=2&a-b=3");
    }

    #[test]
    fn names_and_values_are_percent_encoded() {
        assert_eq!(
            set("/p", "api key", "a+b &=#ü/~"),
            "/p?api%20key=a%2Bb%20%26%3D%23%C3%BC%2F~"
        );
    }

    #[test]
    fn a_url_that_would_be_too_long_is_refused() {
        let uri = "/p".parse().unwrap();
        assert!(Parameter::new("k", &"v".repeat(70_000)).set(&uri).is_none());
    }
}
