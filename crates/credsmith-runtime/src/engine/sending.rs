//! The refresh token that is good for the next refresh, and the exchange that is under way.
//!
//! A server may end the user's authorization when it sees a refresh token twice. So an exchange that the
//! application has overtaken, by clearing the token or setting another, is only set aside: when its very
//! refresh token is set again, it is taken up again.

use secrecy::{ExposeSecret, SecretString};

use super::fetch::Fetched;
use super::joint::Joint;

#[derive(Default)]
pub(super) struct Sending {
    /// Whatever became of the token it came with.
    refresh_token: Option<SecretString>,
    fetch: Option<Joint<Fetched>>,
    overtaken: Option<Box<Overtaken>>,
}

/// An exchange that is set aside, and the refresh token that it sends.
struct Overtaken {
    refresh_token: SecretString,
    fetch: Joint<Fetched>,
}

impl Sending {
    pub(super) fn refresh_token(&self) -> Option<&SecretString> {
        self.refresh_token.as_ref()
    }

    /// Where the exchange in flight is.
    pub(super) fn place(&mut self) -> &mut Option<Joint<Fetched>> {
        &mut self.fetch
    }

    /// The exchanges under way, the one that is set aside among them.
    #[cfg(feature = "store")]
    pub(super) fn under_way(&self) -> impl Iterator<Item = &Joint<Fetched>> {
        let overtaken = self.overtaken.as_ref().map(|overtaken| &overtaken.fetch);
        self.fetch.iter().chain(overtaken)
    }

    /// Whether this refresh token is the one that is good for the next refresh.
    pub(super) fn is_current(&self, refresh_token: Option<&SecretString>) -> bool {
        is_same(self.refresh_token.as_ref(), refresh_token)
    }

    /// Takes over a new refresh token, if it is one.
    pub(super) fn learn(&mut self, refresh_token: Option<&SecretString>) {
        if let Some(refresh_token) = refresh_token {
            self.refresh_token = Some(refresh_token.clone());
        }
    }

    pub(super) fn forget(&mut self, refresh_token: &str) {
        self.refresh_token
            .take_if(|known| known.expose_secret() == refresh_token);
    }

    /// Puts `refresh_token` in place of the one there is. What is to be dropped outside of the lock is
    /// given back.
    pub(super) fn replace(&mut self, refresh_token: Option<SecretString>) -> Self {
        let before = Self {
            refresh_token: std::mem::replace(&mut self.refresh_token, refresh_token),
            fetch: self.fetch.take(),
            overtaken: None,
        };
        let rest = match (before.refresh_token, before.fetch) {
            (Some(refresh_token), Some(fetch)) => Self {
                overtaken: self.overtaken.replace(Box::new(Overtaken {
                    refresh_token,
                    fetch,
                })),
                ..Self::default()
            },
            (refresh_token, fetch) => Self {
                refresh_token,
                fetch,
                overtaken: None,
            },
        };
        let current = self.refresh_token.as_ref();
        let again = self
            .overtaken
            .take_if(|other| is_same(Some(&other.refresh_token), current));
        self.fetch = again.map(|again| again.fetch);
        rest
    }

    /// An exchange has ended; one that was set aside is of no use after it.
    pub(super) fn end_overtaken(&mut self) -> Self {
        Self {
            overtaken: self.overtaken.take(),
            ..Self::default()
        }
    }

    /// Gives up what is under way.
    pub(super) fn abandon(&mut self) -> Self {
        Self {
            fetch: self.fetch.take(),
            ..self.end_overtaken()
        }
    }
}

fn is_same(one: Option<&SecretString>, other: Option<&SecretString>) -> bool {
    let (one, other) = (
        one.map(ExposeSecret::expose_secret),
        other.map(ExposeSecret::expose_secret),
    );
    one.is_some() && one == other
}
