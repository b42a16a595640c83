//! Who asks for tokens, and how it proves that.

use secrecy::SecretString;

use super::TokenManagerBuilder;
#[cfg(feature = "jwt")]
use crate::protocol::assertion::SigningKey;
use crate::protocol::authentication::ClientAuthentication;

impl TokenManagerBuilder {
    /// The client id. Without one, a stored token can be used up, but not renewed.
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.client_id = Some(client_id.into());
        self
    }

    /// The client secret.
    pub fn client_secret(mut self, client_secret: SecretString) -> Self {
        self.client_secret = Some(client_secret);
        self
    }

    /// What an error calls a missing client id and a missing client secret.
    pub fn credential_names(
        mut self,
        client_id: &'static str,
        client_secret: &'static str,
    ) -> Self {
        self.credential_names = (client_id, client_secret);
        self
    }

    /// What an error calls other fields that are missing, as pairs of the field and its name:
    /// `username`, `password`, `issuer`, `private_key`, `subject_token`.
    pub fn field_names(mut self, names: &'static [(&'static str, &'static str)]) -> Self {
        self.field_names = names;
        self
    }

    /// How client id and secret are sent; `client_secret_basic` by default.
    pub fn client_authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// The private key of `private_key_jwt`. Without it, the error of a fetch says that it is not set.
    #[cfg(feature = "jwt")]
    pub fn signing_key(mut self, signing_key: SigningKey) -> Self {
        self.signing_key = Some(signing_key);
        self
    }

    /// Sets the audience of client assertions. By default it is the issuer if one is set, else the token
    /// URL without its query.
    #[cfg(feature = "jwt")]
    pub fn assertion_audience(mut self, audience: impl Into<String>) -> Self {
        self.assertion_audience = Some(audience.into());
        self
    }
}
