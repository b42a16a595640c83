//! The `User-Agent` of requests that have none. Some APIs refuse requests without it.

#[cfg(any(feature = "reqwest", feature = "blocking"))]
use bytes::Bytes;
#[cfg(any(feature = "reqwest", feature = "blocking"))]
use http::{HeaderValue, Request, header::USER_AGENT};

/// The default `User-Agent` of a transport: this crate and its version.
pub(super) const DEFAULT_USER_AGENT: &str = crate::user_agent!();

/// Expands to the name and the version of the package that calls it, as `acme-sdk/1.2.3`.
///
/// ```
/// assert!(credsmith_runtime::user_agent!().contains('/'));
/// ```
#[macro_export]
macro_rules! user_agent {
    () => {
        ::core::concat!(
            ::core::env!("CARGO_PKG_NAME"),
            "/",
            ::core::env!("CARGO_PKG_VERSION")
        )
    };
}

/// The value that a transport adds. A transport with a client of the application adds nothing.
#[cfg(any(feature = "reqwest", feature = "blocking"))]
#[derive(Clone, Debug, Default)]
pub(super) struct UserAgent(Option<HeaderValue>);

#[cfg(any(feature = "reqwest", feature = "blocking"))]
impl UserAgent {
    /// Reads the value. A text that is not valid in a header is ignored.
    pub(super) fn new(text: &str) -> Self {
        Self(HeaderValue::from_str(text).ok())
    }

    /// Sets the header, unless `request` has it.
    pub(super) fn apply(&self, request: &mut Request<Bytes>) {
        if let Some(value) = &self.0 {
            let header = request.headers_mut().entry(USER_AGENT);
            header.or_insert_with(|| value.clone());
        }
    }
}
