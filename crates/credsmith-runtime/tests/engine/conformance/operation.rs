//! The operation of a vector, and the calls of a manager that perform it.

use bytes::Bytes;
#[cfg(feature = "jwt")]
use credsmith_runtime::JwtBearer;
use credsmith_runtime::{
    Grant, PasswordGrant, Token, TokenExchange, TokenManager, TokenManagerBuilder,
};
use http::Response;
use serde::Deserialize;

use super::settings::Key;
use crate::support::{Scripted, UNAVAILABLE};

const REDIRECT_URI: &str = "https://app.example/callback";

/// The codes of the device authorization endpoint, without the device code.
const CODES: &str =
    r#""user_code":"WDJB-MJHT","verification_uri":"https://acme.example/device","expires_in":600"#;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(
    not(feature = "jwt"),
    expect(dead_code, reason = "the parts of `jwt_bearer`")
)]
pub(super) enum Operation {
    ClientCredentials,
    Password {
        username: String,
        password: String,
    },
    RefreshToken {
        refresh_token: String,
    },
    AuthorizationCode {
        code: String,
        redirect_uri: String,
        pkce: bool,
    },
    DeviceCode {
        device_code: String,
    },
    JwtBearer {
        issuer: String,
        subject: Option<String>,
        audience: Option<String>,
        scope_claim: bool,
        lifetime: Option<u64>,
        signing_key: Key,
    },
    TokenExchange {
        subject_token: String,
        subject_token_type: Option<String>,
        requested_token_type: Option<String>,
    },
    DeviceAuthorization,
    Revocation {
        token: String,
        token_type_hint: Hint,
    },
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Hint {
    AccessToken,
    RefreshToken,
}

impl Operation {
    pub(super) fn needs_jwt(&self) -> bool {
        matches!(self, Self::JwtBearer { .. })
    }

    /// The responses of the server: first a failure if the request may be repeated, so that there are
    /// two requests to look at.
    pub(super) fn responses(&self) -> Vec<Scripted> {
        match self {
            Self::RefreshToken { .. } | Self::AuthorizationCode { .. } => {
                vec![Scripted::Token("3600")]
            }
            Self::DeviceCode { device_code } => {
                vec![codes(device_code), Scripted::Token("3600")]
            }
            Self::DeviceAuthorization => vec![UNAVAILABLE, codes("d-1")],
            _ => vec![UNAVAILABLE, Scripted::Token("3600")],
        }
    }

    /// Returns the number of requests before those that the vector describes.
    pub(super) fn preceding(&self) -> usize {
        usize::from(matches!(self, Self::DeviceCode { .. }))
    }

    /// Returns the number of requests that the vector describes; a revocation may be followed by that of another token.
    pub(super) fn described(&self) -> usize {
        match self {
            Self::RefreshToken { .. }
            | Self::AuthorizationCode { .. }
            | Self::DeviceCode { .. } => 1,
            _ => 2,
        }
    }

    pub(super) fn configure(&self, builder: TokenManagerBuilder) -> TokenManagerBuilder {
        match self {
            Self::ClientCredentials => builder,
            Self::Password { username, password } => {
                let grant = PasswordGrant::new(username, password.as_str().into());
                builder.grant(Grant::Password(grant))
            }
            Self::RefreshToken { refresh_token } => {
                let token = Token::new("a-0").with_refresh_token(refresh_token.as_str());
                for_user(builder).token(token)
            }
            Self::AuthorizationCode {
                redirect_uri, pkce, ..
            } => for_user(builder).redirect_uri(redirect_uri).pkce(*pkce),
            Self::DeviceCode { .. } | Self::DeviceAuthorization => builder.grant(Grant::DeviceCode),
            #[cfg(feature = "jwt")]
            Self::JwtBearer { .. } => builder.grant(Grant::JwtBearer(self.jwt_bearer())),
            #[cfg(not(feature = "jwt"))]
            Self::JwtBearer { .. } => builder,
            Self::TokenExchange {
                subject_token,
                subject_token_type,
                requested_token_type,
            } => {
                let mut grant = TokenExchange::new(subject_token.as_str());
                if let Some(token_type) = subject_token_type {
                    grant = grant.subject_token_type(token_type);
                }
                if let Some(token_type) = requested_token_type {
                    grant = grant.requested_token_type(token_type);
                }
                builder.grant(Grant::TokenExchange(grant))
            }
            Self::Revocation {
                token,
                token_type_hint,
            } => for_user(builder).token(match token_type_hint {
                Hint::AccessToken => Token::new(token.as_str()),
                Hint::RefreshToken => Token::new("a-0").with_refresh_token(token.as_str()),
            }),
        }
    }

    #[cfg(feature = "jwt")]
    fn jwt_bearer(&self) -> JwtBearer {
        let Self::JwtBearer {
            issuer,
            subject,
            audience,
            scope_claim,
            lifetime,
            signing_key,
        } = self
        else {
            panic!("another grant");
        };
        let mut grant = JwtBearer::new(issuer)
            .signing_key(signing_key.read())
            .subject(subject.as_deref().unwrap_or_default())
            .audience(audience.as_deref().unwrap_or_default())
            .scope_claim(*scope_claim);
        if let Some(lifetime) = lifetime {
            grant = grant.lifetime(crate::support::seconds(*lifetime));
        }
        grant
    }

    /// Has `manager` send the requests. Returns the code challenge of the authorization request, if
    /// there was one.
    pub(super) async fn perform(&self, manager: &TokenManager) -> Option<String> {
        match self {
            Self::AuthorizationCode { code, .. } => {
                let request = manager.start_sign_in().await.unwrap();
                let callback = callback(code, request.state());
                let outcome = manager.complete_sign_in(&request, &callback).await;
                outcome.unwrap();
                let query = request.url().split_once('?').unwrap().1;
                return parameter(query.as_bytes(), "code_challenge");
            }
            Self::DeviceCode { .. } => {
                let codes = manager.start_device_sign_in().await.unwrap();
                let outcome = manager.complete_device_sign_in(&codes).await;
                outcome.unwrap();
            }
            Self::DeviceAuthorization => {
                manager.start_device_sign_in().await.unwrap();
            }
            Self::Revocation { .. } => manager.revoke_token().await.unwrap(),
            _ => {
                manager.fetch_token().await.unwrap();
            }
        }
        None
    }
}

/// A manager whose user signs in with a browser.
pub(super) fn for_user(builder: TokenManagerBuilder) -> TokenManagerBuilder {
    builder
        .grant(Grant::AuthorizationCode)
        .authorization_url("https://acme.example/authorize")
        .redirect_uri(REDIRECT_URI)
}

/// The URL that the user's browser is sent back to.
pub(super) fn callback(code: &str, state: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("code", code), ("state", state)])
        .finish();
    format!("{REDIRECT_URI}?{query}")
}

/// The value of a form's parameter.
pub(super) fn parameter(form: &[u8], name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(form);
    let (_, value) = pairs.find(|(other, _)| other == name)?;
    Some(value.into_owned())
}

fn codes(device_code: &str) -> Scripted {
    let device_code = serde_json::Value::from(device_code);
    let body = format!(r#"{{"device_code":{device_code},{CODES}}}"#);
    Scripted::Whole(Box::leak(Box::new(Response::new(Bytes::from(body)))))
}
