//! Settings of grants with a user, and of the server that signs users in.

use std::time::Duration;

use super::TokenManagerBuilder;
use crate::manager::TokenManager;
use crate::provider::UserSignIn;

impl TokenManagerBuilder {
    /// Sets the URL of the authorization endpoint, where the user signs in.
    pub fn authorization_url(mut self, authorization_url: impl Into<String>) -> Self {
        self.authorization_url = authorization_url.into();
        self
    }

    /// Sets the URL of the device authorization endpoint (RFC 8628).
    pub fn device_authorization_url(mut self, url: impl Into<String>) -> Self {
        self.device_authorization_url = url.into();
        self
    }

    /// Sets the URL of the revocation endpoint (RFC 7009).
    pub fn revocation_url(mut self, revocation_url: impl Into<String>) -> Self {
        self.revocation_url = revocation_url.into();
        self
    }

    /// Sets the URL of the introspection endpoint (RFC 7662).
    pub fn introspection_url(mut self, introspection_url: impl Into<String>) -> Self {
        self.introspection_url = introspection_url.into();
        self
    }

    /// Sets the issuer identifier of the server (RFC 8414). Endpoints that are not set are discovered with it, and
    /// sign-in responses that name another issuer are refused (RFC 9207).
    ///
    /// Its metadata are read before the first sign-in with a browser, even if all endpoints are set, because they
    /// define whether each response must name the issuer. If the server publishes no metadata, do not set an issuer;
    /// otherwise sign-ins fail.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = issuer.into();
        self
    }

    /// Sets the redirect URI, exactly as it is registered with the server. The server sends the user's browser back
    /// to it. An empty value is left out of the requests.
    pub fn redirect_uri(mut self, redirect_uri: impl Into<String>) -> Self {
        self.authorization.redirect_uri = redirect_uri.into();
        self
    }

    /// Sets whether PKCE is used (RFC 7636). The default is `true`. Turn it off only for servers that refuse its
    /// parameters.
    pub fn pkce(mut self, pkce: bool) -> Self {
        self.authorization.pkce = pkce;
        self
    }

    /// Adds a parameter to authorization requests, including those for devices, for example `access_type`. An empty
    /// value is left out.
    pub fn authorization_parameter(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        let parameter = (name.into(), value.into());
        self.authorization.parameters.push(parameter);
        self
    }

    /// Sets the time limit of the user sign-in. The default is 10 min. The time of its calls of the manager, such as
    /// the wait for a device, does not count.
    pub fn sign_in_timeout(mut self, sign_in_timeout: Duration) -> Self {
        self.limits.sign_in_timeout = sign_in_timeout;
        self
    }

    /// Sets a hook that asks the user to sign in, if there is no token that can be refreshed.
    pub fn user_sign_in(mut self, hook: UserSignIn<TokenManager>) -> Self {
        self.user_sign_in = Some(hook);
        self
    }
}
