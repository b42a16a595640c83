//! Which token is meant: hashed, so that it can name a file and says nothing to who sees it.

use std::fmt::{self, Write};

use sha2::{Digest, Sha256};

/// Stands for token endpoint, client, scopes and additional parameters such as the audience. Two
/// managers with equal keys may use each other's tokens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoreKey(String);

impl StoreKey {
    /// The order of scopes and of parameters does not matter.
    pub(crate) fn new(
        token_url: &str,
        client_id: &str,
        scope: &str,
        parameters: &[(String, String)],
    ) -> Self {
        let mut scopes: Vec<&str> = scope.split_ascii_whitespace().collect();
        scopes.sort_unstable();
        let mut more: Vec<_> = parameters
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        more.sort_unstable();
        let mut hash = Sha256::new();
        let scope = scopes.join(" ");
        let parts = [token_url, client_id, &scope].into_iter();
        let more = more
            .into_iter()
            .flat_map(|(name, value)| [name.as_str(), value]);
        for part in parts.chain(more) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let mut text = String::with_capacity(64);
        for byte in hash.finalize() {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// Sixty-four hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(url: &str, client: &str, scope: &str, parameters: &[(&str, &str)]) -> StoreKey {
        let parameters: Vec<_> = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        StoreKey::new(url, client, scope, &parameters)
    }

    #[test]
    fn order_does_not_matter_and_everything_else_does() {
        let one = key("u", "c", "a b", &[("audience", "x"), ("resource", "y")]);
        let same = key(
            "u",
            "c",
            "b  a",
            &[("resource", "y"), ("audience", "x"), ("z", "")],
        );
        assert_eq!(one, same);
        assert_eq!(one.as_str().len(), 64);
        for other in [
            key("v", "c", "a b", &[("audience", "x"), ("resource", "y")]),
            key("u", "d", "a b", &[("audience", "x"), ("resource", "y")]),
            key("u", "c", "a", &[("audience", "x"), ("resource", "y")]),
            key("u", "c", "a b", &[("audience", "y"), ("resource", "x")]),
            key("uc", "", "a b", &[("audience", "x"), ("resource", "y")]),
        ] {
            assert_ne!(one, other);
        }
    }
}
