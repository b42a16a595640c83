//! Runs the protocol vectors of `tests/conformance` through the public API, and checks all vectors
//! against their JSON Schemas. The policy vectors run as unit tests of the policy.

#[cfg(feature = "jwt")]
mod assertions;
mod files;
mod operation;
mod requests;
mod responses;
mod schema;
mod settings;
