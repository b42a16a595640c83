//! The same engine for callers without an async runtime.
//!
//! ```
//! let answer = credsmith_runtime::blocking::block_on(async { 42 });
//! assert_eq!(answer, 42);
//! ```

use std::future::Future;

/// Runs `future` to its end on this thread, for example `block_on(manager.token())`.
///
/// The thread is blocked meanwhile: inside an async runtime, await the future instead, or the
/// runtime's other tasks stand still. With [`UreqTransport`](crate::UreqTransport) no runtime is
/// involved at all; where the `reqwest` feature is on as well, that one is the default, and the
/// blocking transport has to be handed to the manager.
pub fn block_on<F: Future>(future: F) -> F::Output {
    crate::block_on::block_on(future)
}
