//! azure_core: its bearer token policy in front of a transport that answers at once, and the same
//! request without the policy, since the difference is what the token costs.

use std::sync::Arc;

use anyhow::Result;
use azure_core::Bytes;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::error::{Error, ErrorKind};
use azure_core::http::headers::Headers;
use azure_core::http::policies::auth::BearerTokenAuthorizationPolicy;
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{AsyncRawResponse, Context, Method, Request, StatusCode};
use azure_core::time::OffsetDateTime;

use super::{Kind, Subject, Window};
use crate::endpoint::{Endpoint, Source, token};

/// A request through the bearer token policy.
#[derive(Clone)]
pub(crate) struct BearerPolicy {
    policies: Arc<[Arc<dyn Policy>]>,
}

impl Subject for BearerPolicy {
    const NAME: &'static str = "azure_core, bearer token policy";
    const PACKAGE: &'static str = "azure_core";
    // It refreshes five minutes before the expiry.
    const WINDOW: Window = Window::new(200, 100);
    type State = Request;
    type Value = AsyncRawResponse;
    type Error = anyhow::Error;

    async fn build(endpoint: &Endpoint) -> Result<Self> {
        let credential = Arc::new(Credential(endpoint.source()));
        let policy = BearerTokenAuthorizationPolicy::new(credential, ["scope"]);
        Ok(Self {
            policies: Arc::new([Arc::new(policy), Arc::new(Done)]),
        })
    }

    fn state(&self) -> Result<Request> {
        request()
    }

    async fn header(&self, request: &mut Request) -> Result<AsyncRawResponse> {
        send(&self.policies, request).await
    }
}

/// The same request without the policy.
#[derive(Clone)]
pub(crate) struct EmptyPipeline {
    policies: Arc<[Arc<dyn Policy>]>,
}

impl Subject for EmptyPipeline {
    const NAME: &'static str = "azure_core, empty pipeline (to subtract)";
    const PACKAGE: &'static str = "azure_core";
    const KIND: Kind = Kind::Reference;
    type State = Request;
    type Value = AsyncRawResponse;
    type Error = anyhow::Error;

    async fn build(_: &Endpoint) -> Result<Self> {
        Ok(Self {
            policies: Arc::new([Arc::new(Done)]),
        })
    }

    fn state(&self) -> Result<Request> {
        request()
    }

    async fn header(&self, request: &mut Request) -> Result<AsyncRawResponse> {
        send(&self.policies, request).await
    }
}

fn request() -> Result<Request> {
    let url = "https://api.example/things".parse()?;
    Ok(Request::new(url, Method::Get))
}

async fn send(policies: &[Arc<dyn Policy>], request: &mut Request) -> Result<AsyncRawResponse> {
    let (first, rest) = policies
        .split_first()
        .ok_or_else(|| anyhow::anyhow!("a pipeline has policies"))?;
    Ok(first.send(&Context::default(), request, rest).await?)
}

/// Where the network would be.
#[derive(Debug)]
struct Done;

#[async_trait::async_trait]
impl Policy for Done {
    async fn send(&self, _: &Context, _: &mut Request, _: &[Arc<dyn Policy>]) -> PolicyResult {
        let response = AsyncRawResponse::from_bytes(StatusCode::Ok, Headers::new(), Bytes::new());
        Ok(response)
    }
}

#[derive(Debug)]
struct Credential(Source);

#[async_trait::async_trait]
impl TokenCredential for Credential {
    async fn get_token(
        &self,
        _: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let answer = self.0.fetch().await;
        if answer.status == 200 {
            let expires_on = OffsetDateTime::now_utc() + answer.life;
            Ok(AccessToken::new(token(), expires_on))
        } else {
            Err(Error::with_message(ErrorKind::Credential, "scripted"))
        }
    }
}
