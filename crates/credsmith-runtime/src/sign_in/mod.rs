//! A user's sign-in: the authorization request and its response (RFC 6749 sections 4.1 and 4.2, RFC 7636, RFC 9207),
//! and the codes of a device (RFC 8628). It consists of values and pure functions; the engine sends the requests.

mod callback;
mod device;
mod pkce;
mod request;

pub use self::callback::CallbackError;
pub use self::device::DeviceSignIn;
pub(crate) use self::request::Draft;
pub use self::request::{ParameterError, SignInRequest};
