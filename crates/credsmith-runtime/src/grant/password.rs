//! The user's name and password (RFC 6749 section 4.3).

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// Whose password is sent. `Debug` shows the user name alone.
#[derive(Clone)]
pub struct PasswordGrant {
    pub(crate) username: String,
    pub(crate) password: SecretString,
}

impl PasswordGrant {
    /// User name and password. Either may be empty: the error of a fetch then says which is not set.
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
