//! The runtimes that exchanges run on: the caller's, or the crate's.

use tokio::runtime::Handle;

use crate::error::{TransportError, TransportErrorKind};
use crate::runtime::Runtime;

/// Returns the runtime for an API request: the caller's, if there is one.
pub(super) fn of_the_caller() -> Result<Handle, TransportError> {
    found(Runtime::here().or_else(Runtime::background))
}

/// Returns the runtime for a request to the authorization server: the crate's, which no application can end. If the
/// system cannot start a thread, the caller's is used.
pub(super) fn that_stays() -> Result<Handle, TransportError> {
    found(Runtime::background().or_else(Runtime::here))
}

fn found(runtime: Option<Runtime>) -> Result<Handle, TransportError> {
    let runtime = runtime.ok_or_else(|| {
        let why = "there is no tokio runtime, and none could be started";
        TransportError::new(TransportErrorKind::Other, why)
    })?;
    Ok(runtime.handle().clone())
}
