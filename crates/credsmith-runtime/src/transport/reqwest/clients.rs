//! The clients behind the transport.

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
    Own(Arc<Own>),
    /// The application's, as it is.
    Given(Client),
}

impl Clients {
    /// The client for an API request.
    pub(super) fn for_api(&self, to: &Uri) -> Result<Client, TransportError> {
        match self {
            Self::Own(own) => own.client(to),
            Self::Given(client) => Ok(client.clone()),
        }
    }

    /// The client for a request to the authorization server.
    pub(super) fn for_tokens(&self, to: &Uri) -> Result<Client, TransportError> {
        match self {
            Self::Own(_) => Own::for_tokens()?.client(to),
            Self::Given(client) => Ok(client.clone()),
        }
    }
}

/// Clients of this crate's making, alike but for the system's proxies.
#[derive(Debug)]
pub(super) struct Own {
    keeps_idle: bool,
    proxied: Client,
    /// For loopback, made when first needed: plain http is allowed there, because what goes there
    /// stays on the machine.
    direct: OnceLock<Client>,
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
