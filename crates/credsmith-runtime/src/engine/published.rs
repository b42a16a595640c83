//! What is published of the state, for calls that wait for nobody.
//!
//! Each shard of threads has a copy of it, behind a flag of its own. A call raises a flag, clones what
//! it came for, and lowers the flag, which takes some nanoseconds; where it finds the flag up, it goes
//! to another shard, and in the end does without. Nobody waits but who publishes.
//!
//! The flagged cell comes from `super::sync`, as in `relay`.

use std::mem;
use std::sync::OnceLock;

use super::shard;
use super::sync::{self, Flagged, Held};

/// Copies of what is published. A default stands for nothing.
pub(super) struct Published<C> {
    /// As many as there are shards when something is published for the first time.
    shards: OnceLock<Box<[Shard<C>]>>,
}

/// Apart from other memory, so that threads do not wait for each other's.
#[repr(align(128))]
struct Shard<C>(Flagged<C>);

impl<C: Default> Published<C> {
    pub(super) const fn new() -> Self {
        Self {
            shards: OnceLock::new(),
        }
    }

    /// The copy for this thread, or any other that nobody else looks at; none before anything was
    /// published.
    #[inline]
    pub(super) fn look(&self) -> Option<Held<'_, C>> {
        let shards = self.shards.get()?;
        let own = shard::of_this_thread(shards.len());
        let held = shards[own].0.try_borrow_mut().ok();
        held.or_else(|| look_beyond(shards, own))
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

/// Out of the way of the usual case.
#[cold]
fn look_beyond<C>(shards: &[Shard<C>], own: usize) -> Option<Held<'_, C>> {
    let (before, after) = shards.split_at(own);
    let others = after.iter().skip(1).chain(before);
    others.flat_map(|shard| shard.0.try_borrow_mut()).next()
}

fn new_shards<C: Default>() -> Box<[Shard<C>]> {
    let shards = 0..shard::count();
    shards.map(|_| Shard(Flagged::new(C::default()))).collect()
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
            sync::give_way(attempt);
        }
    }
}
