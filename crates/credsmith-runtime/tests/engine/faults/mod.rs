//! One test or more for each fault that was found in the engine (E), in the field (F) or in messages (M, N),
//! named after its id. A test that still fails is ignored under that id; none is ignored once the faults are fixed.

mod docs;
mod errors;
mod https;
mod refresh;
mod runtime;
mod secrets;
mod server;
mod store;

use std::error::Error;
use std::fmt::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use credsmith_runtime::TokenManager;

use crate::support::{run_until_idle, seconds};

/// Everything that `error` and its sources say.
fn text_of_chain(error: &(dyn Error + 'static)) -> String {
    let mut words = format!("{error:?}");
    let mut next = Some(error);
    while let Some(error) = next {
        write!(words, " {error}").unwrap();
        next = error.source();
    }
    words
}

/// A text that lives as long as the scripts of an [`Endpoint`](crate::support::Endpoint) need it.
fn leaked(text: String) -> &'static str {
    text.leak()
}

/// Waits for what other threads do.
#[track_caller]
fn wait_until(what: &str, happened: impl Fn() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < seconds(10), "it does not happen: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Lets `total` pass in steps, so that shorter waits end in between.
pub(crate) async fn pass(clock: &credsmith_runtime::ManualClock, total: Duration) {
    const STEP: Duration = Duration::from_secs(5);
    let mut left = total;
    while !left.is_zero() {
        let step = left.min(STEP);
        clock.advance(step);
        run_until_idle().await;
        left -= step;
    }
}

/// Returns the number of requests that the manager has sent to its token endpoint.
fn requests_of(manager: &TokenManager) -> u64 {
    manager.statistics().token_requests
}
