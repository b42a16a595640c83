//! The runtimes that exchanges run on: the caller's, or one of this crate.

use std::sync::{Mutex, PoisonError};
use std::thread;

use tokio::runtime::{Builder, Handle};

use crate::error::{TransportError, TransportErrorKind};

/// The runtime for an API request: that of its caller, where there is one.
pub(super) fn of_the_caller() -> Result<Handle, TransportError> {
    here().or_else(own).ok_or_else(none)
}

/// The runtime for a request to the authorization server: the one that no application ends. That of
/// the caller will do where the system has no thread left.
pub(super) fn that_stays() -> Result<Handle, TransportError> {
    own().or_else(here).ok_or_else(none)
}

fn here() -> Option<Handle> {
    Handle::try_current().ok()
}

/// One thread for the whole process, started when it is first needed, and never ended.
fn own() -> Option<Handle> {
    static OWN: Mutex<Option<Handle>> = Mutex::new(None);
    let mut own = OWN.lock().unwrap_or_else(PoisonError::into_inner);
    if own.is_none() {
        *own = start();
    }
    own.clone()
}

fn start() -> Option<Handle> {
    let runtime = Builder::new_current_thread().enable_all().build().ok()?;
    let handle = runtime.handle().clone();
    let thread = thread::Builder::new().name("credsmith-reqwest".to_owned());
    thread
        .spawn(move || runtime.block_on(std::future::pending::<()>()))
        .ok()?;
    Some(handle)
}

fn none() -> TransportError {
    TransportError::new(
        TransportErrorKind::Other,
        "there is no tokio runtime, and none could be started",
    )
}
