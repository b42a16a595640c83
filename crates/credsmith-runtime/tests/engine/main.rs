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
#[cfg(feature = "store")]
mod elsewhere;
mod expiry;
mod failure;
mod farewells;
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
mod json;
#[cfg(all(feature = "tower", feature = "reqwest-middleware"))]
mod layers;
mod manual;
#[cfg(feature = "store")]
mod out_of_turn;
mod outer_faults;
#[cfg(feature = "store")]
mod overtaken;
mod provider;
#[cfg(feature = "blocking")]
mod proxies;
#[cfg(feature = "store")]
mod races;
mod refresh;
mod refused;
mod revocation;
mod rotation;
mod runtime_ends;
mod runtimes;
mod scheme_secrets;
mod schemes;
mod secrets;
mod security;
mod sending;
mod sign_in;
#[cfg(feature = "store")]
mod sign_out;
mod statistics;
#[cfg(feature = "store-file")]
mod store;
#[cfg(feature = "store")]
mod store_faults;
#[cfg(feature = "store-file")]
mod store_files;
#[cfg(feature = "store")]
mod stores;
mod subscribers;
mod support;
mod transports;
#[cfg(feature = "store")]
mod turns;
mod week;
mod wire;
