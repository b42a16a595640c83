//! A manager's methods for grants with a user: sign-in with a browser or on another device, revocation, introspection,
//! and the server's metadata.

use super::{Handle, TokenManager};
use crate::error::TokenError;
use crate::protocol::introspection::TokenIntrospection;
use crate::protocol::metadata::ServerMetadata;
use crate::sign_in::{DeviceSignIn, SignInRequest};
use crate::token::Token;

impl TokenManager {
    /// Starts a sign-in with a browser: makes an authorization request (RFC 6749 sections 4.1.1 and 4.2.1) with a new
    /// `state` and a new code verifier (RFC 7636). Send the user's browser to its URL. This is for the authorization
    /// code grant and the implicit grant. Sends nothing, unless there is an issuer whose metadata have not been read
    /// yet.
    ///
    /// # Errors
    ///
    /// Returns an error if the grant has no such request, if there is no client id, if an endpoint is not known, or
    /// if the metadata of the issuer cannot be read, which define whether the callback must name the issuer (RFC
    /// 9207).
    pub async fn start_sign_in(&self) -> Result<SignInRequest, TokenError> {
        self.call(self.engine.start_sign_in()).await
    }

    /// Completes a sign-in: checks the URL that the browser came back to against `request`, including `state` and
    /// `iss` (RFC 9207), and exchanges its code for a token. The token is set, saved to the store and passed to the
    /// update callback. For the implicit grant pass the whole URL, since the token is in its fragment.
    ///
    /// If [`clear_token`](Self::clear_token) or [`revoke_token`](Self::revoke_token) is called before this ends, the
    /// token is only returned. A token that is set before this ends is replaced.
    ///
    /// The exchange continues if the future is dropped. Call this once for each callback: the server responds to a
    /// second call with `invalid_grant`, and may revoke the token of the first.
    ///
    /// # Errors
    ///
    /// Returns an error if the callback does not belong to `request`, if it reports an error of the server, or if the
    /// token endpoint refuses the code or cannot be reached.
    pub async fn complete_sign_in(
        &self,
        request: &SignInRequest,
        callback_url: &str,
    ) -> Result<Token, TokenError> {
        let completed = self
            .engine
            .complete_sign_in(self.began(), request, callback_url);
        self.call(completed).await
    }

    /// Starts a sign-in on another device: requests a code that the user enters there (RFC 8628 section 3.1).
    ///
    /// # Errors
    ///
    /// Returns an error if the server refuses the request or cannot be reached, or if the client id is missing.
    pub async fn start_device_sign_in(&self) -> Result<DeviceSignIn, TokenError> {
        self.call(self.engine.start_device_sign_in()).await
    }

    /// Completes a sign-in on another device: polls until the user has entered the code. The token is set, saved to
    /// the store and passed to the update callback. If the token is cleared before this ends, the token is only
    /// returned.
    ///
    /// Dropping the future ends the polling. After a temporary failure it polls less often.
    ///
    /// # Errors
    ///
    /// Returns an error if the user denies access
    /// ([`AccessDenied`](crate::TokenErrorKind::AccessDenied)), if the codes have expired
    /// ([`ExpiredDeviceCode`](crate::TokenErrorKind::ExpiredDeviceCode)), or if the server refuses the request.
    pub async fn complete_device_sign_in(&self, codes: &DeviceSignIn) -> Result<Token, TokenError> {
        let completed = self.engine.complete_device_sign_in(self.began(), codes);
        self.call(completed).await
    }

    /// Revokes the refresh token and then the access token at the server (RFC 7009), and removes both from the
    /// manager and the store. They are removed even if the revocation fails. Without a token nothing is sent.
    ///
    /// # Errors
    ///
    /// Returns an error if the server refuses the revocation or cannot be reached, or if there is no revocation
    /// endpoint.
    pub async fn revoke_token(&self) -> Result<(), TokenError> {
        self.call(self.engine.revoke_token()).await
    }

    /// Requests the state of the access token of `token` from the server: whether it is active, its scope, its expiry
    /// and more (RFC 7662). The manager does not drop a token that is not active: call
    /// [`invalidate`](Self::invalidate) for that.
    ///
    /// ```no_run
    /// # async fn example(manager: credsmith_runtime::TokenManager) -> Result<(), credsmith_runtime::TokenError> {
    /// let token = manager.token().await?;
    /// let said = manager.introspect_token(&token).await?;
    /// if said.is_active() {
    ///     println!("good for {}", said.scope().unwrap_or("everything"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the introspection endpoint is not known, refuses the request or cannot be reached, or if
    /// its response does not say whether the token is active.
    pub async fn introspect_token(&self, token: &Token) -> Result<TokenIntrospection, TokenError> {
        self.call(self.engine.introspect_token(token)).await
    }

    /// Returns the metadata of the server (RFC 8414). They are requested once, from the well-known URL of the issuer,
    /// or from its `openid-configuration` if there are none.
    ///
    /// # Errors
    ///
    /// Returns an error if no issuer is set, if the server has no metadata or cannot be reached, or if the metadata
    /// name another issuer.
    pub async fn metadata(&self) -> Result<ServerMetadata, TokenError> {
        self.call(self.engine.metadata()).await
    }

    /// Returns the generation in which this sign-in began, or in which the user sign-in began if it is part of that.
    fn began(&self) -> u64 {
        match self.handle {
            Handle::Application { .. } => self.engine.generation(),
            Handle::Hook { generation, .. } => generation,
        }
    }
}
