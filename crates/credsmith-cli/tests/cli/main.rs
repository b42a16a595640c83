//! The command line as its users see it, and the files that this repository keeps of it.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod check;
mod configuration;
mod explain;
mod generate;
mod help;
mod init;
mod plan;
mod reference;
mod schema;
mod sign_in;
mod support;
mod token;
