//! What is measured: this crate's manager, the libraries beside it, and two reference points, all
//! behind one trait. Calls are generic, so that none of them pays for being boxed here.

pub(crate) mod aws;
pub(crate) mod azure;
pub(crate) mod credsmith;
pub(crate) mod google;
pub(crate) mod huskarl;
pub(crate) mod middle;
pub(crate) mod object_store;
pub(crate) mod reference;
pub(crate) mod yup;

use std::future::Future;
use std::hint::black_box;
use std::time::Duration;

use anyhow::{Context as _, Result};
use http::HeaderValue;

use crate::endpoint::{Answer, Endpoint};

/// What a row is to the one who judges.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Floor,
    /// A point of reference, or a part of what a library does for a header.
    Reference,
    Own,
    /// This crate during an early refresh. The name begins with that of the row it is compared with.
    OwnRefreshing,
    Peer,
}

impl Kind {
    /// Its name in the JSON.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Reference => "reference",
            Self::Own => "own",
            Self::OwnRefreshing => "own_refreshing",
            Self::Peer => "peer",
        }
    }
}

/// How a token comes into the window in which it is valid, but due for a refresh.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    /// Its life in seconds.
    pub(crate) life: u64,
    /// The time from its arrival to the herd's.
    pub(crate) wait: Duration,
}

impl Window {
    pub(crate) const fn new(life: u64, wait_milliseconds: u64) -> Self {
        Self {
            life,
            wait: Duration::from_millis(wait_milliseconds),
        }
    }
}

/// One row of the tables.
pub(crate) trait Subject: Clone + Send + Sync + 'static {
    /// What the tables call it.
    const NAME: &'static str;
    /// The package whose version is shown.
    const PACKAGE: &'static str;
    const KIND: Kind = Kind::Peer;
    /// When a token is due.
    const WINDOW: Window = Window::new(3_600, 0);
    /// False where a token is fetched when the object is built, and calls never wait for one.
    const CALLS_FETCH: bool = true;

    /// What one task keeps between its calls, for example the request that is authorized.
    type State: Send;
    /// What a call yields.
    type Value: Send;
    /// The library's own error: to make another of it takes time in each call.
    type Error: Into<anyhow::Error> + Send;

    /// The answers of the endpoint for the table of cached tokens: the first, if it differs, and all others.
    fn answers() -> (Option<Answer>, Answer) {
        (None, Answer::token(3_600))
    }

    fn build(endpoint: &Endpoint) -> impl Future<Output = Result<Self>> + Send;

    /// Waits until calls are as the row wants them. The token is there already.
    fn settle(&self) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    fn state(&self) -> Result<Self::State>;

    /// One call: what an outgoing request needs.
    fn header(
        &self,
        state: &mut Self::State,
    ) -> impl Future<Output = Result<Self::Value, Self::Error>> + Send;

    /// `count` calls, one after the other. A library whose call needs no future says so here.
    fn calls(&self, count: usize) -> impl Future<Output = Result<()>> + Send {
        async move {
            let mut state = self.state()?;
            for _ in 0..count {
                // Looked at where it is: to move it would be counted as the library's.
                let answer = self.header(&mut state).await;
                black_box(&answer);
                if let Err(error) = answer {
                    return Err(error.into());
                }
            }
            Ok(())
        }
    }
}

/// A header value from a token, where the library leaves that to its caller.
fn bearer(token: &str) -> Result<HeaderValue> {
    HeaderValue::try_from(format!("Bearer {token}")).context("the token is no header value")
}

/// The version of a package in this workspace's lock file.
pub(crate) fn version(package: &str) -> &'static str {
    let lock = include_str!("../../Cargo.lock");
    let name = format!("name = \"{package}\"");
    lock.split("[[package]]")
        .filter(|entry| entry.lines().any(|line| line == name))
        .find_map(|entry| {
            entry
                .lines()
                .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        })
        .unwrap_or("")
}
