//! Settings of the client: its id, and its authentication.

use secrecy::SecretString;

use super::TokenManagerBuilder;
#[cfg(feature = "jwt")]
use crate::protocol::assertion::SigningKey;
use crate::protocol::authentication::ClientAuthentication;

impl TokenManagerBuilder {
    /// Sets the client id. Without one, a stored token can be used, but not refreshed.
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.client_id = Some(client_id.into());
        self
    }

    /// Sets the client secret.
    pub fn client_secret(mut self, client_secret: SecretString) -> Self {
        self.client_secret = Some(client_secret);
        self
    }

    /// Sets the names of the client id and the client secret in errors.
    #[doc(hidden)]
    pub fn credential_names(
        mut self,
        client_id: &'static str,
        client_secret: &'static str,
    ) -> Self {
        self.credential_names = (client_id, client_secret);
        self
    }

    /// Sets the names of other fields in errors, as pairs of the field and its name: `username`, `password`, `issuer`,
    /// `private_key`, `subject_token`.
    #[doc(hidden)]
    pub fn field_names(mut self, names: &'static [(&'static str, &'static str)]) -> Self {
        self.field_names = names;
        self
    }

    /// Sets the client authentication. The default is `client_secret_basic`.
    pub fn client_authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// Sets the private key of `private_key_jwt`. Without it, token requests fail with an error that says so.
    #[cfg(feature = "jwt")]
    pub fn signing_key(mut self, signing_key: SigningKey) -> Self {
        self.signing_key = Some(signing_key);
        self
    }

    /// Sets the audience of client assertions. The default is the issuer if one is set, otherwise the token URL without
    /// its query.
    #[cfg(feature = "jwt")]
    pub fn assertion_audience(mut self, audience: impl Into<String>) -> Self {
        self.assertion_audience = Some(audience.into());
        self
    }
}
