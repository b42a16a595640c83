//! The same engine for callers without an async runtime.
//!
//! ```
//! let answer = credsmith_runtime::blocking::block_on(async { 42 });
//! assert_eq!(answer, 42);
//! ```

use std::future::Future;

/// Runs `future` to its end on this thread, for example `block_on(manager.token())`.
///
/// The thread is blocked meanwhile: inside an async runtime, await the future instead. Use it with
/// [`UreqTransport`](crate::UreqTransport), which is handed to the manager explicitly where the
/// `reqwest` feature is on as well; reqwest needs a tokio runtime, and without one it answers with
/// an error that says so.
pub fn block_on<F: Future>(future: F) -> F::Output {
    crate::engine::block_on(future)
}
