//! Requests about an existing token: revocation and introspection.

use std::sync::Arc;
use std::time::SystemTime;

use http::Uri;
use secrecy::SecretString;

use super::Engine;
use super::endpoint::{Content, EndpointRequest, EndpointResponse};
use crate::error::{Endpoint, ErrorResponse, Reason, TokenError};
use crate::trace::event;

/// A token with its type as defined by RFC 7009 section 2.1.
pub(super) type TypedToken = (&'static str, SecretString);

pub(super) const REFRESH_TOKEN: &str = "refresh_token";
pub(super) const ACCESS_TOKEN: &str = "access_token";

/// An endpoint that accepts tokens.
pub(super) struct Destination {
    endpoint: Endpoint,
    address: Uri,
    /// The audience of a client assertion.
    audience: String,
}

impl Engine {
    pub(super) async fn destination(
        self: &Arc<Self>,
        endpoint: Endpoint,
    ) -> Result<Destination, TokenError> {
        Ok(Destination {
            endpoint,
            address: self.address(endpoint).await?,
            audience: self.audience().await?,
        })
    }

    /// Sends `token`, in several attempts if necessary, and reads the response.
    pub(super) async fn send_token<T>(
        self: &Arc<Self>,
        destination: &Destination,
        token: &TypedToken,
        read: impl Fn(&EndpointResponse, SystemTime) -> Result<T, ErrorResponse>,
    ) -> Result<T, TokenError> {
        let mut attempts = self.attempts();
        loop {
            let answer = self.post_token(destination, token).await;
            let outcome = answer.and_then(|answer| {
                let now = self.settings.clock.wall();
                read(&answer, now).map_err(|error_response| {
                    self.error(Reason::ErrorResponse(destination.endpoint, error_response))
                })
            });
            match outcome {
                Ok(output) => return Ok(output),
                Err(error) => attempts.pause(self, error, true).await?,
            }
        }
    }

    async fn post_token(
        self: &Arc<Self>,
        destination: &Destination,
        (kind, token): &TypedToken,
    ) -> Result<EndpointResponse, TokenError> {
        let endpoint = destination.endpoint;
        event!(debug, scheme = self.settings.scheme, %endpoint, address = %crate::protocol::url::shown(&destination.address), kind, "request about a token");
        let message = EndpointRequest {
            endpoint,
            address: destination.address.clone(),
            audience: destination.audience.clone(),
            content: Content::ExistingToken {
                kind,
                token: token.clone(),
            },
        };
        self.post(Box::new(message)).await
    }
}
