//! Runtimes for builds without tokio: there are none.

use std::future::{Future, Ready, ready};
use std::sync::Arc;

use crate::block_on::block_on;

/// The type of a runtime in such builds. It has no values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Runtime {
    _handle: Arc<()>,
}

impl Runtime {
    pub(crate) fn background() -> Option<Self> {
        None
    }

    pub(crate) fn is_background_started() -> bool {
        false
    }

    pub(crate) fn here() -> Option<Self> {
        None
    }

    pub(crate) fn of_the_caller() -> Option<Self> {
        None
    }

    #[expect(clippy::unused_self, reason = "the signature of the one with tokio")]
    pub(crate) fn spawn<F>(&self, work: F) {
        drop(work);
    }

    #[expect(clippy::unused_self, reason = "the signature of the one with tokio")]
    pub(crate) fn run<F: Future>(&self, work: F) -> Ready<Option<F::Output>> {
        drop(work);
        ready(None)
    }

    #[expect(clippy::unused_self, reason = "the signature of the one with tokio")]
    pub(crate) fn block_on<F: Future>(&self, work: F) -> F::Output {
        block_on(work)
    }
}
