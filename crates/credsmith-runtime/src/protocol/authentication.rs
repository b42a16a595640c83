//! Client authentication: exactly one method per request (RFC 6749 section 2.3).

use std::borrow::Cow;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

#[cfg(feature = "jwt")]
use super::assertion::{self, Signer, SigningKey};

/// The client authentication, by its registered names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// `client_secret_basic`: HTTP Basic, with both parts form-encoded (RFC 6749 section 2.3.1).
    #[default]
    ClientSecretBasic,
    /// `client_secret_basic` without the encoding, for servers that do not decode.
    ClientSecretBasicRaw,
    /// `client_secret_post`: id and secret in the body.
    ClientSecretPost,
    /// `none`: a public client, which sends its id only.
    None,
    /// `private_key_jwt`: an assertion signed with a private key (RFC 7523). Set the key with
    /// [`signing_key`](crate::TokenManagerBuilder::signing_key).
    #[cfg(feature = "jwt")]
    PrivateKeyJwt,
    /// `client_secret_jwt`: an assertion signed with the client secret (RFC 7523).
    #[cfg(feature = "jwt")]
    ClientSecretJwt,
}

/// Client id and secret.
#[derive(Debug)]
pub(crate) struct Credentials<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) client_secret: Option<&'a SecretString>,
    #[cfg(feature = "jwt")]
    pub(crate) signing_key: Option<&'a SigningKey>,
}

impl Credentials<'_> {
    pub(crate) fn secret(&self) -> &str {
        self.client_secret
            .map(ExposeSecret::expose_secret)
            .unwrap_or_default()
    }

    /// Returns every form of the secret that a server or a peer could echo.
    pub(crate) fn secrets(&self) -> Vec<Cow<'static, str>> {
        if self.secret().is_empty() {
            return Vec::new();
        }
        vec![
            self.secret().to_owned().into(),
            form_encoded(self.secret()).to_string().into(),
            STANDARD.encode(self.secret()).into(),
            self.basic(true).to_string().into(),
            self.basic(false).to_string().into(),
        ]
    }

    /// Returns the value of the `Authorization` header after `Basic `.
    fn basic(&self, encoded: bool) -> Zeroizing<String> {
        let pair = if encoded {
            Zeroizing::new(format!(
                "{}:{}",
                *form_encoded(self.client_id),
                *form_encoded(self.secret())
            ))
        } else {
            Zeroizing::new(format!("{}:{}", self.client_id, self.secret()))
        };
        Zeroizing::new(STANDARD.encode(pair.as_bytes()))
    }
}

impl ClientAuthentication {
    /// Returns whether the method needs a secret.
    pub(crate) fn needs_secret(self) -> bool {
        match self {
            Self::None => false,
            #[cfg(feature = "jwt")]
            Self::PrivateKeyJwt => false,
            _ => true,
        }
    }

    /// Returns whether the client signs an assertion, which must name an audience.
    pub(crate) fn needs_assertion(self) -> bool {
        match self {
            #[cfg(feature = "jwt")]
            Self::PrivateKeyJwt | Self::ClientSecretJwt => true,
            _ => false,
        }
    }

    /// Returns the `Authorization` header of this method, if it has one. It is marked sensitive and wiped when it is
    /// dropped.
    pub(crate) fn header(self, credentials: &Credentials<'_>) -> Option<HeaderValue> {
        let encoded = match self {
            Self::ClientSecretBasic => true,
            Self::ClientSecretBasicRaw => false,
            _ => return None,
        };
        let line = Zeroizing::new(format!("Basic {}", *credentials.basic(encoded)).into_bytes());
        sensitive_header(line)
    }

    /// Returns the form parameters of this method.
    pub(crate) fn parameters<'c>(
        self,
        credentials: &'c Credentials<'_>,
    ) -> Vec<(&'static str, &'c str)> {
        match self {
            Self::ClientSecretBasic | Self::ClientSecretBasicRaw => Vec::new(),
            Self::ClientSecretPost => {
                vec![
                    ("client_id", credentials.client_id),
                    ("client_secret", credentials.secret()),
                ]
            }
            Self::None => vec![("client_id", credentials.client_id)],
            #[cfg(feature = "jwt")]
            Self::PrivateKeyJwt | Self::ClientSecretJwt => {
                vec![
                    ("client_id", credentials.client_id),
                    ("client_assertion_type", assertion::TYPE),
                ]
            }
        }
    }

    /// Makes a fresh assertion for one attempt, if this method needs one.
    #[cfg(feature = "jwt")]
    pub(crate) fn assertion(
        self,
        credentials: &Credentials<'_>,
        audience: &str,
        now: SystemTime,
    ) -> Result<Option<Zeroizing<String>>, NotSigned> {
        let signer = match self {
            Self::PrivateKeyJwt => Signer::Key(credentials.signing_key.ok_or(NotSigned)?),
            Self::ClientSecretJwt => Signer::Secret(credentials.secret()),
            _ => return Ok(None),
        };
        let assertion = assertion::assertion(signer, credentials.client_id, audience, now);
        assertion.map(Some).ok_or(NotSigned)
    }

    /// Without the feature `jwt` no method needs an assertion.
    #[cfg(not(feature = "jwt"))]
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "the signature of the one above"
    )]
    pub(crate) fn assertion(
        self,
        _: &Credentials<'_>,
        _: &str,
        _: SystemTime,
    ) -> Result<Option<Zeroizing<String>>, NotSigned> {
        Ok(None)
    }
}

/// An assertion could not be signed: there is no key, no randomness, or no time after 1970.
#[derive(Debug)]
pub(crate) struct NotSigned;

/// Makes a header value that is marked sensitive and whose bytes are wiped with its last clone. Returns `None` if the
/// text is not a valid header value.
pub(crate) fn sensitive_header(line: Zeroizing<Vec<u8>>) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(line)).ok()?;
    value.set_sensitive(true);
    Some(value)
}

pub(crate) fn form_encoded(text: &str) -> Zeroizing<String> {
    Zeroizing::new(form_urlencoded::byte_serialize(text.as_bytes()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(method: ClientAuthentication, id: &str, secret: &str) -> String {
        let secret = SecretString::from(secret);
        let credentials = Credentials {
            client_id: id,
            client_secret: Some(&secret),
            #[cfg(feature = "jwt")]
            signing_key: None,
        };
        let value = method.header(&credentials).unwrap();
        assert!(value.is_sensitive());
        let line = value
            .to_str()
            .unwrap()
            .strip_prefix("Basic ")
            .unwrap()
            .to_owned();
        String::from_utf8(STANDARD.decode(line).unwrap()).unwrap()
    }

    #[test]
    fn peer_defect_18_basic_is_form_encoded_unless_the_raw_form_is_asked_for() {
        use ClientAuthentication::{ClientSecretBasic, ClientSecretBasicRaw};
        assert_eq!(
            header(ClientSecretBasic, "a:b", "p %ä&+"),
            "a%3Ab:p+%25%C3%A4%26%2B"
        );
        assert_eq!(header(ClientSecretBasicRaw, "ab", "p %ä:"), "ab:p %ä:");
    }

    #[test]
    fn each_way_puts_the_credentials_in_one_place() {
        let secret = SecretString::from("s");
        let credentials = Credentials {
            client_id: "i",
            client_secret: Some(&secret),
            #[cfg(feature = "jwt")]
            signing_key: None,
        };
        let names = |method: ClientAuthentication| {
            let names: Vec<_> = method
                .parameters(&credentials)
                .into_iter()
                .map(|(name, _)| name)
                .collect();
            (method.header(&credentials).is_some(), names)
        };
        assert_eq!(
            names(ClientAuthentication::ClientSecretBasic),
            (true, vec![])
        );
        assert_eq!(
            names(ClientAuthentication::ClientSecretPost),
            (false, vec!["client_id", "client_secret"])
        );
        assert_eq!(
            names(ClientAuthentication::None),
            (false, vec!["client_id"])
        );
    }
}
