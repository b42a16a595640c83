//! Device authorization (RFC 8628): requests codes for the user, and polls until the user has decided.

use std::sync::Arc;
use std::time::Duration;

use http::Uri;

use super::Engine;
use super::endpoint::{Content, EndpointRequest};
use super::place::Task;
use super::runtimes::Runtimes;
use crate::error::{Endpoint, Reason, TokenError};
use crate::grant::Grant;
use crate::protocol::device;
use crate::protocol::grant_parameters::GrantParameters;
use crate::sign_in::DeviceSignIn;
use crate::token::Token;
use crate::trace::event;

/// The minimum polling interval, whatever the server asks for.
const MIN_INTERVAL: Duration = Duration::from_secs(1);

/// The extension of the interval after each `slow_down` (RFC 8628 section 3.5).
const SLOWER: Duration = Duration::from_secs(5);

/// The maximum polling interval, however often the connection fails.
const MAX_INTERVAL: Duration = Duration::from_secs(60);

impl Engine {
    /// Requests codes.
    pub(crate) async fn start_device_sign_in(self: &Arc<Self>) -> Result<DeviceSignIn, TokenError> {
        let fits = matches!(self.settings.grant, Grant::DeviceCode);
        self.only_for(fits, "start_device_sign_in()")?;
        let engine = Arc::clone(self);
        self.spawn(async move { engine.codes().await }).await
    }

    async fn codes(self: &Arc<Self>) -> Result<DeviceSignIn, TokenError> {
        self.credentials()?;
        let address = self.address(Endpoint::DeviceAuthorization).await?;
        let audience = self.audience().await?;
        let mut attempts = self.attempts();
        loop {
            match self.ask_for_codes(&address, &audience).await {
                Ok(codes) => return Ok(codes),
                Err(error) => attempts.pause(self, error, true).await?,
            }
        }
    }

    async fn ask_for_codes(
        self: &Arc<Self>,
        address: &Uri,
        audience: &str,
    ) -> Result<DeviceSignIn, TokenError> {
        let settings = &self.settings;
        event!(debug, scheme = settings.scheme, address = %crate::protocol::url::shown(address), "device authorization request");
        let answer = self.post(Box::new(EndpointRequest {
            endpoint: Endpoint::DeviceAuthorization,
            address: address.clone(),
            audience: audience.to_owned(),
            content: Content::DeviceCodes,
        }));
        let answer = answer.await?;
        let (sent, now) = (answer.sent.wall, settings.clock.wall());
        device::read(&answer.response, sent, now, &answer.secrets).map_err(|error_response| {
            self.error(Reason::ErrorResponse(
                Endpoint::DeviceAuthorization,
                error_response,
            ))
        })
    }

    /// Polls until the user has decided or the codes have expired. Polling ends when the future is dropped; an
    /// exchange in flight and its consequences continue.
    pub(crate) async fn complete_device_sign_in(
        self: &Arc<Self>,
        generation: u64,
        codes: &DeviceSignIn,
    ) -> Result<Token, TokenError> {
        let fits = matches!(self.settings.grant, Grant::DeviceCode);
        self.only_for(fits, "complete_device_sign_in()")?;
        self.credentials()?;
        let polling = Polling {
            generation,
            address: self.address(Endpoint::Token).await?,
            audience: self.audience().await?,
            parameters: Arc::new(GrantParameters::DeviceCode(codes.device_code.clone())),
        };
        let mut interval = codes.interval.max(MIN_INTERVAL);
        let mut polls = 0;
        loop {
            self.wait_for_user(codes, interval).await?;
            polls += 1;
            let error = match self.poll(&polling, polls).await {
                Ok(token) => return Ok(token),
                Err(error) => error,
            };
            interval = slower(interval, &error).ok_or(error)?;
        }
    }

    /// Waits for the next poll, unless the codes will have expired by then.
    async fn wait_for_user(
        &self,
        codes: &DeviceSignIn,
        interval: Duration,
    ) -> Result<(), TokenError> {
        let clock = &self.settings.clock;
        let left = codes.expires_at.duration_since(clock.wall());
        let left = left.unwrap_or_default();
        clock.sleep(interval.min(left)).await;
        if clock.wall() >= codes.expires_at {
            return Err(self.error(Reason::DeviceCodeExpired));
        }
        Ok(())
    }

    /// Polls once. The poll ends whether or not its caller waits.
    fn poll(self: &Arc<Self>, polling: &Polling, number: u32) -> Task<Token> {
        let (address, audience) = (&polling.address, &polling.audience);
        let attempt = self.attempt(address, audience, &polling.parameters, number);
        let (engine, generation) = (Arc::clone(self), polling.generation);
        let runtimes = Runtimes::of_this_call();
        self.spawn(async move {
            let issued = attempt.await?;
            Ok(engine.sign_in(generation, issued, &runtimes).await)
        })
    }
}

/// The data of each poll.
struct Polling {
    /// The generation in which the sign-in began.
    generation: u64,
    address: Uri,
    audience: String,
    parameters: Arc<GrantParameters>,
}

/// Returns whether `error` only says that the user has not decided yet, or that the polling is too fast.
pub(super) fn is_undecided(parameters: &GrantParameters, error: &TokenError) -> bool {
    matches!(parameters, GrantParameters::DeviceCode(_))
        && (error.is_pending() || error.is_too_fast())
}

/// Returns the time until the next poll after `error`, or `None` if the error is final. After a failed connection the
/// interval is doubled (RFC 8628 section 3.5).
fn slower(interval: Duration, error: &TokenError) -> Option<Duration> {
    if error.is_pending() {
        return Some(interval);
    }
    if error.is_too_fast() {
        return Some(interval.saturating_add(SLOWER));
    }
    if !error.is_transient() {
        return None;
    }
    let longer = interval.saturating_mul(2).min(MAX_INTERVAL.max(interval));
    Some(
        error
            .retry_after()
            .map_or(longer, |asked| longer.max(asked)),
    )
}
