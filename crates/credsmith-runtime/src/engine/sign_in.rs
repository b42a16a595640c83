//! The user's sign-in in a browser: the request, and the exchange of its code.

use std::sync::Arc;

use super::CachedToken;
use super::Engine;
use super::runtimes::Runtimes;
use super::token_request::Issued;
use crate::error::{Endpoint, Reason, TokenError};
use crate::grant::Grant;
use crate::protocol::grant_parameters::GrantParameters;
use crate::protocol::response;
use crate::sign_in::{CallbackError, Draft, SignInRequest};
use crate::token::Token;
use crate::trace::event;

impl Engine {
    /// Makes a sign-in request.
    pub(crate) async fn start_sign_in(self: &Arc<Self>) -> Result<SignInRequest, TokenError> {
        self.only_for(
            matches!(
                self.settings.grant,
                Grant::AuthorizationCode | Grant::Implicit
            ),
            "start_sign_in()",
        )?;
        let settings = &self.settings;
        if !settings.has_client_id() {
            let missing = vec![settings.credential_names.0];
            return Err(self.error(Reason::MissingCredentials(missing)));
        }
        // The metadata decide whether each callback must name the issuer (RFC 9207 section 2.4), so they are read
        // even if all endpoints are set.
        let metadata = match settings.endpoints.issuer {
            Some(_) => Some(self.metadata().await?),
            None => None,
        };
        let endpoint = self.address(Endpoint::Authorization).await?;
        let draft = Draft {
            endpoint: &endpoint,
            client_id: settings.client_id.as_deref().unwrap_or_default(),
            redirect_uri: &settings.authorization.redirect_uri,
            scope: &settings.scope,
            extra_parameters: &settings.authorization.parameters,
            is_implicit: matches!(settings.grant, Grant::Implicit),
            pkce: settings.authorization.pkce,
            issuer: settings.endpoints.issuer.as_deref(),
            issuer_is_required: metadata.is_some_and(|known| known.names_itself_in_responses()),
        };
        draft.finish().map_err(|_| self.error(Reason::NoRandomness))
    }

    /// Checks the callback of `request`, and exchanges its code for a token. The exchange finishes whether or not the
    /// caller waits, since a code can be exchanged only once. The sign-in began in `generation`.
    pub(crate) async fn complete_sign_in(
        self: &Arc<Self>,
        generation: u64,
        request: &SignInRequest,
        callback_url: &str,
    ) -> Result<Token, TokenError> {
        self.only_for(
            matches!(
                self.settings.grant,
                Grant::AuthorizationCode | Grant::Implicit
            ),
            "complete_sign_in()",
        )?;
        let is_implicit = matches!(self.settings.grant, Grant::Implicit);
        self.only_for(
            request.is_implicit() == is_implicit,
            "the authorization request",
        )?;
        if !self.has_made(request) {
            return Err(self.error(Reason::ForeignRequest));
        }
        let engine = Arc::clone(self);
        let runtimes = Runtimes::of_this_call();
        if request.is_implicit() {
            let token = self.implicit_token(request, callback_url);
            let token = token.map_err(|error| self.error(Reason::Callback(error)))?;
            let cached = self.cached_token(token, None);
            let work =
                async move { Ok(engine.finish_sign_in(generation, cached, &runtimes).await) };
            return self.spawn(work).await;
        }
        let code = request.code(callback_url);
        let parameters = Arc::new(GrantParameters::AuthorizationCode {
            code: code.map_err(|error| self.error(Reason::Callback(error)))?,
            redirect_uri: request.redirect_uri().to_owned(),
            verifier: request.verifier().cloned(),
        });
        let work = async move {
            let issued = engine.request(&parameters).await?;
            Ok(engine.sign_in(generation, issued, &runtimes).await)
        };
        self.spawn(work).await
    }

    fn implicit_token(
        &self,
        request: &SignInRequest,
        callback_url: &str,
    ) -> Result<Token, CallbackError> {
        let callback = request.fragment(callback_url)?;
        if callback.get("access_token").is_none() {
            return Err(CallbackError::missing("access_token"));
        }
        let now = self.settings.clock.wall();
        response::implicit(callback.pairs(), now, self.settings.token_rules())
            .map_err(CallbackError::unusable)
    }

    /// Returns whether a manager with this configuration made the request: its code must not be sent to another
    /// server (RFC 9700 section 4.4).
    fn has_made(&self, request: &SignInRequest) -> bool {
        let endpoints = &self.settings.endpoints;
        let endpoint = endpoints.configured(Endpoint::Authorization);
        request.issuer() == endpoints.issuer.as_deref()
            && request.has_client_id(self.settings.client_id.as_deref().unwrap_or_default())
            && endpoint.is_none_or(|address| request.goes_to(&address.uri))
    }

    /// Handles a completed sign-in.
    pub(super) async fn sign_in(
        self: &Arc<Self>,
        generation: u64,
        issued: Issued,
        runtimes: &Arc<Runtimes>,
    ) -> Token {
        let cached = self.cached_token_of(issued);
        self.finish_sign_in(generation, cached, runtimes).await
    }

    /// Sets the token of a sign-in, saves it and notifies the application. If the token was cleared since the sign-in
    /// began, the user has signed out and the token is not set. Earlier work in flight, and the stored token, are
    /// superseded.
    async fn finish_sign_in(
        self: &Arc<Self>,
        generation: u64,
        cached: Arc<CachedToken>,
        runtimes: &Arc<Runtimes>,
    ) -> Token {
        let token = cached.token();
        let Some(signed_in) = self.set_signed_in(generation, cached) else {
            event!(
                debug,
                scheme = self.settings.scheme,
                "the token was cleared during the user's sign-in; the new one is discarded"
            );
            return token;
        };
        self.finish_writing(&mut self.store_budget()).await;
        self.counters.refreshes.add();
        event!(
            debug,
            scheme = self.settings.scheme,
            "the user's sign-in is complete"
        );
        // If the user has signed out, the application must not persist the token, which would sign the user in again.
        if self.lock().accepts_sign_in(signed_in) {
            let callback = self.notify(token.clone(), runtimes);
            let waits = self.store().is_none() || !self.runs_by_itself();
            self.wait_for_callback(callback.filter(|_| waits)).await;
        }
        token
    }

    /// Sets the token. Returns the generation that begins with the sign-in.
    fn set_signed_in(&self, generation: u64, cached: Arc<CachedToken>) -> Option<u64> {
        let state = self.lock();
        if !state.accepts_sign_in(generation) {
            return None;
        }
        Some(self.replace(state, Some(cached)))
    }

    pub(super) fn only_for(&self, fits: bool, asked: &'static str) -> Result<(), TokenError> {
        if fits {
            return Ok(());
        }
        Err(self.error(Reason::OtherGrant { asked }))
    }
}
