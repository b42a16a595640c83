//! What the engine remembers between calls.

mod changes;

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::entry::Entry;
use super::fetch::Fetched;
use super::flight::Flight;
use super::joint::Joint;
use super::sending::Sending;
use super::setbacks::Setbacks;
#[cfg(feature = "store")]
use super::settle::Owed;
use super::{Engine, Settings};
use crate::error::TokenError;
use crate::policy::View;
use crate::protocol::metadata::ServerMetadata;
use crate::token::Token;

pub(super) use self::changes::{Forgotten, Refused};

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

    /// The last token, if `refresh_token` came with it.
    pub(super) fn token_with(&self, refresh_token: &SecretString) -> Option<Token> {
        let exposed = refresh_token.expose_secret();
        self.last_token().filter(|last| {
            last.refresh_token()
                .is_some_and(|own| own.expose_secret() == exposed)
        })
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

    /// The refreshed token that the application is still to be told of.
    pub(super) fn take_untold(&mut self) -> Option<Arc<Entry>> {
        self.untold.take()
    }

    /// Whether the token of `entry` is installed already, without the application's knowing.
    pub(super) fn is_untold(&self, entry: &Entry) -> bool {
        let untold = self.untold.as_ref();
        untold.is_some_and(|untold| untold.has(&entry.token()))
    }

    /// Whether what `refresh_token` brings is for this slot: in the epoch in which it was sent, and as
    /// long as the slot has that very refresh token.
    pub(super) fn belongs(&self, epoch: u64, refresh_token: Option<&SecretString>) -> bool {
        self.epoch == epoch || self.sending.is_current(refresh_token)
    }

    /// Whether the application has been warned of its clock skew before; it is now.
    pub(super) fn warn_of_skew(&mut self) -> bool {
        std::mem::replace(&mut self.warned_of_skew, true)
    }
}
