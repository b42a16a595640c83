//! Assigns threads to shards. The shard decides which copy of the snapshot a thread reads and which copy of a header
//! value it clones.
//!
//! Living threads have numbers, and the number of a finished thread is reused: in a pool with as many threads as
//! cores, each thread then has a separate shard.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::available_parallelism;

/// The largest number of cores that any thread has seen. The count respects the affinity of the calling thread, and a
/// pinned thread would see only one core.
static SEEN: AtomicUsize = AtomicUsize::new(0);

/// Counts the cores. The thread that builds a manager is rarely pinned, while all threads that set tokens may be.
pub(super) fn observe() {
    // More than one core is enough; counting them requires reading files.
    if SEEN.load(Ordering::Relaxed) <= 1 {
        let cores = available_parallelism().map_or(1, usize::from);
        SEEN.fetch_max(cores, Ordering::Relaxed);
    }
}

/// The maximum number of shards. Copies of a header value cost memory, and more threads than this rarely call at the
/// same time.
const MOST: usize = 8;

/// Returns the number of shards: a power of two, at most the number of cores, and at most [`MOST`].
pub(super) fn count() -> usize {
    power_of_two_up_to(SEEN.load(Ordering::Relaxed))
}

fn power_of_two_up_to(cores: usize) -> usize {
    (1 << cores.max(1).ilog2()).min(MOST)
}

/// Returns the shard of this thread, among `count` shards, a power of two.
#[inline]
pub(super) fn of_this_thread(count: usize) -> usize {
    let number = match KNOWN.get() {
        UNKNOWN => find(),
        number => number,
    };
    number & (count - 1)
}

const UNKNOWN: usize = usize::MAX;

thread_local! {
    /// Read by every call. A plain cell needs no check whether it was destroyed.
    static KNOWN: Cell<usize> = const { Cell::new(UNKNOWN) };
    static NUMBER: Number = Number::take();
}

#[cold]
fn find() -> usize {
    // While the thread ends, its number may already be destroyed.
    let number = NUMBER.try_with(|number| number.0).unwrap_or(0);
    KNOWN.set(number);
    number
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
        for (cores, shards) in [(0, 1), (1, 1), (2, 2), (3, 2), (12, 8), (16, 8)] {
            assert_eq!(power_of_two_up_to(cores), shards);
        }
    }

    /// With this limit, a token of 4 KiB takes at most 32 KiB on any machine.
    #[test]
    fn fault_e17_there_are_at_most_eight_shards() {
        for cores in [8, 9, 16, 64, 100, 1_024, usize::MAX] {
            assert_eq!(power_of_two_up_to(cores), 8);
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
        assert!(of_this_thread(4) < 4);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_pinned_thread_does_not_decide_for_all() {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

        let allowed = sched_getaffinity(None).unwrap();
        let first = (0..CpuSet::MAX_CPU).find(|&core| allowed.is_set(core));
        let pinned = std::thread::spawn(move || {
            let mut only = CpuSet::new();
            only.set(first.unwrap());
            sched_setaffinity(None, &only).unwrap();
            observe();
            count()
        });
        assert!(pinned.join().unwrap() >= 1);
        observe();
        let cores = available_parallelism().unwrap().get();
        assert_eq!(count(), power_of_two_up_to(cores));
    }
}
