//! The engine as applications see it: through the public API, mostly under injected time and with a
//! scripted endpoint, and over the wire where the wire is the point.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, which the allowance for tests does not cover"
)]

#[cfg(feature = "blocking")]
mod blocking_transport;
mod conformance;
mod device;
mod drops;
mod elsewhere;
mod expiry;
mod failure;
// They take every part of the crate.
#[cfg(all(
    feature = "blocking",
    feature = "jwt",
    feature = "reqwest-middleware",
    feature = "store-file",
    feature = "tower"
))]
mod faults;
mod flight;
mod grant_secrets;
mod grants;
mod grants_wire;
mod headers;
mod herd;
mod introspection;
mod json;
#[cfg(all(feature = "tower", feature = "reqwest-middleware"))]
mod layers;
mod limits;
mod manual;
mod outer_faults;
mod provider;
#[cfg(feature = "blocking")]
mod proxies;
mod races;
mod refresh;
mod refused;
mod revocation;
mod rotation;
mod slow_store;
mod superseded;
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
mod in_flight;
#[cfg(all(feature = "blocking", feature = "reqwest"))]
mod interleavings;
mod secrets;
mod security;
mod sending;
mod sign_in;
mod sign_out;
mod statistics;
#[cfg(feature = "store-file")]
mod store;
mod store_faults;
#[cfg(feature = "store-file")]
mod store_files;
mod subscribers;
mod support;
mod test_store;
mod transports;
mod week;
mod wire;
