//! What is sent, and how far the agent came with it.

use std::io::{self, Read};

use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Method};
use ureq::SendBody;

use super::failure::Progress;

/// A body that notes when the agent begins to take it, which it does once the connection stands.
pub(super) struct Outgoing<'b> {
    left: &'b [u8],
    is_sent: bool,
    progress: Progress,
}

impl<'b> Outgoing<'b> {
    /// The body of a request, whose headers are told how long it is: of a reader the agent cannot know.
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

    /// None, where the request has no body at all.
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
