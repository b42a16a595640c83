//! object_store: the token cache of its Azure client, over an HTTP service in this process.

use std::sync::Arc;

use anyhow::{Result, bail};
use http::{HeaderValue, Response};
use object_store::azure::{AzureCredential, AzureCredentialProvider, MicrosoftAzureBuilder};
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpService,
};

use super::{Kind, Subject, Window, bearer};
use crate::endpoint::{Endpoint, Source};

/// The credential, whose token still has to be made a header value.
#[derive(Clone)]
pub(crate) struct TokenOnly {
    credentials: AzureCredentialProvider,
}

impl Subject for TokenOnly {
    const NAME: &'static str = "object_store, token only";
    const PACKAGE: &'static str = "object_store";
    const KIND: Kind = Kind::Reference;
    type State = ();
    type Value = Arc<AzureCredential>;
    type Error = object_store::Error;

    async fn build(endpoint: &Endpoint) -> Result<Self> {
        let store = MicrosoftAzureBuilder::new()
            .with_account("account")
            .with_container_name("container")
            .with_client_secret_authorization("id", "secret", "tenant")
            .with_http_connector(Connector(endpoint.source()))
            .build()?;
        Ok(Self {
            credentials: Arc::clone(store.credentials()),
        })
    }

    fn state(&self) -> Result<()> {
        Ok(())
    }

    async fn header(&self, (): &mut ()) -> Result<Arc<AzureCredential>, object_store::Error> {
        self.credentials.get_credential().await
    }
}

/// The credential, made a header value as its client does for every request.
#[derive(Clone)]
pub(crate) struct WithHeader {
    inner: TokenOnly,
}

impl Subject for WithHeader {
    const NAME: &'static str = "object_store, with header";
    const PACKAGE: &'static str = "object_store";
    // It refreshes 300 s before the expiry.
    const WINDOW: Window = Window::new(200, 300);
    type State = ();
    type Value = HeaderValue;
    type Error = anyhow::Error;

    async fn build(endpoint: &Endpoint) -> Result<Self> {
        let inner = TokenOnly::build(endpoint).await?;
        Ok(Self { inner })
    }

    fn state(&self) -> Result<()> {
        Ok(())
    }

    async fn header(&self, (): &mut ()) -> Result<HeaderValue> {
        let credential = self.inner.header(&mut ()).await?;
        match &*credential {
            AzureCredential::BearerToken(token) => bearer(token),
            _ => bail!("the credential is no token"),
        }
    }
}

#[derive(Debug)]
struct Connector(Source);

impl HttpConnector for Connector {
    fn connect(&self, _: &object_store::ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Service(self.0.clone())))
    }
}

#[derive(Debug)]
struct Service(Source);

#[async_trait::async_trait]
impl HttpService for Service {
    async fn call(&self, _: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = self.0.fetch().await;
        let mut response = Response::new(answer.body().into());
        *response.status_mut() =
            http::StatusCode::from_u16(answer.status).unwrap_or(http::StatusCode::BAD_GATEWAY);
        Ok(response)
    }
}
