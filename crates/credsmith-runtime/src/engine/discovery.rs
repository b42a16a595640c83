//! The addresses of the server's endpoints: configured ones, or those in the server's metadata (RFC 8414). The
//! metadata are requested once and kept for the lifetime of the manager.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use http::{StatusCode, Uri};

use super::Engine;
use crate::error::{Endpoint, Reason, TokenError};
use crate::protocol::metadata::{self, ServerMetadata, Unread};
use crate::protocol::{request, url};
use crate::text;
use crate::trace::event;

impl Engine {
    /// Returns the address of an endpoint. An address from the metadata must satisfy the same rules as a configured
    /// one.
    pub(super) async fn address(self: &Arc<Self>, endpoint: Endpoint) -> Result<Uri, TokenError> {
        let endpoints = &self.settings.endpoints;
        if let Some(address) = endpoints.configured(endpoint) {
            return Ok(address.uri.clone());
        }
        let unknown = || self.error(Reason::NoEndpoint(endpoint));
        if endpoints.issuer.is_none() {
            return Err(unknown());
        }
        let metadata = self.metadata().await?;
        let named = match endpoint {
            Endpoint::Token => metadata.token_endpoint(),
            Endpoint::Authorization => metadata.authorization_endpoint(),
            Endpoint::DeviceAuthorization => metadata.device_authorization_endpoint(),
            Endpoint::Revocation => metadata.revocation_endpoint(),
            Endpoint::Introspection => metadata.introspection_endpoint(),
            Endpoint::Metadata => None,
        };
        let named = named.ok_or_else(unknown)?;
        url::parse(endpoint.setting(), named, endpoints.allow_insecure_http)
            .map_err(|problem| self.error(Reason::BadEndpoint(text::clean(&problem, 300, &[]))))
    }

    /// Returns the server's metadata. If they are not known yet, all concurrent callers share one request.
    pub(crate) async fn metadata(self: &Arc<Self>) -> Result<ServerMetadata, TokenError> {
        let task = {
            let mut state = self.lock();
            if let Some(known) = &state.metadata {
                return Ok(known.clone());
            }
            let start = || {
                let engine = Arc::clone(self);
                self.spawn(async move {
                    let found = AssertUnwindSafe(engine.discover()).catch_unwind().await;
                    let ended = engine.lock().discovery.take();
                    drop(ended);
                    found.unwrap_or_else(|_| Err(engine.error(Reason::Panicked)))
                })
            };
            state.discovery.get_or_insert_with(start).clone()
        };
        task.await
    }

    async fn discover(self: &Arc<Self>) -> Result<ServerMetadata, TokenError> {
        let endpoints = &self.settings.endpoints;
        let unknown = || self.error(Reason::NoEndpoint(Endpoint::Metadata));
        let issuer = endpoints.issuer.as_deref().ok_or_else(unknown)?;
        let addresses = metadata::addresses(issuer, endpoints.allow_insecure_http);
        let [first, second] =
            addresses.map_err(|problem| self.error(Reason::BadEndpoint(problem)))?;
        let found = match self.read_metadata(&first, issuer).await {
            Err(error) if is_elsewhere(&error) => {
                let other = self.read_metadata(&second, issuer).await;
                other.map_err(|other| self.no_metadata([&first, &second], error, other))?
            }
            found => found?,
        };
        self.lock().metadata = Some(found.clone());
        Ok(found)
    }

    async fn read_metadata(
        &self,
        address: &Uri,
        issuer: &str,
    ) -> Result<ServerMetadata, TokenError> {
        let mut attempts = self.attempts();
        loop {
            event!(debug, scheme = self.settings.scheme, address = %url::shown(address), attempt = attempts.number(), "metadata request");
            let response = self.transmit(Endpoint::Metadata, Box::new(request::get(address)));
            let outcome = response.await.and_then(|response| {
                let now = self.settings.clock.wall();
                metadata::read(&response, issuer, now).map_err(|unread| self.unread(unread))
            });
            match outcome {
                Ok(metadata) => return Ok(metadata),
                Err(error) => attempts.pause(self, error, true).await?,
            }
        }
    }

    /// Makes the error if neither address has metadata. It names both. `first` and `second` are the errors of the
    /// requests.
    fn no_metadata(
        &self,
        addresses: [&Uri; 2],
        first: TokenError,
        second: TokenError,
    ) -> TokenError {
        if !is_elsewhere(&second) {
            return second;
        }
        self.error(Reason::NoMetadata {
            addresses: addresses.map(url::shown),
            cause: if is_unknown(&second) { first } else { second },
        })
    }

    fn unread(&self, unread: Unread) -> TokenError {
        self.error(match unread {
            Unread::Elsewhere(error_response) => {
                Reason::ErrorResponse(Endpoint::Metadata, error_response)
            }
            Unread::Unusable(problem) => Reason::BadEndpoint(problem),
        })
    }
}

/// Returns whether the metadata may be at the other address. Servers that only support `OpenID` Connect Discovery do
/// not know the first one: they return an error, a redirect to the sign-in page, or the page that they have for every
/// path.
fn is_elsewhere(error: &TokenError) -> bool {
    error.status().is_some() && !error.is_transient()
}

fn is_unknown(error: &TokenError) -> bool {
    error.status() == Some(StatusCode::NOT_FOUND)
}
