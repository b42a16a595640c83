//! The settings of grants that take a user, and of the server they are sent to.

use std::time::Duration;

use super::TokenManagerBuilder;
use crate::manager::TokenManager;
use crate::provider::UserAuthorization;

impl TokenManagerBuilder {
    /// The address of the authorization endpoint, where the user signs in.
    pub fn authorization_url(mut self, authorization_url: impl Into<String>) -> Self {
        self.authorization_url = authorization_url.into();
        self
    }

    /// The address of the device authorization endpoint (RFC 8628).
    pub fn device_authorization_url(mut self, url: impl Into<String>) -> Self {
        self.device_authorization_url = url.into();
        self
    }

    /// The address of the revocation endpoint (RFC 7009).
    pub fn revocation_url(mut self, revocation_url: impl Into<String>) -> Self {
        self.revocation_url = revocation_url.into();
        self
    }

    /// The server's issuer identifier (RFC 8414): endpoints that are not set are discovered by it, and
    /// authorization responses that name another issuer are refused (RFC 9207).
    ///
    /// Its metadata are read before the first sign-in in a browser, also if all endpoints are set: they
    /// say whether every response has to name the issuer. A server that publishes none has no issuer in
    /// this sense: leave it out, or the sign-in fails.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = issuer.into();
        self
    }

    /// Where the server sends the user's browser back to, exactly as it is registered there. An empty
    /// one is left out of the requests.
    pub fn redirect_uri(mut self, redirect_uri: impl Into<String>) -> Self {
        self.authorization.redirect_uri = redirect_uri.into();
        self
    }

    /// Whether authorization codes are bound to this application by a verifier (RFC 7636), as they
    /// are by default. Off only for servers that refuse the parameters.
    pub fn pkce(mut self, pkce: bool) -> Self {
        self.authorization.pkce = pkce;
        self
    }

    /// One more parameter of the authorization request, the one for a device included, for example
    /// `access_type`. An empty one is left out.
    pub fn authorization_parameter(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        let parameter = (name.into(), value.into());
        self.authorization.parameters.push(parameter);
        self
    }

    /// Sets how long the user authorization may take: 10 min by default. Time inside the manager's calls that it
    /// makes, such as the wait for a device, does not count.
    pub fn sign_in_timeout(mut self, sign_in_timeout: Duration) -> Self {
        self.sign_in_timeout = sign_in_timeout;
        self
    }

    /// What asks the user, where only the user can help.
    pub fn user_authorization(mut self, hook: UserAuthorization<TokenManager>) -> Self {
        self.user_authorization = Some(hook);
        self
    }

    /// The same with a manager type of its own.
    pub fn user_authorization_of<M>(self, hook: UserAuthorization<M>) -> Self
    where
        M: From<TokenManager> + Send + 'static,
    {
        self.user_authorization(hook.map())
    }
}
