//! The state, and what is published of it for those who do not take its lock.
//!
//! The state is the truth. Every change of what is installed is published before the lock is
//! released, so publications are in the order of the changes: who returns from a change finds it
//! published, and no refresh that began before can publish its token afterwards.
//!
//! The mutex and the published value come from `super::sync`, as in `relay`.

use std::sync::{Arc, PoisonError};

use super::sync::{Mutex, MutexGuard, Published};

pub(super) struct Slot<S, E> {
    state: Mutex<S>,
    published: Published<E>,
}

impl<S, E> Slot<S, E> {
    /// A slot with nothing published.
    pub(super) fn new(state: S) -> Self {
        Self {
            state: Mutex::new(state),
            published: Published::default(),
        }
    }

    pub(super) fn lock(&self) -> Locked<'_, S, E> {
        Locked {
            state: self.state.lock().unwrap_or_else(PoisonError::into_inner),
            published: &self.published,
        }
    }

    pub(super) fn published(&self) -> &Published<E> {
        &self.published
    }
}

/// The state, locked: the only way to publish.
pub(super) struct Locked<'s, S, E> {
    pub(super) state: MutexGuard<'s, S>,
    published: &'s Published<E>,
}

impl<S, E> Locked<'_, S, E> {
    /// Lets everyone see `entry`.
    pub(super) fn publish(&self, entry: Option<Arc<E>>) {
        self.published.store(entry);
    }
}

impl<S, E> std::ops::Deref for Locked<'_, S, E> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.state
    }
}

impl<S, E> std::ops::DerefMut for Locked<'_, S, E> {
    fn deref_mut(&mut self) -> &mut S {
        &mut self.state
    }
}
