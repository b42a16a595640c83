//! The end of an authorization (RFC 7009): the server is told to forget the tokens, and they are
//! forgotten here.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use http::Uri;
use secrecy::{ExposeSecret, SecretString};

use super::Engine;
use super::call::Message;
use super::fetch::Fetched;
use super::joint::Joint;
use crate::error::{Endpoint, Reason, TokenError};
use crate::protocol::answer;
use crate::token::Token;
use crate::trace::event;

/// A token to revoke, and what it is.
type Revoked = (&'static str, SecretString);

const REFRESH_TOKEN: &str = "refresh_token";
const ACCESS_TOKEN: &str = "access_token";

/// What a refresh under way may take: its attempts, and the store.
const UNDER_WAY_LIMIT: Duration = Duration::from_secs(75);

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

    /// All tokens that there are: those of this process, those that a refresh under way still brings, and
    /// those that another process has left in the store.
    async fn take_tokens(self: &Arc<Self>) -> Vec<Revoked> {
        let (mut taken, under_way, epoch) = self.take();
        if let Some(refresh) = under_way {
            // A store that waits for this manager inside of its own refresh must not wait for ever.
            let limit = self.settings.clock.sleep(UNDER_WAY_LIMIT);
            if let Either::Left((Ok(fetched), _)) = select(refresh.outcome(), limit).await {
                taken.extend(parts(&fetched.token));
            }
        }
        #[cfg(feature = "store")]
        taken.extend(self.take_stored(epoch).await);
        let _ = epoch;
        in_order(taken)
    }

    /// What is stored, and what somebody has taken from there since `epoch`; nothing of what the
    /// application has said since.
    #[cfg(feature = "store")]
    async fn take_stored(self: &Arc<Self>, epoch: u64) -> Vec<Revoked> {
        let Some(store) = self.store() else {
            return Vec::new();
        };
        let held = self.hold(store).await;
        if self.lock().epoch() != epoch {
            return Vec::new();
        }
        let stored = self.stored(store).await;
        let is_gone = self.unsave(None).await;
        let mut taken: Vec<_> = stored.as_ref().into_iter().flat_map(parts).collect();
        if self.has_anything(epoch) {
            taken.extend(self.take().0);
        }
        self.owe_unless(is_gone);
        if held.is_none() {
            // What was set meanwhile may have been saved in turn, and be gone with the rest.
            self.tell_again(epoch);
        }
        drop(held);
        taken
    }

    /// Whether there is anything in the slot that the application has not put there since `epoch`.
    #[cfg(feature = "store")]
    fn has_anything(&self, epoch: u64) -> bool {
        let state = self.lock();
        let is_empty = state.entry().is_none() && state.refresh_token().is_none();
        state.epoch() == epoch && !is_empty
    }

    /// Empties the slot, and says what was in it, in one step: nothing is installed in between.
    fn take(&self) -> (Vec<Revoked>, Option<Joint<Fetched>>, u64) {
        let now = self.now();
        let mut state = self.lock();
        let refresh_token = state.refresh_token().cloned();
        let last = state.last_token();
        let under_way = state.fetch_place().clone();
        let forgotten = state.replace(None);
        let epoch = state.epoch();
        self.publish(&state, now);
        drop(state);
        drop(forgotten);
        let refresh_token = refresh_token.map(|token| (REFRESH_TOKEN, token));
        let access_token = last.map(|token| (ACCESS_TOKEN, token.access_token().clone()));
        (
            refresh_token.into_iter().chain(access_token).collect(),
            under_way,
            epoch,
        )
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
        let mut ended = false;
        for token in tokens {
            let revoked = match self.revoke(&address, &audience, token).await {
                // With the refresh token the authorization has ended, and this one with it or by itself
                // (RFC 7009 section 2.2.1).
                Err(error) if ended && error.error() == Some("unsupported_token_type") => Ok(()),
                revoked => revoked,
            };
            ended |= revoked.is_ok() && token.0 == REFRESH_TOKEN;
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

fn parts(token: &Token) -> impl Iterator<Item = Revoked> + use<> {
    let refresh_token = token.refresh_token().cloned();
    let refresh_token = refresh_token.map(|token| (REFRESH_TOKEN, token));
    let access_token = (ACCESS_TOKEN, token.access_token().clone());
    refresh_token.into_iter().chain([access_token])
}

/// Refresh tokens before access tokens, and none twice.
fn in_order(tokens: Vec<Revoked>) -> Vec<Revoked> {
    let mut ordered: Vec<Revoked> = Vec::with_capacity(tokens.len());
    for (kind, token) in tokens {
        let is_same = |(_, other): &Revoked| other.expose_secret() == token.expose_secret();
        if !ordered.iter().any(is_same) {
            ordered.push((kind, token));
        }
    }
    ordered.sort_by_key(|(kind, _)| *kind == ACCESS_TOKEN);
    ordered
}
