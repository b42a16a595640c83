//! The OAuth 2 protocol without IO: a request is built as a value, and a response is read as a value. All functions
//! are pure.

#[cfg(feature = "jwt")]
pub(crate) mod assertion;
pub(crate) mod authentication;
mod body;
pub(crate) mod device;
pub(crate) mod endpoint_response;
pub(crate) mod grant_parameters;
pub(crate) mod headers;
pub(crate) mod introspection;
pub(crate) mod issuer;
pub(crate) mod members;
pub(crate) mod metadata;
#[cfg(test)]
mod properties;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod retry_after;
mod server_error;
pub(crate) mod url;
