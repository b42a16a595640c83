//! How another token is had from the endpoint: with the refresh token, as long as the server takes
//! one, else by running the grant again; where that takes the user, an error says so.
//!
//! A server that rotates refresh tokens puts the old one out of use with its answer. The new one is
//! therefore saved and installed here, before anyone who waits for the exchange can go on, and the
//! request is not repeated once it may have reached the server. Processes that share a store take
//! turns: who has the lock looks first whether another was faster, and goes on with what that one
//! left.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::application::caught;
use super::fetch::Fetched;
#[cfg(feature = "store")]
use super::shared::TURN_LIMIT;
use super::state::Forgotten;
use super::{Engine, Entry};
use crate::error::{Reason, RefreshTokenVerdict, TokenError, UserNeeded};
use crate::grant::{Grant, TokenExchange};
use crate::protocol::exchange::Exchange;
use crate::trace::event;

impl Engine {
    /// Another token, for work that began in `epoch`.
    pub(super) async fn renewed(self: &Arc<Self>, epoch: u64) -> Result<Fetched, TokenError> {
        if !self.settings.grant.takes_refresh_tokens() {
            return self.run_grant(None).await;
        }
        #[cfg(feature = "store")]
        if let Some(store) = self.store() {
            self.settled().await;
            let held = self.hold_within(TURN_LIMIT, store).await;
            if let Some(token) = self.load(store).await {
                return Ok(self.adopt(epoch, Fetched::found(token), None));
            }
            let mut fetched = self.refreshed(epoch).await?;
            fetched.held = held.filter(|_| fetched.adopted.is_none());
            return Ok(fetched);
        }
        self.refreshed(epoch).await
    }

    /// The token that the application has set since `epoch`, if it lives: there is nothing to refresh.
    fn set_since(&self, epoch: u64) -> Option<Arc<Entry>> {
        let is_set = self.lock().epoch() != epoch;
        self.living_entry().filter(|_| is_set)
    }

    /// What the refresh token brings. Another process may have spent it, and have left its successor in
    /// the store: that is tried once, before the grant is run again.
    async fn refreshed(self: &Arc<Self>, epoch: u64) -> Result<Fetched, TokenError> {
        let mut refused = None;
        loop {
            // Also while the store was waited for.
            if let Some(entry) = self.set_since(epoch) {
                return Ok(Fetched::installed(&entry));
            }
            let Some(refresh_token) = self.refresh_token() else {
                break;
            };
            let exchange = Exchange::RefreshToken(refresh_token.clone());
            let error = match self.exchange(&exchange).await {
                Ok(fetched) => return Ok(self.keep(epoch, fetched, refresh_token).await),
                Err(error) => error,
            };
            match error.refresh_token_verdict(&self.settings.refresh_token_error_codes) {
                RefreshTokenVerdict::Refused => (),
                RefreshTokenVerdict::AskUserButKeep if self.settings.grant.needs_user() => {
                    return Err(self.user_needed(Some(error), false));
                }
                _ => return Err(error),
            }
            self.forget(&refresh_token).await;
            // What the application has set since is for a refresh of its own.
            if refused.replace(error).is_some() || self.lock().epoch() != epoch {
                break;
            }
            #[cfg(feature = "store")]
            if let Some(found) = self.left_by_another(epoch).await {
                return Ok(found);
            }
        }
        self.run_grant(refused).await
    }

    /// The token that another process has left since; of one that is not of use, its refresh token is
    /// taken over.
    #[cfg(feature = "store")]
    async fn left_by_another(&self, epoch: u64) -> Option<Fetched> {
        let token = self.load(self.store()?).await?;
        Some(self.adopt(epoch, Fetched::found(token), None))
    }

    fn refresh_token(&self) -> Option<SecretString> {
        self.lock().refresh_token().cloned()
    }

    /// Keeps what a refresh brought, and what its response did not repeat (RFC 6749 section 6).
    #[cfg_attr(
        not(feature = "store"),
        expect(clippy::unused_async, reason = "only a store is waited for")
    )]
    async fn keep(
        self: &Arc<Self>,
        epoch: u64,
        mut fetched: Fetched,
        old: SecretString,
    ) -> Fetched {
        let before = self.lock().token_with(&old);
        fetched.token = fetched.token.continuing(before.as_ref(), &old);
        // Where the application has changed the slot since, the store may still hold the old one,
        // which the server takes for stolen when it comes again.
        #[cfg(feature = "store")]
        let (is_to_be_saved, is_saved) = {
            let belongs = self.lock().belongs(epoch, Some(&old));
            let is_to_be_saved = belongs || self.is_stored(&old).await;
            let is_saved = is_to_be_saved && self.save(&fetched.token).await;
            (is_to_be_saved, is_saved)
        };
        let fetched = self.adopt(epoch, fetched, Some(&old));
        #[cfg(feature = "store")]
        if fetched.adopted.is_some() {
            self.owe_unless(is_saved);
        } else if is_to_be_saved {
            self.tell_again(epoch);
        }
        fetched
    }

    /// Installs at once what `refresh_token` brought, unless the application has put something else into
    /// the slot since. The application is told of it by whoever waited for it.
    fn adopt(
        &self,
        epoch: u64,
        mut fetched: Fetched,
        refresh_token: Option<&SecretString>,
    ) -> Fetched {
        let entry = self.entry_for(fetched.token.clone(), fetched.issued);
        let now = self.now();
        let mut state = self.lock();
        let adopted = state.adopt(epoch, &entry, refresh_token, now);
        if adopted.is_some() {
            self.publish(&state, now);
            self.counters.refreshes.add();
            fetched.adopted = Some(entry);
        }
        drop(state);
        drop(adopted);
        fetched
    }

    /// Forgets a refresh token that the server does not take any more.
    #[cfg_attr(
        not(feature = "store"),
        expect(clippy::unused_async, reason = "only a store is waited for")
    )]
    async fn forget(&self, refresh_token: &SecretString) {
        event!(
            debug,
            scheme = self.settings.scheme,
            "the server no longer takes the refresh token; forgotten"
        );
        drop(self.put_out_of_use(refresh_token));
        #[cfg(feature = "store")]
        self.unsave(Some(refresh_token)).await;
    }

    fn put_out_of_use(&self, refresh_token: &SecretString) -> Forgotten {
        let without = self.lock().entry().map(|entry| {
            let token = entry.token().without_refresh_token(refresh_token);
            Entry::new(token, entry.schedule, entry.anchor)
        });
        let now = self.now();
        let mut state = self.lock();
        let forgotten = state.forget_refresh_token(refresh_token.expose_secret(), without);
        self.publish(&state, now);
        forgotten
    }

    /// Runs the grant from its beginning. `refused` is what the refresh token came to.
    async fn run_grant(
        self: &Arc<Self>,
        refused: Option<TokenError>,
    ) -> Result<Fetched, TokenError> {
        let exchange = match &self.settings.grant {
            Grant::ClientCredentials => Exchange::ClientCredentials,
            Grant::Password(grant) => Exchange::Password {
                username: grant.username.clone(),
                password: grant.password.clone(),
            },
            #[cfg(feature = "jwt")]
            Grant::JwtBearer(grant) => Exchange::JwtBearer {
                scope_claim: grant.has_scope_claim(),
            },
            Grant::TokenExchange(grant) => self.token_exchange(grant).await?,
            Grant::AuthorizationCode | Grant::Implicit | Grant::DeviceCode => {
                return Err(self.user_needed(refused, false));
            }
        };
        self.exchange(&exchange).await
    }

    pub(super) fn user_needed(&self, refused: Option<TokenError>, asked: bool) -> TokenError {
        self.error(Reason::User(UserNeeded {
            remedy: self.settings.grant.remedy(),
            refused,
            asked,
        }))
    }

    async fn token_exchange(&self, grant: &TokenExchange) -> Result<Exchange, TokenError> {
        let supply = caught(|| grant.0.subject_token.call());
        let subject_token = supply.await.map_err(|failure| {
            failure.into_error(self, Reason::SubjectTokenPanicked, Reason::SubjectToken)
        })?;
        if subject_token.expose_secret().is_empty() {
            let missing = vec![self.settings.name_of("subject_token")];
            return Err(self.error(Reason::MissingCredentials(missing)));
        }
        Ok(Exchange::SubjectToken {
            subject_token,
            subject_token_type: grant.0.subject_token_type.clone(),
            requested_token_type: grant.0.requested_token_type.clone(),
        })
    }
}
