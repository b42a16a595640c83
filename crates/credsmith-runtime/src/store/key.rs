//! The key of a token. It is a hash, so that it can name a file and reveals nothing.

use std::fmt::{self, Write};

use http::HeaderMap;
use sha2::{Digest, Sha256};

/// Identifies the server, the client, the grant with the user if that is known, the scopes, additional parameters
/// such as the audience, and additional header fields. Two managers with equal keys may use each other's tokens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoreKey(String);

/// The parts of a key.
#[derive(Clone, Copy)]
pub(crate) struct Identity<'a> {
    /// The token URL, or the issuer.
    pub(crate) server: &'a str,
    pub(crate) client_id: &'a str,
    /// The grant, and the parties that it is run for.
    pub(crate) who: &'a [&'a str],
    /// The account that the application names.
    pub(crate) account: &'a str,
    pub(crate) scope: &'a str,
    pub(crate) parameters: &'a [(String, String)],
    pub(crate) headers: Option<&'a HeaderMap>,
}

impl StoreKey {
    /// Makes a key. The order of scopes, of parameters and of header fields does not matter.
    pub(crate) fn new(identity: &Identity<'_>) -> Self {
        let mut scopes: Vec<&str> = identity.scope.split_ascii_whitespace().collect();
        scopes.sort_unstable();
        let mut extra_parameters: Vec<_> = identity
            .parameters
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        extra_parameters.sort_unstable();
        let scope = scopes.join(" ");
        let who = identity.who.len().to_string();
        let first = [
            identity.server,
            identity.client_id,
            identity.account,
            &scope,
            &who,
        ];
        let extra_parameters = extra_parameters
            .into_iter()
            .flat_map(|(name, value)| [name.as_str(), value]);
        let parts = first.into_iter().chain(identity.who.iter().copied());
        let mut hash = Sha256::new();
        let parts = parts.chain(extra_parameters).map(str::as_bytes);
        for part in parts.chain(fields(identity.headers)) {
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

    /// Returns sixty-four hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns names and values of header fields after an empty name, which no parameter has.
fn fields(headers: Option<&HeaderMap>) -> impl Iterator<Item = &[u8]> {
    let mut fields: Vec<(&[u8], &[u8])> = headers
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes()))
        .collect();
    fields.sort_unstable();
    let mark = (!fields.is_empty()).then_some(&b""[..]);
    let pairs = fields.into_iter().flat_map(|(name, value)| [name, value]);
    mark.into_iter().chain(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(parameters: &[(&str, &str)]) -> Vec<(String, String)> {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        parameters.iter().map(pair).collect()
    }

    #[test]
    fn order_does_not_matter_and_everything_else_does() {
        let parameters = owned(&[("audience", "x"), ("resource", "y")]);
        let base = Identity {
            server: "u",
            client_id: "c",
            who: &["password", "me"],
            account: "",
            scope: "a b",
            parameters: &parameters,
            headers: None,
        };
        let one = StoreKey::new(&base);
        let same = StoreKey::new(&Identity {
            scope: "b  a",
            parameters: &owned(&[("resource", "y"), ("audience", "x"), ("z", "")]),
            ..base
        });
        assert_eq!(one, same);
        assert_eq!(one.as_str().len(), 64);
        let swapped = owned(&[("audience", "y"), ("resource", "x")]);
        let headers = [("audience", "x"), ("resource", "y")];
        let headers = HeaderMap::from_iter(
            headers.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())),
        );
        let fewer = owned(&[("resource", "y")]);
        for other in [
            Identity {
                server: "v",
                ..base
            },
            Identity {
                client_id: "d",
                ..base
            },
            Identity {
                server: "uc",
                client_id: "",
                ..base
            },
            Identity {
                who: &["password", "you"],
                ..base
            },
            Identity {
                who: &["password", "me", "audience", "x"],
                parameters: &fewer,
                ..base
            },
            Identity {
                account: "me",
                ..base
            },
            Identity { scope: "a", ..base },
            Identity {
                parameters: &swapped,
                ..base
            },
            Identity {
                headers: Some(&headers),
                ..base
            },
            Identity {
                parameters: &[],
                headers: Some(&headers),
                ..base
            },
        ] {
            assert_ne!(one, StoreKey::new(&other));
        }
    }
}
