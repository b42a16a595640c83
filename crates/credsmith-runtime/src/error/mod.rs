//! The errors of this crate: one opaque type per operation, with a kind that callers can match on and a few
//! predicates.
//!
//! None of them contains a secret. Texts from a server are stripped of control characters, truncated and masked
//! before they are stored, so `Debug` is as safe to log as `Display`.
//!
//! `Display` writes the whole sentence, including the cause. The chain of sources repeats nothing.

mod cause;
mod config;
mod reason;
mod refresh_token;
mod send;
mod send_kind;
mod token;
mod token_kind;
mod transport;

pub(crate) use cause::{Cause, chain, described};
pub use config::ConfigError;
pub(crate) use reason::{Endpoint, ErrorResponse, Reason, UserNeeded};
pub(crate) use refresh_token::{RefreshTokenVerdict, is_refresh_token_code};
pub use send::SendError;
pub use send_kind::SendErrorKind;
pub use token::TokenError;
pub use token_kind::TokenErrorKind;
pub use transport::{TransportError, TransportErrorKind};
