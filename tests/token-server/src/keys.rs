//! Private keys made for tests, in PKCS #8. Everybody knows them.

/// An RSA key of 2,048 bits, for `RS256`.
pub const RSA: &str = include_str!("../keys/rsa.pem");

/// A key on the curve P-256, for `ES256`.
pub const P256: &str = include_str!("../keys/p256.pem");
