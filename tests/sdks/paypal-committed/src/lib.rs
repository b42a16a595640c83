//! An SDK whose authentication modules are generated and committed.
//!
//! `auth::paypal` comes from `specs/paypal.yaml`, by `cargo xtask codegen`. The crate gives its items
//! to the outside as if they had been written here.

#![doc = include_str!("auth/paypal/overview.md")]
#![allow(clippy::doc_markdown, reason = "descriptions are the API's own words")]

mod auth {
	pub mod paypal;
}

pub use auth::paypal::*;
