//! Private keys made for tests, in PKCS #8. Everybody knows them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
};

/// An RSA key of 2,048 bits, for `RS256`.
pub const RSA: &str = include_str!("../keys/rsa.pem");

/// A key on the curve P-256, for `ES256`.
pub const P256: &str = include_str!("../keys/p256.pem");

/// The public half of a private key, and the algorithm it is for (RFC 7518 section 3.1).
#[derive(Clone, Debug)]
pub(crate) struct PublicKey {
    algorithm: &'static str,
    key: UnparsedPublicKey<Vec<u8>>,
}

impl PublicKey {
    /// That of a private key in PKCS #8, as PEM.
    pub(crate) fn of_private(pem: &str) -> Option<Self> {
        let lines = pem.lines().map(str::trim);
        let text: String = lines.filter(|line| !line.starts_with("-----")).collect();
        let der = STANDARD.decode(text).ok()?;
        if let Ok(pair) = rsa::KeyPair::from_pkcs8(&der) {
            let key = pair.public_key().as_ref().to_vec();
            return Some(Self {
                algorithm: "RS256",
                key: UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key),
            });
        }
        let random = SystemRandom::new();
        let signing = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = EcdsaKeyPair::from_pkcs8(signing, &der, &random).ok()?;
        let key = pair.public_key().as_ref().to_vec();
        Some(Self {
            algorithm: "ES256",
            key: UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key),
        })
    }

    pub(crate) fn verifies(&self, algorithm: &str, text: &[u8], signature: &[u8]) -> bool {
        algorithm == self.algorithm && self.key.verify(text, signature).is_ok()
    }
}
