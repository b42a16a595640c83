//! middle: a task refreshes the token, calls read it under a lock.

use std::hint::black_box;

use anyhow::{Result, ensure};
use http::HeaderValue;
use middle::{Authorizer as _, BasicClientCredentialAuthorizer};

use super::{Subject, Window};
use crate::endpoint::Endpoint;

#[derive(Clone)]
pub(crate) struct Middle {
    authorizer: BasicClientCredentialAuthorizer,
}

impl Subject for Middle {
    const NAME: &'static str = "middle";
    const PACKAGE: &'static str = "middle";
    // Its task refreshes 30 s before the expiry.
    const WINDOW: Window = Window::new(31, 1_100);
    const CALLS_FETCH: bool = false;
    type State = ();
    type Value = HeaderValue;
    type Error = anyhow::Error;

    async fn build(endpoint: &Endpoint) -> Result<Self> {
        let url = endpoint.token_url().parse()?;
        let builder = BasicClientCredentialAuthorizer::basic_builder("id", "secret", url);
        let authorizer = builder.build().await?;
        Ok(Self { authorizer })
    }

    fn state(&self) -> Result<()> {
        Ok(())
    }

    async fn header(&self, (): &mut ()) -> Result<HeaderValue> {
        let header = self.authorizer.authorization_header()?;
        Ok(HeaderValue::clone(&header))
    }

    async fn calls(&self, count: usize) -> Result<()> {
        for _ in 0..count {
            let header = self.authorizer.authorization_header();
            let value = header.map(|header| HeaderValue::clone(&header));
            ensure!(black_box(&value).is_ok(), "there is no token");
        }
        Ok(())
    }
}
