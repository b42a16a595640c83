//! The published part of the state, for calls that must not wait.
//!
//! Each shard of threads has a copy with a flag. A call raises the flag, clones the data and lowers the flag, which
//! takes some nanoseconds. If the flag is already raised, the call reads another shard; if all flags are raised, it
//! takes the lock instead. Only the publishing thread waits until a flag is lowered.
//!
//! The flagged cell comes from `super::sync`.

use std::mem;
use std::sync::OnceLock;

use super::shard;
use super::sync::{self, ReadGuard, TryCell};

/// Copies of the published data. The default value means that nothing is published.
pub(super) struct Snapshots<C> {
    /// As many as there are shards when data are published for the first time.
    shards: OnceLock<Box<[Shard<C>]>>,
}

/// Aligned, so that threads do not contend for a cache line.
#[repr(align(128))]
struct Shard<C>(TryCell<C>);

impl<C: Default> Snapshots<C> {
    pub(super) const fn new() -> Self {
        Self {
            shards: OnceLock::new(),
        }
    }

    /// Returns the copy for this thread, or any other that no thread reads. Returns `None` before the first
    /// publication.
    #[inline]
    pub(super) fn read(&self) -> Option<ReadGuard<'_, C>> {
        let shards = self.shards.get()?;
        let own = shard::of_this_thread(shards.len());
        let held = shards[own].0.try_borrow_mut().ok();
        held.or_else(|| read_others(shards, own))
    }

    /// Publishes a copy for each shard. After this has returned, or after a call has seen the new data, no call sees
    /// the old data.
    pub(super) fn publish(&self, copy: impl Fn(usize) -> C) {
        let shards = self.shards.get_or_init(new_shards);
        for shard in shards {
            shard.put(C::default());
        }
        for (number, shard) in shards.iter().enumerate() {
            shard.put(copy(number));
        }
    }
}

/// Reads another shard. If all are in use, yields to other threads and tries all of them again: an interrupted reader
/// has most likely continued by then.
#[cold]
fn read_others<C>(shards: &[Shard<C>], own: usize) -> Option<ReadGuard<'_, C>> {
    let (before, after) = shards.split_at(own);
    read_any(after, before).or_else(|| {
        sync::back_off(0);
        read_any(after, before)
    })
}

fn read_any<'s, C>(first: &'s [Shard<C>], then: &'s [Shard<C>]) -> Option<ReadGuard<'s, C>> {
    let mut shards = first.iter().chain(then);
    shards.find_map(|shard| shard.0.try_borrow_mut().ok())
}

fn new_shards<C: Default>() -> Box<[Shard<C>]> {
    let shards = 0..shard::count();
    shards.map(|_| Shard(TryCell::new(C::default()))).collect()
}

impl<C> Shard<C> {
    fn put(&self, copy: C) {
        for attempt in 0.. {
            if let Ok(mut held) = self.0.try_borrow_mut() {
                let old = mem::replace(&mut *held, copy);
                drop(held);
                drop(old);
                return;
            }
            sync::back_off(attempt);
        }
    }
}
