//! The state with its lock, and the published part of it.
//!
//! The state is authoritative. Each change of the cached token is published before the lock is released, so
//! publications have the order of the changes: after a change returns, it is published, and no earlier refresh can
//! publish its token afterwards.
//!
//! The mutex comes from `super::sync`, because this module is compiled a second time with the mutex of loom: see
//! `model`.

use std::sync::PoisonError;

use super::snapshot::Snapshots;
use super::sync::{Mutex, MutexGuard};

pub(super) struct StateLock<S, C> {
    state: Mutex<S>,
    snapshots: Snapshots<C>,
}

impl<S, C: Default> StateLock<S, C> {
    /// Makes a state without published data.
    pub(super) fn new(state: S) -> Self {
        Self {
            state: Mutex::new(state),
            snapshots: Snapshots::new(),
        }
    }

    pub(super) fn lock(&self) -> Locked<'_, S, C> {
        Locked {
            state: self.state.lock().unwrap_or_else(PoisonError::into_inner),
            snapshots: &self.snapshots,
        }
    }

    pub(super) fn snapshots(&self) -> &Snapshots<C> {
        &self.snapshots
    }
}

/// The locked state. Only this type can publish.
pub(super) struct Locked<'s, S, C> {
    pub(super) state: MutexGuard<'s, S>,
    snapshots: &'s Snapshots<C>,
}

impl<S, C: Default> Locked<'_, S, C> {
    /// Publishes the output of `copy` for each shard.
    pub(super) fn publish(&self, copy: impl Fn(usize) -> C) {
        self.snapshots.publish(copy);
    }
}

impl<S, C> std::ops::Deref for Locked<'_, S, C> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.state
    }
}

impl<S, C> std::ops::DerefMut for Locked<'_, S, C> {
    fn deref_mut(&mut self) -> &mut S {
        &mut self.state
    }
}
