//! Requests to the token endpoint: the parameters of the grant, attempts, and the response.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use secrecy::ExposeSecret;
#[cfg(feature = "jwt")]
use zeroize::Zeroizing;

use super::Engine;
use super::device::is_undecided;
use super::endpoint::{Content, EndpointRequest, EndpointResponse};
use super::exchange::{Obtained, Running};
use super::hook::Hook;
use crate::clock::Moment;
use crate::error::{Endpoint, Reason, TokenError, UserNeeded};
use crate::grant::{Grant, TokenExchange};
use crate::protocol::grant_parameters::GrantParameters;
use crate::protocol::response;
use crate::token::Token;
use crate::trace::event;

/// A token response.
pub(super) struct Issued {
    pub(super) token: Token,
    /// The time of the request, when the token's lifetime begins.
    pub(super) sent: Moment,
    /// The time after which the server wants the token refreshed.
    pub(super) refresh_in: Option<Duration>,
}

impl Engine {
    /// Runs the grant from its beginning. `refused` is the server's error for the refresh token.
    pub(super) async fn run_grant(
        self: &Arc<Self>,
        refused: Option<TokenError>,
        running: &Running,
    ) -> Result<Obtained, TokenError> {
        let parameters = match &self.settings.grant {
            Grant::ClientCredentials => GrantParameters::ClientCredentials,
            Grant::Password(grant) => GrantParameters::Password {
                username: grant.username.clone(),
                password: grant.password.clone(),
            },
            #[cfg(feature = "jwt")]
            Grant::JwtBearer(grant) => GrantParameters::JwtBearer {
                scope_claim: grant.has_scope_claim(),
            },
            Grant::TokenExchange(grant) => Box::pin(self.token_exchange(grant, running)).await?,
            Grant::AuthorizationCode | Grant::Implicit | Grant::DeviceCode => {
                return Err(self.user_needed(refused, false));
            }
        };
        let issued = self.request(&Arc::new(parameters)).await?;
        Ok(Obtained::found(self.cached_token_of(issued)))
    }

    pub(super) fn user_needed(&self, refused: Option<TokenError>, asked: bool) -> TokenError {
        self.error(Reason::User(UserNeeded {
            hint: self.settings.grant.hint(),
            refused,
            asked,
        }))
    }

    async fn token_exchange(
        &self,
        grant: &TokenExchange,
        running: &Running,
    ) -> Result<GrantParameters, TokenError> {
        let source = grant.0.subject_token.clone();
        let subject_token = if let Some(fixed) = source.fixed() {
            fixed.clone()
        } else {
            let is_async = source.is_async();
            let hook = Hook::new(
                move || source.call(),
                is_async,
                self.settings.limits().hook_timeout,
            );
            let supplied = self.call_hook(hook, &running.runtimes).await;
            supplied.map_err(|failure| {
                failure.into_error(self, Reason::SubjectTokenPanicked, Reason::SubjectToken)
            })?
        };
        if subject_token.expose_secret().is_empty() {
            let missing = vec![self.settings.name_of("subject_token")];
            return Err(self.error(Reason::MissingCredentials(missing)));
        }
        Ok(GrantParameters::SubjectToken {
            subject_token,
            subject_token_type: grant.0.subject_token_type.clone(),
            requested_token_type: grant.0.requested_token_type.clone(),
        })
    }

    /// Requests a token, in several attempts if necessary and allowed.
    pub(super) async fn request(
        self: &Arc<Self>,
        parameters: &Arc<GrantParameters>,
    ) -> Result<Issued, TokenError> {
        self.credentials()?;
        let address = self.address(Endpoint::Token).await?;
        let audience = self.audience().await?;
        let mut attempts = self.attempts();
        loop {
            let attempt = self.attempt(&address, &audience, parameters, attempts.number());
            let error = match attempt.await {
                Ok(issued) => return Ok(issued),
                Err(error) => error,
            };
            let is_repeatable = parameters.is_repeatable();
            attempts.pause(self, error, is_repeatable).await?;
        }
    }

    /// Sends one request to `address`.
    pub(super) fn attempt(
        self: &Arc<Self>,
        address: &Uri,
        audience: &str,
        parameters: &Arc<GrantParameters>,
        number: u32,
    ) -> impl Future<Output = Result<Issued, TokenError>> + Send + use<> {
        let (engine, parameters) = (Arc::clone(self), Arc::clone(parameters));
        let message = Box::new(EndpointRequest {
            endpoint: Endpoint::Token,
            address: address.clone(),
            audience: audience.to_owned(),
            content: Content::Token(Arc::clone(&parameters)),
        });
        async move {
            event!(debug, scheme = engine.settings.scheme, token_url = %crate::protocol::url::shown(&message.address), attempt = number, "token request");
            let _ = number;
            let answer = engine.post(message).await?;
            engine.read_token(&parameters, &answer)
        }
    }

    fn read_token(
        &self,
        parameters: &GrantParameters,
        answer: &EndpointResponse,
    ) -> Result<Issued, TokenError> {
        let settings = &self.settings;
        let now = self.now();
        let (response, sent) = (&answer.response, answer.sent.as_read(now));
        let rules = settings.token_rules();
        match response::read(response, sent.wall, now.wall, rules, &answer.secrets) {
            Ok(issued) => {
                event!(
                    debug,
                    scheme = settings.scheme,
                    status = response.status().as_u16(),
                    expires_in = issued.token.lifetime().map(|life| life.as_secs()),
                    "token response"
                );
                Ok(Issued {
                    token: issued.token,
                    sent,
                    refresh_in: issued.refresh_in,
                })
            }
            Err(error_response) => {
                event!(
                    debug,
                    scheme = settings.scheme,
                    status = error_response.status.as_u16(),
                    "no token in the response"
                );
                let error = self.error(Reason::ErrorResponse(Endpoint::Token, error_response));
                if !is_undecided(parameters, &error) {
                    self.count_failure(&error);
                }
                Err(error)
            }
        }
    }

    /// Makes the assertion of the JWT bearer grant for one attempt; empty for other grants.
    #[cfg(feature = "jwt")]
    pub(super) fn grant_assertion(
        &self,
        address: &Uri,
        parameters: &GrantParameters,
    ) -> Result<Zeroizing<String>, TokenError> {
        let (Grant::JwtBearer(grant), GrantParameters::JwtBearer { .. }) =
            (&self.settings.grant, parameters)
        else {
            return Ok(Zeroizing::default());
        };
        let token_url = crate::protocol::url::shown(address);
        let now = self.settings.clock.wall();
        let assertion = grant.assertion(&token_url, &self.settings.scope, now);
        assertion.ok_or_else(|| self.error(Reason::NotSigned))
    }
}
