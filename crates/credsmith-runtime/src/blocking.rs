//! The same engine for callers without an async runtime.
//!
//! ```
//! let answer = credsmith_runtime::blocking::block_on(async { 42 });
//! assert_eq!(answer, 42);
//! ```

use std::future::Future;

/// Runs `future` on this thread until it ends, for example `block_on(manager.token())`.
///
/// The thread is blocked until then. Inside an async runtime, await the future instead; otherwise the runtime's other
/// tasks are blocked too. [`UreqTransport`](crate::UreqTransport) needs no runtime. If the feature `reqwest` is on as
/// well, its transport is the default; set the blocking one with
/// [`transport`](crate::TokenManagerBuilder::transport).
pub fn block_on<F: Future>(future: F) -> F::Output {
    crate::block_on::block_on(future)
}
