//! Client authentication by a signed assertion (RFC 7523 section 2.2): a JSON Web Token that says who the client is, for this endpoint, for a minute, once.

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

/// How long an assertion is good for: enough for one attempt and for clocks that differ a little.
const LIFE: Duration = Duration::from_secs(60);

/// A private key that signs client assertions (`private_key_jwt`).
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
    /// An RSA key for RS256, in PEM: PKCS #8 (`BEGIN PRIVATE KEY`) or PKCS #1
    /// (`BEGIN RSA PRIVATE KEY`), of 2048 bits or more, not encrypted.
    pub fn rs256_from_pem(pem: &SecretString) -> Result<Self, ConfigError> {
        let key = match read(pem)? {
            PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
            _ => return Err(refuse("the signing key is not an RSA key")),
        };
        key.map(|key| Self::new(Pair::Rsa(key))).map_err(rejected)
    }

    /// A P-256 key for ES256, in PEM: PKCS #8 (`BEGIN PRIVATE KEY`), not encrypted.
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

    /// Names the key in the header of assertions (`kid`), for servers that know several.
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

    fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match &*self.pair {
            Pair::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .ok()?;
                Some(signature)
            }
            Pair::P256(key) => Some(key.sign(&random, message).ok()?.as_ref().to_vec()),
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

/// What signs an assertion.
#[derive(Clone, Copy)]
pub(crate) enum Signer<'a> {
    /// `private_key_jwt`.
    Key(&'a SigningKey),
    /// `client_secret_jwt`: HS256 with the client secret.
    Secret(&'a str),
}

/// A new assertion for one attempt, with an id that was never used; `None` where it cannot be
/// signed.
pub(crate) fn assertion(
    signer: Signer<'_>,
    client_id: &str,
    audience: &str,
    now: SystemTime,
) -> Option<Zeroizing<String>> {
    let mut id = [0_u8; 16];
    SystemRandom::new().fill(&mut id).ok()?;
    let issued_at = now.duration_since(UNIX_EPOCH).ok()?;
    let claims = json!({
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": URL_SAFE_NO_PAD.encode(id),
        "iat": issued_at.as_secs(),
        "exp": (issued_at + LIFE).as_secs(),
    });
    let mut token = Zeroizing::new(String::with_capacity(1_024));
    encode(header(signer).to_string().as_bytes(), &mut token);
    token.push('.');
    encode(claims.to_string().as_bytes(), &mut token);
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

fn sign(signer: Signer<'_>, message: &[u8]) -> Option<Vec<u8>> {
    match signer {
        Signer::Key(key) => key.sign(message),
        Signer::Secret(secret) => {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
            Some(hmac::sign(&key, message).as_ref().to_vec())
        }
    }
}

fn encode(bytes: &[u8], text: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

#[cfg(test)]
#[path = "assertion_tests.rs"]
mod tests;
