//! Header fields that the configuration adds to requests to endpoints. Most are public and some are keys, so no value
//! is shown.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue};

/// Fields that the requests set themselves, fields that frame them (RFC 9112), and fields that would change the
/// format of the response.
const RESERVED: [&str; 16] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The minimum length of a value that is treated as a key.
const SHORTEST_KEY: usize = 8;

/// Reads the header fields. Returns a text about the problem if one cannot be used. Empty fields are left out. The
/// map is boxed, since few servers need one.
pub(crate) fn read(headers: &[(String, String)]) -> Result<Option<Box<HeaderMap>>, String> {
    let mut read = HeaderMap::new();
    for (name, value) in headers {
        let field = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| format!("`{name}` is not a valid name of a header field"))?;
        if RESERVED.contains(&field.as_str()) {
            return Err(format!("the request sets the header field `{name}` itself"));
        }
        let Some(value) = field_value(value) else {
            return Err(format!(
                "the value of the header field `{name}` must be visible ASCII, with spaces only inside"
            ));
        };
        if value.is_empty() {
            continue;
        }
        if read.insert(field, value).is_some() {
            return Err(format!("the header field `{name}` is given twice"));
        }
    }
    Ok((!read.is_empty()).then(|| Box::new(read)))
}

/// Returns the values that an error must not repeat: those that are long enough for a key. Masking shorter ones would
/// only make the server's texts unreadable.
pub(crate) fn secrets(headers: Option<&HeaderMap>) -> impl Iterator<Item = Cow<'static, str>> {
    let values = headers.into_iter().flat_map(HeaderMap::values);
    let texts = values.filter_map(|value| value.to_str().ok());
    let long = texts.filter(|text| text.len() >= SHORTEST_KEY);
    long.map(|text| text.to_owned().into())
}

fn field_value(value: &str) -> Option<HeaderValue> {
    let is_sound = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    // Spaces at either end would be lost in transit.
    let travels = value.trim() == value && value.bytes().all(is_sound);
    let mut value = travels.then(|| HeaderValue::from_str(value).ok())??;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(headers: &[(&str, &str)]) -> Result<Option<Box<HeaderMap>>, String> {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        read(&headers.iter().map(pair).collect::<Vec<_>>())
    }

    #[test]
    fn fields_are_kept_and_empty_ones_are_left_out() {
        let read = read_all(&[("Acme-Version", "2022-06-28 b"), ("X-Empty", "")]);
        let read = read.unwrap().unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!(read["acme-version"], "2022-06-28 b");
        assert_eq!(read_all(&[]).unwrap(), None);
        assert_eq!(read_all(&[("X-Empty", "")]).unwrap(), None);
    }

    #[test]
    fn no_value_is_shown_and_those_that_may_be_keys_are_secrets() {
        let read = read_all(&[("Acme-Version", "2022-06"), ("Acme-Key", "k-012345")]);
        let read = read.unwrap();
        let shown = format!("{read:?}");
        assert!(
            !shown.contains("2022-06") && !shown.contains("k-012345"),
            "{shown}"
        );
        assert_eq!(secrets(read.as_deref()).collect::<Vec<_>>(), ["k-012345"]);
        assert_eq!(secrets(None).count(), 0);
    }

    #[test]
    fn invalid_headers_are_refused() {
        for (headers, problem) in [
            (&[("a b", "v")][..], "not a valid name"),
            (&[("", "v")], "not a valid name"),
            (&[("Content-Type", "v")], "sets the header field"),
            (&[("AUTHORIZATION", "v")], "sets the header field"),
            (&[("a", "v\r\nb: w")], "visible ASCII"),
            (&[("a", " v")], "visible ASCII"),
            (&[("a", "ä")], "visible ASCII"),
            (&[("a", "v"), ("A", "w")], "given twice"),
        ] {
            let refused = read_all(headers).unwrap_err();
            assert!(refused.contains(problem), "{refused}");
        }
    }
}
