//! Keys of schemes that have another name elsewhere.

use super::scheme::replace;
use crate::diagnostic::Problems;
use crate::rules::unknown_key;
use crate::suggest::same;
use crate::syntax::Entry;

/// Keys as server metadata (RFC 8414), client metadata (RFC 7591) and other tools call them, and what
/// they are called here.
const SYNONYMS: &[(&str, &str)] = &[
    ("grant_type", "grant"),
    ("token_endpoint", "token_url"),
    ("access_token_url", "token_url"),
    ("authorization_endpoint", "authorization_url"),
    ("auth_url", "authorization_url"),
    ("authorize_url", "authorization_url"),
    ("device_authorization_endpoint", "device_authorization_url"),
    ("revocation_endpoint", "revocation_url"),
    ("introspection_endpoint", "introspection_url"),
    ("token_endpoint_auth_method", "client_authentication"),
    ("client_auth", "client_authentication"),
];

/// Keys that have another name here.
pub(super) fn synonyms(entries: &mut Vec<Entry>, problems: &mut Problems) {
    for (other, own) in SYNONYMS {
        let found = entries.iter_mut().find(|entry| same(&entry.key, other));
        let Some(found) = found else { continue };
        let help = format!("write `{own}` in its place");
        problems.extend(unknown_key::elsewhere(&[&found.key], help));
        let mut meant = found.clone();
        (*own).clone_into(&mut meant.key.value);
        let old = found.key.value.clone();
        replace(entries, &[&old], [meant]);
    }
}
