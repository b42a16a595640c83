//! Which copy of a header value a thread clones.
//!
//! Threads are numbered while they live, and a number is given out again when its thread has ended:
//! a pool of as many threads as cores then has as many shards to itself.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::available_parallelism;

/// How many copies there are: a power of two, at most as many as cores.
pub(super) fn count() -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    *COUNT.get_or_init(|| power_of_two_up_to(available_parallelism().map_or(1, usize::from)))
}

fn power_of_two_up_to(cores: usize) -> usize {
    1 << cores.max(1).ilog2()
}

/// The shard of this thread, below [`count`].
pub(super) fn of_this_thread() -> usize {
    match SHARD.get() {
        UNKNOWN => find(),
        shard => shard,
    }
}

const UNKNOWN: usize = usize::MAX;

thread_local! {
    /// Read by every call: a plain cell, which needs no check whether it still lives.
    static SHARD: Cell<usize> = const { Cell::new(UNKNOWN) };
    static NUMBER: Number = Number::take();
}

#[cold]
fn find() -> usize {
    // While the thread ends, its number may be gone already.
    let number = NUMBER.try_with(|number| number.0).unwrap_or(0);
    let shard = number & (count() - 1);
    SHARD.set(shard);
    shard
}

/// The number of a living thread.
struct Number(usize);

impl Number {
    fn take() -> Self {
        let mut numbers = lock();
        Self(numbers.free.pop_first().unwrap_or_else(|| {
            numbers.next += 1;
            numbers.next - 1
        }))
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        lock().free.insert(self.0);
    }
}

struct Numbers {
    next: usize,
    free: BTreeSet<usize>,
}

fn lock() -> std::sync::MutexGuard<'static, Numbers> {
    static NUMBERS: Mutex<Numbers> = Mutex::new(Numbers {
        next: 0,
        free: BTreeSet::new(),
    });
    NUMBERS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_no_more_shards_than_cores() {
        for (cores, shards) in [(0, 1), (1, 1), (2, 2), (3, 2), (12, 8), (16, 16)] {
            assert_eq!(power_of_two_up_to(cores), shards);
        }
    }

    #[test]
    fn a_thread_keeps_its_number_while_it_lives() {
        let number = || NUMBER.with(|number| number.0);
        let here = number();
        let there = std::thread::spawn(move || (number(), number()))
            .join()
            .unwrap();
        assert_eq!(there.0, there.1);
        assert_ne!(there.0, here);
        assert_eq!(number(), here);
        assert!(of_this_thread() < count());
    }
}
