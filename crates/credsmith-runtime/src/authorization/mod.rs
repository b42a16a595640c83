//! Asking the user: the authorization request and what comes back of it (RFC 6749 sections 4.1 and
//! 4.2, RFC 7636, RFC 9207), and the device's code for the user (RFC 8628). Values and pure
//! functions; who sends them is the engine.

mod callback;
mod device;
mod pkce;
mod request;

pub use self::callback::CallbackError;
pub use self::device::DeviceAuthorization;
pub(crate) use self::request::Draft;
pub use self::request::{AuthorizationRequest, ParameterError};
