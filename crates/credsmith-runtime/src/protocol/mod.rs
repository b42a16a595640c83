//! The OAuth 2 protocol without IO: a token request is built as a value, and a response is read as
//! a value. Everything here is a pure function.

#[cfg(feature = "jwt")]
pub(crate) mod assertion;
pub(crate) mod authentication;
pub(crate) mod members;
#[cfg(test)]
mod properties;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod retry_after;
pub(crate) mod url;
