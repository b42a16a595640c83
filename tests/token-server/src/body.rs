//! Bodies that arrive whole, drop by drop, or not to the end.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// The time a torn body leaves for what it has sent to reach the client.
const BEFORE_TEARING: Duration = Duration::from_millis(10);

#[derive(Debug)]
pub(crate) struct ScriptedBody {
    rest: Bytes,
    announced: u64,
    is_torn: bool,
    drip: Option<Duration>,
    pause: Option<Pin<Box<Sleep>>>,
}

impl ScriptedBody {
    pub(crate) fn new(mut body: Bytes, truncate_at: Option<usize>, drip: Option<Duration>) -> Self {
        let announced = body.len() as u64;
        body.truncate(truncate_at.unwrap_or(usize::MAX));
        let is_torn = (body.len() as u64) < announced;
        Self {
            rest: body,
            announced,
            is_torn,
            drip,
            pause: None,
        }
    }

    fn next(&mut self) -> Option<io::Result<Frame<Bytes>>> {
        if self.rest.is_empty() {
            return self
                .is_torn
                .then(|| Err(io::Error::other("torn by script")));
        }
        let length = if self.drip.is_some() {
            1
        } else {
            self.rest.len()
        };
        Some(Ok(Frame::data(self.rest.split_to(length))))
    }

    fn pause_before_next(&self) -> Option<Duration> {
        if self.rest.is_empty() {
            self.is_torn.then_some(BEFORE_TEARING)
        } else {
            self.drip
        }
    }
}

impl Body for ScriptedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(pause) = self.pause_before_next() {
            let pausing = self.pause.get_or_insert_with(|| Box::pin(sleep(pause)));
            if pausing.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.pause = None;
        }
        Poll::Ready(self.next())
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && !self.is_torn
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}
