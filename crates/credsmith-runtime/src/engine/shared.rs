//! Tokens from the store, and the fetch that several processes share.

use std::convert::Infallible;
use std::future::{Future, pending};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt as _;
use futures_util::future::{Either, join_all, select};
use futures_util::lock::OwnedMutexGuard;
use secrecy::{ExposeSecret, SecretString};

use super::Engine;
use super::application::caught;
use super::joint::Joint;
use super::renew::Obtained;
use super::settle::Trust;
use crate::BoxFuture;
use crate::error::TokenError;
use crate::grant::Grant;
use crate::store::{Identity, StoreError, StoreKey, StoreLock, StoredToken, TokenStore};
use crate::token::Token;
use crate::trace::event;

const LOAD_LIMIT: Duration = Duration::from_secs(5);
const SAVE_LIMIT: Duration = Duration::from_secs(5);
pub(super) const LOCK_LIMIT: Duration = Duration::from_secs(10);

/// Where a refresh token is to be sent: longer than a whole exchange of another process, which may
/// be sending that very token. A server may end the authorization when it sees it twice (RFC 9700
/// section 4.14.2).
pub(super) const TURN_LIMIT: Duration = Duration::from_secs(75);

/// The lock of the store, for as long as anybody has a copy.
#[derive(Clone)]
pub(super) struct Held {
    /// Whether other processes wait as well.
    is_locked: bool,
    // Never locked: what is in it is only to be dropped, by whichever thread comes last.
    _lock: Arc<Mutex<(Option<StoreLock>, OwnedMutexGuard<()>)>>,
}

impl Engine {
    /// The store; the manual flow leaves it alone.
    pub(super) fn store(&self) -> Option<&Arc<dyn TokenStore>> {
        let settings = &self.settings;
        settings.store.as_ref().filter(|_| settings.automatic)
    }

    /// A token from the store, or under its lock from the endpoint. Where there may be refresh
    /// tokens, the exchange takes the lock itself.
    pub(super) async fn obtain_shared(
        self: &Arc<Self>,
        store: &Arc<dyn TokenStore>,
    ) -> Result<Obtained, TokenError> {
        let takes_turns_itself = self.settings.grant.takes_refresh_tokens();
        // An exchange under way looks into the store in its turn, and brings what it leaves there.
        let is_under_way = takes_turns_itself && self.lock().fetch_place().is_some();
        if !is_under_way {
            self.settled().await;
            if let Some(token) = self.load(store).await {
                return Ok(Obtained::new(self.entry_for(token, None)));
            }
        }
        let mut held = None;
        if !takes_turns_itself {
            held = self.hold(store).await;
            // Whoever held the lock before may have fetched.
            if held.as_ref().is_some_and(|held| held.is_locked) {
                if let Some(token) = self.load(store).await {
                    return Ok(Obtained::new(self.entry_for(token, None)));
                }
            }
        }
        let obtained = self.obtain_fetched().await?;
        Ok(Obtained {
            is_to_be_saved: !obtained.is_adopted,
            held: held.or_else(|| obtained.held.clone()),
            ..obtained
        })
    }

    /// Saves what was obtained in `epoch`, unless the application has changed the slot since, and lets
    /// others have it.
    pub(super) async fn share(self: &Arc<Self>, epoch: u64, obtained: Obtained) {
        if obtained.is_to_be_saved && self.lock().epoch() == epoch {
            if self.save(&obtained.entry.token()).await {
                // What could not be saved before is older.
                let mut state = self.lock();
                if state.epoch() == epoch {
                    state.forgive();
                }
            } else {
                self.owe_unless(false);
            }
            self.tell_again(epoch);
        }
        drop(obtained);
    }

    /// Waits for the lock of the store.
    pub(super) async fn hold(&self, store: &Arc<dyn TokenStore>) -> Option<Held> {
        self.hold_within(LOCK_LIMIT, store).await
    }

    pub(super) async fn hold_within(
        &self,
        limit: Duration,
        store: &Arc<dyn TokenStore>,
    ) -> Option<Held> {
        let key = self.store_key();
        let turn = Arc::clone(self.turn.as_ref()?).lock_owned();
        let begun = self.now().monotonic;
        let turn = self
            .within(limit, || Box::pin(self.helping(turn).map(Ok)), "turn")
            .await?;
        let waited = self.now().monotonic.saturating_sub(begun);
        let left = limit.saturating_sub(waited);
        // A store that cannot lock for other processes is in turn here nevertheless.
        let lock = self.within(left, || store.lock(&key), "lock").await;
        Some(Held {
            is_locked: lock.is_some(),
            _lock: Arc::new(Mutex::new((lock, turn))),
        })
    }

    /// What `turn` comes to. The exchange that has the turn is carried on meanwhile: whoever asked for it
    /// may be gone.
    async fn helping<T>(&self, turn: impl Future<Output = T>) -> T {
        let helpers: Vec<_> = self.lock().under_way().map(Joint::helper).collect();
        let helped = join_all(helpers).then(|_| pending::<Infallible>());
        match select(pin!(turn), pin!(helped)).await {
            Either::Left((turn, _)) => turn,
            Either::Right((never, _)) => match never {},
        }
    }

    /// Whether the store has the token now.
    pub(super) async fn save(&self, token: &Token) -> bool {
        let Some(store) = self.store() else {
            return true;
        };
        let key = self.store_key();
        let stored = StoredToken::new(token.clone());
        let saved = self.within(SAVE_LIMIT, || store.save(&key, &stored), "save");
        saved.await.is_some()
    }

    /// Removes what is stored: whatever it is, or only what has this refresh token. Whether it is gone.
    pub(super) async fn unsave(&self, refresh_token: Option<&SecretString>) -> bool {
        let Some(store) = self.store() else {
            return true;
        };
        if let Some(refused) = refresh_token {
            if !self.is_stored(refused).await {
                return true;
            }
        }
        let key = self.store_key();
        let removed = self.within(SAVE_LIMIT, || store.remove(&key), "remove");
        removed.await.is_some()
    }

    /// Whether the stored token has this refresh token.
    pub(super) async fn is_stored(&self, refresh_token: &SecretString) -> bool {
        let Some(store) = self.store() else {
            return false;
        };
        let stored = self.stored(store).await;
        let theirs = stored.as_ref().and_then(Token::refresh_token);
        theirs.is_some_and(|theirs| theirs.expose_secret() == refresh_token.expose_secret())
    }

    /// The stored token, if it is of use. Of one that is not, the refresh token may be. While the store
    /// does not know what the application has said, what it holds does not count; while it could not be
    /// written, what another process has put there since does.
    pub(super) async fn load(&self, store: &Arc<dyn TokenStore>) -> Option<Token> {
        let (epoch, trust) = self.trust()?;
        let token = self.stored(store).await?;
        if !trust.covers(&token) {
            return None;
        }
        if !self.is_newer(&token) || self.as_answer(token.clone()).is_none() {
            self.absorb(epoch, &token);
            return None;
        }
        if self.trust() != Some((epoch, trust)) {
            return None;
        }
        self.counters.store_loads.add();
        event!(
            debug,
            scheme = self.settings.scheme,
            "token taken from the store"
        );
        Some(token)
    }

    /// The epoch, and how far the store can be relied on in it; nothing where it cannot at all.
    fn trust(&self) -> Option<(u64, Trust)> {
        let mut state = self.lock();
        let trust = state.trust();
        (trust != Trust::No).then(|| (state.epoch(), trust))
    }

    pub(super) async fn stored(&self, store: &Arc<dyn TokenStore>) -> Option<Token> {
        let key = self.store_key();
        let stored = self
            .within(LOAD_LIMIT, || store.load(&key), "load")
            .await??;
        Some(stored.into_token())
    }

    /// Takes over the refresh token of a stored token that is of no use itself, where that is the
    /// newer one: this process may have failed to save its own. Not where the application has said
    /// something since `epoch`.
    fn absorb(&self, epoch: u64, token: &Token) {
        if !self.settings.grant.takes_refresh_tokens() {
            return;
        }
        let mut state = self.lock();
        let ours = state.last_token();
        let is_newer = match (&ours, state.refresh_token()) {
            (_, None) | (None, _) => true,
            (Some(ours), _) => is_later(token.expires_at(), ours.expires_at()),
        };
        if is_newer && state.epoch() == epoch {
            state.absorb(token);
        }
    }

    /// Whether a token is any better than the installed one.
    fn is_newer(&self, token: &Token) -> bool {
        let Some(current) = self.lock().entry() else {
            return true;
        };
        !current.has(token) && is_later(token.expires_at(), current.expires_at())
    }

    /// What the store answers in time. Its failures, panics among them, are counted and logged, and that
    /// is all.
    async fn within<'f, T>(
        &self,
        limit: Duration,
        work: impl FnOnce() -> BoxFuture<'f, Result<T, StoreError>>,
        what: &'static str,
    ) -> Option<T> {
        let work = pin!(caught(work));
        let outcome = select(work, self.settings.clock.sleep(limit)).await;
        if let Either::Left((Ok(value), _)) = outcome {
            return Some(value);
        }
        self.counters.store_failures.add();
        let timed_out = matches!(outcome, Either::Right(_));
        event!(
            warn,
            scheme = self.settings.scheme,
            what,
            timed_out,
            "the token store failed; going on without it"
        );
        let _ = (what, timed_out);
        None
    }

    fn store_key(&self) -> StoreKey {
        let settings = &self.settings;
        let endpoints = &settings.endpoints;
        let configured = endpoints.token.as_ref().map(|address| &*address.given);
        let mut who: Vec<&str> = vec![settings.grant.name()];
        match &settings.grant {
            Grant::Password(grant) => who.push(&grant.username),
            #[cfg(feature = "jwt")]
            Grant::JwtBearer(grant) => who.extend(grant.parties()),
            Grant::TokenExchange(grant) => {
                who.extend(
                    grant
                        .0
                        .subject_token
                        .fixed()
                        .map(ExposeSecret::expose_secret),
                );
            }
            _ => {}
        }
        StoreKey::new(&Identity {
            server: configured
                .or(endpoints.issuer.as_deref())
                .unwrap_or_default(),
            client_id: settings.client_id.as_deref().unwrap_or_default(),
            who: &who,
            account: &settings.store_account,
            scope: &settings.scope,
            parameters: &settings.parameters,
            headers: settings.endpoint_headers.as_deref(),
        })
    }
}

/// Whether `one` comes after `other`; an expiry that is not known counts as the later.
fn is_later(one: Option<SystemTime>, other: Option<SystemTime>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one > other,
        _ => true,
    }
}
