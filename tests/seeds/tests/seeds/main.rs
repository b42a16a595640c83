//! The seed systems: what their pages state, and what their SDKs do.

mod demo;
mod environment;
mod example;
mod external;
mod facts;
mod pages;
mod peer_defects;
mod types;
