//! The parameters of each grant's token request.

use secrecy::{ExposeSecret, SecretString};

/// The grant type of RFC 8628 section 3.4.
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The grant type of RFC 7523 section 2.1.
#[cfg(feature = "jwt")]
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// The grant type of RFC 8693 section 2.1.
const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// The grant-specific part of a token request.
#[derive(Debug)]
pub(crate) enum GrantParameters {
    /// RFC 6749 section 4.4.2.
    ClientCredentials,
    /// RFC 6749 section 4.3.2.
    Password {
        username: String,
        password: SecretString,
    },
    /// RFC 6749 section 6. The scope is left out, so that the granted scope stays the same.
    RefreshToken(SecretString),
    /// RFC 6749 section 4.1.3, with the verifier of RFC 7636 section 4.5.
    AuthorizationCode {
        code: SecretString,
        redirect_uri: String,
        verifier: Option<SecretString>,
    },
    /// RFC 8628 section 3.4.
    DeviceCode(SecretString),
    /// RFC 7523 section 2.1. The assertion is made anew for each attempt. If it has the scope as a claim, the
    /// parameter is left out.
    #[cfg(feature = "jwt")]
    JwtBearer { scope_claim: bool },
    /// RFC 8693 section 2.1.
    SubjectToken {
        subject_token: SecretString,
        subject_token_type: String,
        requested_token_type: Option<String>,
    },
}

impl GrantParameters {
    /// Returns the parameters, the grant type first. `assertion` is the one of the JWT bearer grant.
    pub(crate) fn parameters<'a>(
        &'a self,
        scope: &'a str,
        assertion: &'a str,
    ) -> Vec<(&'static str, &'a str)> {
        // Without the feature `jwt` no grant has one.
        let _ = assertion;
        match self {
            Self::ClientCredentials => {
                vec![("grant_type", "client_credentials"), ("scope", scope)]
            }
            Self::Password { username, password } => vec![
                ("grant_type", "password"),
                ("username", username),
                ("password", password.expose_secret()),
                ("scope", scope),
            ],
            Self::RefreshToken(refresh_token) => vec![
                ("grant_type", "refresh_token"),
                ("refresh_token", refresh_token.expose_secret()),
            ],
            Self::AuthorizationCode {
                code,
                redirect_uri,
                verifier,
            } => vec![
                ("grant_type", "authorization_code"),
                ("code", code.expose_secret()),
                ("redirect_uri", redirect_uri),
                ("code_verifier", exposed(verifier.as_ref())),
            ],
            Self::DeviceCode(device_code) => vec![
                ("grant_type", DEVICE_CODE),
                ("device_code", device_code.expose_secret()),
            ],
            #[cfg(feature = "jwt")]
            Self::JwtBearer { scope_claim } => vec![
                ("grant_type", JWT_BEARER),
                ("assertion", assertion),
                ("scope", if *scope_claim { "" } else { scope }),
            ],
            Self::SubjectToken {
                subject_token,
                subject_token_type,
                requested_token_type,
            } => vec![
                ("grant_type", TOKEN_EXCHANGE),
                ("subject_token", subject_token.expose_secret()),
                ("subject_token_type", subject_token_type),
                (
                    "requested_token_type",
                    requested_token_type.as_deref().unwrap_or_default(),
                ),
                ("scope", scope),
            ],
        }
    }

    /// Returns the secrets that an error must not show if the server repeats them.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        match self {
            Self::ClientCredentials => Vec::new(),
            #[cfg(feature = "jwt")]
            Self::JwtBearer { .. } => Vec::new(),
            Self::Password {
                password: secret, ..
            }
            | Self::RefreshToken(secret)
            | Self::DeviceCode(secret)
            | Self::SubjectToken {
                subject_token: secret,
                ..
            } => vec![secret.expose_secret()],
            Self::AuthorizationCode { code, verifier, .. } => {
                vec![code.expose_secret(), exposed(verifier.as_ref())]
            }
        }
    }

    /// Returns whether the same request may be sent twice. A server accepts a code once. It may treat a repeated
    /// refresh token as stolen and revoke all tokens that descend from it (RFC 9700 section 4.14.2).
    pub(crate) fn is_repeatable(&self) -> bool {
        !matches!(
            self,
            Self::RefreshToken(_) | Self::AuthorizationCode { .. } | Self::DeviceCode(_)
        )
    }
}

fn exposed(secret: Option<&SecretString>) -> &str {
    secret.map(ExposeSecret::expose_secret).unwrap_or_default()
}
