//! The body of a request, which records how far the agent has read it.

use std::io::{self, Read};

use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Method};
use ureq::SendBody;

use super::failure::Progress;

/// A body that records when the agent begins to read it, which happens after the connection was made.
pub(super) struct Outgoing<'b> {
    left: &'b [u8],
    is_sent: bool,
    progress: Progress,
}

impl<'b> Outgoing<'b> {
    /// Makes the body of a request. Sets its length in `headers`, since the agent cannot know the length of a reader.
    pub(super) fn new(body: &'b [u8], method: &Method, headers: &mut HeaderMap) -> Self {
        let is_demanded = matches!(method.as_str(), "POST" | "PUT" | "PATCH");
        let is_allowed = !matches!(method.as_str(), "HEAD" | "CONNECT");
        let is_sent = is_demanded || (is_allowed && !body.is_empty());
        if is_sent {
            let length = headers.entry(CONTENT_LENGTH);
            length.or_insert_with(|| body.len().into());
        }
        let tells = is_sent && !body.is_empty();
        Self {
            left: body,
            is_sent,
            progress: if tells {
                Progress::Unsent
            } else {
                Progress::Unknown
            },
        }
    }

    /// Returns `None` if the request has no body at all.
    pub(super) fn body(&mut self) -> Option<SendBody<'_>> {
        self.is_sent.then(|| SendBody::from_reader(self))
    }

    pub(super) fn progress(&self) -> Progress {
        self.progress
    }
}

impl Read for Outgoing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.progress = Progress::Sent;
        self.left.read(buffer)
    }
}
