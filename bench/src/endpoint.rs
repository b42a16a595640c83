//! The token endpoint of the measurements, in two forms that follow one script: a server on
//! loopback for libraries that can be pointed at one, and a function in this process for those that
//! take their tokens from a trait of theirs.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use credsmith_token_server::{Reply, TokenServer};
use serde_json::json;

use crate::herd::Situation;

/// The length of every access token.
pub(crate) const TOKEN_LENGTH: usize = 1_024;

/// More scripted replies than any herd sends requests.
const REPLIES: usize = 2_500;

/// One answer of the endpoint.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) delay: Duration,
    /// The life of the token, where the status is 200.
    pub(crate) life: Duration,
    /// The time after which the server wants the token refreshed.
    pub(crate) refresh_in: Option<Duration>,
}

impl Answer {
    /// A token that lives for this many seconds.
    pub(crate) fn token(seconds: u64) -> Self {
        Self {
            status: 200,
            delay: Duration::ZERO,
            life: Duration::from_secs(seconds),
            refresh_in: None,
        }
    }

    /// A failure.
    pub(crate) fn status(status: u16) -> Self {
        Self {
            status,
            ..Self::token(0)
        }
    }

    /// The same answer, given later.
    pub(crate) fn after(self, milliseconds: u64) -> Self {
        Self {
            delay: Duration::from_millis(milliseconds),
            ..self
        }
    }

    /// The same answer, with a token to be refreshed after this many seconds.
    pub(crate) fn refreshed_in(self, seconds: u64) -> Self {
        Self {
            refresh_in: Some(Duration::from_secs(seconds)),
            ..self
        }
    }

    /// The body of the response.
    pub(crate) fn body(self) -> String {
        match self.status {
            200 => {
                let mut body = json!({
                    "access_token": token(),
                    "token_type": "Bearer",
                    "expires_in": self.life.as_secs(),
                });
                if let Some(refresh_in) = self.refresh_in {
                    body["refresh_in"] = json!(refresh_in.as_secs());
                }
                body.to_string()
            }
            401 => r#"{"error":"invalid_client"}"#.to_owned(),
            _ => String::new(),
        }
    }

    fn reply(self) -> Reply {
        let reply = match self.status {
            200 | 401 => Reply::json(self.status, self.body()),
            status => Reply::status(status),
        };
        reply.with_delay(self.delay)
    }
}

/// An access token of [`TOKEN_LENGTH`] bytes.
pub(crate) fn token() -> String {
    "t".repeat(TOKEN_LENGTH)
}

/// The endpoint in both forms.
pub(crate) struct Endpoint {
    /// What is being measured, for libraries that need another setting to get there.
    pub(crate) situation: Option<Situation>,
    server: TokenServer,
    source: Source,
}

impl Endpoint {
    /// An endpoint that gives `first`, if there is one, and `then` from there on.
    pub(crate) fn new(situation: Option<Situation>, first: Option<Answer>, then: Answer) -> Self {
        let server = TokenServer::start_blocking();
        let replies = first.into_iter().chain(std::iter::repeat_n(then, REPLIES));
        replies.for_each(|answer| server.enqueue(answer.reply()));
        Self {
            situation,
            server,
            source: Source {
                shared: Arc::new(Script {
                    requests: AtomicUsize::new(0),
                    first: Mutex::new(first),
                    then,
                }),
            },
        }
    }

    /// The address of the form on loopback.
    pub(crate) fn token_url(&self) -> String {
        self.server.token_url()
    }

    /// The form in this process.
    pub(crate) fn source(&self) -> Source {
        self.source.clone()
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> usize {
        self.server.token_requests().len() + self.source.shared.requests.load(Ordering::Relaxed)
    }
}

/// The endpoint as a function.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    shared: Arc<Script>,
}

#[derive(Debug)]
struct Script {
    requests: AtomicUsize,
    first: Mutex<Option<Answer>>,
    then: Answer,
}

impl Source {
    /// One request: counted at once, answered after the delay.
    pub(crate) async fn fetch(&self) -> Answer {
        self.shared.requests.fetch_add(1, Ordering::Relaxed);
        let first = self
            .shared
            .first
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let answer = first.unwrap_or(self.shared.then);
        if !answer.delay.is_zero() {
            tokio::time::sleep(answer.delay).await;
        }
        answer
    }
}
