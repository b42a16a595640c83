//! The seed systems: what their pages state, and what their SDKs do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod client;
mod demo;
mod environment;
mod example;
mod external;
mod facts;
mod habits;
mod http_clients;
mod pages;
mod peer_defects;
mod types;
