//! Work beside the flight: shared by all who ask for it while it runs, or for one caller alone whose
//! end must not be its own. Where a driver is found, it goes on when its callers go away.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::FutureExt;

use super::Engine;
use super::drive::Driver;
use super::flight::is_inside;
#[cfg(feature = "store")]
use super::relay::Helper;
use super::relay::Relay;
use super::state::State;
use crate::BoxFuture;
use crate::error::{Reason, TokenError};

/// One piece of work, shared by everyone who waits for it.
#[derive(Clone)]
pub(super) struct Joint<T> {
    id: u64,
    relay: Relay<Result<T, TokenError>>,
}

/// Where the state keeps a piece of work while it runs.
pub(super) type Place<T> = fn(&mut State) -> &mut Option<Joint<T>>;

impl<T: Clone + Send + 'static> Joint<T> {
    /// What the work comes to.
    pub(super) fn outcome(&self) -> Relay<Result<T, TokenError>> {
        self.relay.clone()
    }

    /// Carries the work on while its callers do not.
    #[cfg(feature = "store")]
    pub(super) fn helper(&self) -> Helper<Result<T, TokenError>> {
        self.relay.helper()
    }

    fn new(
        engine: &Arc<Engine>,
        place: Place<T>,
        work: BoxFuture<'static, Result<T, TokenError>>,
    ) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let engine = Arc::clone(engine);
        let relay = Relay::new(|_| {
            Box::pin(async move {
                let outcome = guarded(&engine, work).await;
                let ended = place(&mut engine.lock()).take_if(|joint| joint.id == id);
                drop(ended);
                outcome
            })
        });
        Self { id, relay }
    }
}

/// A panic in the work is an error for those who wait for it, and no more.
async fn guarded<T>(
    engine: &Engine,
    work: BoxFuture<'static, Result<T, TokenError>>,
) -> Result<T, TokenError> {
    let outcome = AssertUnwindSafe(work).catch_unwind().await;
    outcome.unwrap_or_else(|_| Err(engine.error(Reason::Panicked)))
}

impl Engine {
    /// Joins the work that is under way in `place`, or starts it. `work` is told the epoch in which it
    /// begins.
    pub(super) fn join<T: Clone + Send + 'static>(
        self: &Arc<Self>,
        place: Place<T>,
        work: impl FnOnce(Arc<Self>, u64) -> BoxFuture<'static, Result<T, TokenError>>,
    ) -> Relay<Result<T, TokenError>> {
        let relay = {
            let mut state = self.lock();
            let epoch = state.epoch();
            let joint = place(&mut state).get_or_insert_with(|| {
                let work = work(Arc::clone(self), epoch);
                Joint::new(self, place, work)
            });
            joint.relay.clone()
        };
        // Also what is under way: the runtime that drove it may have ended.
        self.drive(&relay);
        relay
    }

    /// Work for one caller that goes on when that caller goes away.
    pub(super) fn apart<T: Clone + Send + 'static>(
        self: &Arc<Self>,
        work: impl Future<Output = Result<T, TokenError>> + Send + 'static,
    ) -> Relay<Result<T, TokenError>> {
        let engine = Arc::clone(self);
        let relay = Relay::new(|_| Box::pin(async move { guarded(&engine, Box::pin(work)).await }));
        self.drive(&relay);
        relay
    }

    /// What a refresh started goes on with that refresh, which has a driver of its own.
    fn drive<T: Clone + Send + 'static>(self: &Arc<Self>, relay: &Relay<T>) {
        if is_inside(self) {
            return;
        }
        if let Some(place) = Driver::find(&self.settings) {
            place.launch(relay);
        }
    }
}
