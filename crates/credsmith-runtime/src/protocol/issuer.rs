//! How errors speak of issuers. They are compared character by character (RFC 8414 section 3.3, RFC 9207 section 2.4),
//! and what differs is easily overlooked.

use crate::text;

/// An issuer that somebody else named, fit for an error.
pub(crate) fn shown(named: &str) -> String {
    text::clean(named, 200, &[])
}

/// What to do about two issuers that should be the same; nothing if that is not known.
pub(crate) fn hint(expected: &str, named: &str) -> &'static str {
    if expected.trim_end_matches('/') == named.trim_end_matches('/') {
        "; they differ in a slash at the end: write the issuer as the server does"
    } else {
        ""
    }
}
