//! aws-smithy: the lazy identity cache, and the bearer scheme that writes the header.

use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context as _, Result, anyhow};
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime::client::auth::http::BearerAuthScheme;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::orchestrator::endpoints::StaticUriEndpointResolver;
use aws_smithy_runtime::client::retries::strategy::NeverRetryStrategy;
use aws_smithy_runtime_api::client::auth::http::HTTP_BEARER_AUTH_SCHEME_ID;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{AuthScheme as _, AuthSchemeEndpointConfig};
use aws_smithy_runtime_api::client::identity::http::Token;
use aws_smithy_runtime_api::client::identity::{
    Identity, IdentityFuture, ResolveCachedIdentity as _, ResolveIdentity, SharedIdentityCache,
    SharedIdentityResolver,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::{
    RuntimeComponents, RuntimeComponentsBuilder,
};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;

use super::{Subject, Window};
use crate::endpoint::{Endpoint, Source, token};

#[derive(Clone)]
pub(crate) struct LazyCache {
    shared: Arc<Shared>,
}

struct Shared {
    cache: SharedIdentityCache,
    resolver: SharedIdentityResolver,
    components: RuntimeComponents,
    config: ConfigBag,
    scheme: BearerAuthScheme,
}

impl Subject for LazyCache {
    const NAME: &'static str = "aws-smithy-runtime, lazy identity cache, with header";
    const PACKAGE: &'static str = "aws-smithy-runtime";
    // It loads again 5 to 10 s before the expiry.
    const WINDOW: Window = Window::new(4, 100);
    type State = HttpRequest;
    type Value = ();
    type Error = anyhow::Error;

    async fn build(endpoint: &Endpoint) -> Result<Self> {
        let cache = IdentityCache::lazy().build();
        let resolver = SharedIdentityResolver::new(Resolver(endpoint.source()));
        let components = RuntimeComponentsBuilder::new("bench")
            .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![
                HTTP_BEARER_AUTH_SCHEME_ID,
            ])))
            .with_endpoint_resolver(Some(StaticUriEndpointResolver::uri("https://api.example")))
            .with_auth_scheme(BearerAuthScheme::new())
            .with_identity_cache(Some(cache.clone()))
            .with_identity_resolver(HTTP_BEARER_AUTH_SCHEME_ID, resolver.clone())
            .with_retry_strategy(Some(NeverRetryStrategy::new()))
            .with_time_source(Some(SystemTimeSource::new()))
            .with_sleep_impl(Some(TokioSleep::new()))
            .build()
            .context("the runtime components are incomplete")?;
        Ok(Self {
            shared: Arc::new(Shared {
                cache,
                resolver,
                components,
                config: ConfigBag::base(),
                scheme: BearerAuthScheme::new(),
            }),
        })
    }

    fn state(&self) -> Result<HttpRequest> {
        let request = http::Request::get("https://api.example/things").body(SdkBody::empty())?;
        Ok(HttpRequest::try_from(request)?)
    }

    async fn header(&self, request: &mut HttpRequest) -> Result<()> {
        let Shared {
            cache,
            resolver,
            components,
            config,
            scheme,
        } = &*self.shared;
        let identity = cache
            .resolve_cached_identity(resolver.clone(), components, config)
            .await
            .map_err(|error| anyhow!(error))?;
        let endpoint = AuthSchemeEndpointConfig::empty();
        scheme
            .signer()
            .sign_http_request(request, &identity, endpoint, components, config)
            .map_err(|error| anyhow!(error))
    }
}

#[derive(Debug)]
struct Resolver(Source);

impl ResolveIdentity for Resolver {
    fn resolve_identity<'a>(
        &'a self,
        _: &'a RuntimeComponents,
        _: &'a ConfigBag,
    ) -> IdentityFuture<'a> {
        IdentityFuture::new(async {
            let answer = self.0.fetch().await;
            if answer.status != 200 {
                return Err("scripted".into());
            }
            let expiration = Some(SystemTime::now() + answer.life);
            Ok(Identity::new(Token::new(token(), expiration), expiration))
        })
    }
}
