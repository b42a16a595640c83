//! A cached token with all data that a call needs, and copies of its header value.
//!
//! Cached tokens never change. A change, for example of the clock reference, makes another cached token that shares
//! the token and the header values.

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

/// The tolerated change of the difference between the two clocks.
const DRIFT: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
pub(crate) struct CachedToken {
    /// The token. Its access token is left out if there are headers, which contain it.
    token: Arc<Token>,
    /// The `Authorization` value, one copy for each shard of threads; or the reason why the token cannot be sent.
    headers: Result<Headers, &'static str>,
    pub(super) schedule: Schedule,
    /// The clock reference: for a requested token, the time of the request.
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

    /// Returns the same deadlines with another form of the token.
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

    /// Returns the data that calls of a shard's threads need while the coarse clocks are within the window. The
    /// snapshot is empty if the token cannot be sent.
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

    /// Returns the `Authorization` value.
    pub(crate) fn header(&self) -> Result<HeaderValue, Reason> {
        match &self.headers {
            Ok(headers) => Ok(headers.of_this_thread().clone()),
            Err(what) => Err(Reason::Unusable(what)),
        }
    }

    /// Returns the same token after a clock step, if there was one. If the clock went back, the deadlines on the wall
    /// clock move with it. If it went ahead, the machine may have slept: the deadlines stay, so that the token ages
    /// by the step.
    pub(super) fn after_clock_step(&self, now: Moment) -> Option<Self> {
        let (back, ahead) = now.clock_step_since(self.reference);
        (back.max(ahead) > DRIFT).then(|| Self {
            schedule: self.schedule.set_back(back),
            reference: now,
            ..self.clone()
        })
    }
}

/// The published part of a cached token: all data that a usual call reads, side by side.
pub(crate) struct Snapshot {
    window: Window,
    header: HeaderValue,
    cached: Option<Arc<CachedToken>>,
}

impl Snapshot {
    pub(super) fn window(&self) -> Window {
        self.window
    }

    /// Returns whether this may be sent now.
    #[inline]
    pub(super) fn covers(&self, now: CoarseTime) -> bool {
        self.window.covers(now)
    }

    pub(super) fn cached(&self) -> Option<Arc<CachedToken>> {
        self.cached.clone()
    }
}

impl Default for Snapshot {
    /// Makes a snapshot that is never sent.
    fn default() -> Self {
        Self {
            window: Window::CLOSED,
            header: HeaderValue::from_static(""),
            cached: None,
        }
    }
}

/// Returns the `Authorization` value of a snapshot.
///
/// This is a separate function, like the clone, so that the compiler constructs the value in the place where the
/// caller needs it. Constructing it elsewhere and copying it takes as long as another locked operation: see
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

/// Copies of one header value. Each has a separate reference count on a separate cache line, so that threads which
/// clone it at the same time do not contend.
#[derive(Clone)]
struct Headers(Arc<[HeaderValue]>);

impl Headers {
    fn new(token: &Token) -> Result<Self, &'static str> {
        if !token.is_bearer() {
            return Err("is not of the type Bearer");
        }
        check_access_token(token.access_token())
            .map_err(|_| "is empty or contains characters that are not allowed in a header")?;
        let copies = (0..shard::count()).map(|_| copy(token));
        let copies: Option<Arc<[_]>> = copies.collect();
        copies.map(Self).ok_or("is not a valid header value")
    }

    fn access_token(&self) -> &str {
        let line = self.0.first().and_then(|value| value.to_str().ok());
        // Built from visible ASCII after the scheme, so it is always present.
        line.and_then(|line| line.get(SCHEME.len()..))
            .unwrap_or_default()
    }

    fn of_this_thread(&self) -> &HeaderValue {
        self.of_shard(shard::of_this_thread(self.0.len()))
    }

    /// There may have been fewer shards when the token was set.
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

/// The bytes of a header value, wiped with the last clone. With this alignment `Bytes` allocates 64 bytes with its
/// reference count first, so that no two counts share a cache line.
#[repr(align(32))]
struct Line(Zeroizing<Box<[u8]>>);

impl AsRef<[u8]> for Line {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn copy(token: &Token) -> Option<HeaderValue> {
    let secret = token.access_token().expose_secret();
    // Allocated once and in full: a growing buffer would leave copies in memory.
    let mut line = Vec::with_capacity(SCHEME.len() + secret.len());
    line.extend_from_slice(SCHEME);
    line.extend_from_slice(secret.as_bytes());
    let line = Line(Zeroizing::new(line.into_boxed_slice()));
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(line)).ok()?;
    value.set_sensitive(true);
    Some(value)
}
