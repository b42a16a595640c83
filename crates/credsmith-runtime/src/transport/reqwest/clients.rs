//! The HTTP clients of the transport.

use std::sync::{Arc, OnceLock};

use http::Uri;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};

use crate::error::{TransportError, TransportErrorKind};
use crate::protocol::url::is_to_loopback;
use crate::transport::{CONNECT_TIMEOUT, REQUEST_TIMEOUT};

/// The clients of one transport.
#[derive(Clone, Debug)]
pub(super) enum Clients {
    Own(Arc<OwnClients>),
    /// The client of the application, unchanged.
    Given(Client),
}

impl Clients {
    /// The client for an API request.
    pub(super) fn for_api(&self, to: &Uri) -> Result<Client, TransportError> {
        match self {
            Self::Own(clients) => clients.client(to),
            Self::Given(client) => Ok(client.clone()),
        }
    }

    /// The client for a request to the authorization server.
    pub(super) fn for_tokens(&self, to: &Uri) -> Result<Client, TransportError> {
        match self {
            Self::Own(_) => OwnClients::for_tokens()?.client(to),
            Self::Given(client) => Ok(client.clone()),
        }
    }
}

/// The clients of this crate, which differ only in the use of the system's proxies.
#[derive(Debug)]
pub(super) struct OwnClients {
    keeps_idle: bool,
    proxied: Client,
    /// For loopback, made when it is first needed. Plain http is allowed there because it stays on the machine, so it
    /// must not use a proxy.
    direct: OnceLock<Client>,
}

impl OwnClients {
    pub(super) fn for_api() -> Result<Arc<Self>, TransportError> {
        Self::new(true).map(Arc::new)
    }

    /// Returns the clients for token requests: one set for the whole process, since each has certificates. They keep
    /// no idle connections, which would belong to the runtime that made them. Tokens are requested too rarely to
    /// benefit from them.
    pub(super) fn for_tokens() -> Result<Arc<Self>, TransportError> {
        static SHARED: OnceLock<Arc<OwnClients>> = OnceLock::new();
        if let Some(shared) = SHARED.get() {
            return Ok(Arc::clone(shared));
        }
        let clients = Arc::new(Self::new(false)?);
        Ok(Arc::clone(SHARED.get_or_init(|| clients)))
    }

    fn new(keeps_idle: bool) -> Result<Self, TransportError> {
        Ok(Self {
            keeps_idle,
            proxied: built(Client::builder(), keeps_idle)?,
            direct: OnceLock::new(),
        })
    }

    fn client(&self, to: &Uri) -> Result<Client, TransportError> {
        if !is_to_loopback(to) {
            return Ok(self.proxied.clone());
        }
        if let Some(direct) = self.direct.get() {
            return Ok(direct.clone());
        }
        let direct = built(Client::builder().no_proxy(), self.keeps_idle)?;
        Ok(self.direct.get_or_init(|| direct).clone())
    }
}

fn built(builder: ClientBuilder, keeps_idle: bool) -> Result<Client, TransportError> {
    let most_idle = if keeps_idle { usize::MAX } else { 0 };
    builder
        .redirect(Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(REQUEST_TIMEOUT)
        .pool_max_idle_per_host(most_idle)
        .build()
        .map_err(|error| TransportError::new(TransportErrorKind::Other, error.without_url()))
}
