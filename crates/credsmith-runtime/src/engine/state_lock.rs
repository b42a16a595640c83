//! The state, and what is published of it for those who do not take its lock.
//!
//! The state is the truth. Every change of what is installed is published before the lock is
//! released, so publications are in the order of the changes: who returns from a change finds it
//! published, and no refresh that began before can publish its token afterwards.
//!
//! The mutex comes from `super::sync`, because this module is compiled a second time with that of loom: see `model`.

use std::sync::PoisonError;

use super::snapshot::Snapshots;
use super::sync::{Mutex, MutexGuard};

pub(super) struct StateLock<S, C> {
    state: Mutex<S>,
    snapshots: Snapshots<C>,
}

impl<S, C: Default> StateLock<S, C> {
    /// A state with nothing published.
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

/// The state, locked: the only way to publish.
pub(super) struct Locked<'s, S, C> {
    pub(super) state: MutexGuard<'s, S>,
    snapshots: &'s Snapshots<C>,
}

impl<S, C: Default> Locked<'_, S, C> {
    /// Lets everyone see what `copy` gives for each shard.
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
