//! google-cloud-auth: the credentials of a user account, whose token endpoint can be set.

use anyhow::{Context as _, Result, bail};
use google_cloud_auth::credentials::{CacheableResource, Credentials, user_account};
use http::header::AUTHORIZATION;
use http::{Extensions, HeaderValue};
use serde_json::json;

use super::{Subject, Window};
use crate::endpoint::Endpoint;

#[derive(Clone)]
pub(crate) struct Google {
    credentials: Credentials,
}

impl Subject for Google {
    const NAME: &'static str = "google-cloud-auth";
    const PACKAGE: &'static str = "google-cloud-auth";
    // Its task refreshes 240 s before the expiry.
    const WINDOW: Window = Window::new(241, 1_100);
    type State = ();
    type Value = HeaderValue;
    type Error = anyhow::Error;

    async fn build(endpoint: &Endpoint) -> Result<Self> {
        let user = json!({
            "type": "authorized_user",
            "client_id": "id",
            "client_secret": "secret",
            "refresh_token": "refresh",
        });
        let credentials = user_account::Builder::new(user)
            .with_token_uri(endpoint.token_url())
            .build()?;
        Ok(Self { credentials })
    }

    fn state(&self) -> Result<()> {
        Ok(())
    }

    async fn header(&self, (): &mut ()) -> Result<HeaderValue> {
        match self.credentials.headers(Extensions::new()).await? {
            CacheableResource::New { mut data, .. } => data
                .remove(AUTHORIZATION)
                .context("there is no authorization header"),
            CacheableResource::NotModified => bail!("no entity tag was given"),
        }
    }
}
