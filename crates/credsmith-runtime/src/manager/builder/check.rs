//! Checks of the settings.

use super::TokenManagerBuilder;
use crate::engine::{Address, Endpoints};
use crate::error::Endpoint;
use crate::grant::Grant;
use crate::protocol::authentication::ClientAuthentication;
use crate::protocol::{metadata, url};

impl TokenManagerBuilder {
    /// Returns the configured URLs. Those that the grant needs must be set, unless they can be discovered.
    pub(super) fn endpoints(&self) -> Result<Endpoints, String> {
        let read = |endpoint: Endpoint, given: &str, is_needed: bool| {
            let is_discovered = !self.issuer.is_empty() || !is_needed;
            if given.is_empty() && is_discovered {
                return Ok(None);
            }
            let uri = url::parse(endpoint.setting(), given, self.allow_insecure_http)?;
            let given = given.to_owned();
            Ok::<_, String>(Some(Box::new(Address { given, uri })))
        };
        if !self.issuer.is_empty() {
            metadata::addresses(&self.issuer, self.allow_insecure_http)?;
        }
        let (is_code, is_implicit, is_device) = match self.grant {
            Grant::AuthorizationCode => (true, false, false),
            Grant::Implicit => (false, true, false),
            Grant::DeviceCode => (false, false, true),
            _ => (false, false, false),
        };
        let of_device = &self.device_authorization_url;
        Ok(Endpoints {
            token: read(Endpoint::Token, &self.token_url, !is_implicit)?,
            authorization: read(
                Endpoint::Authorization,
                &self.authorization_url,
                is_code || is_implicit,
            )?,
            device_authorization: read(Endpoint::DeviceAuthorization, of_device, is_device)?,
            revocation: read(Endpoint::Revocation, &self.revocation_url, false)?,
            introspection: read(Endpoint::Introspection, &self.introspection_url, false)?,
            issuer: Some(self.issuer.clone()).filter(|issuer| !issuer.is_empty()),
            allow_insecure_http: self.allow_insecure_http,
        })
    }

    /// Checks the client id for the raw form of HTTP Basic, which cannot represent a colon in it (RFC 7617 section
    /// 2).
    pub(super) fn check_raw_basic(&self) -> Result<(), String> {
        let raw = self.authentication == ClientAuthentication::ClientSecretBasicRaw;
        if raw && self.client_id.as_ref().is_some_and(|id| id.contains(':')) {
            return Err(format!(
                "{} must not contain a colon without form-encoding",
                self.credential_names.0
            ));
        }
        Ok(())
    }
}

/// Checks that the redirect URI is absolute and has no fragment (RFC 6749 section 3.1.2). Private-use schemes are
/// allowed.
pub(super) fn check_redirect_uri(redirect_uri: &str) -> Result<(), String> {
    if redirect_uri.is_empty() {
        return Ok(());
    }
    let is_visible = redirect_uri.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_visible || !redirect_uri.contains(':') {
        return Err("the redirect URI is not an absolute URI".to_owned());
    }
    if redirect_uri.contains('#') {
        return Err("the redirect URI must not have a fragment".to_owned());
    }
    Ok(())
}

/// Checks the codes: a code with another meaning must not cost a valid refresh token.
pub(super) fn check_refresh_token_error_codes(codes: &[String]) -> Result<(), String> {
    const OTHERS: [&str; 3] = ["invalid_client", "server_error", "temporarily_unavailable"];
    for code in codes {
        if code.trim().is_empty() {
            return Err("an error code of refresh tokens is empty".to_owned());
        }
        if OTHERS.contains(&code.as_str()) {
            return Err(format!(
                "`{code}` says nothing about a refresh token: it must not be an error code of refresh tokens"
            ));
        }
    }
    Ok(())
}
