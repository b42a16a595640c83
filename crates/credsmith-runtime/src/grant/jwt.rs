//! Signed assertions as a grant (RFC 7523 sections 2.1 and 3).

use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;

use crate::protocol::assertion::{Claims, Signer, SigningKey, signed};

/// The default lifetime of an assertion.
const LIFETIME: Duration = Duration::from_secs(300);

/// The longest lifetime that servers accept.
const MAX_LIFETIME: Duration = Duration::from_secs(3_600);

/// The claims of an assertion, and the key that signs it.
#[derive(Clone, Debug)]
pub struct JwtBearer(Box<Parts>);

/// Boxed, since most managers have another grant.
#[derive(Clone, Debug)]
struct Parts {
    issuer: String,
    signing_key: Option<SigningKey>,
    key_id: Option<String>,
    subject: Option<String>,
    audience: Option<String>,
    scope_claim: bool,
    lifetime: Duration,
}

impl JwtBearer {
    /// Makes a grant whose assertions have this issuer (`iss`). If the issuer is empty or no key is set, a token
    /// request fails with an error that names the missing part.
    pub fn new(issuer: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            issuer: issuer.into(),
            signing_key: None,
            key_id: None,
            subject: None,
            audience: None,
            scope_claim: false,
            lifetime: LIFETIME,
        }))
    }

    /// Sets the private key.
    #[must_use]
    pub fn signing_key(mut self, signing_key: SigningKey) -> Self {
        self.0.signing_key = Some(signing_key);
        self
    }

    /// Sets the id of the key (`kid`) in the header of assertions.
    #[must_use]
    pub fn key_id(mut self, key_id: impl Into<String>) -> Self {
        self.0.key_id = Some(key_id.into()).filter(|key_id| !key_id.is_empty());
        self
    }

    /// Sets the subject (`sub`), for whom the token is requested. The default is the issuer. If the scope is a claim
    /// and no subject is set, the claim is left out, as Google's service accounts require.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.0.subject = Some(subject.into()).filter(|subject| !subject.is_empty());
        self
    }

    /// Sets the audience (`aud`). The default is the token URL without its query.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.0.audience = Some(audience.into()).filter(|audience| !audience.is_empty());
        self
    }

    /// Sets whether the scope is a claim of the assertion instead of a parameter of the request. The default is
    /// `false`.
    #[must_use]
    pub fn scope_claim(mut self, scope_claim: bool) -> Self {
        self.0.scope_claim = scope_claim;
        self
    }

    /// Sets the lifetime of each assertion. The default is five minutes. Longer than an hour is shortened to an hour.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.0.lifetime = lifetime.min(MAX_LIFETIME);
        self
    }

    pub(crate) fn has_scope_claim(&self) -> bool {
        self.0.scope_claim
    }

    /// Returns the issuer and the subject, which distinguish the tokens of two such grants.
    pub(crate) fn parties(&self) -> [&str; 2] {
        [
            &self.0.issuer,
            self.0.subject.as_deref().unwrap_or_default(),
        ]
    }

    pub(super) fn missing(&self) -> Vec<&'static str> {
        let parts = [
            ("issuer", self.0.issuer.is_empty()),
            ("private_key", self.0.signing_key.is_none()),
        ];
        let missing = parts.into_iter().filter(|(_, is_missing)| *is_missing);
        missing.map(|(name, _)| name).collect()
    }

    /// Makes an assertion for one attempt at `token_url`, or returns `None` if it cannot be signed.
    pub(crate) fn assertion(
        &self,
        token_url: &str,
        scope: &str,
        now: SystemTime,
    ) -> Option<Zeroizing<String>> {
        let key = self.0.signing_key.as_ref()?;
        let named = self.0.key_id.as_ref().map(|id| key.clone().with_key_id(id));
        let itself = (!self.0.scope_claim).then_some(self.0.issuer.as_str());
        let claims = Claims {
            issuer: &self.0.issuer,
            subject: self.0.subject.as_deref().or(itself),
            audience: self.0.audience.as_deref().unwrap_or(token_url),
            scope: Some(scope).filter(|scope| self.0.scope_claim && !scope.is_empty()),
            life: self.0.lifetime,
        };
        signed(Signer::Key(named.as_ref().unwrap_or(key)), claims, now)
    }
}
