//! huskarl: its authorizer over its cache in memory and the client credentials grant, with an HTTP
//! client in this process.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri};
use huskarl::authorizer::HttpAuthorizer;
use huskarl::cache::{GrantTokenSource, InMemoryRefreshTokenStore, InMemoryTokenCache};
use huskarl::core::client_auth::NoAuth;
use huskarl::core::http::{HttpClient, HttpResponse, Idempotency};
use huskarl::core::platform::MaybeSendBoxFuture;
use huskarl::grant::client_credentials::{
    ClientCredentialsGrant, ClientCredentialsGrantParameters,
};

use super::{Subject, Window};
use crate::endpoint::{Endpoint, Source};
use crate::herd::Situation;

#[derive(Clone)]
pub(crate) struct Huskarl {
    authorizer: Arc<HttpAuthorizer>,
}

impl Subject for Huskarl {
    const NAME: &'static str = "huskarl";
    const PACKAGE: &'static str = "huskarl";
    // With the setting below: due 120 s before the expiry, over 30 s before it.
    const WINDOW: Window = Window::new(100, 100);
    type State = Uri;
    type Value = HeaderValue;
    type Error = anyhow::Error;

    async fn build(endpoint: &Endpoint) -> Result<Self> {
        let grant = ClientCredentialsGrant::builder()
            .client_id("id")
            .client_auth(NoAuth)
            .http_client(Client(endpoint.source()))
            .token_endpoint(endpoint.token_url().parse()?)
            .build();
        let source = GrantTokenSource::builder()
            .grant(grant)
            .grant_parameters(ClientCredentialsGrantParameters::builder().build())
            .refresh_store(InMemoryRefreshTokenStore::default())
            .build();
        // Without this its window is one of chance, so it is set where the window is measured.
        let ahead =
            (endpoint.situation == Some(Situation::Window)).then_some(Duration::from_secs(120));
        let cache = InMemoryTokenCache::builder()
            .source(source)
            .maybe_refresh_ahead(ahead)
            .build();
        Ok(Self {
            authorizer: Arc::new(HttpAuthorizer::builder().cache(cache).build()),
        })
    }

    fn state(&self) -> Result<Uri> {
        Ok(Uri::from_static("https://api.example/things"))
    }

    async fn header(&self, uri: &mut Uri) -> Result<HeaderValue> {
        let mut headers = self.authorizer.get_headers(&Method::GET, uri).await?;
        headers
            .remove(AUTHORIZATION)
            .context("there is no authorization header")
    }
}

struct Client(Source);

impl HttpClient for Client {
    fn execute(
        &self,
        _: Request<bytes::Bytes>,
        _: Idempotency,
    ) -> MaybeSendBoxFuture<'_, Result<HttpResponse, huskarl::core::Error>> {
        Box::pin(async {
            let answer = self.0.fetch().await;
            Ok(HttpResponse {
                status: StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY),
                headers: HeaderMap::new(),
                body: answer.body().into(),
            })
        })
    }
}
