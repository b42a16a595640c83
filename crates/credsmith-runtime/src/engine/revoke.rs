//! The end of an authorization (RFC 7009): the server is told to forget the tokens, and they are
//! forgotten here.

use std::sync::Arc;

use http::Uri;
use secrecy::{ExposeSecret, SecretString};

use super::Engine;
use super::call::Message;
use crate::error::{Endpoint, Reason, TokenError};
use crate::protocol::answer;
use crate::trace::event;

/// A token to revoke, and what it is.
type Revoked = (&'static str, SecretString);

impl Engine {
    /// Revokes the refresh token and the access token. Both are forgotten first, so that nobody uses
    /// them any more, and stay forgotten whatever the server says.
    pub(crate) async fn revoke_token(self: &Arc<Self>) -> Result<(), TokenError> {
        let engine = Arc::clone(self);
        let work = async move {
            let tokens = engine.take_tokens().await;
            engine.revoke_all(&tokens).await
        };
        self.apart(work).await
    }

    #[cfg_attr(
        not(feature = "store"),
        expect(clippy::unused_async, reason = "only a store is waited for")
    )]
    async fn take_tokens(&self) -> Vec<Revoked> {
        #[cfg(feature = "store")]
        let held = match self.store() {
            Some(store) => {
                let held = self.hold(store).await;
                if self.lock().last_token().is_none() {
                    if let Some(stored) = self.stored(store).await {
                        self.set(stored);
                    }
                }
                held
            }
            None => None,
        };
        let tokens = {
            let state = self.lock();
            let refresh_token = state.refresh_token().cloned();
            let access_token = state.last_token().map(|token| token.access_token().clone());
            let refresh_token = refresh_token.map(|token| ("refresh_token", token));
            let access_token = access_token.map(|token| ("access_token", token));
            refresh_token.into_iter().chain(access_token).collect()
        };
        self.clear();
        #[cfg(feature = "store")]
        {
            self.unsave(None).await;
            drop(held);
        }
        tokens
    }

    /// The refresh token goes first: while it lives, another access token could be had. A failure keeps
    /// nobody from trying the other.
    async fn revoke_all(self: &Arc<Self>, tokens: &[Revoked]) -> Result<(), TokenError> {
        if tokens.is_empty() {
            return Ok(());
        }
        let address = self.address(Endpoint::Revocation).await?;
        let audience = self.audience().await?;
        let mut outcome = Ok(());
        for token in tokens {
            let revoked = self.revoke(&address, &audience, token).await;
            outcome = outcome.and(revoked);
        }
        outcome
    }

    async fn revoke(
        &self,
        address: &Uri,
        audience: &str,
        token: &Revoked,
    ) -> Result<(), TokenError> {
        let mut tries = self.tries();
        loop {
            match self.revoke_once(address, audience, token).await {
                Ok(()) => return Ok(()),
                Err(error) => tries.pause(self, error, true).await?,
            }
        }
    }

    async fn revoke_once(
        &self,
        address: &Uri,
        audience: &str,
        (kind, token): &Revoked,
    ) -> Result<(), TokenError> {
        let token = token.expose_secret();
        event!(debug, scheme = self.settings.scheme, address = %crate::protocol::url::shown(address), kind, "revocation request");
        let own = [("token", token), ("token_type_hint", kind)];
        let answer = self.post(Message {
            endpoint: Endpoint::Revocation,
            address,
            audience,
            own: &own,
            more: &[],
            secrets: vec![token],
        });
        let answer = answer.await?;
        let now = self.settings.clock.wall();
        answer::read_empty(&answer.response, now, &answer.secrets)
            .map_err(|refusal| self.error(Reason::Refused(Endpoint::Revocation, refusal)))
    }
}
