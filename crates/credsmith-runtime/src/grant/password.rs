//! The user's name and password (RFC 6749 section 4.3).

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A user name and a password. `Debug` shows the user name only.
#[derive(Clone)]
pub struct PasswordGrant {
    pub(crate) username: String,
    pub(crate) password: SecretString,
}

impl PasswordGrant {
    /// Makes a grant. If either value is empty, a token request fails with an error that names it.
    pub fn new(username: impl Into<String>, password: SecretString) -> Self {
        Self {
            username: username.into(),
            password,
        }
    }

    pub(super) fn missing(&self) -> Vec<&'static str> {
        let parts = [
            ("username", self.username.is_empty()),
            ("password", self.password.expose_secret().is_empty()),
        ];
        let missing = parts.into_iter().filter(|(_, is_missing)| *is_missing);
        missing.map(|(name, _)| name).collect()
    }
}

impl fmt::Debug for PasswordGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordGrant")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}
