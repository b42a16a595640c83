//! What the engine remembers between calls, and every change of it.
//!
//! Changes return what they put aside, so that futures, tokens and errors are dropped after the lock
//! is released: dropping a flight, or an error of the application, may run the application's code.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::entry::Entry;
use super::fetch::Fetched;
use super::flight::Flight;
use super::joint::Joint;
use super::sending::Sending;
use super::setbacks::Setbacks;
#[cfg(feature = "store")]
use super::settle::Owed;
use super::{Engine, Settings};
use crate::clock::Moment;
use crate::error::TokenError;
use crate::policy::View;
use crate::protocol::metadata::ServerMetadata;
use crate::token::Token;

#[derive(Default)]
pub(super) struct State {
    entry: Option<Arc<Entry>>,
    /// The token of the entry before it was dropped; what a provider is shown.
    last: Option<Arc<Entry>>,
    /// The token the API did not accept: a provider that answers with it has not answered.
    rejected: Option<Arc<Entry>>,
    sending: Sending,
    /// A refreshed token that is installed, but that the application has not been told of.
    untold: Option<Arc<Entry>>,
    flight: Option<Flight>,
    discovery: Option<Joint<ServerMetadata>>,
    metadata: Option<ServerMetadata>,
    /// Counts what the application did to the slot: a refresh that began before does not install.
    epoch: u64,
    /// Counts how often it was emptied: a sign-in that began before does not install.
    cleared: u64,
    setbacks: Setbacks,
    #[cfg(feature = "store")]
    debt: Option<Box<Owed>>,
    warned_of_skew: bool,
}

/// What became of a token that the API refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Dropped,
    Kept,
    NotInstalled,
}

/// What a change put aside, to be dropped outside of the lock.
#[derive(Default)]
#[must_use]
pub(super) struct Forgotten {
    _entry: Option<Arc<Entry>>,
    _flight: Option<Flight>,
    _sending: Sending,
    _discovery: Option<Joint<ServerMetadata>>,
    _error: Option<TokenError>,
}

/// What a failed refresh leaves behind.
pub(super) struct Failed {
    /// Whether callers keep a token that still lives.
    pub(super) keeps_token: bool,
    _forgotten: Forgotten,
}

impl State {
    pub(super) fn view(&self, settings: &Settings) -> View {
        View {
            schedule: self.entry.as_ref().map(|entry| entry.schedule),
            early_not_before: self.setbacks.early_not_before(),
            cool_until: self.setbacks.cool_until(),
            automatic: settings.automatic,
            can_renew: settings.can_renew(self.refresh_token().is_some()),
        }
    }

    pub(super) fn entry(&self) -> Option<Arc<Entry>> {
        self.entry.clone()
    }

    /// Puts another view of the installed token in place of the one that is there.
    pub(super) fn exchange(&mut self, entry: Entry) -> Arc<Entry> {
        Arc::clone(self.entry.insert(Arc::new(entry)))
    }

    pub(super) fn last_token(&self) -> Option<Token> {
        let last = self.entry.as_ref().or(self.last.as_ref());
        last.map(|entry| entry.token())
    }

    pub(super) fn last_failure(&self) -> Option<TokenError> {
        self.setbacks.last_failure()
    }

    pub(super) fn is_rejected(&self, token: &Token) -> bool {
        self.rejected
            .as_ref()
            .is_some_and(|rejected| rejected.has(token))
    }

    pub(super) fn fetch_not_before(&self) -> Duration {
        self.setbacks.fetch_not_before()
    }

    /// The refresh in flight, or a new one.
    pub(super) fn join_or_start(&mut self, engine: &Arc<Engine>) -> Flight {
        let epoch = self.epoch;
        self.flight
            .get_or_insert_with(|| Flight::new(engine, epoch))
            .clone()
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    pub(super) fn cleared(&self) -> u64 {
        self.cleared
    }

    /// Where the exchange in flight is.
    pub(super) fn fetch_place(&mut self) -> &mut Option<Joint<Fetched>> {
        self.sending.place()
    }

    /// The exchanges under way, also one that the application has overtaken.
    #[cfg(feature = "store")]
    pub(super) fn under_way(&self) -> impl Iterator<Item = &Joint<Fetched>> {
        self.sending.under_way()
    }

    /// Where the discovery in flight is.
    pub(super) fn discovery_place(&mut self) -> &mut Option<Joint<ServerMetadata>> {
        &mut self.discovery
    }

    pub(super) fn metadata(&self) -> Option<ServerMetadata> {
        self.metadata.clone()
    }

    pub(super) fn set_metadata(&mut self, metadata: ServerMetadata) {
        self.metadata = Some(metadata);
    }

    pub(super) fn refresh_token(&self) -> Option<&SecretString> {
        self.sending.refresh_token()
    }

    /// What the store is still to be told; few managers ever owe it anything.
    #[cfg(feature = "store")]
    pub(super) fn debt(&mut self) -> &mut Option<Box<Owed>> {
        &mut self.debt
    }

    /// Takes over the refresh token that another process has left.
    #[cfg(feature = "store")]
    pub(super) fn absorb(&mut self, token: &Token) {
        self.sending.learn(token.refresh_token());
    }

    /// Forgets the refresh token if it is this one. `without` is the installed token without it.
    pub(super) fn forget_refresh_token(
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

    /// The refreshed token that the application is still to be told of.
    pub(super) fn take_untold(&mut self) -> Option<Arc<Entry>> {
        self.untold.take()
    }

    /// The application puts a token into the slot, or empties it. Cool-downs end, and what is in
    /// flight no longer counts; but a refresh token that is under way to the server is not sent again.
    pub(super) fn replace(&mut self, entry: Option<Arc<Entry>>) -> Forgotten {
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
    pub(super) fn end_overtaken(&mut self) -> Forgotten {
        Forgotten {
            _sending: self.sending.end_overtaken(),
            ..Forgotten::default()
        }
    }

    /// Whether what `refresh_token` brings is for this slot: in the epoch in which it was sent, and as
    /// long as the slot has that very refresh token.
    pub(super) fn belongs(&self, epoch: u64, refresh_token: Option<&SecretString>) -> bool {
        self.epoch == epoch || self.sending.is_current(refresh_token)
    }

    pub(super) fn end_cool_down(&mut self) -> Forgotten {
        Forgotten {
            _error: self.setbacks.end_cool_down(),
            ..Forgotten::default()
        }
    }

    /// Installs what a refresh brought; none where the application has changed the slot since.
    pub(super) fn install(
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
    pub(super) fn adopt(
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
    pub(super) fn land(&mut self, epoch: u64) -> Option<Forgotten> {
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
    pub(super) fn fail(&mut self, epoch: u64, error: &TokenError, now: Moment) -> Option<Failed> {
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
    pub(super) fn reject(&mut self, token: &Token, now: Moment) -> Refused {
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

    pub(super) fn abandon(&mut self) -> Forgotten {
        Forgotten {
            _entry: None,
            _flight: self.flight.take(),
            _sending: self.sending.abandon(),
            _discovery: self.discovery.take(),
            _error: None,
        }
    }

    /// Whether the application has been warned of its clock skew before; it is now.
    pub(super) fn warn_of_skew(&mut self) -> bool {
        std::mem::replace(&mut self.warned_of_skew, true)
    }
}
