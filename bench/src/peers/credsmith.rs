//! This crate: the asynchronous call, and the synchronous one that is tried first; both with a cached token,
//! and during an early refresh.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use credsmith_runtime::{TokenError, TokenManager};
use http::HeaderValue;
use tokio::time::sleep;

use super::{Kind, Subject, Window};
use crate::endpoint::{Answer, Endpoint};

/// `TokenManager::authorization`.
#[derive(Clone)]
pub(crate) struct Asynchronous {
    manager: TokenManager,
}

impl Subject for Asynchronous {
    const NAME: &'static str = "credsmith, `authorization().await`";
    const PACKAGE: &'static str = "credsmith-runtime";
    const KIND: Kind = Kind::Own;
    // Its usable life is 4.5 s, and the second half of that is the window.
    const WINDOW: Window = Window::new(6, 2_600);
    type State = ();
    type Value = HeaderValue;
    type Error = TokenError;

    async fn build(endpoint: &Endpoint) -> Result<Self> {
        let manager = TokenManager::builder("bench")
            .token_url(endpoint.token_url())
            .client_id("id")
            .client_secret("secret".into())
            .build()?;
        Ok(Self { manager })
    }

    fn state(&self) -> Result<()> {
        Ok(())
    }

    async fn header(&self, (): &mut ()) -> Result<HeaderValue, TokenError> {
        self.manager.authorization().await
    }
}

/// `TokenManager::try_authorization`.
#[derive(Clone)]
pub(crate) struct Synchronous {
    manager: TokenManager,
}

impl Subject for Synchronous {
    const NAME: &'static str = "credsmith, `try_authorization()`";
    const PACKAGE: &'static str = "credsmith-runtime";
    const KIND: Kind = Kind::Own;
    type State = ();
    type Value = HeaderValue;
    type Error = anyhow::Error;

    async fn build(endpoint: &Endpoint) -> Result<Self> {
        let Asynchronous { manager } = Asynchronous::build(endpoint).await?;
        manager.authorization().await?;
        Ok(Self { manager })
    }

    fn state(&self) -> Result<()> {
        Ok(())
    }

    async fn header(&self, (): &mut ()) -> Result<HeaderValue> {
        self.manager
            .try_authorization()
            .context("there is no token")
    }

    async fn calls(&self, count: usize) -> Result<()> {
        for _ in 0..count {
            let value = self.manager.try_authorization();
            ensure!(black_box(&value).is_some(), "there is no token");
        }
        Ok(())
    }
}

/// A call with access to its manager, for the counters.
pub(crate) trait Call: Subject {
    /// The name of the row during an early refresh.
    const NAME_REFRESHING: &'static str;

    fn manager(&self) -> &TokenManager;
}

impl Call for Asynchronous {
    const NAME_REFRESHING: &'static str =
        "credsmith, `authorization().await` during an early refresh";

    fn manager(&self) -> &TokenManager {
        &self.manager
    }
}

impl Call for Synchronous {
    const NAME_REFRESHING: &'static str =
        "credsmith, `try_authorization()` during an early refresh";

    fn manager(&self) -> &TokenManager {
        &self.manager
    }
}

/// A call past the refresh-ahead moment, while the endpoint has not answered the refresh yet.
#[derive(Clone)]
pub(crate) struct Refreshing<C> {
    call: C,
}

/// The life of the token. A server may ask for a refresh after a tenth of it at the earliest; it expires for
/// the engine 30 s before its end.
const LIFE: u64 = 120;

/// The refresh-ahead moment, and as much again as a busy machine may need.
const SETTLE_LIMIT: Duration = Duration::from_secs(24);

impl<C: Call> Refreshing<C> {
    /// Returns an error unless the early refresh has been sent, and has neither succeeded nor failed. An
    /// attempt that times out in the meantime is repeated, which is the same refresh.
    fn check(&self) -> Result<()> {
        let seen = self.call.manager().statistics();
        let is_under_way =
            seen.token_requests > 1 && seen.refreshes == 1 && seen.early_refresh_failures == 0;
        ensure!(is_under_way, "no early refresh is under way: {seen:?}");
        Ok(())
    }
}

impl<C: Call> Subject for Refreshing<C> {
    const NAME: &'static str = C::NAME_REFRESHING;
    const PACKAGE: &'static str = C::PACKAGE;
    const KIND: Kind = Kind::OwnRefreshing;
    type State = C::State;
    type Value = C::Value;
    type Error = C::Error;

    fn answers() -> (Option<Answer>, Answer) {
        let due_soon = Answer::token(LIFE).refreshed_in(LIFE / 10);
        // Longer than the samples take. The client's time limit ends the first attempt, not the refresh.
        let hanging = Answer::token(3_600).after(LIFE * 1_000);
        (Some(due_soon), hanging)
    }

    async fn build(endpoint: &Endpoint) -> Result<Self> {
        let call = C::build(endpoint).await?;
        Ok(Self { call })
    }

    async fn settle(&self) -> Result<()> {
        let begun = Instant::now();
        while self.check().is_err() && begun.elapsed() < SETTLE_LIMIT {
            self.call.calls(1).await?;
            sleep(Duration::from_millis(50)).await;
        }
        self.check()
    }

    fn state(&self) -> Result<C::State> {
        self.call.state()
    }

    async fn header(&self, state: &mut C::State) -> Result<C::Value, C::Error> {
        self.call.header(state).await
    }

    async fn calls(&self, count: usize) -> Result<()> {
        // Only before `settle`: the call that fetches the first token.
        if self.call.manager().statistics().token_requests <= 1 {
            return self.call.calls(count).await;
        }
        self.check()?;
        self.call.calls(count).await?;
        self.check()
    }
}
