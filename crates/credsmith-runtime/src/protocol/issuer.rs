//! The form in which errors show issuers. Issuers are compared character by character (RFC 8414 section 3.3, RFC 9207 section 2.4),
//! and small differences are easily overlooked.

use crate::text;

/// Returns a foreign issuer in a form that is safe for an error.
pub(crate) fn shown(named: &str) -> String {
    text::clean(named, 200, &[])
}

/// Returns a hint if the two issuers differ in a typical way, otherwise an empty text.
pub(crate) fn hint(expected: &str, named: &str) -> &'static str {
    if expected.trim_end_matches('/') == named.trim_end_matches('/') {
        "; they differ in a slash at the end: write the issuer as the server does"
    } else {
        ""
    }
}
