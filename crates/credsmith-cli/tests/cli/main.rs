//! The command line as its users see it, and the files that this repository keeps of it.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod check;
mod explain;
mod generate;
mod reference;
mod schema;
mod support;
mod token;
