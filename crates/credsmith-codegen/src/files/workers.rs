//! Work on many files at once.

use std::cmp::Reverse;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What `work` makes of each item, in the order of the items, whichever thread does which.
///
/// Always on threads of our own: proc-macro2 keeps every text that a thread parses, for the places
/// of its tokens. Here they are forgotten after each item, which on a thread of the caller would
/// take the places of the caller's tokens as well.
pub(super) fn map<'i, I: Sync, O: Send>(
    items: &'i [I],
    weight: impl Fn(&'i I) -> usize,
    work: impl Fn(&'i I) -> O + Sync,
) -> Vec<O> {
    if items.is_empty() {
        return Vec::new();
    }
    // The heaviest first, so that at the end no thread waits for long.
    let mut order: Vec<_> = items.iter().enumerate().collect();
    order.sort_by_key(|(_, item)| Reverse(weight(item)));
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        while let Some((index, item)) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((*index, work(item)));
            proc_macro2::extra::invalidate_current_thread_spans();
        }
        done
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let mut done: Vec<_> = thread::scope(|scope| {
        let spawn = |_| scope.spawn(worker);
        let workers: Vec<_> = (0..threads.min(items.len())).map(spawn).collect();
        let outcomes = workers.into_iter().map(thread::ScopedJoinHandle::join);
        outcomes
            .flat_map(|outcome| outcome.unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}
