//! The user's authorization in a browser: the request, and what its callback is good for.

use std::sync::Arc;

use super::Engine;
use super::fetch::Fetched;
use crate::authorization::{AuthorizationRequest, CallbackError, Draft};
use crate::error::{Endpoint, Reason, TokenError};
use crate::grant::Grant;
use crate::protocol::exchange::Exchange;
use crate::protocol::response;
use crate::token::Token;
use crate::trace::event;

impl Engine {
    /// A new authorization request.
    pub(crate) async fn authorization_request(
        self: &Arc<Self>,
    ) -> Result<AuthorizationRequest, TokenError> {
        self.only_for(
            matches!(
                self.settings.grant,
                Grant::AuthorizationCode | Grant::Implicit
            ),
            "authorization_request()",
        )?;
        let settings = &self.settings;
        if !settings.has_client_id() {
            let missing = vec![settings.credential_names.0];
            return Err(self.error(Reason::MissingCredentials(missing)));
        }
        // They say whether every callback has to name the issuer (RFC 9207 section 2.4): also if all
        // endpoints are set.
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
            more: &settings.authorization.parameters,
            is_implicit: matches!(settings.grant, Grant::Implicit),
            pkce: settings.authorization.pkce,
            issuer: settings.endpoints.issuer.as_deref(),
            issuer_is_required: metadata.is_some_and(|known| known.names_itself_in_responses()),
        };
        draft.finish().map_err(|_| self.error(Reason::NoRandomness))
    }

    /// Has the callback of `request` checked, and makes a token of it. It goes on when the caller goes
    /// away: a code is good for one exchange. The slot had been emptied `cleared` times when it began.
    pub(crate) async fn complete_authorization(
        self: &Arc<Self>,
        cleared: u64,
        request: &AuthorizationRequest,
        callback_url: &str,
    ) -> Result<Token, TokenError> {
        self.only_for(
            matches!(
                self.settings.grant,
                Grant::AuthorizationCode | Grant::Implicit
            ),
            "complete_authorization()",
        )?;
        let is_implicit = matches!(self.settings.grant, Grant::Implicit);
        self.only_for(
            request.is_implicit() == is_implicit,
            "the authorization request",
        )?;
        if !self.has_made(request) {
            return Err(self.error(Reason::ForeignRequest));
        }
        if request.is_implicit() {
            let token = self.implicit_token(request, callback_url);
            let token = token.map_err(|error| self.error(Reason::Callback(error)))?;
            let engine = Arc::clone(self);
            let fetched = Fetched::found(token);
            let work = async move { Ok(engine.install_authorized(cleared, fetched).await) };
            return self.apart(work).await;
        }
        let code = request.code(callback_url);
        let exchange = Exchange::AuthorizationCode {
            code: code.map_err(|error| self.error(Reason::Callback(error)))?,
            redirect_uri: request.redirect_uri().to_owned(),
            verifier: request.verifier().cloned(),
        };
        let engine = Arc::clone(self);
        let work = async move {
            let fetched = engine.exchange(&exchange).await?;
            Ok(engine.install_authorized(cleared, fetched).await)
        };
        self.apart(work).await
    }

    fn implicit_token(
        &self,
        request: &AuthorizationRequest,
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

    /// Whether the request is one of a manager like this: what it brings must not be sent to another
    /// server (RFC 9700 section 4.4).
    fn has_made(&self, request: &AuthorizationRequest) -> bool {
        let endpoints = &self.settings.endpoints;
        let endpoint = endpoints.configured(Endpoint::Authorization);
        request.issuer() == endpoints.issuer.as_deref()
            && request.has_client_id(self.settings.client_id.as_deref().unwrap_or_default())
            && endpoint.is_none_or(|address| request.goes_to(&address.uri))
    }

    /// Installs what a user's authorization has brought, has it saved in its turn, and tells the
    /// application; unless the slot was emptied since, when `cleared` had another value: who has signed
    /// out stays so. What is under way, or stored, from before counts no longer.
    pub(super) async fn install_authorized(
        self: &Arc<Self>,
        cleared: u64,
        fetched: Fetched,
    ) -> Token {
        if !self.install_unless_cleared(cleared, &fetched) {
            event!(
                debug,
                scheme = self.settings.scheme,
                "the token was cleared during the user's authorization; not installed"
            );
            return fetched.token;
        }
        #[cfg(feature = "store")]
        self.settled().await;
        self.counters.refreshes.add();
        event!(
            debug,
            scheme = self.settings.scheme,
            "the user's authorization is complete"
        );
        // An application that persists what it is told would sign the user in again.
        let stands = self.lock().cleared() == cleared;
        if let (Some(callback), true) = (&self.settings.callback, stands) {
            self.tell(callback, fetched.token.clone()).await;
        }
        fetched.token
    }

    fn install_unless_cleared(&self, cleared: u64, fetched: &Fetched) -> bool {
        let entry = self.entry_for(fetched.token.clone(), fetched.issued);
        let state = self.lock();
        let stands = state.cleared() == cleared;
        if stands {
            self.put(state, Some(entry));
        }
        stands
    }

    pub(super) fn only_for(&self, fits: bool, asked: &'static str) -> Result<(), TokenError> {
        if fits {
            return Ok(());
        }
        Err(self.error(Reason::OtherGrant { asked }))
    }
}
