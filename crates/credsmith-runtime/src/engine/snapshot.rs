//! What is published of the state, for calls that wait for nobody.
//!
//! Each shard of threads has a copy of it, behind a flag of its own. A call raises a flag, clones what
//! it came for, and lowers the flag, which takes some nanoseconds; where it finds the flag up, it goes
//! to another shard, and where it finds all of them up, does without. Only who publishes waits until a
//! flag is down.
//!
//! The flagged cell comes from `super::sync`.

use std::mem;
use std::sync::OnceLock;

use super::shard;
use super::sync::{self, ReadGuard, TryCell};

/// Copies of what is published. A default stands for nothing.
pub(super) struct Snapshots<C> {
    /// As many as there are shards when something is published for the first time.
    shards: OnceLock<Box<[Shard<C>]>>,
}

/// Apart from other memory, so that threads do not wait for each other's.
#[repr(align(128))]
struct Shard<C>(TryCell<C>);

impl<C: Default> Snapshots<C> {
    pub(super) const fn new() -> Self {
        Self {
            shards: OnceLock::new(),
        }
    }

    /// The copy for this thread, or any other that nobody else looks at; none before anything was
    /// published.
    #[inline]
    pub(super) fn read(&self) -> Option<ReadGuard<'_, C>> {
        let shards = self.shards.get()?;
        let own = shard::of_this_thread(shards.len());
        let held = shards[own].0.try_borrow_mut().ok();
        held.or_else(|| read_others(shards, own))
    }

    /// Publishes a copy for each shard. No call sees what was published before once this has returned,
    /// nor after it has seen what is published now.
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

/// Looks at the other shards, and once more at all of them after others had the processor: then a
/// thread that was interrupted with its flag up has most likely gone on.
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
