//! The clients behind the transport.

use std::sync::{Arc, OnceLock};

use reqwest::Client;
use reqwest::redirect::Policy;

use crate::error::{TransportError, TransportErrorKind};
use crate::transport::{CONNECT_TIMEOUT, REQUEST_TIMEOUT};

/// The clients of one transport.
#[derive(Clone, Debug)]
pub(super) enum Clients {
    Own(Arc<Own>),
    /// The application's, as it is.
    Given(Client),
}

impl Clients {
    /// The client for an API request.
    pub(super) fn for_api(&self) -> Client {
        match self {
            Self::Own(own) => own.client.clone(),
            Self::Given(client) => client.clone(),
        }
    }

    /// The client for a request to the authorization server.
    pub(super) fn for_tokens(&self) -> Result<Client, TransportError> {
        match self {
            Self::Own(_) => Ok(Own::for_tokens()?.client.clone()),
            Self::Given(client) => Ok(client.clone()),
        }
    }
}

/// A client of this crate's making.
#[derive(Debug)]
pub(super) struct Own {
    client: Client,
}

impl Own {
    pub(super) fn for_api() -> Result<Arc<Self>, TransportError> {
        Self::new(true).map(Arc::new)
    }

    /// One for the whole process, since each has its certificates. It keeps no idle connections, which
    /// would belong to the runtime of whoever fetched last, where that had to do; a token is fetched too
    /// rarely to miss them.
    pub(super) fn for_tokens() -> Result<Arc<Self>, TransportError> {
        static SHARED: OnceLock<Arc<Own>> = OnceLock::new();
        if let Some(shared) = SHARED.get() {
            return Ok(Arc::clone(shared));
        }
        let own = Arc::new(Self::new(false)?);
        Ok(Arc::clone(SHARED.get_or_init(|| own)))
    }

    fn new(keeps_idle: bool) -> Result<Self, TransportError> {
        let most_idle = if keeps_idle { usize::MAX } else { 0 };
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .pool_max_idle_per_host(most_idle)
            .build();
        let client = client
            .map_err(|error| TransportError::new(TransportErrorKind::Other, error.without_url()))?;
        Ok(Self { client })
    }
}
