//! The exchange with the token endpoint: it sends the refresh token while the server accepts it, otherwise the grant.
//!
//! A refresh and `fetch_token` share the exchange in flight. A server that rotates refresh tokens invalidates the old
//! one with its response. Therefore the result of a refresh token is saved and set within the exchange, whoever
//! started it, and the request is not sent again once it may have reached the server. Among processes that share a
//! store, the holder of the lease first checks whether another process was faster.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use secrecy::SecretString;

use super::budget::Budget;
use super::place::Task;
use super::refresh::Requested;
use super::runtimes::Runtimes;
use super::state::{Exchange, NextRequest};
use super::token_request::Issued;
use super::writer::Under;
use super::{CachedToken, Engine};
use crate::BoxFuture;
use crate::error::{Reason, RefreshTokenVerdict, TokenError};
use crate::protocol::grant_parameters::GrantParameters;
use crate::token::Token;
use crate::trace::{event, in_span};

/// The token that a refresh or an exchange has obtained.
#[derive(Clone)]
pub(super) struct Obtained {
    pub(super) cached: Arc<CachedToken>,
    /// Whether it is already saved and set.
    pub(super) is_set: bool,
    /// The update callback, if callers must wait for it.
    pub(super) callback: Option<Task<()>>,
    /// The lease to save it under, if it has to be saved.
    pub(super) save: Option<Under>,
}

impl Obtained {
    /// Makes the result for a token that does not need to be saved.
    pub(super) fn found(cached: Arc<CachedToken>) -> Self {
        Self {
            cached,
            is_set: false,
            callback: None,
            save: None,
        }
    }

    pub(super) fn already_set(cached: Arc<CachedToken>) -> Self {
        Self {
            is_set: true,
            ..Self::found(cached)
        }
    }

    pub(super) fn saved_under(self, under: Under) -> Self {
        Self {
            save: (!self.is_set).then_some(under),
            ..self
        }
    }
}

/// The state of a running exchange, for the exchange itself.
pub(super) struct Running {
    number: u64,
    generation: u64,
    pub(super) runtimes: Arc<Runtimes>,
}

impl Engine {
    /// Requests a token for `fetch_token`, at once and despite a cool-down. The token is set only if a refresh token
    /// was sent for it.
    pub(crate) async fn fetch_token(self: &Arc<Self>, is_hook: bool) -> Result<Token, TokenError> {
        if !is_hook {
            let ended = self.lock().end_cool_down();
            drop(ended);
        }
        // Before the exchange starts: a hook looks for the runtime of a waiter as soon as possible.
        let runtimes_of_call = Runtimes::of_this_call();
        let _entered = runtimes_of_call.enter();
        let joined =
            |exchange: &mut Exchange| (self.task_of(exchange), Arc::clone(&exchange.runtimes));
        let (task, runtimes) = self.join_or_start_exchange(&runtimes_of_call, joined);
        let _joined = runtimes.enter();
        let obtained = task.await?;
        self.wait_for_callback(obtained.callback).await;
        Ok(obtained.cached.token())
    }

    /// Joins the exchange in flight, or starts one.
    pub(super) async fn exchange(
        self: &Arc<Self>,
        runtimes: &Arc<Runtimes>,
    ) -> Result<Obtained, TokenError> {
        let joined = |exchange: &mut Exchange| exchange.shared.clone();
        self.join_or_start_exchange(runtimes, joined).await
    }

    /// Waits until the exchange in flight has ended, if there is one.
    pub(super) async fn finish_exchange(self: &Arc<Self>) {
        let task = self
            .lock()
            .exchange_mut()
            .map(|exchange| self.task_of(exchange));
        if let Some(task) = task {
            let _ = task.await;
        }
    }

    /// Returns the task for callers outside of the engine.
    fn task_of(self: &Arc<Self>, exchange: &mut Exchange) -> Task<Obtained> {
        let start = || self.spawn(exchange.shared.clone());
        exchange.task.get_or_insert_with(start).clone()
    }

    fn join_or_start_exchange<T>(
        self: &Arc<Self>,
        runtimes: &Arc<Runtimes>,
        joined: impl FnOnce(&mut Exchange) -> T,
    ) -> T {
        let mut state = self.lock();
        let generation = state.generation();
        let start = || {
            let number = super::next_number();
            let running = Running {
                number,
                generation,
                runtimes: Arc::clone(runtimes),
            };
            let work: BoxFuture<'static, _> = Box::pin(Arc::clone(self).run_exchange(running));
            Exchange {
                number,
                generation,
                shared: work.shared(),
                task: None,
                runtimes: Arc::clone(runtimes),
                sent: None,
            }
        };
        let (exchange, replaced) = state.join_exchange(start);
        let joined = joined(exchange);
        drop(state);
        drop(replaced);
        joined
    }

    async fn run_exchange(self: Arc<Self>, running: Running) -> Result<Obtained, TokenError> {
        let work: BoxFuture<'_, _> = Box::pin(self.request_token(&running));
        let work = in_span!(work, "token_fetch", self.settings.scheme);
        let ended = AssertUnwindSafe(work).catch_unwind().await;
        let outcome = ended.unwrap_or_else(|_| Err(self.error(Reason::Panicked)));
        let replaced = self.lock().end_exchange(running.number);
        drop(replaced);
        outcome
    }

    async fn request_token(self: &Arc<Self>, running: &Running) -> Result<Obtained, TokenError> {
        let obtained = self.request_once(running).await?;
        if !self.was_late(&obtained) {
            return Ok(obtained);
        }
        self.request_once(running).await
    }

    async fn request_once(self: &Arc<Self>, running: &Running) -> Result<Obtained, TokenError> {
        if self.settings.grant.takes_refresh_tokens() {
            Box::pin(self.refresh_or_run_grant(running)).await
        } else {
            self.run_grant(None, running).await
        }
    }

    /// Returns whether the token had expired on arrival: the machine slept, or nobody polled the exchange.
    fn was_late(&self, obtained: &Obtained) -> bool {
        let (cached, now) = (&obtained.cached, self.now());
        let late = cached
            .reference
            .checked_add(self.settings.limits().retry.attempt_timeout);
        cached.is_requested
            && cached.schedule.is_expired(now)
            && late.is_some_and(|late| now.has_reached(late))
    }

    /// Runs the exchange of a grant with refresh tokens.
    async fn refresh_or_run_grant(
        self: &Arc<Self>,
        running: &Running,
    ) -> Result<Obtained, TokenError> {
        let mut budget = self.store_budget();
        let found = Box::pin(self.load_or_lease(running.generation, &mut budget));
        let (found, lease) = found.await?;
        if let Some(found) = found {
            return Ok(Box::pin(self.take_over(found, running, &mut budget)).await);
        }
        let mut refused = None;
        loop {
            let next = self.lock().next_request(running.number, running.generation);
            let (token, refresh_token) = match next {
                NextRequest::RefreshToken(token) => match token.refresh_token().cloned() {
                    Some(refresh_token) => (token, refresh_token),
                    None => break,
                },
                NextRequest::NoRefreshToken => break,
                NextRequest::Superseded => return Box::pin(self.give_way(refused, running)).await,
            };
            let parameters = GrantParameters::RefreshToken(refresh_token.clone());
            let error = match self.request(&Arc::new(parameters)).await {
                Ok(issued) => {
                    let issued = Issued {
                        token: issued.token.continuing(Some(&token), &refresh_token),
                        ..issued
                    };
                    let obtained = Obtained::found(self.cached_token_of(issued));
                    let obtained = obtained.saved_under(Under::lease(lease));
                    let sent = Some(refresh_token);
                    let completed = self.complete_exchange(obtained, sent, running, &mut budget);
                    return Ok(Box::pin(completed).await);
                }
                Err(error) => error,
            };
            match error.refresh_token_verdict(&self.settings.refresh_token_error_codes) {
                RefreshTokenVerdict::Refused => {}
                RefreshTokenVerdict::AskUserButKeep if self.settings.grant.needs_user() => {
                    return Err(self.user_needed(Some(error), false));
                }
                _ => return Err(error),
            }
            self.forget(&refresh_token);
            Box::pin(self.remove_refused(&refresh_token, lease.as_ref(), &mut budget)).await;
            // A token that was set since then belongs to another exchange.
            if refused.replace(error).is_some() || self.lock().generation() != running.generation {
                break;
            }
            let found = Box::pin(self.load(running.generation, &mut budget)).await;
            if let Some(found) = found.unwrap_or(None) {
                return Ok(Box::pin(self.take_over(found, running, &mut budget)).await);
            }
        }
        let obtained = self.run_grant(refused, running).await?;
        // The lease ends with the exchange: a waiter may never read its outcome.
        Ok(obtained.saved_under(Under::number_of(lease.as_ref())))
    }

    /// Returns the outcome for an exchange that was superseded before it sent a refresh token: the token that the
    /// application has set, if it is valid, otherwise the outcome of the next exchange.
    async fn give_way(
        self: &Arc<Self>,
        refused: Option<TokenError>,
        running: &Running,
    ) -> Result<Obtained, TokenError> {
        if let Some(cached) = self.living_token() {
            return Ok(Obtained::already_set(cached));
        }
        if self.lock().refreshable().is_some() {
            return self.exchange(&running.runtimes).await;
        }
        self.run_grant(refused, running).await
    }

    /// Sets the token that another process has saved to the store.
    async fn take_over(
        self: &Arc<Self>,
        found: Arc<CachedToken>,
        running: &Running,
        budget: &mut Budget,
    ) -> Obtained {
        let obtained = Obtained::found(found);
        self.complete_exchange(obtained, None, running, budget)
            .await
    }

    async fn complete_exchange(
        self: &Arc<Self>,
        obtained: Obtained,
        sent: Option<SecretString>,
        running: &Running,
        budget: &mut Budget,
    ) -> Obtained {
        let requested = Requested {
            generation: running.generation,
            sent,
        };
        self.complete(&requested, obtained, &running.runtimes, budget)
            .await
    }

    /// Removes a refresh token that the server no longer accepts.
    fn forget(&self, refresh_token: &SecretString) {
        event!(
            debug,
            scheme = self.settings.scheme,
            "the server no longer accepts the refresh token; removed"
        );
        let without = self.lock().cached().map(|cached| {
            let token = cached.token().without_refresh_token(refresh_token);
            Arc::new(cached.with_token(token))
        });
        let now = self.now();
        let mut state = self.lock();
        let replaced = state.forget_refresh_token(refresh_token, without);
        self.publish(&state, now);
        drop(state);
        drop(replaced);
    }
}
