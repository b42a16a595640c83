//! The runtimes that work runs on: the crate's own, which never ends, and those of callers.
//!
//! An application may end its runtimes, block them, or run them only now and then. What must come to its end runs on
//! the crate's own. Without tokio there are none, and callers poll everything.

#[cfg(not(feature = "reqwest"))]
mod none;
#[cfg(feature = "reqwest")]
mod tokio;

#[cfg(not(feature = "reqwest"))]
pub(crate) use self::none::Runtime;
#[cfg(feature = "reqwest")]
pub(crate) use self::tokio::Runtime;
