//! The state of the server: clients, tokens, scripts and the record.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::api::Security;
use crate::credential::Credential;
use crate::error_shape::ErrorShape;
use crate::grant::scopes;
use crate::keys::PublicKey;
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
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch that tests turn"
)]
pub(crate) struct State {
    pub(crate) clients: BTreeMap<String, Client>,
    pub(crate) decodes_basic: bool,
    /// Whether token requests are JSON objects, and forms are errors.
    pub(crate) takes_json: bool,
    pub(crate) scopes: Option<BTreeSet<String>>,
    pub(crate) expires_in: Option<u64>,
    pub(crate) error_shape: ErrorShape,
    pub(crate) latency: Duration,
    pub(crate) api_latency: Duration,
    pub(crate) replies: VecDeque<Reply>,
    pub(crate) api_replies: VecDeque<Reply>,
    pub(crate) endpoint_replies: VecDeque<Reply>,
    /// The requirements of the API by path; those of the empty path apply to the whole API.
    pub(crate) security: BTreeMap<String, Security>,
    /// The requirements of all other paths.
    pub(crate) default_security: Security,
    pub(crate) issued: Vec<Issued>,
    pub(crate) token_requests: Vec<RecordedRequest>,
    pub(crate) api_requests: Vec<RecordedRequest>,
    pub(crate) other_requests: Vec<RecordedRequest>,
    pub(crate) users: BTreeMap<String, String>,
    pub(crate) assertion_issuers: BTreeSet<String>,
    pub(crate) assertion_ids: BTreeSet<String>,
    /// The audience of assertions, if it is not this server.
    pub(crate) assertion_audience: Option<String>,
    pub(crate) subject_tokens: BTreeSet<String>,
    /// The user's decision at the authorization endpoint.
    pub(crate) user_consents: bool,
    pub(crate) codes: Vec<Code>,
    pub(crate) devices: Vec<Device>,
    pub(crate) device_interval: u64,
    pub(crate) rotates: bool,
    pub(crate) refresh_tokens: Vec<RefreshToken>,
    /// Requests to the endpoints beside the token endpoint.
    pub(crate) endpoint_requests: Vec<RecordedRequest>,
}

/// An authorization code.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) text: String,
    pub(crate) client: String,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) challenge: Option<String>,
    pub(crate) scope: Option<String>,
}

/// A device that waits for its user.
#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) secret: String,
    pub(crate) user_code: String,
    pub(crate) client: String,
    pub(crate) scope: Option<String>,
    pub(crate) consents: Option<bool>,
    pub(crate) last_poll: Option<Instant>,
}

#[derive(Debug)]
pub(crate) struct RefreshToken {
    pub(crate) token: String,
    pub(crate) client: String,
    pub(crate) scope: Option<String>,
    /// All that descend from one consent.
    pub(crate) family: usize,
    pub(crate) is_spent: bool,
}

#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) secret: Option<String>,
    /// The key that verifies its assertions (`private_key_jwt`).
    pub(crate) key: Option<PublicKey>,
}

#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) token: String,
    pub(crate) scope: Option<String>,
    pub(crate) expires_at: Option<Instant>,
    pub(crate) revoked: bool,
    /// That of the refresh token it came with, or from.
    pub(crate) family: Option<usize>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            clients: BTreeMap::new(),
            decodes_basic: true,
            takes_json: false,
            scopes: None,
            expires_in: Some(3_600),
            error_shape: ErrorShape::OAuth,
            latency: Duration::ZERO,
            api_latency: Duration::ZERO,
            replies: VecDeque::new(),
            api_replies: VecDeque::new(),
            endpoint_replies: VecDeque::new(),
            security: BTreeMap::new(),
            default_security: vec![vec![Credential::oauth2()]],
            issued: Vec::new(),
            token_requests: Vec::new(),
            api_requests: Vec::new(),
            other_requests: Vec::new(),
            users: BTreeMap::new(),
            assertion_issuers: BTreeSet::new(),
            assertion_ids: BTreeSet::new(),
            assertion_audience: None,
            subject_tokens: BTreeSet::new(),
            user_consents: true,
            codes: Vec::new(),
            devices: Vec::new(),
            device_interval: 5,
            rotates: true,
            refresh_tokens: Vec::new(),
            endpoint_requests: Vec::new(),
        }
    }
}

impl State {
    /// Issues a token: numbered, for tests to read, and with a part that cannot be guessed.
    pub(crate) fn issue(&mut self, scope: Option<&str>) -> String {
        let token = format!(
            "access-{}-{:032x}",
            self.issued.len() + 1,
            fastrand::u128(..)
        );
        let life = self.expires_in.map(Duration::from_secs);
        let expires_at = life.and_then(|life| Instant::now().checked_add(life));
        self.issued.push(Issued {
            token: token.clone(),
            scope: scope.map(str::to_owned),
            expires_at,
            revoked: false,
            family: None,
        });
        token
    }

    /// Issues a refresh token: of a new family, to which the newest access token belongs, unless it
    /// follows another one.
    pub(crate) fn issue_refresh_token(
        &mut self,
        client: &str,
        scope: Option<&str>,
        family: Option<usize>,
    ) -> String {
        let number = self.refresh_tokens.len() + 1;
        let token = format!("refresh-{number}-{:032x}", fastrand::u128(..));
        let family = family.unwrap_or_else(|| {
            self.bind_to_family(number);
            number
        });
        self.refresh_tokens.push(RefreshToken {
            token: token.clone(),
            client: client.to_owned(),
            scope: scope.map(str::to_owned),
            family,
            is_spent: false,
        });
        token
    }

    /// The newest access token belongs to this family.
    pub(crate) fn bind_to_family(&mut self, family: usize) {
        if let Some(newest) = self.issued.last_mut() {
            newest.family = Some(family);
        }
    }

    pub(crate) fn mark_used(&mut self, refresh_token: &str) {
        let tokens = self.refresh_tokens.iter_mut();
        tokens
            .filter(|known| known.token == refresh_token)
            .for_each(|known| known.is_spent = true);
    }

    /// Ends everything that descends from one consent.
    pub(crate) fn end_family(&mut self, family: usize) {
        self.refresh_tokens.retain(|known| known.family != family);
        let issued = self.issued.iter_mut();
        issued
            .filter(|issued| issued.family == Some(family))
            .for_each(|issued| issued.revoked = true);
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

    /// Whether a token has all these scopes; one without a scope has all.
    pub(crate) fn has_scopes(&self, token: &str, needed: &[String]) -> bool {
        let mut issued = self.issued.iter().filter(|issued| issued.token == token);
        let Some(granted) = issued.next().and_then(|issued| issued.scope.as_deref()) else {
            return true;
        };
        needed
            .iter()
            .all(|needed| scopes(granted).any(|scope| scope == needed))
    }
}
