//! The runtimes that work runs on: the crate's runtime, which never ends, and those of callers.
//!
//! An application may end its runtimes, block them, or drive them only now and then. Work that must finish runs on
//! the crate's runtime. Without tokio there are no runtimes, and callers poll everything.

#[cfg(not(feature = "reqwest"))]
mod none;
#[cfg(feature = "reqwest")]
mod tokio;

#[cfg(not(feature = "reqwest"))]
pub(crate) use self::none::Runtime;
#[cfg(feature = "reqwest")]
pub(crate) use self::tokio::Runtime;
