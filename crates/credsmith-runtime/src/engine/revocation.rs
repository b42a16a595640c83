//! The end of an authorization (RFC 7009): the server is told to forget the tokens, and they are
//! forgotten here.

use std::sync::Arc;

use http::Uri;
use secrecy::{ExposeSecret, SecretString};

use super::Engine;
use super::endpoint::{Content, Message};
use super::exchange::Obtained;
use super::place::Task;
use crate::error::{Endpoint, Reason, TokenError};
use crate::protocol::answer;
use crate::token::Token;
use crate::trace::event;

/// A token to revoke, and what it is.
type Revoked = (&'static str, SecretString);

const REFRESH_TOKEN: &str = "refresh_token";
const ACCESS_TOKEN: &str = "access_token";

impl Engine {
    /// Revokes the refresh token and the access token. Both are forgotten first, so that nobody uses
    /// them any more, and stay forgotten whatever the server says.
    pub(crate) async fn revoke_token(self: &Arc<Self>) -> Result<(), TokenError> {
        let engine = Arc::clone(self);
        let work = async move {
            let tokens = engine.take_tokens().await;
            engine.revoke_all(&tokens).await
        };
        self.spawn(work).await
    }

    /// All tokens that there are: those of this process, those that an exchange under way still brings, and
    /// those that another process has left in the store.
    async fn take_tokens(self: &Arc<Self>) -> Vec<Revoked> {
        let (mut taken, exchange, generation) = self.take_cached();
        taken.extend(self.take_stored(generation).await);
        if let Some(exchange) = exchange {
            let limit = self.settings.limits().exchange_timeout();
            let ended = self.in_time(limit, exchange).await;
            if let Some(Ok(obtained)) = ended {
                taken.extend(parts(&obtained.cached.token()));
            }
        }
        in_order(taken)
    }

    /// Clears the token, and says what there was, in one step: nothing is installed in between.
    fn take_cached(&self) -> (Vec<Revoked>, Option<Task<Obtained>>, u64) {
        let state = self.lock();
        let known = state.last_token().into_iter();
        let known = known.chain(state.refreshable());
        let taken = known.flat_map(|token| parts(&token)).collect();
        let exchange = state.exchange().map(|exchange| exchange.shared.clone());
        let generation = self.replace(state, None);
        (taken, exchange, generation)
    }

    /// Removes what is stored, and says what it was; nothing of what the application has set since.
    async fn take_stored(self: &Arc<Self>, generation: u64) -> Vec<Revoked> {
        let mut budget = self.store_budget();
        let stored = match self.store() {
            Some(_) => self.stored_token(&mut budget).await,
            None => return Vec::new(),
        };
        self.finish_writing(&mut budget).await;
        let is_current = self.lock().generation() == generation;
        let stored = stored.unwrap_or(None).filter(|_| is_current);
        stored.iter().flat_map(parts).collect()
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
        self: &Arc<Self>,
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
        self: &Arc<Self>,
        address: &Uri,
        audience: &str,
        (kind, token): &Revoked,
    ) -> Result<(), TokenError> {
        event!(debug, scheme = self.settings.scheme, address = %crate::protocol::url::shown(address), kind, "revocation request");
        let answer = self.post(Box::new(Message {
            endpoint: Endpoint::Revocation,
            address: address.clone(),
            audience: audience.to_owned(),
            content: Content::Revocation {
                kind,
                token: token.clone(),
            },
        }));
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
