//! The claims of a signed assertion. Unit tests, which know the keys, check its signature.

use std::collections::BTreeSet;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use credsmith_runtime::{Clock, ManualClock};
use serde_json::{Map, Value};

use super::requests::Assertion;
use crate::support::start;

/// Checks the assertions of all attempts: each has the header and the claims of the vector, was issued
/// between the beginning of the test and now, and has an id that no other one has.
pub(super) fn check(label: &str, expected: &Assertion, assertions: &[String], clock: &ManualClock) {
    let mut ids = BTreeSet::new();
    for assertion in assertions {
        let parts: Vec<_> = assertion.split('.').collect();
        assert_eq!(parts.len(), 3, "{label}: {assertion}");
        assert_eq!(Value::from(object(parts[0])), expected.header, "{label}");
        let mut claims = object(parts[1]);
        let [issued, expiry] =
            ["iat", "exp"].map(|name| seconds(label, claims.remove(name).as_ref()));
        assert!(
            (unix(start())..=unix(clock.wall())).contains(&issued),
            "{label}: iat {issued}"
        );
        assert_eq!(expiry - issued, expected.lifetime, "{label}: exp - iat");
        let id = claims.remove("jti");
        let id = id.as_ref().and_then(Value::as_str).unwrap_or_default();
        assert!(
            id.len() >= 16 && ids.insert(id.to_owned()),
            "{label}: jti {id:?}"
        );
        assert_eq!(Value::from(claims), expected.claims, "{label}");
    }
}

fn object(part: &str) -> Map<String, Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// A claim in whole seconds since the Unix epoch.
fn seconds(label: &str, claim: Option<&Value>) -> u64 {
    let seconds = claim.and_then(Value::as_u64);
    seconds.unwrap_or_else(|| panic!("{label}: not a number of seconds: {claim:?}"))
}

fn unix(moment: SystemTime) -> u64 {
    moment
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_secs()
}
