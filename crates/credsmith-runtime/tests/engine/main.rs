//! The engine as applications see it: through the public API, mostly under injected time and with a
//! scripted endpoint, and with a real server for tests of HTTP.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, which the allowance for tests does not cover"
)]

#[cfg(feature = "blocking")]
mod blocking_transport;
mod conformance;
mod device;
mod errors_dropped;
mod expiry;
mod external_tokens;
mod token_errors;
// They take every part of the crate.
#[cfg(all(
    feature = "blocking",
    feature = "jwt",
    feature = "reqwest-middleware",
    feature = "store-file",
    feature = "tower"
))]
mod faults;
mod grant_secrets;
mod grants;
mod grants_over_http;
mod herd;
mod introspection;
mod json_requests;
#[cfg(all(feature = "tower", feature = "reqwest-middleware"))]
mod layers;
mod manual_fetch;
mod provider;
#[cfg(feature = "blocking")]
mod proxies;
mod refresh;
mod refresh_token_races;
mod request_headers;
mod retry_limits;
mod revocation;
mod rotation;
mod server_responses;
mod single_flight;
mod slow_store;
mod superseded;
mod unauthorized;
// As above.
#[cfg(all(
    feature = "blocking",
    feature = "jwt",
    feature = "reqwest-middleware",
    feature = "store-file",
    feature = "tower"
))]
mod rules;
mod runtime_ends;
mod runtimes;
mod scheme_secrets;
mod schemes;
// They take the store, callers without a runtime, and work in the background.
#[cfg(all(feature = "blocking", feature = "reqwest"))]
mod interleavings;
mod over_http;
mod refresh_in_flight;
mod secrets;
mod security_groups;
mod send_authorized;
mod sign_in;
mod sign_out;
mod statistics;
#[cfg(feature = "store-file")]
mod store;
mod store_faults;
#[cfg(feature = "store-file")]
mod store_files;
mod support;
#[allow(dead_code, reason = "some methods are for tests of optional features")]
mod test_store;
mod tracing_subscribers;
mod transports;
mod week_simulation;
