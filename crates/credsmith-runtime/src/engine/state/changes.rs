//! What happens to the slot: tokens and failures come, and go.
//!
//! Changes return what they put aside, so that futures, tokens and errors are dropped after the lock
//! is released: dropping a flight, or an error of the application, may run the application's code.

use std::sync::Arc;

use secrecy::SecretString;

use super::State;
use crate::clock::Moment;
use crate::engine::entry::Entry;
use crate::engine::flight::Flight;
use crate::engine::joint::Joint;
use crate::engine::sending::Sending;
use crate::error::TokenError;
use crate::protocol::metadata::ServerMetadata;
use crate::token::Token;

/// What became of a token that the API refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Refused {
    Dropped,
    Kept,
    NotInstalled,
}

/// What a change put aside, to be dropped outside of the lock.
#[derive(Default)]
#[must_use]
pub(in crate::engine) struct Forgotten {
    _entry: Option<Arc<Entry>>,
    _flight: Option<Flight>,
    _sending: Sending,
    _discovery: Option<Joint<ServerMetadata>>,
    _error: Option<TokenError>,
}

/// What a failed refresh leaves behind.
pub(in crate::engine) struct Failed {
    /// Whether callers keep a token that still lives.
    pub(in crate::engine) keeps_token: bool,
    _forgotten: Forgotten,
}

impl State {
    /// The application puts a token into the slot, or empties it. Cool-downs end, and what is in
    /// flight no longer counts; but a refresh token that is under way to the server is not sent again.
    pub(in crate::engine) fn replace(&mut self, entry: Option<Arc<Entry>>) -> Forgotten {
        self.epoch += 1;
        self.cleared += u64::from(entry.is_none());
        let refresh_token = entry
            .as_ref()
            .and_then(|entry| entry.token().refresh_token().cloned());
        let overtaken = self.sending.replace(refresh_token);
        self.untold = None;
        self.last = None;
        self.rejected = None;
        #[cfg(feature = "store")]
        self.forgive();
        Forgotten {
            _entry: std::mem::replace(&mut self.entry, entry),
            _flight: self.flight.take(),
            _sending: overtaken,
            _error: self.setbacks.forget(),
            ..Forgotten::default()
        }
    }

    /// An exchange has ended; one that was set aside is of no use after it.
    pub(in crate::engine) fn end_overtaken(&mut self) -> Forgotten {
        Forgotten {
            _sending: self.sending.end_overtaken(),
            ..Forgotten::default()
        }
    }

    pub(in crate::engine) fn end_cool_down(&mut self) -> Forgotten {
        Forgotten {
            _error: self.setbacks.end_cool_down(),
            ..Forgotten::default()
        }
    }

    /// Installs what a refresh brought; none where the application has changed the slot since.
    pub(in crate::engine) fn install(
        &mut self,
        epoch: u64,
        entry: &Arc<Entry>,
        now: Moment,
    ) -> Option<Forgotten> {
        if self.epoch != epoch {
            return None;
        }
        self.untold = None;
        let flight = self.flight.take();
        Some(Forgotten {
            _flight: flight,
            ..self.put(entry, now)
        })
    }

    /// Installs what `refresh_token` brought while the refresh goes on; none where the application has
    /// put something else into the slot since.
    pub(in crate::engine) fn adopt(
        &mut self,
        epoch: u64,
        entry: &Arc<Entry>,
        refresh_token: Option<&SecretString>,
        now: Moment,
    ) -> Option<Forgotten> {
        if !self.belongs(epoch, refresh_token) {
            return None;
        }
        // Who adopts it has saved it.
        #[cfg(feature = "store")]
        self.forgive();
        self.untold = Some(Arc::clone(entry));
        Some(self.put(entry, now))
    }

    /// Ends a refresh whose token is installed already; none where the application has changed the slot
    /// since.
    pub(in crate::engine) fn land(&mut self, epoch: u64) -> Option<Forgotten> {
        (self.epoch == epoch).then(|| Forgotten {
            _flight: self.flight.take(),
            ..Forgotten::default()
        })
    }

    fn put(&mut self, entry: &Arc<Entry>, now: Moment) -> Forgotten {
        self.sending.learn(entry.token().refresh_token());
        self.last = None;
        let rests = entry.schedule.is_over(now);
        Forgotten {
            _entry: self.entry.replace(Arc::clone(entry)),
            _error: self.setbacks.recover(rests.then_some(now.monotonic)),
            ..Forgotten::default()
        }
    }

    /// Takes note of a refresh that failed; none where the application has changed the slot since.
    pub(in crate::engine) fn fail(
        &mut self,
        epoch: u64,
        error: &TokenError,
        now: Moment,
    ) -> Option<Failed> {
        if self.epoch != epoch {
            return None;
        }
        let entry = self.entry.as_ref();
        let keeps_token = entry.is_some_and(|entry| !entry.schedule.is_over(now));
        let replaced = if keeps_token {
            self.setbacks.fail_early(error, now.monotonic);
            None
        } else {
            self.setbacks.fail(error, now.monotonic)
        };
        let forgotten = Forgotten {
            _flight: self.flight.take(),
            _error: replaced,
            ..Forgotten::default()
        };
        Some(Failed {
            keeps_token,
            _forgotten: forgotten,
        })
    }

    /// Drops the entry if its token is `token`, unless tokens are refused too often.
    pub(in crate::engine) fn reject(&mut self, token: &Token, now: Moment) -> Refused {
        if !self.entry.as_ref().is_some_and(|entry| entry.has(token)) {
            return Refused::NotInstalled;
        }
        if !self.setbacks.refuse(now.monotonic) {
            return Refused::Kept;
        }
        self.last = self.entry.take();
        self.rejected = self.last.clone();
        Refused::Dropped
    }

    pub(in crate::engine) fn abandon(&mut self) -> Forgotten {
        Forgotten {
            _entry: None,
            _flight: self.flight.take(),
            _sending: self.sending.abandon(),
            _discovery: self.discovery.take(),
            _error: None,
        }
    }

    /// Forgets the refresh token if it is this one. `without` is the installed token without it.
    pub(in crate::engine) fn forget_refresh_token(
        &mut self,
        refresh_token: &str,
        without: Option<Arc<Entry>>,
    ) -> Forgotten {
        self.sending.forget(refresh_token);
        let is_installed = |without: &Arc<Entry>| {
            let installed = self.entry.as_ref();
            installed.is_some_and(|installed| installed.has(&without.token()))
        };
        let replaced = match without.filter(is_installed) {
            Some(without) => self.entry.replace(without),
            None => None,
        };
        Forgotten {
            _entry: replaced,
            ..Forgotten::default()
        }
    }
}
