//! What the server knows: clients, tokens, scripts and the record.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::record::RecordedRequest;
use crate::reply::Reply;

#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) state: Mutex<State>,
}

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) clients: BTreeMap<String, Client>,
    pub(crate) decodes_basic: bool,
    pub(crate) scopes: Option<BTreeSet<String>>,
    pub(crate) expires_in: Option<u64>,
    pub(crate) latency: Duration,
    pub(crate) api_latency: Duration,
    pub(crate) replies: VecDeque<Reply>,
    pub(crate) api_replies: VecDeque<Reply>,
    pub(crate) issued: Vec<Issued>,
    pub(crate) token_requests: Vec<RecordedRequest>,
    pub(crate) api_requests: Vec<RecordedRequest>,
    pub(crate) other_requests: Vec<RecordedRequest>,
}

#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) secret: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) token: String,
    pub(crate) expires_at: Option<Instant>,
    pub(crate) revoked: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            clients: BTreeMap::new(),
            decodes_basic: true,
            scopes: None,
            expires_in: Some(3_600),
            latency: Duration::ZERO,
            api_latency: Duration::ZERO,
            replies: VecDeque::new(),
            api_replies: VecDeque::new(),
            issued: Vec::new(),
            token_requests: Vec::new(),
            api_requests: Vec::new(),
            other_requests: Vec::new(),
        }
    }
}

impl State {
    /// Issues a token: numbered, for tests to read, and with a part that cannot be guessed.
    pub(crate) fn issue(&mut self) -> String {
        let token = format!(
            "access-{}-{:032x}",
            self.issued.len() + 1,
            fastrand::u128(..)
        );
        let life = self.expires_in.map(Duration::from_secs);
        let expires_at = life.and_then(|life| Instant::now().checked_add(life));
        self.issued.push(Issued {
            token: token.clone(),
            expires_at,
            revoked: false,
        });
        token
    }

    pub(crate) fn is_valid(&self, token: &str) -> bool {
        let lives = |issued: &Issued| {
            issued
                .expires_at
                .is_none_or(|expires_at| Instant::now() < expires_at)
        };
        self.issued
            .iter()
            .any(|issued| issued.token == token && !issued.revoked && lives(issued))
    }
}
