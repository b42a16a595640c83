//! Scripts for single replies.

use std::time::Duration;

use crate::error_shape::ErrorShape;

/// A scripted response to one request. It replaces or changes the ordinary response.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Reply {
    pub(crate) delay: Duration,
    pub(crate) status: Option<u16>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) truncate_at: Option<usize>,
    pub(crate) drip: Option<Duration>,
    pub(crate) reset: bool,
}

impl Reply {
    /// The ordinary response, to be changed by the other methods.
    pub fn ordinary() -> Self {
        Self::default()
    }

    /// A status with an empty body; nothing is checked or issued.
    pub fn status(status: u16) -> Self {
        Self {
            status: Some(status),
            body: Some(Vec::new()),
            ..Self::default()
        }
    }

    /// A status with a JSON body; nothing is checked. If the body contains `{access_token}`, a
    /// token is issued and put in its place.
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Self::status(status)
            .with_header("content-type", "application/json")
            .with_body(body.into())
    }

    /// An error in the shape that a server writes it in; nothing is checked.
    ///
    /// ```
    /// use credsmith_token_server::{ErrorShape, Reply, TokenServer};
    ///
    /// let server = TokenServer::start_blocking();
    /// // `{"errcode":40029,"errmsg":"invalid code"}`
    /// server.enqueue(Reply::error(200, ErrorShape::Errmsg, "40029", "invalid code"));
    /// ```
    pub fn error(status: u16, shape: ErrorShape, code: &str, message: &str) -> Self {
        Self::status(status)
            .with_header("content-type", shape.content_type())
            .with_body(shape.body(status, code, message).to_string())
    }

    /// The connection is reset before any byte of a response.
    pub fn reset() -> Self {
        Self {
            reset: true,
            ..Self::default()
        }
    }

    /// Never responds.
    pub fn hang() -> Self {
        Self::reset().with_delay(Duration::from_secs(100_000))
    }

    /// Waits before it responds, on top of the server's latency.
    pub fn with_delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Adds a header.
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sends this body.
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Announces the whole body, but ends the connection after this many bytes of it.
    pub fn truncated(mut self, length: usize) -> Self {
        self.truncate_at = Some(length);
        self
    }

    /// Sends the body one byte at a time, with this pause before each.
    pub fn dripped(mut self, pause: Duration) -> Self {
        self.drip = Some(pause);
        self
    }
}
