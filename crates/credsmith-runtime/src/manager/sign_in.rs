//! What a manager offers where a user is part of it: authorization in a browser or on another device,
//! revocation, and the server's metadata.

use super::{Holder, TokenManager};
use crate::authorization::{AuthorizationRequest, DeviceAuthorization};
use crate::error::TokenError;
use crate::protocol::metadata::ServerMetadata;
use crate::token::Token;

impl TokenManager {
    /// A new authorization request (RFC 6749 sections 4.1.1 and 4.2.1): the URL to send the user's
    /// browser to, with a `state` and a code verifier (RFC 7636) of its own. For the authorization
    /// code and the implicit grant. Sends nothing, unless there is an issuer whose metadata were not read
    /// yet.
    ///
    /// # Errors
    ///
    /// Returns an error if the grant has no such request, if there is no client id, if an endpoint is
    /// not known, or if the metadata of the issuer cannot be read: they say whether the callback has to
    /// name the issuer (RFC 9207).
    pub async fn authorization_request(&self) -> Result<AuthorizationRequest, TokenError> {
        self.call(self.engine.authorization_request()).await
    }

    /// Checks the URL that the browser came back with against `request`, `state` and `iss` (RFC 9207)
    /// included, exchanges its code for a token, installs that, saves it to the store and gives it to
    /// the update callback. Of the implicit grant, the URL has to be the whole one, since the token is
    /// in its fragment.
    ///
    /// Where [`clear_token`](Self::clear_token) or [`revoke_token`](Self::revoke_token) is called
    /// meanwhile, the token is returned and nothing else is done with it. A token that is set meanwhile is
    /// replaced.
    ///
    /// The exchange goes on when the caller goes away. A callback is good for one call: of a second
    /// one the server says `invalid_grant`, and may revoke what the first brought.
    pub async fn complete_authorization(
        &self,
        request: &AuthorizationRequest,
        callback_url: &str,
    ) -> Result<Token, TokenError> {
        let completed = self
            .engine
            .complete_authorization(self.began(), request, callback_url);
        self.call(completed).await
    }

    /// Asks the server for a code that the user enters on another device (RFC 8628 section 3.1).
    pub async fn start_device_authorization(&self) -> Result<DeviceAuthorization, TokenError> {
        self.call(self.engine.start_device_authorization()).await
    }

    /// Polls until the user has entered the code, and installs, saves and announces the token. It
    /// ends with an error once the user has said no ([`TokenError::is_denied`]) or the codes have
    /// expired ([`TokenError::is_expired_device_code`]); failures that may pass only make it poll less
    /// often. Dropping the future ends the polling. A token that comes after the manager was cleared is
    /// returned, and nothing else.
    pub async fn complete_device_authorization(
        &self,
        codes: &DeviceAuthorization,
    ) -> Result<Token, TokenError> {
        let completed = self
            .engine
            .complete_device_authorization(self.began(), codes);
        self.call(completed).await
    }

    /// Ends the authorization: has the server revoke the refresh token and then the access token
    /// (RFC 7009), and forgets both, in the store too. They are forgotten even where the server cannot
    /// be told, which is then the error. Without a token nothing is sent.
    pub async fn revoke_token(&self) -> Result<(), TokenError> {
        self.call(self.engine.revoke_token()).await
    }

    /// The metadata of the server (RFC 8414): fetched once, from the address that the configured issuer
    /// stands for, or from its `openid-configuration` where the first is not known there.
    pub async fn metadata(&self) -> Result<ServerMetadata, TokenError> {
        self.call(self.engine.metadata()).await
    }

    /// The generation in which this sign-in began: with the user authorization, if it is part of that.
    fn began(&self) -> u64 {
        match self.holder {
            Holder::Application { .. } => self.engine.generation(),
            Holder::Hook { generation, .. } => generation,
        }
    }
}
