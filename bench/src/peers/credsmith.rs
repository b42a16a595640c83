//! This crate: the asynchronous call, and the synchronous one that is tried first.

use std::hint::black_box;

use anyhow::{Context as _, Result, ensure};
use credsmith_runtime::{TokenError, TokenManager};
use http::HeaderValue;

use super::{Kind, Subject, Window};
use crate::endpoint::Endpoint;

/// `TokenManager::authorization`.
#[derive(Clone)]
pub(crate) struct Asynchronous {
    manager: TokenManager,
}

impl Subject for Asynchronous {
    const NAME: &'static str = "credsmith, `authorization().await`";
    const PACKAGE: &'static str = "credsmith-runtime";
    const KIND: Kind = Kind::Own;
    // Its usable life is 4.5 s, and the second half of that is the window.
    const WINDOW: Window = Window::new(6, 2_600);
    type State = ();
    type Value = HeaderValue;
    type Error = TokenError;

    async fn build(endpoint: &Endpoint) -> Result<Self> {
        let manager = TokenManager::builder("bench")
            .token_url(endpoint.token_url())
            .client_id("id")
            .client_secret("secret".into())
            .build()?;
        Ok(Self { manager })
    }

    fn state(&self) -> Result<()> {
        Ok(())
    }

    async fn header(&self, (): &mut ()) -> Result<HeaderValue, TokenError> {
        self.manager.authorization().await
    }
}

/// `TokenManager::try_authorization`.
#[derive(Clone)]
pub(crate) struct Synchronous {
    manager: TokenManager,
}

impl Subject for Synchronous {
    const NAME: &'static str = "credsmith, `try_authorization()`";
    const PACKAGE: &'static str = "credsmith-runtime";
    const KIND: Kind = Kind::Own;
    type State = ();
    type Value = HeaderValue;
    type Error = anyhow::Error;

    async fn build(endpoint: &Endpoint) -> Result<Self> {
        let Asynchronous { manager } = Asynchronous::build(endpoint).await?;
        manager.authorization().await?;
        Ok(Self { manager })
    }

    fn state(&self) -> Result<()> {
        Ok(())
    }

    async fn header(&self, (): &mut ()) -> Result<HeaderValue> {
        self.manager
            .try_authorization()
            .context("there is no token")
    }

    async fn calls(&self, count: usize) -> Result<()> {
        for _ in 0..count {
            let value = self.manager.try_authorization();
            ensure!(black_box(&value).is_some(), "there is no token");
        }
        Ok(())
    }
}
