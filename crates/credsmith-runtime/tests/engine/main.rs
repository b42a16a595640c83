//! The engine as applications see it: through the public API, mostly under injected time and with a
//! scripted endpoint, and over the wire where the wire is the point.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, which the allowance for tests does not cover"
)]

mod expiry;
mod failure;
mod flight;
mod herd;
#[cfg(all(feature = "tower", feature = "reqwest-middleware"))]
mod layers;
mod manual;
mod provider;
mod refresh;
mod runtimes;
mod secrets;
mod sending;
#[cfg(feature = "store-file")]
mod store;
mod support;
mod week;
mod wire;
