//! The body of a request: its parameters as a form, or as a JSON object.
//!
//! A body contains secrets. Its length is computed before it is written, so that its buffer never grows: a growing
//! buffer would leave copies of its content in memory.

use zeroize::Zeroizing;

/// A parameter's name and value.
pub(super) type Parameter<'a> = (&'a str, &'a str);

/// Receives a body piece by piece.
type Sink<'s> = dyn FnMut(&[u8]) + 's;

/// Returns the parameters form-encoded (RFC 6749 appendix B).
pub(super) fn form(parameters: &[Parameter<'_>]) -> Zeroizing<Vec<u8>> {
    measured(|sink| {
        for (index, (name, value)) in parameters.iter().enumerate() {
            if index > 0 {
                sink(b"&");
            }
            form_encode(name, sink);
            sink(b"=");
            form_encode(value, sink);
        }
    })
}

/// Returns the parameters as the members of one JSON object (RFC 8259 section 4), all of them strings.
pub(super) fn json(parameters: &[Parameter<'_>]) -> Zeroizing<Vec<u8>> {
    measured(|sink| {
        sink(b"{");
        for (index, (name, value)) in parameters.iter().enumerate() {
            if index > 0 {
                sink(b",");
            }
            json_string(name, sink);
            sink(b":");
            json_string(value, sink);
        }
        sink(b"}");
    })
}

/// Returns the output of `write`, which must be the same in both calls.
fn measured(write: impl Fn(&mut Sink<'_>)) -> Zeroizing<Vec<u8>> {
    let mut length = 0;
    write(&mut |piece| length += piece.len());
    let mut body = Zeroizing::new(Vec::with_capacity(length));
    write(&mut |piece| body.extend_from_slice(piece));
    body
}

fn form_encode(text: &str, sink: &mut Sink<'_>) {
    for piece in form_urlencoded::byte_serialize(text.as_bytes()) {
        sink(piece.as_bytes());
    }
}

/// Escapes a string (RFC 8259 section 7). No byte of a character beyond ASCII looks like a character that must be
/// escaped.
fn json_string(text: &str, sink: &mut Sink<'_>) {
    sink(b"\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => sink(&[b'\\', byte]),
            0..=0x1f => sink(&control(byte)),
            _ => sink(&[byte]),
        }
    }
    sink(b"\"");
}

fn control(byte: u8) -> [u8; 6] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS[usize::from(nibble)];
    [b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 0xf)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    use super::*;

    fn text(body: &Zeroizing<Vec<u8>>) -> &str {
        std::str::from_utf8(body).unwrap()
    }

    #[test]
    fn a_form_has_pairs_and_json_members() {
        let parameters = [("scope", "a b"), ("code", "ä&\"\\\n")];
        assert_eq!(
            text(&form(&parameters)),
            "scope=a+b&code=%C3%A4%26%22%5C%0A"
        );
        assert_eq!(
            text(&json(&parameters)),
            r#"{"scope":"a b","code":"ä&\"\\\u000a"}"#
        );
        assert_eq!((text(&form(&[])), text(&json(&[]))), ("", "{}"));
    }

    #[test]
    fn every_character_that_json_has_to_escape_is_escaped() {
        let hostile: String = (0..=0x7f_u8).map(char::from).collect();
        let hostile = format!("{hostile}\u{80}\u{2028}\u{fffd}\u{1d11e}");
        let body = json(&[(&hostile, &hostile)]);
        assert!(body.iter().all(|byte| *byte > 0x1f));
        let read: Map<String, Value> = serde_json::from_slice(&body).unwrap();
        assert_eq!(read[&hostile], Value::from(hostile.clone()));
    }

    #[test]
    fn no_buffer_grows() {
        let long = "ä\"\u{1}".repeat(5_000);
        for body in [form(&[("code", &long)]), json(&[("code", &long)])] {
            assert!(body.len() > 20_000);
            assert_eq!(body.capacity(), body.len());
        }
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_as_the_same(
            parameters in prop::collection::btree_map(any::<String>(), any::<String>(), 0..5),
        ) {
            let pairs: Vec<_> = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let read: std::collections::BTreeMap<String, String> = serde_json::from_slice(&json(&pairs)).unwrap();
            prop_assert_eq!(&read, &parameters);
            let read = form_urlencoded::parse(&form(&pairs)).into_owned().collect();
            prop_assert_eq!(&parameters, &read);
        }
    }
}
