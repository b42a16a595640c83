//! Revocation (RFC 7009): removes the tokens here and revokes them at the server.

use std::sync::Arc;

use secrecy::ExposeSecret;

use super::Engine;
use super::exchange::Obtained;
use super::existing_token::{ACCESS_TOKEN, Destination, REFRESH_TOKEN, TypedToken};
use super::place::Task;
use crate::error::{Endpoint, TokenError};
use crate::protocol::endpoint_response;
use crate::token::Token;

impl Engine {
    /// Revokes the refresh token and the access token. Both are removed first, so that nobody uses them any more, and
    /// stay removed even if the server refuses the revocation.
    pub(crate) async fn revoke_token(self: &Arc<Self>) -> Result<(), TokenError> {
        let engine = Arc::clone(self);
        let work = async move {
            let tokens = engine.take_tokens().await;
            engine.revoke_all(&tokens).await
        };
        self.spawn(work).await
    }

    /// Returns all existing tokens: those of this process, those of an exchange in flight, and those that another
    /// process has saved to the store.
    async fn take_tokens(self: &Arc<Self>) -> Vec<TypedToken> {
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

    /// Clears the token and returns it in one step, so that no token is set in between.
    fn take_cached(&self) -> (Vec<TypedToken>, Option<Task<Obtained>>, u64) {
        let state = self.lock();
        let known = state.last_token().into_iter();
        let known = known.chain(state.refreshable());
        let taken = known.flat_map(|token| parts(&token)).collect();
        let exchange = state.exchange().map(|exchange| exchange.shared.clone());
        let generation = self.replace(state, None);
        (taken, exchange, generation)
    }

    /// Removes the stored token and returns it, unless the application has set another one since.
    async fn take_stored(self: &Arc<Self>, generation: u64) -> Vec<TypedToken> {
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

    /// Revokes the refresh token first, since it could be used to request another access token. If one revocation
    /// fails, the other token is revoked all the same.
    async fn revoke_all(self: &Arc<Self>, tokens: &[TypedToken]) -> Result<(), TokenError> {
        if tokens.is_empty() {
            return Ok(());
        }
        let destination = self.destination(Endpoint::Revocation).await?;
        let mut outcome = Ok(());
        let mut ended = false;
        for token in tokens {
            let revoked = match self.revoke(&destination, token).await {
                // The authorization has ended with the refresh token. The access token was revoked with it, or
                // expires by itself (RFC 7009 section 2.2.1).
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
        destination: &Destination,
        token: &TypedToken,
    ) -> Result<(), TokenError> {
        let revoked = self.send_token(destination, token, |answer, now| {
            endpoint_response::read_empty(&answer.response, now, &answer.secrets)
        });
        revoked.await
    }
}

fn parts(token: &Token) -> impl Iterator<Item = TypedToken> + use<> {
    let refresh_token = token.refresh_token().cloned();
    let refresh_token = refresh_token.map(|token| (REFRESH_TOKEN, token));
    let access_token = (ACCESS_TOKEN, token.access_token().clone());
    refresh_token.into_iter().chain([access_token])
}

/// Orders refresh tokens before access tokens, without duplicates.
fn in_order(tokens: Vec<TypedToken>) -> Vec<TypedToken> {
    let mut ordered: Vec<TypedToken> = Vec::with_capacity(tokens.len());
    for (kind, token) in tokens {
        let is_same = |(_, other): &TypedToken| other.expose_secret() == token.expose_secret();
        if !ordered.iter().any(is_same) {
            ordered.push((kind, token));
        }
    }
    ordered.sort_by_key(|(kind, _)| *kind == ACCESS_TOKEN);
    ordered
}
