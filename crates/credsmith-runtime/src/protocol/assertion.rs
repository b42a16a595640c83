//! Signed assertions (RFC 7523): JSON Web Tokens, made anew for each attempt. As client authentication (section 2.2),
//! an assertion identifies the client to one endpoint, once, within a minute. As a grant (section 2.1), it names the
//! subject that the token is for.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use ring::{error::KeyRejected, hmac};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use zeroize::Zeroizing;

use crate::error::ConfigError;

/// The value of `client_assertion_type` (RFC 7523 section 2.2).
pub(crate) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The lifetime of an assertion: enough for one attempt and small clock differences.
const LIFE: Duration = Duration::from_secs(60);

/// A private key that signs assertions: those of the client (`private_key_jwt`), and those of the JWT bearer grant.
///
/// `Debug` shows the algorithm and the key id.
#[derive(Clone)]
pub struct SigningKey {
    pair: Arc<Pair>,
    key_id: Option<String>,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

impl SigningKey {
    /// Reads a key in PEM: RSA for RS256, or P-256 for ES256.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not such a key.
    pub fn from_pem(pem: &SecretString) -> Result<Self, ConfigError> {
        Self::rs256_from_pem(pem).or_else(|not_rsa| {
            // If the key is of neither type, the error about RSA adds nothing to this one.
            Self::es256_from_pem(pem).map_err(|not_p256| match read(pem) {
                Ok(PrivateKeyDer::Pkcs1(_)) => not_rsa,
                Ok(PrivateKeyDer::Pkcs8(_)) => refuse(
                    "the signing key is neither an RSA key of 2048 bits or more nor a P-256 key",
                ),
                _ => not_p256,
            })
        })
    }

    /// Reads an RSA key for RS256 in PEM: PKCS #8 (`BEGIN PRIVATE KEY`) or PKCS #1 (`BEGIN RSA PRIVATE KEY`), of 2048
    /// bits or more, not encrypted.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not such a key.
    pub fn rs256_from_pem(pem: &SecretString) -> Result<Self, ConfigError> {
        let key = match read(pem)? {
            PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
            _ => return Err(refuse("the signing key is not an RSA key")),
        };
        key.map(|key| Self::new(Pair::Rsa(key))).map_err(rejected)
    }

    /// Reads a P-256 key for ES256 in PEM: PKCS #8 (`BEGIN PRIVATE KEY`), not encrypted.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not such a key.
    pub fn es256_from_pem(pem: &SecretString) -> Result<Self, ConfigError> {
        let PrivateKeyDer::Pkcs8(der) = read(pem)? else {
            return Err(refuse(
                "the signing key is not in PKCS #8 form: convert it with `openssl pkcs8 -topk8 -nocrypt`",
            ));
        };
        let key = EcdsaKeyPair::from_pkcs8(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            der.secret_pkcs8_der(),
            &SystemRandom::new(),
        );
        key.map(|key| Self::new(Pair::P256(key))).map_err(rejected)
    }

    /// Sets the id of the key (`kid`) in the header of assertions, for servers that know several keys.
    #[must_use]
    pub fn with_key_id(mut self, key_id: impl Into<String>) -> Self {
        self.key_id = Some(key_id.into());
        self
    }

    fn new(pair: Pair) -> Self {
        Self {
            pair: Arc::new(pair),
            key_id: None,
        }
    }

    fn algorithm(&self) -> &'static str {
        match *self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::P256(_) => "ES256",
        }
    }

    fn sign(&self, input: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match &*self.pair {
            Pair::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, input, &mut signature)
                    .ok()?;
                Some(signature)
            }
            Pair::P256(key) => Some(key.sign(&random, input).ok()?.as_ref().to_vec()),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm())
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

fn read(pem: &SecretString) -> Result<PrivateKeyDer<'static>, ConfigError> {
    PrivateKeyDer::from_pem_slice(pem.expose_secret().as_bytes())
        .map_err(|_| refuse("the signing key is not a private key in PEM"))
}

fn rejected(error: KeyRejected) -> ConfigError {
    ConfigError::new("the signing key", error.to_string())
}

fn refuse(problem: &str) -> ConfigError {
    ConfigError::new("client authentication", problem)
}

/// The key or secret that signs an assertion.
#[derive(Clone, Copy)]
pub(crate) enum Signer<'a> {
    /// `private_key_jwt`.
    Key(&'a SigningKey),
    /// `client_secret_jwt`: HS256 with the client secret.
    Secret(&'a str),
}

/// The claims of an assertion of the JWT bearer grant (RFC 7523 section 3).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claims<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) subject: Option<&'a str>,
    pub(crate) audience: &'a str,
    pub(crate) scope: Option<&'a str>,
    pub(crate) life: Duration,
}

/// Makes a client assertion for one attempt.
pub(crate) fn assertion(
    signer: Signer<'_>,
    client_id: &str,
    audience: &str,
    now: SystemTime,
) -> Option<Zeroizing<String>> {
    let claims = Claims {
        issuer: client_id,
        subject: Some(client_id),
        audience,
        scope: None,
        life: LIFE,
    };
    signed(signer, claims, now)
}

/// Makes an assertion with a fresh id, or returns `None` if it cannot be signed.
pub(crate) fn signed(
    signer: Signer<'_>,
    claims: Claims<'_>,
    now: SystemTime,
) -> Option<Zeroizing<String>> {
    let mut id = [0_u8; 16];
    SystemRandom::new().fill(&mut id).ok()?;
    let issued_at = now.duration_since(UNIX_EPOCH).ok()?;
    let mut members = json!({
        "iss": claims.issuer,
        "aud": claims.audience,
        "jti": URL_SAFE_NO_PAD.encode(id),
        "iat": issued_at.as_secs(),
        "exp": (issued_at + claims.life).as_secs(),
    });
    for (name, value) in [("sub", claims.subject), ("scope", claims.scope)] {
        if let Some(value) = value {
            members[name] = value.into();
        }
    }
    let mut token = Zeroizing::new(String::with_capacity(1_024));
    encode(header(signer).to_string().as_bytes(), &mut token);
    token.push('.');
    encode(members.to_string().as_bytes(), &mut token);
    let signature = sign(signer, token.as_bytes())?;
    token.push('.');
    encode(&signature, &mut token);
    Some(token)
}

fn header(signer: Signer<'_>) -> serde_json::Value {
    match signer {
        Signer::Secret(_) => json!({ "alg": "HS256", "typ": "JWT" }),
        Signer::Key(key) => match &key.key_id {
            Some(key_id) => json!({ "alg": key.algorithm(), "typ": "JWT", "kid": key_id }),
            None => json!({ "alg": key.algorithm(), "typ": "JWT" }),
        },
    }
}

fn sign(signer: Signer<'_>, input: &[u8]) -> Option<Vec<u8>> {
    match signer {
        Signer::Key(key) => key.sign(input),
        Signer::Secret(secret) => {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
            Some(hmac::sign(&key, input).as_ref().to_vec())
        }
    }
}

fn encode(bytes: &[u8], text: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

#[cfg(test)]
#[path = "assertion_tests.rs"]
mod tests;
