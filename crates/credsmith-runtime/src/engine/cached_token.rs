//! An installed token with everything a call needs of it, and its copies of the header value.
//!
//! Entries never change. What changes about an installed token, for example the moment that the clocks
//! are compared with, makes another entry that shares the token and the header values.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::shard;
use super::sync::ReadGuard;
use crate::clock::{CoarseTime, Moment};
use crate::error::Reason;
use crate::policy::lifetime::Schedule;
use crate::policy::window::Window;
use crate::protocol::response::check_access_token;
use crate::token::Token;

/// The two clocks may differ by this from what they differed at first.
const DRIFT: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
pub(crate) struct CachedToken {
    /// The token; without its access token where there are headers, since those hold it already.
    token: Arc<Token>,
    /// The `Authorization` value, a copy per shard of threads; without them, why the token cannot
    /// be sent.
    headers: Result<Headers, &'static str>,
    pub(super) schedule: Schedule,
    /// The moment against which the clocks are compared: that of the request, for a requested token.
    pub(super) reference: Moment,
    /// Whether this manager requested it from the endpoint.
    pub(super) is_requested: bool,
}

impl CachedToken {
    pub(super) fn new(token: Token, schedule: Schedule, reference: Moment) -> Self {
        let headers = Headers::new(&token);
        let token = match &headers {
            Ok(_) => token.with_access_token(SecretString::default()),
            Err(_) => token,
        };
        Self {
            token: Arc::new(token),
            headers,
            schedule,
            reference,
            is_requested: false,
        }
    }

    /// The same for another form of the token: the deadlines stay.
    pub(super) fn with_token(&self, token: Token) -> Self {
        Self {
            is_requested: self.is_requested,
            ..Self::new(token, self.schedule, self.reference)
        }
    }

    pub(crate) fn token(&self) -> Token {
        let access_token = SecretString::from(self.access_token());
        Token::clone(&self.token).with_access_token(access_token)
    }

    pub(super) fn refresh_token(&self) -> Option<&SecretString> {
        self.token.refresh_token()
    }

    pub(crate) fn has(&self, token: &Token) -> bool {
        self.access_token() == token.access_token().expose_secret()
    }

    fn access_token(&self) -> &str {
        match &self.headers {
            Ok(headers) => headers.access_token(),
            Err(_) => self.token.access_token().expose_secret(),
        }
    }

    /// What calls of a shard's threads need while the coarse clocks are inside of the window; nothing,
    /// where the token cannot be sent.
    pub(super) fn snapshot(self: &Arc<Self>, window: Window, shard: usize) -> Snapshot {
        match &self.headers {
            Ok(headers) => Snapshot {
                window,
                header: headers.of_shard(shard).clone(),
                cached: Some(Arc::clone(self)),
            },
            Err(_) => Snapshot::default(),
        }
    }

    pub(super) fn is_sendable(&self) -> bool {
        self.headers.is_ok()
    }

    /// The `Authorization` value.
    pub(crate) fn header(&self) -> Result<HeaderValue, Reason> {
        match &self.headers {
            Ok(headers) => Ok(headers.of_this_thread().clone()),
            Err(what) => Err(Reason::Unusable(what)),
        }
    }

    /// The same token after a clock step, if there was one. A step back moves the moments on
    /// the wall clock with it. A step ahead may as well have been sleep: the moments stay, so that
    /// the token ages by it.
    pub(super) fn after_clock_step(&self, now: Moment) -> Option<Self> {
        let (back, ahead) = now.clock_step_since(self.reference);
        (back.max(ahead) > DRIFT).then(|| Self {
            schedule: self.schedule.set_back(back),
            reference: now,
            ..self.clone()
        })
    }
}

/// What is published of an entry: all that the usual call looks at, side by side.
pub(crate) struct Snapshot {
    window: Window,
    header: HeaderValue,
    cached: Option<Arc<CachedToken>>,
}

impl Snapshot {
    pub(super) fn window(&self) -> Window {
        self.window
    }

    /// Whether this may be sent now.
    #[inline]
    pub(super) fn covers(&self, now: CoarseTime) -> bool {
        self.window.covers(now)
    }

    pub(super) fn cached(&self) -> Option<Arc<CachedToken>> {
        self.cached.clone()
    }
}

impl Default for Snapshot {
    /// Never to be sent.
    fn default() -> Self {
        Self {
            window: Window::CLOSED,
            header: HeaderValue::from_static(""),
            cached: None,
        }
    }
}

/// The `Authorization` value of what was found.
///
/// A call of its own, like the clone: the compiler then makes the value right where the caller wants it.
/// Where it makes it elsewhere and copies it, that takes as long as another locked operation: see
/// `docs/adr/0005-header-per-call.md`.
#[inline(never)]
#[expect(
    clippy::needless_pass_by_value,
    reason = "a caller that still held it would have to see to it, and to a place for the value meanwhile"
)]
pub(crate) fn header_of(found: ReadGuard<'_, Snapshot>) -> HeaderValue {
    copy_of(&found.header)
}

#[inline(never)]
fn copy_of(header: &HeaderValue) -> HeaderValue {
    header.clone()
}

/// Copies of one header value. Each has a reference count of its own, on a cache line of its own,
/// so that threads which clone it at the same time do not wait for each other's memory.
#[derive(Clone)]
struct Headers(Arc<[HeaderValue]>);

impl Headers {
    fn new(token: &Token) -> Result<Self, &'static str> {
        if !token.is_bearer() {
            return Err("is not of the type Bearer");
        }
        check_access_token(token.access_token())
            .map_err(|_| "is empty or holds characters that no header may hold")?;
        let copies = (0..shard::count()).map(|_| copy(token));
        let copies: Option<Arc<[_]>> = copies.collect();
        copies.map(Self).ok_or("does not fit a header")
    }

    fn access_token(&self) -> &str {
        let line = self.0.first().and_then(|value| value.to_str().ok());
        // Built from visible ASCII after the scheme, so that it is always there.
        line.and_then(|line| line.get(SCHEME.len()..))
            .unwrap_or_default()
    }

    fn of_this_thread(&self) -> &HeaderValue {
        self.of_shard(shard::of_this_thread(self.0.len()))
    }

    /// There may have been fewer shards to know of when the token was installed.
    fn of_shard(&self, shard: usize) -> &HeaderValue {
        &self.0[shard & (self.0.len() - 1)]
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Headers").finish_non_exhaustive()
    }
}

const SCHEME: &[u8] = b"Bearer ";

/// The line of a header, wiped with its last clone. With this alignment `Bytes` allocates 64 bytes, its
/// reference count first, so that no two counts are on one cache line.
#[repr(align(32))]
struct Line(Zeroizing<Box<[u8]>>);

impl AsRef<[u8]> for Line {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn copy(token: &Token) -> Option<HeaderValue> {
    let secret = token.access_token().expose_secret();
    // Allocated once and in full: a buffer that grows leaves its old bytes behind.
    let mut line = Vec::with_capacity(SCHEME.len() + secret.len());
    line.extend_from_slice(SCHEME);
    line.extend_from_slice(secret.as_bytes());
    let line = Line(Zeroizing::new(line.into_boxed_slice()));
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(line)).ok()?;
    value.set_sensitive(true);
    Some(value)
}
