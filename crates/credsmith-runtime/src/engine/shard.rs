//! Which copy of what is published a thread looks at, and with it which copy of a header value it clones.
//!
//! Threads are numbered while they live, and a number is given out again when its thread has ended:
//! a pool of as many threads as cores then has as many shards to itself.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::available_parallelism;

/// Cores are counted with the affinity of whoever asks. A thread that is pinned to one of them would see
/// that one only, so the largest number that any thread saw is what counts.
static SEEN: AtomicUsize = AtomicUsize::new(0);

/// Looks how many cores there are. The thread that builds a manager is seldom pinned, those that
/// install its tokens may all be.
pub(super) fn observe() {
    // More than one core is an answer that will do; to ask takes some reading of files.
    if SEEN.load(Ordering::Relaxed) <= 1 {
        let cores = available_parallelism().map_or(1, usize::from);
        SEEN.fetch_max(cores, Ordering::Relaxed);
    }
}

/// Copies of a header value cost memory, and more threads than this seldom call at the same moment.
const MOST: usize = 8;

/// How many copies of a header value there are: a power of two, at most as many as cores, and at most [`MOST`].
pub(super) fn count() -> usize {
    power_of_two_up_to(SEEN.load(Ordering::Relaxed))
}

fn power_of_two_up_to(cores: usize) -> usize {
    (1 << cores.max(1).ilog2()).min(MOST)
}

/// The shard of this thread, among `count` of them: a power of two.
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
    /// Read by every call: a plain cell, which needs no check whether it still lives.
    static KNOWN: Cell<usize> = const { Cell::new(UNKNOWN) };
    static NUMBER: Number = Number::take();
}

#[cold]
fn find() -> usize {
    // While the thread ends, its number may be gone already.
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

    /// A token of 4 KiB takes 32 KiB at most, however large the machine.
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
